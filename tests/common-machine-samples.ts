import { type Args, disk, disks, file, machine, type Sample, scalar } from "./sample";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

const dynamic = (more: Args) => ({ memory: { dynamicMemoryEnabled: true, startupBytes: GiB, ...more } });
const adapter = (more: Args) => ({ networkAdapters: [{ name: "front", ...more }] });
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

/** Properties that every machine is given. */
export const commonMachineSamples: Sample[] = [
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
