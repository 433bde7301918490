import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const volume = "C:\\ClusterStorage\\Volume1";
const disk = { number: 9, id: "60003ff4-9", sizeBytes: 2 ** 30, partitionStyle: "GPT" as const, fileSystem: "NTFS" };

/** One of each kind, on a cluster, with what its reads follow. */
const made: Record<string, (id: string, watched: string) => Inputs> = {
  VirtualSwitch: () => ({ name: "lan", node: "HV01", switchType: "Private" }),
  VirtualHardDisk: () => ({ path: `${volume}\\data.vhdx`, sizeBytes: 2 ** 30 }),
  VirtualMachine: () => ({ name: "it", node: "HV01", path: volume, generation: 1, version: "9.0" }),
  Checkpoint: (vmId) => ({ vmId, name: "before" }),
  ClusterVirtualMachineRole: (vmId) => ({ vmId }),
  Cluster: () => ({ name: "LAB", nodes: ["HV01", "HV02", "HV03"], adopt: true }),
  ClusterAffinityRule: () => ({ name: "rule", ruleType: "SameNode" }),
  ClusterGroupSet: () => ({ name: "set" }),
  ClusterFaultDomain: () => ({ name: "north", type: "Site" }),
  ClusterSharedVolume: () => ({ diskUniqueId: disk.id }),
  ClusterVirtualMachineMonitoredItem: (_id, vmId) => ({ vmId, service: "spooler" }),
  ClusterNode: () => ({ node: "HV03", state: "Up" }),
  HostSettings: () => ({ node: "HV01", enableEnhancedSessionMode: true }),
  ClusterQuorum: () => ({ type: "None" }),
  ClusterNetwork: () => ({ subnet: "10.0.1.0/24", role: "Cluster" }),
  ClusterMigrationNetworks: () => ({ migrationExcludeNetworks: ["10.0.1.0/24"] }),
  ClusterSettings: () => ({ maximumParallelMigrations: 2 }),
};

async function world(): Promise<{ simulator: Simulator; vmId: string; watchedId: string }> {
  const simulator = Simulator.inMemory({
    nodes: [{ name: "HV01" }, { name: "HV02" }, { name: "HV03" }],
    cluster: { name: "LAB" },
    sharedDisks: [disk],
    seed: "proof",
  });
  for (const line of [
    "New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 10.0.0.11 -PrefixLength 24",
    "New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 10.0.1.11 -PrefixLength 24",
    `New-VM -Name one -Path ${volume} -NoVHD -Generation 2`,
    `New-VHD -Path ${volume}\\base.vhdx -SizeBytes 1GB`,
    `New-VM -Name watched -Path ${volume} -NoVHD -Generation 2`,
    "Add-ClusterVirtualMachineRole -VMName watched",
    "Start-VM -Name watched",
  ])
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  await simulator.happen({ guest: "watched", boots: true });
  const [machine, watched] = await simulator.look(({ nodes }) => nodes.flatMap(({ machines }) => machines));
  return { simulator, vmId: machine?.id ?? assert.fail(), watchedId: watched?.id ?? assert.fail() };
}

describe("one false answer drops nothing", () => {
  for (const { kind } of definitions)
    it(`whichever call of a ${kind}'s reading says that it is not found, or fails otherwise`, async () => {
      const { simulator, vmId, watchedId } = await world();
      const lifecycle = new Lifecycle(kind, simulator, ["HV01", "HV02", "HV03"]);
      const state = await lifecycle.create(made[kind]?.(vmId, watchedId) ?? assert.fail());
      const before = lifecycle.calls.length;
      assert(await lifecycle.read(state));
      const cmdlets = lifecycle.calls.slice(before).map((call) => ("cmdlet" in call ? call.cmdlet : ""));
      assert(cmdlets.length > 0);
      for (const [index, cmdlet] of cmdlets.entries())
        for (const error of notFound) {
          const after = cmdlets.slice(0, index).filter((other) => other === cmdlet).length;
          for (const times of [1, 1000]) {
            await simulator.order({ cmdlet, after, times, effect: { kind: "fail", ...error } });
            const read = await lifecycle.read(state).then(
              (found) => (found ? "there" : "gone"),
              () => "an error",
            );
            assert.notEqual(read, "gone", `call ${index}, ${cmdlet} says ${error.errorId} ${times} times`);
            await simulator.clearFaults();
          }
        }
      assert(await lifecycle.read(state), "it is there when nothing is wrong");
    });

  it("a service that is stopped, which says of everything that it is not found, lets nothing be made twice", async () => {
    const { simulator } = await world();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, ["HV01", "HV02"]);
    const inputs = { name: "one", node: "HV01", path: volume };
    await simulator.order({ cmdlet: "Get-VM", times: 1, effect: { kind: "fail", ...(notFound[0] ?? assert.fail()) } });
    await assert.rejects(lifecycle.create(inputs), /already exists/);
  });

  it("what really is gone is seen as gone", async () => {
    for (const { kind, gone } of definitions) {
      // always there
      if (!gone) continue;
      const { simulator, vmId, watchedId } = await world();
      const lifecycle = new Lifecycle(kind, simulator, ["HV01", "HV02", "HV03"]);
      const state = await lifecycle.create(made[kind]?.(vmId, watchedId) ?? assert.fail());
      for (const line of [removedByHand[kind] ?? assert.fail()].flat())
        for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, kind);
      // a node that is no member any more tells nothing of the cluster
      const afterwards = new Lifecycle(kind, simulator, ["HV01", "HV02"]);
      assert.equal(await afterwards.read(state), undefined, kind);
    }
  });
});

const notFound = [
  { errorId: "ObjectNotFound", category: "ObjectNotFound" },
  { errorId: "InvalidParameter", category: "InvalidArgument", message: "Hyper-V was unable to find it." },
  { errorId: "PathNotFound", category: "ObjectNotFound" },
];

const removedByHand: Record<string, string | string[]> = {
  VirtualSwitch: "Remove-VMSwitch -Name lan -Force",
  VirtualHardDisk: `Remove-Item -LiteralPath ${volume}\\data.vhdx`,
  VirtualMachine: "Remove-VM -Name it -Force",
  Checkpoint: "Remove-VMSnapshot -VMName one -Name before -Confirm $false",
  ClusterVirtualMachineRole: "Remove-ClusterGroup -Name one -RemoveResources -Force",
  Cluster: "Remove-Cluster -Force",
  ClusterAffinityRule: "Remove-ClusterAffinityRule -Name rule",
  ClusterVirtualMachineMonitoredItem: "Remove-ClusterGroup -Name watched -RemoveResources -Force",
  ClusterGroupSet: "Remove-ClusterGroupSet -Name set",
  ClusterFaultDomain: "Remove-ClusterFaultDomain -Name north",
  ClusterSharedVolume: [
    'Remove-ClusterSharedVolume -Name "Cluster Disk 1"',
    'Remove-ClusterResource -Name "Cluster Disk 1" -Force',
  ],
  ClusterNode: "Remove-ClusterNode -Name HV03 -Force",
  ClusterNetwork: "Remove-NetIPAddress -IPAddress 10.0.1.11 -Confirm $false",
};
