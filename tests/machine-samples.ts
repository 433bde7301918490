import { machineAdapterSamples } from "./machine-adapter-samples";
import { machineDriveSamples } from "./machine-drive-samples";
import { type Args, disk, disks, machine, type Sample, scalar, twice } from "./sample";

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** A value under a path of the schema, in the arguments that stand around it: `firmware.consoleMode`. */
interface Single {
  property: string;
  values: readonly [set: unknown, changed: unknown];
  /** What an administrator types, as the machine `name`. */
  drift?: (name: string) => string;
  /** Hyper-V's choice is left alone once the program no longer says. */
  keeps?: true;
}

/** Properties that stand in an object of their own, or in none. */
const plain: Single[] = [
  { property: "version", values: ["9.0", "10.0"], keeps: true },
  {
    property: "automaticCriticalErrorAction",
    values: ["Pause", "None"],
    drift: (name) => `Set-VM -Name ${name} -AutomaticCriticalErrorAction Pause`,
  },
  {
    property: "automaticCriticalErrorActionTimeout",
    values: [10, 20],
    drift: (name) => `Set-VM -Name ${name} -AutomaticCriticalErrorActionTimeout 40`,
  },
  {
    property: "automaticCheckpointsEnabled",
    values: [true, false],
    drift: (name) => `Set-VM -Name ${name} -AutomaticCheckpointsEnabled $true`,
    keeps: true,
  },
  {
    property: "lockOnDisconnect",
    values: ["Off", "On"],
    drift: (name) => `Set-VM -Name ${name} -LockOnDisconnect Off`,
  },
  {
    property: "lowMemoryMappedIoSpace",
    values: [128 * MiB, 256 * MiB],
    drift: (name) => `Set-VM -Name ${name} -LowMemoryMappedIoSpace 512MB`,
  },
  {
    property: "highMemoryMappedIoSpace",
    values: [GiB, 2 * GiB],
    drift: (name) => `Set-VM -Name ${name} -HighMemoryMappedIoSpace 4GB`,
  },
  {
    property: "guestControlledCacheTypes",
    values: [false, true],
    drift: (name) => `Set-VM -Name ${name} -GuestControlledCacheTypes $false`,
  },
  {
    property: "enhancedSessionTransportType",
    values: ["VMBus", "HvSocket"],
    drift: (name) => `Set-VM -Name ${name} -EnhancedSessionTransportType VMBus`,
    keeps: true,
  },
  {
    property: "processor.reserve",
    values: [10, 20],
    drift: (name) => `Set-VMProcessor -VMName ${name} -Reserve 30`,
  },
  {
    property: "processor.maximum",
    values: [90, 80],
    drift: (name) => `Set-VMProcessor -VMName ${name} -Maximum 70`,
  },
  {
    property: "processor.relativeWeight",
    values: [200, 300],
    drift: (name) => `Set-VMProcessor -VMName ${name} -RelativeWeight 400`,
  },
  ...[
    "exposeVirtualizationExtensions",
    "compatibilityForMigrationEnabled",
    "compatibilityForOlderOperatingSystemsEnabled",
    "enableHostResourceProtection",
  ].map(
    (key): Single => ({
      property: `processor.${key}`,
      values: [false, true],
      drift: (name) => `Set-VMProcessor -VMName ${name} -${key} $false`,
    }),
  ),
  ...["hwThreadCountPerCore", "maximumCountPerNumaNode", "maximumCountPerNumaSocket"].map(
    (key): Single => ({
      property: `processor.${key}`,
      values: [2, 1],
      drift: (name) => `Set-VMProcessor -VMName ${name} -${key} 2`,
      keeps: true,
    }),
  ),
  {
    property: "memory.priority",
    values: [60, 70],
    drift: (name) => `Set-VMMemory -VMName ${name} -Priority 80`,
  },
  {
    property: "memory.maximumAmountPerNumaNodeBytes",
    values: [GiB, 2 * GiB],
    drift: (name) => `Set-VMMemory -VMName ${name} -MaximumAmountPerNumaNodeBytes 4GB`,
    keeps: true,
  },
  {
    property: "scsiControllerCount",
    values: [1, 2],
    drift: (name) => `Add-VMScsiController -VMName ${name}`,
    keeps: true,
  },
  {
    property: "firmware.preferredNetworkBootProtocol",
    values: ["IPv4", "IPv6"],
    drift: (name) => `Set-VMFirmware -VMName ${name} -PreferredNetworkBootProtocol IPv4`,
  },
  {
    property: "firmware.consoleMode",
    values: ["COM1", "COM2"],
    drift: (name) => `Set-VMFirmware -VMName ${name} -ConsoleMode None`,
  },
  {
    property: "firmware.pauseAfterBootFailure",
    values: ["Off", "On"],
    drift: (name) => `Set-VMFirmware -VMName ${name} -PauseAfterBootFailure Off`,
  },
  {
    property: "security",
    values: [{}, { tpmEnabled: true, encryptStateAndVmMigrationTraffic: true }],
    drift: (name) => `Disable-VMTPM -VMName ${name}`,
  },
  {
    property: "security.tpmEnabled",
    values: [false, true],
    drift: (name) => `Disable-VMTPM -VMName ${name}`,
  },
  {
    property: "security.encryptStateAndVmMigrationTraffic",
    values: [false, true],
    drift: (name) => `Set-VMSecurity -VMName ${name} -EncryptStateAndVmMigrationTraffic $false`,
  },
  {
    property: "security.virtualizationBasedSecurityOptOut",
    values: [false, true],
    drift: (name) => `Set-VMSecurity -VMName ${name} -VirtualizationBasedSecurityOptOut $false`,
  },
  {
    property: "security.bindToHostTpm",
    values: [false, true],
    drift: (name) => `Set-VMSecurityPolicy -VMName ${name} -BindToHostTpm $false`,
  },
  {
    property: "integrationServices",
    values: [{}, { guestServiceInterface: true, vss: false }],
    drift: (name) => `Disable-VMIntegrationService -VMName ${name} -Name "Guest Service Interface"`,
  },
  ...Object.entries({
    heartbeat: "Heartbeat",
    shutdown: "Shutdown",
    timeSynchronization: "Time Synchronization",
    keyValuePairExchange: "Key-Value Pair Exchange",
    vss: "VSS",
  }).map(
    ([key, service]): Single => ({
      property: `integrationServices.${key}`,
      values: [true, false],
      drift: (name) => `Enable-VMIntegrationService -VMName ${name} -Name "${service}"`,
    }),
  ),
  {
    property: "integrationServices.guestServiceInterface",
    values: [false, true],
    drift: (name) => `Disable-VMIntegrationService -VMName ${name} -Name "Guest Service Interface"`,
  },
  ...[1, 2].map(
    (number): Single => ({
      property: `comPort${number}`,
      values: ["\\\\.\\pipe\\one", "\\\\.\\pipe\\two"],
      drift: (name) => `Set-VMComPort -VMName ${name} -Number ${number} -Path \\\\.\\pipe\\three`,
    }),
  ),
  { property: "busyTimeoutSeconds", values: [10, 20] },
];

function single({ property, values: [set, changed], drift, keeps }: Single): Sample {
  const [block = "", key] = property.split(".");
  const args = (value: unknown): Args => (key === undefined ? { [block]: value } : { [block]: { [key]: value } });
  return scalar(property, args(set), args(changed), (name) => (drift ? [drift(name)] : []), {
    ...(!drift && { drift: undefined }),
    ...(keeps && { removal: key === undefined ? "left" : "same" }),
  });
}

const folders = ["one", "two", "three"].map((folder) => `New-Item -Path D:\\${folder} -ItemType Directory -Force`);
const places: Sample[] = (
  [
    ["snapshotFileLocation", "SnapshotFilePath"],
    ["smartPagingFilePath", "SmartPagingFilePath"],
  ] as const
).map(([property, parameter]) =>
  scalar(
    property,
    { [property]: "D:\\one" },
    { [property]: "D:\\two" },
    (name) => [`Move-VMStorage -Name ${name} -${parameter} D:\\three`],
    { removal: "left", setup: () => folders },
  ),
);

const bios = (property: string, set: Args, changed: Args, drift: (name: string) => string): Sample =>
  scalar(property, { generation: 1, bios: set }, { generation: 1, bios: changed }, (name) => [drift(name)], {
    removed: () => machine({ generation: 1 }),
  });
const ideFirst = ["IDE", "CD", "LegacyNetworkAdapter", "Floppy"];
const networkFirst = ["LegacyNetworkAdapter", "IDE", "CD", "Floppy"];
const floppyFirst = (name: string) => `Set-VMBios -VMName ${name} -StartupOrder Floppy,CD,IDE,LegacyNetworkAdapter`;

/** A running guest: it has a disk to boot from, and an adapter that is connected. */
const guest = (name: string, waitFor: Args | undefined) => ({
  ...disk(name, {}),
  networkAdapters: [{ name: "front", switchName: "lan" }],
  state: "Running",
  ...(waitFor && { waitFor }),
});

const waiting = (property: string, set: Args, changed: Args, without?: Args): Sample =>
  scalar(`waitFor${property}`, {}, {}, () => [], {
    drift: undefined,
    setup: twice((name) => disks(name)),
    set: (name) => guest(name, set),
    changed: (name) => guest(name, changed),
    removed: (name) => guest(name, without),
  });

const waits: Sample[] = [
  waiting("", { heartbeat: true }, { heartbeat: true, ipAddress: {} }),
  waiting(".heartbeat", { heartbeat: false }, { heartbeat: true }),
  waiting(".ipAddress", { ipAddress: {} }, { ipAddress: { family: "IPv4" } }),
  waiting(".ipAddress.family", { ipAddress: { family: "IPv4" } }, { ipAddress: {} }),
  waiting(".ipAddress.subnet", { ipAddress: { subnet: "10.0.0.0/8" } }, { ipAddress: { subnet: "0.0.0.0/0" } }),
  waiting(".ipAddress.networkAdapter", { ipAddress: {} }, { ipAddress: { networkAdapter: "front" } }),
  waiting(".tcpPort", { tcpPort: 22 }, { tcpPort: 3389 }),
  waiting(".timeoutSeconds", { heartbeat: true, timeoutSeconds: 10 }, { heartbeat: true, timeoutSeconds: 20 }),
];

/** Properties of a machine beyond those that every machine is given. */
export const machineSamples: Sample[] = [
  ...plain.map(single),
  scalar("security.shielded", { security: { shielded: false } }, { security: { shielded: true } }, undefined, {
    kept: "for good",
    removed: () => machine({ security: { shielded: true } }),
    removal: "same",
  }),
  ...places,
  bios("bios", {}, { startupOrder: ideFirst, numLockEnabled: true }, floppyFirst),
  bios("bios.startupOrder", { startupOrder: ideFirst }, { startupOrder: networkFirst }, floppyFirst),
  bios(
    "bios.numLockEnabled",
    { numLockEnabled: false },
    { numLockEnabled: true },
    (name) => `Set-VMBios -VMName ${name} -DisableNumLock`,
  ),
  ...machineAdapterSamples,
  ...machineDriveSamples,
  ...waits,
];
