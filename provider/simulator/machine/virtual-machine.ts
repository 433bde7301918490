import { comPortThing } from "../devices/com-port";
import { driveThings } from "../devices/drive";
import { heartbeatOf, serviceThings } from "../devices/integration-service";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, type Owner } from "../engine/hardware";
import { answer } from "../engine/job";
import { sameName } from "../engine/names";
import { machinesNamed, machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import { copyMark, locate, machineOn, Thing, type View } from "../engine/thing";
import { adapterThings } from "../network/network-adapter";
import { mergeAll } from "../storage/checkpoint-files";
import { assignedBytes } from "../world/machine-state";
import type { Machine, Replication, World } from "../world/world";
import { dropConfiguration } from "./configuration-files";
import { isHidden } from "./visibility";

export const machineCmdlets: Cmdlets = {
  "Get-VM": (call) => found(call).map(machineThing),
  "Remove-VM"(call) {
    const machines = machinesOf(call);
    call.needsForce();
    for (const machine of machines) requireRemovable(call, machine);
    for (const machine of machines) remove(call, machine);
    return answer(call, () => machines.map(machineThing));
  },
};

/** There is no clock: everything was made at this moment. */
export const moment = "2024-01-01T00:00:00.0000000Z";

function found(call: Running): Machine[] {
  const machines = asked(call);
  const seen = machines.filter((machine) => !isHidden(call, machine));
  const hidden = machines.find((machine) => !seen.includes(machine));
  if (hidden && given(call, "Id") !== undefined) noMachine(call, hidden.id);
  const names = given<string[]>(call, "Name") ?? [];
  if (hidden && names.some((name) => sameName(name, hidden.name)))
    call.invalid(`Hyper-V was unable to find a virtual machine with name "${hidden.name}".`);
  return seen;
}

function asked(call: Running): Machine[] {
  const id = given<string>(call, "Id");
  if (id !== undefined) return [machineById(call, id)];
  const clustered = given<Thing>(call, "ClusterObject");
  if (clustered) return [ownedBy(call, clustered)];
  const names = given<string[]>(call, "Name");
  return names ? machinesNamed(call, names) : call.node.machines;
}

function machineById(call: Running, id: string): Machine {
  const machine = machineOn(call.node, id);
  return machine ?? noMachine(call, id);
}

function noMachine(call: Running, id: string): never {
  call.notFound(`Hyper-V was unable to find a virtual machine with id ${id}.`);
}

/** A role's machine is asked of its owner, wherever that is. */
function ownedBy(call: Running, clustered: Thing): Machine {
  const located = locate(call.world, String(clustered.read(call.world, "VMId") ?? clustered.identity.VMId));
  if (!located?.node.up) call.notFound("Hyper-V was unable to find the virtual machine of this cluster object.");
  return located.machine;
}

/** Off or saved (S, verified for saved; hyper-v.md 2.7). */
function requireRemovable(call: Running, { name, state }: Machine): void {
  if (state !== "Off" && state !== "Saved")
    call.invalidState(
      `'${name}' cannot be removed. The operation cannot be performed while the virtual machine is in its current state.`,
    );
}

/** Configuration and checkpoints go, the disks stay, merged (D, hyper-v.md 2.7). */
function remove({ world, node }: Running, machine: Machine): void {
  mergeAll(world, node, machine);
  dropConfiguration(world, node, machine);
  node.machines = node.machines.filter((candidate) => candidate !== machine);
}

export function machineThing(of: Machine): Thing {
  const { id, copy } = of;
  return new Thing("VirtualMachine", `VirtualMachine:${id}${copyMark(of)}`, { Id: id, VMId: id }, (world) => {
    const located = locate(world, id, copy);
    if (!located) return undefined;
    const { machine, node } = located;
    return [{ ComputerName: node.name }, ownView(machine), healthyView, baseView({ machine }, world)];
  });
}

/** What a machine and a checkpoint of it have in common: VirtualMachineBase. */
export function baseView(owner: Owner, world: World): View {
  const { machine } = owner;
  const hardware = hardwareOf(owner);
  return {
    Name: hardware.name,
    Notes: hardware.notes,
    Generation: machine.generation,
    Version: machine.version,
    Path: machine.path,
    IsClustered: machine.groupId !== null,
    ProcessorCount: hardware.processor.count,
    DynamicMemoryEnabled: hardware.memory.dynamicMemoryEnabled,
    MemoryStartup: hardware.memory.startupBytes,
    MemoryMinimum: hardware.memory.minimumBytes,
    MemoryMaximum: hardware.memory.maximumBytes,
    LowMemoryMappedIoSpace: hardware.lowMemoryMappedIoSpace,
    HighMemoryMappedIoSpace: hardware.highMemoryMappedIoSpace,
    GuestControlledCacheTypes: hardware.guestControlledCacheTypes,
    LockOnDisconnect: hardware.lockOnDisconnect,
    BatteryPassthroughEnabled: hardware.batteryPassthroughEnabled,
    HardDrives: () => driveThings(owner, "HardDisk"),
    DVDDrives: () => driveThings(owner, "Dvd"),
    NetworkAdapters: () => adapterThings(owner),
    VMIntegrationService: () => serviceThings(owner),
    ComPort1: () => comPortThing(owner, 1),
    ComPort2: () => comPortThing(owner, 2),
    FibreChannelHostBusAdapters: [],
    FloppyDrive: null,
    RemoteFxAdapter: null,
    SizeOfSystemFiles: 73_728,
    CreationTime: moment,
    ComputerName: () => locate(world, machine.id, machine.copy)?.node.name,
    IsDeleted: false,
  };
}

function ownView(machine: Machine): View {
  const parent = machine.checkpoints.find(({ id }) => id === machine.currentCheckpoint);
  const running = machine.state === "Running";
  return {
    Id: machine.id,
    VMId: machine.id,
    State: machine.underWay?.state ?? machine.state,
    ...(machine.underWay?.status !== undefined && { OperationalStatus: ["Ok", machine.underWay.status] }),
    ConfigurationLocation: machine.path,
    SnapshotFileLocation: machine.snapshotFileLocation,
    SmartPagingFilePath: machine.smartPagingFilePath,
    SmartPagingFileInUse: false,
    AutomaticStartAction: machine.automaticStartAction,
    AutomaticStartDelay: machine.automaticStartDelay,
    AutomaticStopAction: machine.automaticStopAction,
    AutomaticCriticalErrorAction: machine.automaticCriticalErrorAction,
    AutomaticCriticalErrorActionTimeout: machine.automaticCriticalErrorActionTimeout,
    AutomaticCheckpointsEnabled: machine.automaticCheckpointsEnabled,
    CheckpointType: machine.checkpointType,
    EnhancedSessionTransportType: machine.enhancedSessionTransportType,
    ParentSnapshotId: parent?.id ?? null,
    ParentSnapshotName: parent?.name ?? null,
    CPUUsage: 0,
    MemoryAssigned: assignedBytes(machine),
    MemoryDemand: machine.guest.booted ? assignedBytes(machine) : 0,
    MemoryStatus: running && machine.guest.booted && machine.memory.dynamicMemoryEnabled ? "OK" : "",
    Heartbeat: heartbeatOf(machine),
    IntegrationServicesState: "",
    IntegrationServicesVersion: running && machine.guest.booted ? "0.0" : null,
    NumaAligned: running ? true : null,
    ResourceMeteringEnabled: machine.metered === true,
    ReplicationState: machine.replication?.state ?? "Disabled",
    ReplicationHealth: healthOf(machine.replication),
    ReplicationMode: machine.replication?.mode ?? "None",
    NumaNodesCount: 1,
    NumaSocketCount: 1,
    Uptime: "00:00:00",
    VirtualMachineType: "RealizedVirtualMachine",
    VirtualMachineSubType: machine.generation === 1 ? "Generation1" : "Generation2",
  };
}

/** As states have it (D, S, hyper-v-host.md 6.2). */
export function healthOf(replication: Replication | undefined): string {
  if (!replication || replication.mode === "TestReplica") return "NotApplicable";
  if (replication.state === "Error") return "Critical";
  return /^(Suspended|Resynchronize|WaitingForStart)/.test(replication.state) ? "Warning" : "Normal";
}

const healthyView: View = {
  Status: "Operating normally",
  OperationalStatus: ["Ok"],
  PrimaryOperationalStatus: "Ok",
  SecondaryOperationalStatus: null,
  StatusDescriptions: ["Operating normally"],
  PrimaryStatusDescription: "Operating normally",
  SecondaryStatusDescription: "",
  Groups: [],
};
