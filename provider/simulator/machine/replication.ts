import type { Cmdlets, Running } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import { samePath } from "../storage/file-system";
import { formatOf } from "../storage/virtual-hard-disk";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import type { Drive, Machine, Replication, ReplicationSettings } from "../world/world";
import { copyDrive, makeCopy } from "./replication-copy";
import { reverse } from "./replication-failover";
import { connectionAsked, nameAsPrimary, type Partner, partnerOf, refuse } from "./replication-partner";
import {
  isReplicated,
  notEnabled,
  otherSide,
  type Replicated,
  replicatedAsked,
  replicatedMeant,
  replicationThing,
} from "./replication-selection";
import { healthOf } from "./virtual-machine";

export const replicationCmdlets: Cmdlets = {
  "Get-VMReplication": (call) => replicatedAsked(call).map(replicationThing),
  "Measure-VMReplication": (call) => replicatedAsked(call).map(measured),
  "Enable-VMReplication": enable,
  "Set-VMReplication": set,
  "Remove-VMReplication"(call) {
    const machines = replicatedMeant(call);
    const things = machines.map(replicationThing);
    // each side for itself: machines and files stay (D)
    for (const machine of machines as Machine[]) delete machine.replication;
    return call.flag("Passthru") ? things : [];
  },
  "Reset-VMReplicationStatistics"(call) {
    const machines = replicatedMeant(call);
    return call.flag("Passthru") ? machines.map(replicationThing) : [];
  },
};

/** By parameter (hyper-v-host.md 6.1). */
const settings = {
  ReplicaServerPort: "replicaServerPort",
  AuthenticationType: "authenticationType",
  CompressionEnabled: "compressionEnabled",
  ReplicateHostKvpItems: "replicateHostKvpItems",
  BypassProxyServer: "bypassProxyServer",
  EnableWriteOrderPreservationAcrossDisks: "enableWriteOrderPreservationAcrossDisks",
  RecoveryHistory: "recoveryHistory",
  VSSSnapshotFrequencyHour: "vssSnapshotFrequencyHour",
  ReplicationFrequencySec: "replicationFrequencySec",
  AutoResynchronizeEnabled: "autoResynchronizeEnabled",
  AutoResynchronizeIntervalStart: "autoResynchronizeIntervalStart",
  AutoResynchronizeIntervalEnd: "autoResynchronizeIntervalEnd",
} as const satisfies Record<string, keyof ReplicationSettings>;

const defaults: ReplicationSettings = {
  replicaServerPort: 80,
  authenticationType: "Kerberos",
  certificateThumbprint: "",
  compressionEnabled: true,
  replicateHostKvpItems: true,
  bypassProxyServer: false,
  enableWriteOrderPreservationAcrossDisks: true,
  recoveryHistory: 0,
  vssSnapshotFrequencyHour: 0,
  replicationFrequencySec: 300,
  autoResynchronizeEnabled: true,
  autoResynchronizeIntervalStart: "18:30:00",
  autoResynchronizeIntervalEnd: "06:00:00",
};

/** The settings of a call over those that there are. */
function settingsAsked(call: Running, now: ReplicationSettings): ReplicationSettings {
  const told = Object.entries(settings).flatMap(([parameter, key]) => {
    const value = given<unknown>(call, parameter);
    return value === undefined ? [] : [[key, value]];
  });
  const then: ReplicationSettings = { ...now, ...(Object.fromEntries(told) as Partial<ReplicationSettings>) };
  if (call.flag("DisableVSSSnapshotReplication")) then.vssSnapshotFrequencyHour = 0;
  if (![30, 300, 900].includes(then.replicationFrequencySec))
    call.invalid(`A replication frequency of ${then.replicationFrequencySec} s is not 30, 300 or 900.`);
  if (then.vssSnapshotFrequencyHour > 0 && then.recoveryHistory === 0)
    call.invalid("Application-consistent recovery points need additional recovery points.");
  return then;
}

function enable(call: Running): readonly Thing[] {
  if (call.flag("AsReplica"))
    call.fail("NotSupported", "NotImplemented", "The simulator does not play machines that become replicas.");
  const machines = machinesOf(call);
  const told = settingsAsked(call, defaults);
  for (const { name, replication } of machines)
    if (replication) call.invalidState(`Replication is enabled already for the virtual machine '${name}'.`);
  const partner = partnerOf(call, connectionAsked(call));
  const enabled = machines.map((machine) => {
    const excludedPaths = excludedAsked(call, machine);
    refuseDisks(call, machine, excludedPaths);
    // a machine that was left there is in the way (V)
    if (partner.node.machines.some(({ id }) => id === machine.id))
      refuse(call, `'${partner.serverName}' has a virtual machine with this id.`);
    return { machine, replication: primaryOf(call, partner, { settings: told, excludedPaths }) };
  });
  for (const { machine, replication } of enabled) {
    machine.replication = replication;
    makeCopy({ world: call.world, from: call.node, machine, replication }, partner);
  }
  return answer(call, () => machines.filter(isReplicated).map(replicationThing));
}

function primaryOf(
  { world, node }: Running,
  partner: Partner,
  own: Pick<Replication, "settings" | "excludedPaths">,
): Replication {
  return {
    ...own,
    mode: "Primary",
    state: "ReadyForInitialReplication",
    primaryServerName: nameAsPrimary(world, node),
    replicaServerName: partner.serverName,
    primaryNode: node.name,
    replicaNode: partner.node.name,
  };
}

function disksOf({ drives }: Machine): Drive[] {
  return drives.filter(
    ({ kind, path, diskNumber }) => kind === "HardDisk" && (path !== null || diskNumber !== undefined),
  );
}

function excludedAsked(call: Running, machine: Machine): string[] {
  const objects = (call.things("ExcludedVhd") ?? []).map((thing) => String(thing.read(call.world, "Path")));
  const paths = [...(given<string[]>(call, "ExcludedVhdPath") ?? []), ...objects];
  for (const path of paths)
    if (!disksOf(machine).some((drive) => isOn(call, drive, path)))
      call.invalid(`'${path}' is not a virtual hard disk of '${machine.name}'.`);
  return paths;
}

/** The drive's disk, or what that stands on. */
function isOn({ world, node }: Running, { path: own }: Drive, path: string): boolean {
  return own !== null && chainOf(world, node, own).files.some((file) => samePath(file.path, path));
}

/** Shared and physical disks are not replicated (D; the text V). */
function refuseDisks(call: Running, machine: Machine, excluded: readonly string[]): void {
  for (const drive of disksOf(machine)) {
    if (excluded.some((path) => isOn(call, drive, path))) continue;
    const isShared = drive.supportPersistentReservations || (drive.path !== null && formatOf(drive.path) === "VHDSet");
    if (isShared || drive.path === null)
      refuse(
        call,
        `The value of the property IncludedDisks is not valid: '${drive.path ?? `Disk ${drive.diskNumber}`}'.`,
      );
  }
}

/** On the primary alone (V); what the replica does are actions. */
function set(call: Running): readonly Thing[] {
  const machines = replicatedMeant(call);
  if (call.flag("AsReplica") || call.flag("UseBackup"))
    call.fail("NotSupported", "NotImplemented", "The simulator does not play machines that become replicas.");
  if (call.flag("Reverse")) for (const machine of machines) reverse(call, machine);
  else {
    const changes = machines.map((machine) => change(call, machine));
    for (const { machine, now } of changes) Object.assign(machine.replication, now);
    for (const { machine } of changes) completeDisks(call, machine);
  }
  return answer(call, () => machines.map(replicationThing));
}

function change(call: Running, machine: Replicated): { machine: Replicated; now: Partial<Replication> } {
  const { replication } = machine;
  if (replication.mode !== "Primary") notEnabled(call, machine);
  const told = settingsAsked(call, replication.settings);
  const serverName = given<string>(call, "ReplicaServerName") ?? replication.replicaServerName;
  if (["ReplicaServerName", "ReplicaServerPort", "AuthenticationType"].some((parameter) => call.has(parameter))) {
    const connection = { serverName, port: told.replicaServerPort, authenticationType: told.authenticationType };
    const partner = partnerOf(call, connection);
    if (partner.node.name !== replication.replicaNode) refuse(call, `'${serverName}' does not have the replica.`);
  }
  const start = given<string>(call, "InitialReplicationStartTime");
  return {
    machine,
    now: {
      settings: told,
      replicaServerName: serverName,
      excludedPaths: excludedNow(call, machine) ?? replication.excludedPaths,
      ...(start !== undefined && { initialReplicationStartTime: start }),
    },
  };
}

/** `-ReplicatedDisks` and `-ReplicatedDiskPaths` name the whole list. */
function excludedNow(call: Running, machine: Machine): string[] | undefined {
  const objects = call.things("ReplicatedDisks")?.map((thing) => String(thing.read(call.world, "Path")));
  const paths = given<string[]>(call, "ReplicatedDiskPaths");
  if (!objects && !paths) return undefined;
  const wanted = [...(paths ?? []), ...(objects ?? [])];
  const disks = disksOf(machine);
  const lost = wanted.find((path) => !disks.some((drive) => isOn(call, drive, path)));
  if (lost !== undefined) call.invalid(`'${lost}' is not a virtual hard disk of '${machine.name}'.`);
  const left = disks.filter((drive) => !wanted.some((path) => isOn(call, drive, path)));
  const excluded = left.flatMap(({ path }) => path ?? []);
  refuseDisks(call, machine, excluded);
  return excluded;
}

/** A disk that comes to those that are replicated is copied (D); one that goes stays there (K). */
function completeDisks({ world, node }: Running, machine: Replicated): void {
  const other = otherSide(world, machine);
  if (!other) return;
  const { replication } = machine;
  const at = { node: other.node, place: other.machine.path };
  for (const drive of disksOf(machine))
    if (!other.machine.drives.some(({ id }) => id === drive.id))
      other.machine.drives.push(...copyDrive({ world, from: node, machine, replication }, drive, at));
  if (other.machine.replication) other.machine.replication.settings = structuredClone(replication.settings);
}

function measured(machine: Replicated): Thing {
  const { replication } = machine;
  return record("VMReplicationHealth", {
    VMId: machine.id,
    VMName: machine.name,
    ReplicationMode: replication.mode,
    ReplicationState: replication.state,
    ReplicationHealth: healthOf(replication),
    ReplicationRelationshipType: "Simple",
    PrimaryServerName: replication.primaryServerName,
    ReplicaServerName: replication.replicaServerName,
    CurrentReplicaServerName: replication.replicaNode,
    LastReplicationType: replication.state === "Replicating" ? "Regular" : "None",
    PendingReplicationSize: 0,
    AverageReplicationSize: 0,
    MaximumReplicationSize: 0,
    InitialReplicationSize: 0,
    ReplicationErrors: 0,
    MissedReplicationCount: 0,
    SuccessfulReplicationCount: 0,
    CurrentTask: [],
    ReplicationHealthDetails: [],
  });
}
