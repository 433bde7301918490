import type { WorldDescription } from "../provider/simulator/world/world";
import { checkpointSamples } from "./checkpoint-samples";
import { machineSamples } from "./machine-samples";
import { type Args, disk, disks, file, inPlace, machine, type Sample, scalar, volume } from "./sample";

export type { Args, Sample } from "./sample";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

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
const dvd = (more: Args) => machine({ dvdDrives: [more] });
const boot = (name: string, ...bootOrder: Args[]) =>
  machine({
    hardDiskDrives: [{ path: file(name) }],
    dvdDrives: [{ path: "D:\\a.iso" }],
    firmware: bootOrder.length > 0 ? { bootOrder } : {},
  });

/** Somebody lets the machine boot from the device first that comes second once the property is changed. */
const bootSample = (
  property: string,
  one: (name: string) => Args,
  other: (name: string) => Args,
  noun: string,
): Sample => ({
  kind: "VirtualMachine",
  property,
  setup: disks,
  set: (name) => boot(name, one(name), other(name)),
  changed: (name) => boot(name, other(name), one(name)),
  step: "update",
  removed: (name) => boot(name),
  removal: "same",
  drift: (name) => [`Set-VMFirmware -VMName ${name} -FirstBootDevice (Get-${noun} -VMName ${name})`],
});

const byDisk = (name: string) => ({ hardDiskDrive: file(name) });
const byDvd = () => ({ dvdDrive: 0 });
const byAdapter = () => ({ networkAdapter: "Network Adapter" });

const virtualMachine: Sample[] = [
  scalar("name", {}, {}, (name) => [`Rename-VM -Name ${name}-other -NewName ${name}-third`], {
    set: (name) => machine({ name: `${name}-one` }),
    changed: (name) => machine({ name: `${name}-other` }),
  }),
  scalar("node", {}, { node: "HV02" }, undefined, { removed: () => ({}) }),
  scalar("generation", { generation: 2 }, { generation: 1 }, undefined, { step: "replace", removal: "replace" }),
  scalar(
    "path",
    { path: "D:\\one" },
    { path: "D:\\two" },
    (name) => [
      `Move-VMStorage -Name ${name} -VirtualMachinePath D:\\three\\${name} -SnapshotFilePath D:\\three\\${name} -SmartPagingFilePath D:\\three\\${name}`,
    ],
    {
      removal: "left",
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
  scalar("dvdDrives[].controllerNumber", {}, {}, (name) => [`Set-VMDvdDrive -VMName ${name} -ToControllerNumber 0`], {
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
  bootSample("firmware.bootOrder", byDisk, byDvd, "VMHardDiskDrive"),
  bootSample("firmware.bootOrder[].hardDiskDrive", byDisk, byAdapter, "VMHardDiskDrive"),
  bootSample("firmware.bootOrder[].networkAdapter", byAdapter, byDisk, "VMNetworkAdapter"),
  bootSample("firmware.bootOrder[].dvdDrive", byDvd, byAdapter, "VMDvdDrive"),
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
    removal: "left",
  }),
  scalar("allowRestart", { allowRestart: false }, { allowRestart: true }),
  scalar("shutdown", {}, { shutdown: { timeoutSeconds: 10 } }),
  scalar("shutdown.timeoutSeconds", { shutdown: { timeoutSeconds: 10 } }, { shutdown: { timeoutSeconds: 20 } }),
  scalar("shutdown.onTimeout", { shutdown: { onTimeout: "Fail" } }, { shutdown: { onTimeout: "TurnOff" } }),
  scalar("adopt", { adopt: false }, { adopt: true }),
];

const lan = (more: Args): Args => ({ node: "HV01", switchType: "Private", ...more });
const onLan = inPlace("VirtualSwitch", lan);
const onEthernet = inPlace("VirtualSwitch", (more) => lan({ ...external, ...more }));
const external = { switchType: "External", netAdapterNames: ["Ethernet 2"] };

const virtualSwitch: Sample[] = [
  onLan("name", {}, {}, (name) => [`Rename-VMSwitch -Name ${name}-other -NewName ${name}-third`], {
    set: (name) => lan({ name: `${name}-one` }),
    changed: (name) => lan({ name: `${name}-other` }),
  }),
  onLan("node", {}, { node: "HV02" }, undefined, {
    step: "replace",
    kept: "required",
    removed: () => lan({ node: "HV02" }),
    removal: "same",
  }),
  onLan("switchType", {}, { switchType: "Internal" }, (name) => [`Set-VMSwitch -Name ${name} -SwitchType Private`], {
    kept: "required",
  }),
  onLan("netAdapterNames", {}, { ...external, netAdapterNames: ["Ethernet 3"] }, (name) => [
    `Set-VMSwitch -Name ${name} -NetAdapterName "Ethernet 4"`,
  ]),
  onEthernet("allowManagementOS", {}, { allowManagementOS: false }, (name) => [
    `Set-VMSwitch -Name ${name} -AllowManagementOS $true`,
  ]),
  onLan("notes", { notes: "one" }, { notes: "two" }, (name) => [`Set-VMSwitch -Name ${name} -Notes three`]),
  onLan("adopt", { adopt: false }, { adopt: true }),
];

const vhd = (name: string, more: Args): Args => ({ node: "HV01", path: file(name), sizeBytes: GiB, ...more });
/** One whose size comes from another file. */
const sized = (name: string, more: Args): Args => ({ node: "HV01", path: file(name), ...more });
const parent = (name: string, number: number) => `D:\\${name}-parent${number}.vhdx`;
const parents = (name: string) => [1, 2].map((number) => `New-VHD -Path ${parent(name, number)} -SizeBytes 1GB`);

const ofDisk = (property: string, own: Pick<Sample, "set" | "changed" | "removed"> & Partial<Sample>): Sample => ({
  kind: "VirtualHardDisk",
  property,
  step: "replace",
  removal: "same",
  ...own,
});

const fixedAtCreation = (property: string, one: unknown, other: unknown): Sample =>
  ofDisk(property, {
    set: (name) => vhd(name, { [property]: one }),
    changed: (name) => vhd(name, { [property]: other }),
    removed: (name) => vhd(name, {}),
  });

const virtualHardDisk: Sample[] = [
  ofDisk("path", {
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { path: file(name, 2) }),
    step: "update",
    kept: "required",
    removed: (name) => vhd(name, { path: file(name, 2) }),
  }),
  ofDisk("node", {
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { node: "HV02" }),
    kept: "required",
    removed: (name) => vhd(name, { node: "HV02" }),
  }),
  ofDisk("sizeBytes", {
    setup: parents,
    set: (name) => sized(name, { sourcePath: parent(name, 1), sizeBytes: 1.5 * GiB }),
    changed: (name) => sized(name, { sourcePath: parent(name, 1), sizeBytes: 2 * GiB }),
    step: "update",
    removal: "left",
    removed: (name) => sized(name, { sourcePath: parent(name, 1) }),
    // somebody put a smaller one in its place; one that was grown by hand is refused, as disks do not shrink
    drift: (name) => [`Remove-Item -LiteralPath ${file(name)}`, `New-VHD -Path ${file(name)} -SizeBytes 1GB`],
  }),
  fixedAtCreation("vhdType", "Dynamic", "Fixed"),
  ofDisk("parentPath", {
    setup: parents,
    set: (name) => sized(name, { parentPath: parent(name, 1) }),
    changed: (name) => sized(name, { parentPath: parent(name, 2) }),
    removed: (name) => vhd(name, {}),
    removal: "replace",
  }),
  ofDisk("sourcePath", {
    setup: parents,
    set: (name) => sized(name, { sourcePath: parent(name, 1) }),
    changed: (name) => sized(name, { sourcePath: parent(name, 2) }),
    removed: (name) => vhd(name, {}),
  }),
  fixedAtCreation("blockSizeBytes", MiB, 2 * MiB),
  fixedAtCreation("logicalSectorSizeBytes", 512, 4096),
  fixedAtCreation("physicalSectorSizeBytes", 512, 4096),
  ofDisk("adopt", {
    set: (name) => vhd(name, { adopt: false }),
    changed: (name) => vhd(name, { adopt: true }),
    step: "update",
    removed: (name) => vhd(name, {}),
    removal: "update",
  }),
];

/** Roles take `vmId` from machines that the test made beside: `$vm` is the sample's own, `$other` another. */
const role = (more: Args): Args => ({ vmId: "$vm", ...more });

const roleSample = inPlace("ClusterVirtualMachineRole", role, {
  setup: (name) => [
    `New-VM -Name ${name} -Generation 2 -NoVHD -Path ${volume}`,
    `New-VM -Name ${name}-other -Generation 2 -NoVHD -Path ${volume}`,
  ],
});

const clusterVirtualMachineRole: Sample[] = [
  roleSample("vmId", {}, { vmId: "$other" }, undefined, {
    step: "replace",
    kept: "required",
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
    { removal: "left" },
  ),
  roleSample("adopt", { adopt: false }, { adopt: true }),
];

export const samples: readonly Sample[] = [
  ...virtualSwitch,
  ...virtualHardDisk,
  ...virtualMachine,
  ...machineSamples,
  ...checkpointSamples,
  ...clusterVirtualMachineRole,
];
