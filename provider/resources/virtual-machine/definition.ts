import { z } from "zod";
import { literal } from "../../calls";
import { absentFrom, answerOf, type Circumstances, define, type Making, type Plan } from "../definition";
import { Plans } from "../plans";
import { fileSight, isOnShare, machineSight, type Sight, switchSight } from "../sights";
import { listedBy, onNode } from "../surveys";
import { bios, changeBios, reflectBios } from "./bios";
import type { Block, Change } from "./change";
import { declared } from "./declared";
import { moved, replacedFiles } from "./disk-files";
import { usualDvds } from "./drives";
import { firmware } from "./firmware";
import { changeFirmware, reflectFirmware } from "./firmware-changes";
import { isIn, parentFolder } from "./folder";
import { hostMove, moveRefusals, stays } from "./host-move";
import { changeIntegrationServices, reflectServices } from "./integration-services";
import { changeMemory, reflectMemory, withUsualBounds } from "./memory";
import { changeNetworkAdapters } from "./network-adapter-changes";
import { syntheticDefaults } from "./network-adapters";
import { follow, observe, parse } from "./observed";
import { inOrder, keeps } from "./power";
import { changeProcessor } from "./processor";
import { type Observed, recorded } from "./recorded";
import { remove } from "./removal";
import { rules } from "./rules";
import { type Desired, schema } from "./schema";
import { changeSecurity, reflectSecurity, security } from "./security";
import { changeSettings, spelledAs } from "./settings-changes";
import { diskUses } from "./shared-disk-rules";
import { reflectDisks, reflectDvds } from "./shown-drives";
import { reflectAdapters } from "./shown-network-adapters";
import { NoRoomError } from "./slots";
import { changeStorage } from "./storage";
import { changeVersion } from "./version";
import { ready } from "./wait-for";

/**
 * Blocks of hardware in the order in which their changes are made: the boot order names adapters and drives, and the
 * virtual TPM locks the template of secure boot.
 */
const blocks: readonly Block<Observed, Desired>[] = [
  changeVersion,
  changeSettings,
  changeProcessor,
  changeMemory,
  changeNetworkAdapters,
  changeStorage,
  changeFirmware,
  changeBios,
  changeSecurity,
  changeIntegrationServices,
];

/** Defaults of what only one generation has. */
const special = { 1: { bios: bios.parse({}) }, 2: { firmware: firmware.parse({}), security: security.parse({}) } };

const identified = z.object({ Id: z.string() });
const listing = identified.extend({
  Name: z.string(),
  Generation: z.literal([1, 2]),
  IsClustered: z.boolean(),
  VirtualMachineType: z.string().nullish(),
});

export const virtualMachine = define<typeof schema, Observed>({
  kind: "VirtualMachine",
  noun: "virtual machine",
  identified: "a GUID",
  namedBy: "name",
  isFoundByName: true,
  schema,

  inputs: {
    defaults,
    rules,
    uses: diskUses,
  },

  place: {
    of: ({ node }) => ({ node }),
    now: (id) => ({ machine: id }),
    lastAt: ({ runsOn }) => (typeof runsOn === "string" ? runsOn : undefined),
  },

  birth: {
    find: ({ name, adopt }) => ({
      machines: {
        cmdlet: "Get-VM",
        parameters: typeof adopt === "string" ? { Id: adopt } : { Name: literal(name) },
        select: { Id: null },
      },
    }),
    found: (answers) =>
      z
        .array(identified)
        .parse(answerOf(answers, "machines"))
        .map(({ Id }) => Id.toLowerCase()),
    sights,
    make,
    identity: { told: ({ values }) => identified.parse(values[0]).Id.toLowerCase() },
  },

  read: {
    recorded,
    observe,
    follow,
    parse,
  },

  gone: absentFrom({ cmdlet: "Get-VM", select: { Id: null } }),

  change: {
    plan,
    keeps,
    ready,
  },

  death: { remove },

  list: {
    calls: [
      {
        cmdlet: "Get-VM",
        select: { Id: null, Name: null, Generation: null, IsClustered: null, VirtualMachineType: null },
      },
    ],
    parse: (answers, node) =>
      listedBy(answers, listing)
        // a failed move leaves a planned machine of the same id on its destination (hyper-v.md 1.6)
        .filter(({ VirtualMachineType }) => VirtualMachineType !== "PlannedVirtualMachine")
        .map(({ Id, Name, Generation, IsClustered }) => ({
          id: Id.toLowerCase(),
          name: Name,
          desired: { name: Name, generation: Generation, ...(IsClustered ? {} : onNode(node)) },
        })),
    declared,
  },

  show: {
    title: ({ name }) => name,
    reflect,
    outputs: (observed) => ({
      addresses: observed.adapters.map(({ name, macAddress, ipAddresses }) => ({ name, macAddress, ipAddresses })),
      runsOn: observed.computerName,
      configurationVersion: observed.version,
    }),
  },
});

/** Which there are depends on the generation: a preview may not know it yet. */
function defaults(desired: Desired): Desired {
  if (desired.generation === undefined) return desired;
  return {
    ...desired,
    memory: withUsualBounds(desired.memory),
    dvdDrives: desired.dvdDrives ?? usualDvds(desired.generation),
    networkAdapters: desired.networkAdapters?.map((adapter) =>
      adapter.isLegacy ? adapter : { ...syntheticDefaults, ...adapter },
    ),
    ...(desired.generation === 1
      ? { bios: { ...special[1].bios, ...desired.bios } }
      : {
          firmware: { ...special[2].firmware, ...desired.firmware },
          security: { ...special[2].security, ...desired.security },
        }),
  };
}

function sights({ name, node, networkAdapters, hardDiskDrives, dvdDrives }: Partial<Desired>): Sight[] {
  const files = (key: string, drives: readonly ({ path?: string | undefined } | undefined)[] = []) =>
    drives.flatMap((drive, index): Sight[] =>
      drive?.path && !isOnShare(drive.path)
        ? [fileSight(node, { name: drive.path, path: [key, index, "path"], is: "there" })]
        : [],
    );
  return [
    ...(name === undefined ? [] : [machineSight({ node }, { name, path: ["name"], is: "free" })]),
    ...(networkAdapters ?? []).flatMap((adapter: { switchName?: string | null | undefined } | undefined, index) =>
      adapter?.switchName
        ? [
            switchSight(
              { node },
              { name: adapter.switchName, path: ["networkAdapters", index, "switchName"], is: "there" },
            ),
          ]
        : [],
    ),
    ...files("hardDiskDrives", hardDiskDrives),
    ...files("dvdDrives", dvdDrives),
  ];
}

/** As little as has an identity: everything else is a change, like any later one. */
function make({ name, generation, version, path, memory: desired }: Desired): Making {
  return {
    call: {
      cmdlet: "New-VM",
      parameters: {
        Name: name,
        Generation: generation ?? 2,
        NoVHD: true,
        ...(version !== undefined && { Version: version }),
        ...(path !== undefined && { Path: path }),
        ...(desired?.startupBytes !== undefined && { MemoryStartupBytes: desired.startupBytes }),
      },
      select: { Id: null },
    },
  };
}

function plan(
  seen: Observed,
  desired: Desired,
  { refused = new Set(), plans: all = new Plans(), isUnderWay }: Circumstances = {},
): Plan {
  // disks have moved by now, and what is in their old places is something else
  const plans = isUnderWay ? new Plans() : all;
  if (desired.generation !== undefined && seen.generation !== desired.generation)
    return { steps: [], refusals: [], replaces: ["generation"] };
  const kept = [...moveRefusals(seen, desired), ...replacedFiles(seen, desired, plans)];
  const whole = changed(moved(seen, plans), desired, refused);
  const refusals = [...kept, ...whole.refusals];
  if (refusals.length > 0) return { steps: [], refusals, replaces: [] };
  const going = hostMove(seen, desired);
  const notices = stays(seen, desired);
  if (going.length === 0) return notices.length === 0 ? whole : { ...whole, notices };
  // the rest is looked at again where it is then
  return { ...whole, steps: isUnderWay ? going : [...going, ...whole.steps] };
}

function changed(observed: Observed, desired: Desired, refused: ReadonlySet<string>): Plan {
  try {
    const changes = blocks
      .flatMap((block) => block(observed, desired, refused))
      .map(
        (change): Change => (change.properties.some((one) => refused.has(one)) ? { ...change, when: "off" } : change),
      );
    return inOrder(observed, desired, changes);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    return { steps: [], refusals: [{ path: [error.property], reason: error.message }], replaces: [] };
  }
}

function reflect(observed: Observed, desired: Desired): Desired {
  const { settings } = observed;
  return {
    ...desired,
    ...settings,
    name: observed.name,
    generation: observed.generation,
    version: observed.version,
    path: desired.path !== undefined && isIn(observed.path, desired.path) ? desired.path : parentFolder(observed.path),
    snapshotFileLocation: spelledAs(desired.snapshotFileLocation, observed.snapshotFileLocation),
    smartPagingFilePath: spelledAs(desired.smartPagingFilePath, observed.smartPagingFilePath),
    automaticStartAction: observed.isClustered ? desired.automaticStartAction : settings.automaticStartAction,
    processor: observed.processor,
    memory: reflectMemory(observed, desired),
    networkAdapters: reflectAdapters(observed, desired),
    scsiControllerCount: observed.scsiControllers,
    hardDiskDrives: reflectDisks(observed, desired),
    dvdDrives: reflectDvds(observed, desired),
    firmware: reflectFirmware(observed, desired),
    bios: reflectBios(observed),
    security: reflectSecurity(observed, desired),
    integrationServices: reflectServices(observed),
    comPort1: observed.comPorts[0],
    comPort2: observed.comPorts[1],
    state: schema.shape.state.safeParse(observed.state).data ?? desired.state,
  };
}
