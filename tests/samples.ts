import type { WorldDescription } from "../provider/simulator/world";
import { machineSamples } from "./machine-samples";

export type Args = Record<string, unknown>;

/**
 * One property of a kind, as a program sets, changes and takes it away, and as somebody changes it by hand. A test walks
 * the schemas: a property without a sample fails it.
 */
export interface Sample {
  kind: string;
  /** Path in the schema; `[]` for the elements of a list. */
  property: string;
  /** Arguments with the property; `name` is unique to the sample. */
  set: (name: string) => Args;
  changed: (name: string) => Args;
  /** What the engine does at the change. */
  step: "update" | "replace";
  /** Arguments without it, and what the engine does then: `same` where Hyper-V's choice is left alone. */
  removed: (name: string) => Args;
  removal: "update" | "replace" | "same";
  /** What an administrator types to change it, as the machine `name`; none where nothing on a host can differ. */
  drift?: (name: string) => string[];
  /** Node that the drift is typed on. */
  on?: string;
  /** What must be there before. */
  setup?: (name: string) => string[];
}

const GiB = 2 ** 30;
const MiB = 2 ** 20;
export const volume = "C:\\ClusterStorage\\Volume1";

export const machine = (more: Args): Args => ({ node: "HV01", ...more });

/** A property of a machine that is one value. */
export function scalar(
  property: string,
  set: Args,
  changed: Args,
  drift: (name: string) => string[],
  more: Partial<Sample> = {},
): Sample {
  return {
    kind: "VirtualMachine",
    property,
    set: () => machine(set),
    changed: () => machine(changed),
    step: "update",
    removed: () => machine({}),
    removal: "update",
    drift,
    ...more,
  };
}

export const file = (name: string, number = 1) => `D:\\${name}-${number}.vhdx`;
export const disks = (name: string) => [1, 2].map((number) => `New-VHD -Path ${file(name, number)} -SizeBytes 1GB`);

const ethernet = (number: number) => ({
  name: `Ethernet ${number}`,
  interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+ #${number}`,
  macAddress: `3CFDFE00010${number}`,
  linkSpeedBps: 10_000_000_000,
});

/** The world in which the samples live. */
export const sampleWorld: WorldDescription = {
  nodes: ["HV01", "HV02"].map((name) => ({
    name,
    memoryBytes: 256 * GiB,
    netAdapters: [1, 2, 3, 4].map(ethernet),
    offlineDisks: [1, 2],
  })),
  cluster: { name: "LAB" },
  guestsBoot: true,
};

export const setupWorld = [
  "New-VMSwitch -Name lan -SwitchType Private",
  "New-VMSwitch -Name wan -SwitchType Private",
  "New-VMSwitch -Name absolute -SwitchType Private -MinimumBandwidthMode Absolute",
  "New-Item -Path D:\\a.iso -ItemType File",
  "New-Item -Path D:\\b.iso -ItemType File",
];

const dynamic = (more: Args) => ({ memory: { dynamicMemoryEnabled: true, startupBytes: GiB, ...more } });
const adapter = (more: Args) => ({ networkAdapters: [{ name: "front", ...more }] });
export const disk = (name: string, more: Args, generation = 2) =>
  machine({ generation, hardDiskDrives: [{ path: file(name), ...more }] });
const dvd = (more: Args) => machine({ dvdDrives: [more] });
const boot = (name: string, ...bootOrder: Args[]) =>
  machine({
    hardDiskDrives: [{ path: file(name) }],
    dvdDrives: [{ path: "D:\\a.iso" }],
    firmware: bootOrder.length > 0 ? { bootOrder } : {},
  });

const bootSample = (property: string, one: (name: string) => Args, other: (name: string) => Args): Sample => ({
  kind: "VirtualMachine",
  property,
  setup: disks,
  set: (name) => boot(name, one(name), other(name)),
  changed: (name) => boot(name, other(name), one(name)),
  step: "update",
  removed: (name) => boot(name),
  removal: "same",
});

const byDisk = (name: string) => ({ hardDiskDrive: file(name) });
const byDvd = () => ({ dvdDrive: 0 });
const byAdapter = () => ({ networkAdapter: "Network Adapter" });

const virtualMachine: Sample[] = [
  scalar("name", {}, {}, (name) => [`Rename-VM -Name ${name}-other -NewName ${name}-third`], {
    set: (name) => machine({ name: `${name}-one` }),
    changed: (name) => machine({ name: `${name}-other` }),
  }),
  { ...scalar("node", {}, {}, () => []), drift: undefined, changed: () => ({ node: "HV02" }), removed: () => ({}) },
  {
    ...scalar("generation", { generation: 2 }, { generation: 1 }, () => []),
    drift: undefined,
    step: "replace",
    removal: "replace",
  },
  scalar(
    "path",
    { path: "D:\\one" },
    { path: "D:\\two" },
    (name) => [
      `Move-VMStorage -Name ${name} -VirtualMachinePath D:\\three\\${name} -SnapshotFilePath D:\\three\\${name} -SmartPagingFilePath D:\\three\\${name}`,
    ],
    {
      removal: "same",
      setup: () => ["one", "two", "three"].map((folder) => `New-Item -Path D:\\${folder} -ItemType Directory -Force`),
    },
  ),
  scalar("notes", { notes: "one" }, { notes: 'O\'Brien "x" $(throw) `n [a]* 日本' }, (name) => [
    `Set-VM -Name ${name} -Notes other`,
  ]),
  scalar("processor", { processor: { count: 2 } }, { processor: { count: 3 } }, (name) => [
    `Set-VMProcessor -VMName ${name} -Count 5`,
  ]),
  scalar("processor.count", { processor: { count: 2 } }, { processor: { count: 4 } }, (name) => [
    `Set-VMProcessor -VMName ${name} -Count 8`,
  ]),
  scalar("memory", { memory: { startupBytes: GiB } }, dynamic({}), (name) => [
    `Set-VMMemory -VMName ${name} -DynamicMemoryEnabled $false`,
  ]),
  scalar("memory.startupBytes", { memory: { startupBytes: GiB } }, { memory: { startupBytes: 2 * GiB } }, (name) => [
    `Set-VMMemory -VMName ${name} -StartupBytes 3GB`,
  ]),
  scalar("memory.dynamicMemoryEnabled", dynamic({ dynamicMemoryEnabled: false }), dynamic({}), (name) => [
    `Set-VMMemory -VMName ${name} -DynamicMemoryEnabled $false`,
  ]),
  scalar(
    "memory.minimumBytes",
    dynamic({ minimumBytes: 256 * MiB }),
    dynamic({ minimumBytes: 128 * MiB }),
    (name) => [`Set-VMMemory -VMName ${name} -MinimumBytes 64MB`],
    { removed: () => machine(dynamic({})) },
  ),
  scalar(
    "memory.maximumBytes",
    dynamic({ maximumBytes: 4 * GiB }),
    dynamic({ maximumBytes: 8 * GiB }),
    (name) => [`Set-VMMemory -VMName ${name} -MaximumBytes 16GB`],
    { removed: () => machine(dynamic({})) },
  ),
  scalar(
    "memory.buffer",
    dynamic({ buffer: 30 }),
    dynamic({ buffer: 40 }),
    (name) => [`Set-VMMemory -VMName ${name} -Buffer 50`],
    { removed: () => machine(dynamic({})) },
  ),
  scalar("networkAdapters", adapter({}), { networkAdapters: [{ name: "front" }, { name: "back" }] }, (name) => [
    `Remove-VMNetworkAdapter -VMName ${name} -Name back`,
  ]),
  scalar("networkAdapters[].name", adapter({}), { networkAdapters: [{ name: "O'Brien [a]*" }] }, (name) => [
    `Rename-VMNetworkAdapter -VMName ${name} -NewName other`,
  ]),
  scalar(
    "networkAdapters[].switchName",
    adapter({ switchName: "lan" }),
    adapter({ switchName: "wan" }),
    (name) => [`Disconnect-VMNetworkAdapter -VMName ${name}`],
    { removed: () => machine(adapter({})) },
  ),
  scalar(
    "networkAdapters[].macAddress",
    adapter({ macAddress: "00155D010203" }),
    adapter({ macAddress: "00-15-5d-01-02-04" }),
    (name) => [`Set-VMNetworkAdapter -VMName ${name} -StaticMacAddress 00155D0102FF`],
    { removed: () => machine(adapter({})) },
  ),
  scalar(
    "networkAdapters[].vlan",
    adapter({ vlan: 5 }),
    adapter({ vlan: 6 }),
    (name) => [`Set-VMNetworkAdapterVlan -VMName ${name} -Access -VlanId 7`],
    { removed: () => machine(adapter({})) },
  ),
  scalar(
    "hardDiskDrives",
    {},
    {},
    (name) => [`Remove-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1`],
    {
      setup: disks,
      set: (name) => disk(name, {}),
      changed: (name) => machine({ hardDiskDrives: [{ path: file(name) }, { path: file(name, 2) }] }),
    },
  ),
  scalar(
    "hardDiskDrives[].path",
    {},
    {},
    (name) => [`Remove-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0`],
    {
      setup: disks,
      set: (name) => disk(name, {}),
      changed: (name) => disk(name, { path: file(name, 2) }),
    },
  ),
  scalar(
    "hardDiskDrives[].controllerType",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0 -ToControllerType IDE -ToControllerNumber 0 -ToControllerLocation 1`,
    ],
    {
      setup: disks,
      set: (name) => disk(name, { controllerType: "IDE" }, 1),
      changed: (name) => disk(name, { controllerType: "SCSI" }, 1),
      removed: (name) => disk(name, {}, 1),
      // where a disk is stays where it is, once the program no longer says
      removal: "same",
    },
  ),
  scalar(
    "hardDiskDrives[].controllerNumber",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 1 -ControllerLocation 0 -ToControllerNumber 0 -ToControllerLocation 3`,
    ],
    {
      setup: disks,
      set: (name) => ({ ...disk(name, { controllerNumber: 0 }), scsiControllerCount: 2 }),
      changed: (name) => ({ ...disk(name, { controllerNumber: 1 }), scsiControllerCount: 2 }),
      removed: (name) => ({ ...disk(name, {}), scsiControllerCount: 2 }),
      removal: "same",
    },
  ),
  scalar(
    "hardDiskDrives[].controllerLocation",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 6 -ToControllerLocation 7`,
    ],
    {
      setup: disks,
      set: (name) => disk(name, { controllerLocation: 5 }),
      changed: (name) => disk(name, { controllerLocation: 6 }),
      removed: (name) => disk(name, {}),
      removal: "same",
    },
  ),
  scalar(
    "dvdDrives",
    {},
    {},
    (name) => [`Remove-VMDvdDrive -VMName ${name} -ControllerNumber 0 -ControllerLocation 1`],
    {
      set: () => dvd({}),
      changed: () => machine({ dvdDrives: [{}, {}] }),
    },
  ),
  scalar("dvdDrives[].path", {}, {}, (name) => [`Set-VMDvdDrive -VMName ${name} -Path $null`], {
    set: () => dvd({ path: "D:\\a.iso" }),
    changed: () => dvd({ path: "D:\\b.iso" }),
    removed: () => dvd({}),
  }),
  scalar("dvdDrives[].controllerNumber", {}, {}, () => [], {
    drift: undefined,
    set: () => dvd({ controllerNumber: 0, controllerLocation: 3 }),
    changed: () => dvd({ controllerNumber: 1, controllerLocation: 3 }),
    removed: () => dvd({ controllerLocation: 3 }),
    removal: "same",
  }),
  scalar(
    "dvdDrives[].controllerLocation",
    {},
    {},
    (name) => [`Set-VMDvdDrive -VMName ${name} -ToControllerLocation 9`],
    {
      set: () => dvd({ controllerNumber: 0, controllerLocation: 3 }),
      changed: () => dvd({ controllerNumber: 0, controllerLocation: 4 }),
      removed: () => dvd({ controllerNumber: 0 }),
      removal: "same",
    },
  ),
  scalar(
    "firmware",
    { firmware: { secureBoot: "On" } },
    { firmware: { secureBoot: "Off", secureBootTemplate: "MicrosoftUEFICertificateAuthority" } },
    (name) => [`Set-VMFirmware -VMName ${name} -EnableSecureBoot On`],
  ),
  scalar("firmware.secureBoot", { firmware: { secureBoot: "On" } }, { firmware: { secureBoot: "Off" } }, (name) => [
    `Set-VMFirmware -VMName ${name} -EnableSecureBoot On`,
  ]),
  scalar(
    "firmware.secureBootTemplate",
    { firmware: { secureBootTemplate: "MicrosoftWindows" } },
    { firmware: { secureBootTemplate: "MicrosoftUEFICertificateAuthority" } },
    (name) => [`Set-VMFirmware -VMName ${name} -SecureBootTemplate OpenSourceShieldedVM`],
  ),
  bootSample("firmware.bootOrder", byDisk, byDvd),
  bootSample("firmware.bootOrder[].hardDiskDrive", byDisk, byAdapter),
  bootSample("firmware.bootOrder[].networkAdapter", byAdapter, byDisk),
  bootSample("firmware.bootOrder[].dvdDrive", byDvd, byAdapter),
  scalar("automaticStartAction", { automaticStartAction: "Nothing" }, { automaticStartAction: "Start" }, (name) => [
    `Set-VM -Name ${name} -AutomaticStartAction Nothing`,
  ]),
  scalar("automaticStartDelay", { automaticStartDelay: 10 }, { automaticStartDelay: 20 }, (name) => [
    `Set-VM -Name ${name} -AutomaticStartDelay 30`,
  ]),
  scalar("automaticStopAction", { automaticStopAction: "TurnOff" }, { automaticStopAction: "ShutDown" }, (name) => [
    `Set-VM -Name ${name} -AutomaticStopAction TurnOff`,
  ]),
  scalar("checkpointType", { checkpointType: "Disabled" }, { checkpointType: "Standard" }, (name) => [
    `Set-VM -Name ${name} -CheckpointType ProductionOnly`,
  ]),
  // a guest is up only in a machine that has a disk, and only then it shuts down before it is removed
  scalar("state", {}, {}, (name) => [`Resume-VM -Name ${name}`], {
    setup: disks,
    set: (name) => ({ ...disk(name, {}), state: "Running" }),
    changed: (name) => ({ ...disk(name, {}), state: "Paused" }),
    removed: (name) => disk(name, {}),
    removal: "same",
  }),
  { ...scalar("allowRestart", { allowRestart: false }, { allowRestart: true }, () => []), drift: undefined },
  { ...scalar("shutdown", {}, { shutdown: { timeoutSeconds: 10 } }, () => []), drift: undefined },
  {
    ...scalar(
      "shutdown.timeoutSeconds",
      { shutdown: { timeoutSeconds: 10 } },
      { shutdown: { timeoutSeconds: 20 } },
      () => [],
    ),
    drift: undefined,
  },
  {
    ...scalar(
      "shutdown.onTimeout",
      { shutdown: { onTimeout: "Fail" } },
      { shutdown: { onTimeout: "TurnOff" } },
      () => [],
    ),
    drift: undefined,
  },
  { ...scalar("adopt", { adopt: false }, { adopt: true }, () => []), drift: undefined },
];

const lan = (more: Args): Args => ({ node: "HV01", switchType: "Private", ...more });
const external = (more: Args): Args => ({
  node: "HV01",
  switchType: "External",
  netAdapterNames: ["Ethernet 2"],
  ...more,
});

const virtualSwitch: Sample[] = [
  {
    kind: "VirtualSwitch",
    property: "name",
    set: (name) => lan({ name: `${name}-one` }),
    changed: (name) => lan({ name: `${name}-other` }),
    step: "update",
    removed: () => lan({}),
    removal: "update",
    drift: (name) => [`Rename-VMSwitch -Name ${name}-other -NewName ${name}-third`],
  },
  {
    kind: "VirtualSwitch",
    property: "node",
    set: () => lan({}),
    changed: () => lan({ node: "HV02" }),
    step: "replace",
    removed: () => lan({ node: "HV02" }),
    removal: "same",
  },
  {
    kind: "VirtualSwitch",
    property: "switchType",
    set: () => lan({}),
    changed: () => lan({ switchType: "Internal" }),
    step: "update",
    removed: () => lan({}),
    removal: "update",
    drift: (name) => [`Set-VMSwitch -Name ${name} -SwitchType Private`],
  },
  {
    kind: "VirtualSwitch",
    property: "netAdapterNames",
    set: () => lan({}),
    changed: () => external({ netAdapterNames: ["Ethernet 3"] }),
    step: "update",
    removed: () => lan({}),
    removal: "update",
    drift: (name) => [`Set-VMSwitch -Name ${name} -NetAdapterName "Ethernet 4"`],
  },
  {
    kind: "VirtualSwitch",
    property: "allowManagementOS",
    set: () => external({}),
    changed: () => external({ allowManagementOS: false }),
    step: "update",
    removed: () => external({}),
    removal: "update",
    drift: (name) => [`Set-VMSwitch -Name ${name} -AllowManagementOS $true`],
  },
  {
    kind: "VirtualSwitch",
    property: "notes",
    set: () => lan({ notes: "one" }),
    changed: () => lan({ notes: "two" }),
    step: "update",
    removed: () => lan({}),
    removal: "update",
    drift: (name) => [`Set-VMSwitch -Name ${name} -Notes three`],
  },
  {
    kind: "VirtualSwitch",
    property: "adopt",
    set: () => lan({ adopt: false }),
    changed: () => lan({ adopt: true }),
    step: "update",
    removed: () => lan({}),
    removal: "update",
  },
];

const vhd = (name: string, more: Args): Args => ({ node: "HV01", path: file(name), sizeBytes: GiB, ...more });
const without = (args: Args, key: string): Args =>
  Object.fromEntries(Object.entries(args).filter(([own]) => own !== key));
const parents = (name: string) =>
  [1, 2].map((number) => `New-VHD -Path D:\\${name}-parent${number}.vhdx -SizeBytes 1GB`);

function fixedAtCreation(property: string, one: unknown, other: unknown): Sample {
  return {
    kind: "VirtualHardDisk",
    property,
    set: (name) => vhd(name, { [property]: one }),
    changed: (name) => vhd(name, { [property]: other }),
    step: "replace",
    removed: (name) => vhd(name, {}),
    removal: "same",
  };
}

const virtualHardDisk: Sample[] = [
  {
    kind: "VirtualHardDisk",
    property: "path",
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { path: file(name, 2) }),
    step: "replace",
    removed: (name) => vhd(name, { path: file(name, 2) }),
    removal: "same",
  },
  {
    kind: "VirtualHardDisk",
    property: "node",
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { node: "HV02" }),
    step: "replace",
    removed: (name) => vhd(name, { node: "HV02" }),
    removal: "same",
  },
  {
    kind: "VirtualHardDisk",
    property: "sizeBytes",
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { sizeBytes: 2 * GiB }),
    step: "update",
    removed: (name) => vhd(name, { sizeBytes: 2 * GiB }),
    removal: "same",
    // somebody put a smaller one in its place; one that was grown by hand is refused, as disks do not shrink
    drift: (name) => [`Remove-Item -LiteralPath ${file(name)}`, `New-VHD -Path ${file(name)} -SizeBytes 1GB`],
  },
  fixedAtCreation("vhdType", "Dynamic", "Fixed"),
  {
    kind: "VirtualHardDisk",
    property: "parentPath",
    setup: parents,
    set: (name) => without(vhd(name, { parentPath: `D:\\${name}-parent1.vhdx` }), "sizeBytes"),
    changed: (name) => without(vhd(name, { parentPath: `D:\\${name}-parent2.vhdx` }), "sizeBytes"),
    step: "replace",
    removed: (name) => without(vhd(name, { parentPath: `D:\\${name}-parent2.vhdx` }), "sizeBytes"),
    removal: "same",
  },
  {
    kind: "VirtualHardDisk",
    property: "sourcePath",
    setup: parents,
    set: (name) => without(vhd(name, { sourcePath: `D:\\${name}-parent1.vhdx` }), "sizeBytes"),
    changed: (name) => without(vhd(name, { sourcePath: `D:\\${name}-parent2.vhdx` }), "sizeBytes"),
    step: "replace",
    removed: (name) => vhd(name, {}),
    removal: "same",
  },
  fixedAtCreation("blockSizeBytes", MiB, 2 * MiB),
  fixedAtCreation("logicalSectorSizeBytes", 512, 4096),
  fixedAtCreation("physicalSectorSizeBytes", 512, 4096),
  {
    kind: "VirtualHardDisk",
    property: "adopt",
    set: (name) => vhd(name, { adopt: false }),
    changed: (name) => vhd(name, { adopt: true }),
    step: "update",
    removed: (name) => vhd(name, {}),
    removal: "update",
  },
];

/** Roles take `vmId` from machines that the test made beside: `$vm` is the sample's own, `$other` another. */
const role = (more: Args): Args => ({ vmId: "$vm", ...more });

function roleSample(
  property: string,
  set: Args,
  changed: Args,
  drift: (name: string) => string[],
  more: Partial<Sample> = {},
): Sample {
  return {
    kind: "ClusterVirtualMachineRole",
    property,
    setup: (name) => [
      `New-VM -Name ${name} -Generation 2 -NoVHD -Path ${volume}`,
      `New-VM -Name ${name}-other -Generation 2 -NoVHD -Path ${volume}`,
    ],
    set: () => role(set),
    changed: () => role(changed),
    step: "update",
    removed: () => role({}),
    removal: "update",
    drift,
    ...more,
  };
}

const clusterVirtualMachineRole: Sample[] = [
  roleSample("vmId", {}, { vmId: "$other" }, () => [], {
    drift: undefined,
    step: "replace",
    removed: () => ({ vmId: "$other" }),
    removal: "same",
  }),
  roleSample("priority", { priority: 1000 }, { priority: 3000 }, (name) => [
    `(Get-ClusterGroup -Name ${name}).Priority = 0`,
  ]),
  roleSample(
    "preferredOwners",
    { preferredOwners: ["HV01", "HV02"] },
    { preferredOwners: ["HV02", "HV01"] },
    (name) => [`Set-ClusterOwnerNode -Group ${name} -Owners HV01`],
  ),
  roleSample(
    "antiAffinityClassNames",
    { antiAffinityClassNames: ["a"] },
    { antiAffinityClassNames: ["a", "b"] },
    (name) => [`(Get-ClusterGroup -Name ${name}).AntiAffinityClassNames = 'c'`],
  ),
  roleSample(
    "autoFailback",
    { preferredOwners: ["HV01"] },
    { preferredOwners: ["HV01"], autoFailback: true },
    (name) => [`(Get-ClusterGroup -Name ${name}).AutoFailbackType = 0`],
    { removed: () => role({ preferredOwners: ["HV01"] }) },
  ),
  roleSample(
    "failbackWindowStart",
    { failbackWindowStart: 1, failbackWindowEnd: 5 },
    { failbackWindowStart: 2, failbackWindowEnd: 5 },
    (name) => [`(Get-ClusterGroup -Name ${name}).FailbackWindowStart = 3`],
  ),
  roleSample(
    "failbackWindowEnd",
    { failbackWindowStart: 1, failbackWindowEnd: 5 },
    { failbackWindowStart: 1, failbackWindowEnd: 6 },
    (name) => [`(Get-ClusterGroup -Name ${name}).FailbackWindowEnd = 7`],
  ),
  roleSample("failoverThreshold", { failoverThreshold: 2 }, { failoverThreshold: 3 }, (name) => [
    `(Get-ClusterGroup -Name ${name}).FailoverThreshold = 4`,
  ]),
  roleSample("failoverPeriod", { failoverPeriod: 2 }, { failoverPeriod: 3 }, (name) => [
    `(Get-ClusterGroup -Name ${name}).FailoverPeriod = 4`,
  ]),
  roleSample(
    "ownerNode",
    { ownerNode: "HV01" },
    { ownerNode: "HV02" },
    (name) => [`Move-ClusterVirtualMachineRole -Name ${name} -Node HV01 -MigrationType Quick`],
    { removal: "same" },
  ),
  { ...roleSample("adopt", { adopt: false }, { adopt: true }, () => []), drift: undefined },
];

export const samples: readonly Sample[] = [
  ...virtualSwitch,
  ...virtualHardDisk,
  ...virtualMachine,
  ...machineSamples,
  ...clusterVirtualMachineRole,
];
