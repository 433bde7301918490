import { checkClusterPath } from "../devices/drive";
import { type MemoryChange, prepareMemory } from "../devices/memory";
import { processorCount } from "../devices/processor";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { machinesOf } from "../engine/selection";
import { apply, given, hot, off, outside, prepare, type Setting, type Settings } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { refuseUnknownToBuild } from "../engine/versions";
import { hasVolume, isAbsolute, normalizePath } from "../storage/file-system";
import type { Hardware, Machine } from "../world/world";
import { machineThing } from "./virtual-machine";

export const machineSettingsCmdlets: Cmdlets = {
  "Rename-VM": rename,
  "Set-VM"(call) {
    refuseUnknownToBuild(call);
    const machines = machinesOf(call);
    const memory = memoryChange(call);
    apply(machines.flatMap((machine) => prepareMachine(call, machine, memory)));
    return call.flag("Passthru") ? machines.map(machineThing) : [];
  },
};

function rename(call: Running): readonly Thing[] {
  const machines = machinesOf(call);
  apply(machines.map((machine) => prepare(call, machine, { NewName: newName }, "failed to modify settings")));
  return call.flag("Passthru") ? machines.map(machineThing) : [];
}

function prepareMachine(call: Running, machine: Machine, memory: MemoryChange): (() => void)[] {
  return [
    prepare(call, machine, settings, "failed to modify settings"),
    ...(Object.values(memory).some((value) => value !== undefined) ? [prepareMemory(call, machine, memory)] : []),
  ];
}

/** Static or dynamic, and not both in one call (verified, hyper-v.md 2.1). */
function memoryChange(call: Running): MemoryChange {
  if (call.flag("StaticMemory") && call.flag("DynamicMemory"))
    call.invalid("StaticMemory and DynamicMemory exclude each other.");
  return {
    startupBytes: given<number>(call, "MemoryStartupBytes"),
    minimumBytes: given<number>(call, "MemoryMinimumBytes"),
    maximumBytes: given<number>(call, "MemoryMaximumBytes"),
    dynamicMemoryEnabled: call.flag("DynamicMemory") ? true : call.flag("StaticMemory") ? false : undefined,
  };
}

/** At most 100 characters (D, hyper-v.md 1.3). */
const newName = hot<string>({
  wrong: wrongName,
  set: (machine, name) => {
    machine.name = name;
  },
});

export function wrongName(name: string): string | undefined {
  return name === "" || name.length > 100 ? "A name has 1 to 100 characters." : undefined;
}

const MiB = 2 ** 20;

/** Which is hot and which needs off: hyper-v.md 2.1, K unless said otherwise. */
const settings: Settings = {
  NewVMName: newName,
  Notes: hot<string>({
    set: (machine, notes) => {
      machine.notes = notes;
    },
  }),
  ProcessorCount: processorCount,
  AutomaticStartAction: hot<string>({
    set: (machine, action) => {
      machine.automaticStartAction = action;
    },
  }),
  AutomaticStartDelay: hot<number>({
    wrong: outside(0, 2 ** 31 - 1),
    set: (machine, seconds) => {
      machine.automaticStartDelay = seconds;
    },
  }),
  AutomaticStopAction: off<string>({
    set: (machine, action) => {
      machine.automaticStopAction = action;
    },
  }),
  AutomaticCriticalErrorAction: hot<string>({
    set: (machine, action) => {
      machine.automaticCriticalErrorAction = action;
    },
  }),
  AutomaticCriticalErrorActionTimeout: hot<number>({
    wrong: outside(1, 2 ** 31 - 1),
    set: (machine, minutes) => {
      machine.automaticCriticalErrorActionTimeout = minutes;
    },
  }),
  AutomaticCheckpointsEnabled: hot<boolean>({
    set: (machine, on) => {
      machine.automaticCheckpointsEnabled = on;
    },
  }),
  CheckpointType: hot<string>({
    set: (machine, type) => {
      machine.checkpointType = type;
    },
  }),
  LockOnDisconnect: hot<string>({
    set: (machine, on) => {
      machine.lockOnDisconnect = on;
    },
  }),
  SnapshotFileLocation: folder("snapshotFileLocation", hot, ({ checkpoints }) =>
    checkpoints.length > 0 ? "It has checkpoints: move them with Move-VMStorage." : undefined,
  ),
  SmartPagingFilePath: folder("smartPagingFilePath", off),
  LowMemoryMappedIoSpace: off<number>({
    wrong: (bytes) => outside(128 * MiB, 3584 * MiB)(bytes) ?? wholeMebibytes(bytes),
    set: (machine, bytes) => {
      machine.lowMemoryMappedIoSpace = bytes;
    },
  }),
  HighMemoryMappedIoSpace: off<number>({
    wrong: wholeMebibytes,
    set: (machine, bytes) => {
      machine.highMemoryMappedIoSpace = bytes;
    },
  }),
  GuestControlledCacheTypes: off<boolean>({
    set: (machine, on) => {
      machine.guestControlledCacheTypes = on;
    },
  }),
  EnhancedSessionTransportType: off<string>({
    set: (machine, type) => {
      machine.enhancedSessionTransportType = type;
    },
  }),
  BatteryPassthroughEnabled: off<boolean>({
    set: (machine, on) => {
      machine.batteryPassthroughEnabled = on;
    },
  }),
};

function wholeMebibytes(bytes: number): string | undefined {
  return bytes % MiB === 0 ? undefined : "It must be a whole number of mebibytes.";
}

type FolderOf = "snapshotFileLocation" | "smartPagingFilePath";

function folder(
  field: keyof Pick<Hardware, FolderOf>,
  when: typeof hot<string>,
  more: (machine: Machine) => string | undefined = () => undefined,
): Setting {
  return when({
    wrong: (path, machine, call) => {
      if (!isAbsolute(path) || !hasVolume(call.world, call.node, path)) return `The folder '${path}' cannot be found.`;
      checkClusterPath(call, machine, path);
      return more(machine);
    },
    set: (machine, path) => {
      machine[field] = normalizePath(path);
    },
  });
}
