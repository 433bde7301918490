import { z } from "zod";
import { type Call, result } from "../calls";
import { define, literal, type Plan, type Step, same, valuesOf } from "./definition";
import type { Block, Change } from "./virtual-machine/change";
import { firmware, reflectBootOrder } from "./virtual-machine/firmware";
import { isIn, parentFolder } from "./virtual-machine/folder";
import { memory, wantedMemory } from "./virtual-machine/memory";
import { networkAdapters, reflectAdapters } from "./virtual-machine/network-adapters";
import { follow, machineCall, type Observed, observe, parse } from "./virtual-machine/observed";
import { inOrder, transition } from "./virtual-machine/power";
import { processor } from "./virtual-machine/processor";
import { rules } from "./virtual-machine/rules";
import { type Desired, schema } from "./virtual-machine/schema";
import { settings } from "./virtual-machine/settings";
import { NoRoomError } from "./virtual-machine/slots";
import { reflectDisks, reflectDvds, storage } from "./virtual-machine/storage";

/** Blocks of hardware in the order in which their changes are made: the boot order names adapters and drives. */
const blocks: readonly Block[] = [settings, processor, memory, networkAdapters, storage, firmware];

const identified = z.object({ Id: z.string() });

export const virtualMachine = define<typeof schema, Observed>({
  kind: "VirtualMachine",
  noun: "virtual machine",
  schema,
  title: ({ name }) => name,
  defaults: (desired) => ({
    ...desired,
    dvdDrives: desired.dvdDrives ?? (desired.generation === 1 ? [{}] : []),
    ...(desired.generation !== 1 && {
      firmware: { secureBoot: "On", secureBootTemplate: "MicrosoftWindows", ...desired.firmware },
    }),
  }),
  rules,
  place: ({ node }) => ({ node }),
  whereabouts: (id) => ({ machine: id }),

  find: ({ name }) => [{ cmdlet: "Get-VM", parameters: { Name: literal(name) }, select: { Id: null } }],
  found: (results) =>
    z
      .array(identified)
      .parse(valuesOf(results, 0))
      .map(({ Id }) => Id.toLowerCase()),
  make,
  identity: (results) => identified.parse(valuesOf(results, 0)[0]).Id.toLowerCase(),

  observe,
  follow,
  parse,
  inventory: () => [{ cmdlet: "Get-VM", select: { Id: null } }],
  listed: (id, results) =>
    z
      .array(identified)
      .parse(valuesOf(results, 0))
      .some(({ Id }) => same(Id, id)),

  plan,
  remove,
  reflect,
  outputs: (observed) => ({
    addresses: observed.adapters.map(({ name, macAddress, ipAddresses }) => ({ name, macAddress, ipAddresses })),
    runsOn: observed.computerName,
    version: observed.version,
  }),
});

/** As little as has an identity: everything else is a change, like any later one. */
function make({ name, generation, path, memory: desired }: Desired): Call[] {
  return [
    {
      cmdlet: "New-VM",
      parameters: {
        Name: name,
        Generation: generation ?? 2,
        NoVHD: true,
        ...(path !== undefined && { Path: path }),
        ...(desired?.startupBytes !== undefined && { MemoryStartupBytes: desired.startupBytes }),
      },
      select: { Id: null },
    },
  ];
}

function plan(observed: Observed, desired: Desired, refused: ReadonlySet<string> = new Set()): Plan {
  if (desired.generation !== undefined && observed.generation !== desired.generation)
    return { steps: [], refusals: [], replaces: ["generation"] };
  try {
    const changes = blocks
      .flatMap((block) => block(observed, desired))
      .map((change): Change => (refused.has(change.property) ? { ...change, when: "off" } : change));
    return inOrder(observed, desired, changes);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    return { steps: [], refusals: [{ path: [error.property], reason: error.message }], replaces: [] };
  }
}

function remove(observed: Observed, desired: Desired): Plan {
  if (observed.isClustered)
    return {
      steps: [],
      refusals: [
        {
          path: ["name"],
          reason:
            "the machine is still a role of the cluster. Remove its ClusterVirtualMachineRole first; in the program the role " +
            "takes vmId from this machine's id",
        },
      ],
      replaces: [],
    };
  const running = observed.state === "Running" || observed.state === "Paused";
  // Off or Saved is enough for Remove-VM (verified, hyper-v.md 2.7); files of disks stay
  const steps = running
    ? transition(observed.id, desired, observed.state === "Paused" ? "Paused" : "Running", "Off")
    : [];
  return {
    steps: [
      ...steps,
      {
        does: "remove the machine",
        calls: [machineCall(observed.id), { cmdlet: "Remove-VM", parameters: { VM: result("vm"), Force: true } }],
      },
      ...emptyFolder(observed, desired),
    ],
    refusals: [],
    replaces: [],
  };
}

/** Remove-VM leaves the machine's own folder. It goes if nothing else is in it: without -Recurse a full one is refused. */
function emptyFolder(observed: Observed, { path }: Desired): Step[] {
  if (path === undefined || !isIn(observed.path, path)) return [];
  return [
    {
      does: "remove its folder",
      mayBeRefused: true,
      calls: [{ cmdlet: "Remove-Item", parameters: { LiteralPath: observed.path } }],
    },
  ];
}

function reflect(observed: Observed, desired: Desired): Desired {
  const memoryIs = observed.memory;
  const wanted = wantedMemory(observed, desired);
  const compared = memoryIs.dynamicMemoryEnabled && wanted?.dynamicMemoryEnabled;
  return {
    ...desired,
    name: observed.name,
    generation: observed.generation,
    path: desired.path !== undefined && isIn(observed.path, desired.path) ? desired.path : parentFolder(observed.path),
    notes: observed.notes,
    processor: { count: observed.processorCount },
    memory: {
      startupBytes: memoryIs.startupBytes,
      dynamicMemoryEnabled: memoryIs.dynamicMemoryEnabled,
      // static memory still reports bounds, which mean nothing (recorded, hyper-v.md 1.6)
      minimumBytes: compared ? memoryIs.minimumBytes : desired.memory?.minimumBytes,
      maximumBytes: compared ? memoryIs.maximumBytes : desired.memory?.maximumBytes,
      buffer: compared ? memoryIs.buffer : desired.memory?.buffer,
    },
    networkAdapters: reflectAdapters(observed, desired.networkAdapters ?? []),
    hardDiskDrives: reflectDisks(observed, desired),
    dvdDrives: reflectDvds(observed, desired),
    firmware: observed.firmware && {
      secureBoot: observed.firmware.secureBoot,
      secureBootTemplate: same(observed.firmware.secureBootTemplate, desired.firmware?.secureBootTemplate ?? "")
        ? desired.firmware?.secureBootTemplate
        : observed.firmware.secureBootTemplate,
      bootOrder: desired.firmware?.bootOrder && reflectBootOrder(observed, desired, desired.firmware.bootOrder),
    },
    automaticStartAction: observed.isClustered ? desired.automaticStartAction : observed.automaticStartAction,
    automaticStartDelay: observed.automaticStartDelay,
    automaticStopAction: observed.automaticStopAction,
    checkpointType: observed.checkpointType,
    state: z.enum(["Running", "Off", "Saved", "Paused"]).safeParse(observed.state).data ?? desired.state,
  };
}
