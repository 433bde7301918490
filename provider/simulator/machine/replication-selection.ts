import { driveThing } from "../devices/drive";
import type { Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { machineOf, machinesNamed, machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import { copyMark, locate, machineOn, Thing } from "../engine/thing";
import type { Machine, Node, Replication, World } from "../world/world";
import { isExcluded } from "./replication-copy";
import { healthOf, machineThing } from "./virtual-machine";

export type Replicated = Machine & { replication: Replication };

export function isReplicated(machine: Machine): machine is Replicated {
  return machine.replication !== undefined;
}

/** What a Get or Measure cmdlet asks for: machines that are replicated, but for those that only test a replica. */
export function replicatedAsked(call: Running): Replicated[] {
  const objects = call.things("VM");
  const names = given<string[]>(call, "VMName");
  const machines = objects
    ? objects.map((thing) => machineOf(call, thing))
    : names
      ? machinesNamed(call, names)
      : call.node.machines;
  // of extended replication the simulator knows nothing: every relationship is the simple one
  if (given<string>(call, "ReplicationRelationshipType") === "Extended") return [];
  const wanted = (parameter: string, value: string): boolean =>
    sameName(given<string>(call, parameter) ?? value, value);
  return machines
    .filter(isReplicated)
    .filter(({ replication }) => replication.mode !== "TestReplica")
    .filter(
      ({ replication }) =>
        wanted("ReplicationMode", replication.mode) &&
        wanted("ReplicationState", replication.state) &&
        wanted("ReplicationHealth", healthOf(replication)) &&
        wanted("ReplicaServerName", replication.replicaServerName) &&
        wanted("PrimaryServerName", replication.primaryServerName),
    );
}

/** The machines that a cmdlet changes the replication of: by names, objects, or objects of the replication. */
export function replicatedMeant(call: Running): Replicated[] {
  const relations = call.things("VMReplication");
  const machines = relations ? relations.map((thing) => machineOf(call, thing)) : machinesOf(call);
  return machines.map((machine) => requireReplicated(call, machine));
}

export function requireReplicated(call: Running, machine: Machine): Replicated {
  return isReplicated(machine) ? machine : notEnabled(call, machine);
}

/** The text is recorded, also for a replica that is asked for what only its primary can do (V, hyper-v-host.md 6.1). */
export function notEnabled(call: Running, { name }: Machine): never {
  call.invalid(`Replication is not enabled for the virtual machine '${name}'.`);
}

export function requireState(call: Running, { name, replication }: Replicated, ...states: string[]): void {
  if (states.includes(replication.state)) return;
  call.invalidState(
    `The operation cannot be performed for '${name}' while its replication state is ${replication.state}.`,
  );
}

/** The machine on the other side, while its host is there. */
export function otherSide(world: World, machine: Replicated): { node: Node; machine: Machine } | undefined {
  const { mode, primaryNode, replicaNode } = machine.replication;
  const name = mode === "Primary" ? replicaNode : primaryNode;
  const node = world.nodes.find((candidate) => candidate.name === name);
  const other = node?.up ? machineOn(node, machine.id) : undefined;
  return node && other && other !== machine ? { node, machine: other } : undefined;
}

export function replicationThing(of: Replicated): Thing {
  const { id, copy } = of;
  return new Thing("VMReplication", `VMReplication:${id}${copyMark(of)}`, { VMId: id }, (world) => {
    const located = locate(world, id, copy);
    return located && isReplicated(located.machine) ? view(world, located.node, located.machine) : undefined;
  });
}

function view(world: World, node: Node, machine: Replicated): Readonly<Record<string, unknown>> {
  const { replication } = machine;
  const { settings } = replication;
  const disks = machine.drives.filter(({ kind, path }) => kind === "HardDisk" && path !== null);
  const excluded = disks.filter((drive) => isExcluded(world, node, replication, drive));
  const things = (drives: typeof disks) => () => drives.map((drive) => driveThing({ machine }, drive));
  return {
    VMId: machine.id,
    VMName: machine.name,
    ComputerName: node.name,
    ReplicationMode: replication.mode,
    ReplicationState: replication.state,
    ReplicationHealth: healthOf(replication),
    ReplicationRelationshipType: "Simple",
    PrimaryServerName: replication.primaryServerName,
    ReplicaServerName: replication.replicaServerName,
    CurrentReplicaServerName: replication.replicaNode,
    ReplicaServerPort: settings.replicaServerPort,
    AuthenticationType: settings.authenticationType,
    CertificateThumbprint: settings.certificateThumbprint,
    CompressionEnabled: settings.compressionEnabled,
    ReplicateHostKvpItems: settings.replicateHostKvpItems,
    BypassProxyServer: settings.bypassProxyServer,
    EnableWriteOrderPreservationAcrossDisks: settings.enableWriteOrderPreservationAcrossDisks,
    RecoveryHistory: settings.recoveryHistory,
    VSSSnapshotFrequencyHour: settings.vssSnapshotFrequencyHour,
    VSSSnapshotReplicationEnabled: settings.vssSnapshotFrequencyHour > 0,
    ReplicationFrequencySec: settings.replicationFrequencySec,
    AutoResynchronizeEnabled: settings.autoResynchronizeEnabled,
    AutoResynchronizeIntervalStart: settings.autoResynchronizeIntervalStart,
    AutoResynchronizeIntervalEnd: settings.autoResynchronizeIntervalEnd,
    InitialReplicationStartTime: replication.initialReplicationStartTime ?? null,
    ReplicatedDisks: things(disks.filter((drive) => !excluded.includes(drive))),
    ExcludedDisks: things(excluded),
    TestVirtualMachine: () => testOf(node, replication),
    IsDeleted: false,
  };
}

function testOf(node: Node, { testMachineId }: Replication): Thing | null {
  const test = node.machines.find(({ id }) => id === testMachineId);
  return test ? machineThing(test) : null;
}
