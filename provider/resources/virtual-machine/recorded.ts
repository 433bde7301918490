import { z } from "zod";
import { recordedBios } from "./bios";
import type { diskSettings } from "./drives";
import type { firmwareSettings } from "./firmware";
import { recordedServices } from "./integration-services";
import type { adapterSettings } from "./network-adapters";
import type { processor } from "./processor";
import { recordedSettings } from "./property";
import { recordedSecurity } from "./security";
import type { settings } from "./settings";
import { recordedVlan } from "./vlan";

const slot = {
  controllerType: z.enum(["IDE", "SCSI"]),
  controllerNumber: z.int(),
  controllerLocation: z.int(),
};

const adapter = z.object({
  /** `Microsoft:<machine>\<adapter>`: names may repeat on a host. */
  id: z.string(),
  name: z.string(),
  isLegacy: z.boolean(),
  switchName: z.string().optional(),
  macAddress: z.string(),
  dynamicMacAddress: z.boolean(),
  vlan: recordedVlan,
  /** Whether it has a VLAN by the other family of cmdlets, `Set-VMNetworkAdapterIsolation`. */
  isolatedByVlan: z.literal(true).optional(),
  settings: recordedSettings<typeof adapterSettings>(),
  ipAddresses: z.array(z.string()),
});

const disk = z.object({
  ...slot,
  id: z.string(),
  /** The file that was attached: under checkpoints not the one that is open now. */
  path: z.string().optional(),
  /** Whether a checkpoint's file stands in front of it, which holds all that was written since. */
  underCheckpoint: z.literal(true).optional(),
  /** Of a physical disk of the host. */
  diskNumber: z.number().optional(),
  settings: recordedSettings<typeof diskSettings>(),
});

const dvd = z.object({ ...slot, id: z.string(), path: z.string().optional() });

/** `deviceId` is of an adapter or drive; undefined for a file of an installed system, or a device that is gone. */
const bootEntry = z.object({ deviceId: z.string().optional() });

/** A machine as the host shows it, and as the state holds it. */
export const recorded = z.object({
  id: z.string(),
  name: z.string(),
  generation: z.literal([1, 2]),
  version: z.string(),
  /** The newest that its host has; undefined where nobody asked. */
  newestVersion: z.string().optional(),
  state: z.string(),
  /** What keeps it from being changed: a backup, a merge of disks. */
  busy: z.string().optional(),
  isClustered: z.boolean(),
  computerName: z.string(),
  heartbeat: z.string().optional(),
  path: z.string(),
  snapshotFileLocation: z.string(),
  smartPagingFilePath: z.string(),
  settings: recordedSettings<typeof settings>(),
  processor: recordedSettings<typeof processor.shape>(),
  memory: z.object({
    startupBytes: z.number(),
    dynamicMemoryEnabled: z.boolean(),
    minimumBytes: z.number(),
    maximumBytes: z.number(),
    buffer: z.number(),
    priority: z.number().optional(),
    maximumAmountPerNumaNodeBytes: z.number().optional(),
  }),
  adapters: z.array(adapter),
  drives: z.array(disk),
  dvds: z.array(dvd),
  scsiControllers: z.int(),
  firmware: z
    .object({ settings: recordedSettings<typeof firmwareSettings>(), bootOrder: z.array(bootEntry) })
    .optional(),
  bios: recordedBios.optional(),
  security: recordedSecurity.optional(),
  integrationServices: recordedServices,
  comPorts: z.tuple([z.string(), z.string()]),
});

export type Observed = z.output<typeof recorded>;
export type ObservedAdapter = z.output<typeof adapter>;
export type ObservedDisk = z.output<typeof disk>;
export type ObservedDvd = z.output<typeof dvd>;
export type Slot = Pick<ObservedDvd, keyof typeof slot>;
