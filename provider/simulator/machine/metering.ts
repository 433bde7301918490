import type { Cmdlets, Running } from "../engine/cmdlet";
import { machinesOf } from "../engine/selection";
import { record, type Thing } from "../engine/thing";
import { disksOf } from "../storage/checkpoint-files";
import { findFile } from "../storage/file-system";
import { isCheckpointFile } from "../storage/virtual-hard-disk";
import type { Machine } from "../world/world";

/** Of machines (D, hyper-v-devices.md 9). There is no clock: no time has gone by since metering began. */
export const meteringCmdlets: Cmdlets = {
  "Enable-VMResourceMetering": (call) => meter(call, () => true),
  "Disable-VMResourceMetering": (call) => meter(call, () => false),
  "Reset-VMResourceMetering": (call) => meter(call, ({ metered }) => metered === true),
  "Measure-VM"(call) {
    const machines = machinesOf(call);
    for (const { name, metered } of machines)
      if (!metered) call.invalidState(`Resource metering is not enabled for the virtual machine '${name}'.`);
    return machines.map((machine) => report(call, machine));
  },
};

function meter(call: Running, is: (machine: Machine) => boolean): Thing[] {
  if (call.has("ResourcePoolName"))
    call.fail("NotSupported", "NotImplemented", "The simulator does not play the metering of resource pools.");
  for (const machine of machinesOf(call)) {
    if (is(machine)) machine.metered = true;
    else delete machine.metered;
  }
  return [];
}

const MiB = 2 ** 20;

/** Memory and disks in MB; of fixed memory all three are what is configured. */
function report(call: Running, machine: Machine): Thing {
  const { startupBytes, dynamicMemoryEnabled } = machine.memory;
  const memory = dynamicMemoryEnabled && machine.state === "Off" ? 0 : startupBytes / MiB;
  return record("VMMeteringReportForVirtualMachine", {
    VMId: machine.id,
    VMName: machine.name,
    ComputerName: call.node.name,
    MeteringDuration: "00:00:00",
    AverageProcessorUsage: 0,
    AverageMemoryUsage: memory,
    MaximumMemoryUsage: memory,
    MinimumMemoryUsage: memory,
    TotalDiskAllocation: diskBytes(call, machine) / MiB,
    AggregatedAverageNormalizedIOPS: 0,
    AggregatedAverageLatency: 0,
    AggregatedDiskDataRead: 0,
    AggregatedDiskDataWritten: 0,
    AggregatedNormalizedIOCount: 0,
    NetworkMeteredTrafficReport: [],
    HardDiskMetrics: [],
  });
}

/** Virtual sizes of the disks, and the files of checkpoints. */
function diskBytes({ world, node }: Running, machine: Machine): number {
  const paths = new Set(disksOf(machine).map(({ path }) => path ?? ""));
  const now = new Set(disksOf({ ...machine, checkpoints: [] }).map(({ path }) => path));
  return [...paths].reduce((sum, path) => {
    const file = findFile(world, node, path);
    const virtual = now.has(path) ? (file?.vhd?.sizeBytes ?? 0) : 0;
    return sum + virtual + (isCheckpointFile(path) ? (file?.sizeBytes ?? 0) : 0);
  }, 0);
}
