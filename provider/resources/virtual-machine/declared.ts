import { sameFolder } from "./folder";
import { integrationServices } from "./integration-services";
import { wantedMemory } from "./memory";
import { syntheticDefaults } from "./network-adapters";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { layout, sameSlot } from "./slots";

/** What a program would say of a machine that it did not make: what Hyper-V chose, and the power state, stay open. */
export function declared(observed: Observed, reflected: Desired): Desired {
  const { version: _version, state: _state, ...said } = reflected;
  return withUsualPlaces(observed, {
    ...said,
    ...placesOf(observed, said),
    // Hyper-V's choice on a server, and on a host that knows nothing else
    automaticCheckpointsEnabled: said.automaticCheckpointsEnabled || undefined,
    enhancedSessionTransportType:
      said.enhancedSessionTransportType === "HvSocket" ? said.enhancedSessionTransportType : undefined,
    processor: {
      ...said.processor,
      hwThreadCountPerCore: said.processor?.hwThreadCountPerCore || undefined,
      maximumCountPerNumaNode: undefined,
      maximumCountPerNumaSocket: undefined,
    },
    memory: memoryOf(observed, said),
    networkAdapters: said.networkAdapters?.map((adapter) =>
      adapter.isLegacy
        ? (Object.fromEntries(Object.entries(adapter).filter(([key]) => !(key in syntheticDefaults))) as typeof adapter)
        : adapter,
    ),
    // one that the host does not have is as good as off
    integrationServices: {
      ...Object.fromEntries(Object.keys(integrationServices.shape).map((name) => [name, false])),
      ...said.integrationServices,
    },
  });
}

/** Folders that are not where they would be anyway. */
function placesOf(observed: Observed, { path, snapshotFileLocation, smartPagingFilePath }: Desired): Partial<Desired> {
  const own = (folder: string | undefined) =>
    folder === undefined || sameFolder(folder, observed.path) ? undefined : folder;
  return {
    // the host's own folder is no folder of the machine's
    path: /\\Windows\\Hyper-V\\?$/i.test(observed.path) ? undefined : path,
    snapshotFileLocation: own(snapshotFileLocation),
    smartPagingFilePath: own(smartPagingFilePath),
  };
}

/** Bounds that dynamic memory would have anyway are left out. */
function memoryOf(observed: Observed, { memory = {} }: Desired): NonNullable<Desired["memory"]> {
  const { startupBytes, dynamicMemoryEnabled } = memory;
  const usual = wantedMemory(observed, { memory: { startupBytes, dynamicMemoryEnabled } });
  const own = <Key extends "minimumBytes" | "maximumBytes" | "buffer">(key: Key) =>
    memory[key] === usual?.[key] ? undefined : memory[key];
  return {
    ...memory,
    minimumBytes: own("minimumBytes"),
    maximumBytes: own("maximumBytes"),
    buffer: own("buffer"),
    maximumAmountPerNumaNodeBytes: undefined,
  };
}

/** Drives without their places, where a new machine would have them at the same ones. */
function withUsualPlaces(observed: Observed, desired: Desired): Desired {
  const place = { controllerType: undefined, controllerNumber: undefined, controllerLocation: undefined };
  const open: Desired = {
    ...desired,
    scsiControllerCount: undefined,
    hardDiskDrives: desired.hardDiskDrives?.map((drive) => ({ ...drive, ...place })),
    dvdDrives: desired.dvdDrives?.map(({ path }) => ({ path })),
  };
  const placed = layout({ ...observed, drives: [], dvds: [], scsiControllers: 1 }, open);
  const is = layout(observed, desired);
  const now = [...is.disks, ...is.dvds];
  const kept = [...placed.disks, ...placed.dvds].every(({ at }, index) => sameSlot(now[index]?.now ?? noPlace, at));
  const highest = Math.max(
    0,
    ...observed.drives.map(({ controllerType, controllerNumber }) =>
      controllerType === "SCSI" ? controllerNumber : 0,
    ),
    ...observed.dvds.map(({ controllerType, controllerNumber }) => (controllerType === "SCSI" ? controllerNumber : 0)),
  );
  return {
    ...(kept ? open : desired),
    scsiControllerCount: observed.scsiControllers > highest + 1 ? observed.scsiControllers : undefined,
  };
}

/** Of a drive that is not there. */
const noPlace = { controllerType: "SCSI", controllerNumber: -1, controllerLocation: -1 } as const;
