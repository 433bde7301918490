import { clusterSettings } from "./cluster-settings-samples";
import { type Args, inPlace, type Sample } from "./sample";

const host = (more: Args): Args => ({ node: "HV01", ...more });

/** Outside the cluster, as a cluster writes its own number of migrations over that of its nodes. */
const hostSample = inPlace("HostSettings", host, {
  removal: "left",
  setup: () => ["Remove-ClusterNode -Name HV01 -Force", "New-Item -Path D:\\one -ItemType Directory -Force"],
});

const setHost = (parameter: string, value: string) => () => [`Set-VMHost -${parameter} ${value}`];
const migration = (more: Args): Args => ({ migration: more });
const networks = (...all: Args[]): Args => migration({ networks: all });
const [first, second] = [{ subnet: "10.0.1.0/24" }, { subnet: "10.0.2.0/24" }];

const hostSettings: Sample[] = [
  hostSample("node", {}, { node: "HV02" }, undefined, {
    step: "replace",
    removal: "same",
    kept: "required",
    removed: () => host({ node: "HV02" }),
  }),
  hostSample(
    "virtualMachinePath",
    { virtualMachinePath: "D:\\one" },
    { virtualMachinePath: "D:\\" },
    setHost("VirtualMachinePath", "C:\\"),
  ),
  hostSample(
    "virtualHardDiskPath",
    { virtualHardDiskPath: "D:\\one" },
    { virtualHardDiskPath: "D:\\" },
    setHost("VirtualHardDiskPath", "C:\\"),
  ),
  hostSample(
    "macAddressMinimum",
    { macAddressMinimum: "00155D000000" },
    { macAddressMinimum: "00-15-5d-00-00-01" },
    setHost("MacAddressMinimum", "00155D000010"),
  ),
  hostSample(
    "macAddressMaximum",
    { macAddressMaximum: "00155DFFFF00" },
    { macAddressMaximum: "00155DFFFFF0" },
    setHost("MacAddressMaximum", "00155DFFFFFF"),
  ),
  hostSample(
    "numaSpanningEnabled",
    { numaSpanningEnabled: true },
    { numaSpanningEnabled: false },
    setHost("NumaSpanningEnabled", "$true"),
  ),
  hostSample(
    "enableEnhancedSessionMode",
    { enableEnhancedSessionMode: false },
    { enableEnhancedSessionMode: true },
    setHost("EnableEnhancedSessionMode", "$false"),
  ),
  hostSample(
    "resourceMeteringSaveInterval",
    { resourceMeteringSaveInterval: 5400 },
    { resourceMeteringSaveInterval: 86400 },
    setHost("ResourceMeteringSaveInterval", "02:00:00"),
  ),
  hostSample(
    "fibreChannelWwnn",
    { fibreChannelWwnn: "C003FF0000FFFF01" },
    { fibreChannelWwnn: "C003FF0000FFFF02" },
    setHost("FibreChannelWwnn", "C003FF0000FFFF03"),
  ),
  hostSample(
    "fibreChannelWwpnMinimum",
    { fibreChannelWwpnMinimum: "C003FF0000000001" },
    { fibreChannelWwpnMinimum: "C003FF0000000002" },
    setHost("FibreChannelWwpnMinimum", "C003FF0000000003"),
  ),
  hostSample(
    "fibreChannelWwpnMaximum",
    { fibreChannelWwpnMaximum: "C003FF000000FFF1" },
    { fibreChannelWwpnMaximum: "C003FF000000FFF2" },
    setHost("FibreChannelWwpnMaximum", "C003FF000000FFF3"),
  ),
  hostSample(
    "migration",
    migration({ maximumStorageMigrations: 2 }),
    migration({ maximumStorageMigrations: 3 }),
    setHost("MaximumStorageMigrations", "4"),
  ),
  hostSample("migration.enabled", migration({ enabled: false }), migration({ enabled: true }), () => [
    "Disable-VMMigration",
  ]),
  hostSample(
    "migration.virtualMachineMigrationAuthenticationType",
    migration({ virtualMachineMigrationAuthenticationType: "CredSSP" }),
    migration({ virtualMachineMigrationAuthenticationType: "Kerberos" }),
    setHost("VirtualMachineMigrationAuthenticationType", "CredSSP"),
  ),
  hostSample(
    "migration.virtualMachineMigrationPerformanceOption",
    migration({ virtualMachineMigrationPerformanceOption: "SMB" }),
    migration({ virtualMachineMigrationPerformanceOption: "TCPIP" }),
    setHost("VirtualMachineMigrationPerformanceOption", "Compression"),
  ),
  hostSample(
    "migration.maximumVirtualMachineMigrations",
    migration({ maximumVirtualMachineMigrations: 3 }),
    migration({ maximumVirtualMachineMigrations: 4 }),
    setHost("MaximumVirtualMachineMigrations", "5"),
  ),
  hostSample(
    "migration.maximumStorageMigrations",
    migration({ maximumStorageMigrations: 2 }),
    migration({ maximumStorageMigrations: 3 }),
    setHost("MaximumStorageMigrations", "4"),
  ),
  hostSample(
    "migration.useAnyNetworkForMigration",
    migration({ useAnyNetworkForMigration: true }),
    migration({ useAnyNetworkForMigration: false }),
    setHost("UseAnyNetworkForMigration", "$true"),
  ),
  hostSample("migration.networks", networks(first), networks(first, second), () => [
    "Remove-VMMigrationNetwork -Subnet 10.0.2.0/24",
  ]),
  hostSample("migration.networks[].subnet", networks(first), networks(second), () => [
    "Set-VMMigrationNetwork -Subnet 10.0.2.0/24 -NewSubnet 10.0.3.0/24",
  ]),
  hostSample(
    "migration.networks[].priority",
    networks({ ...first, priority: 1 }),
    networks({ ...first, priority: 2 }),
    () => ["Set-VMMigrationNetwork -Subnet 10.0.1.0/24 -NewPriority 3"],
  ),
];

const none = (more: Args): Args => ({ type: "None", ...more });
const onDisk = (number: number): Args => ({ type: "Disk", diskWitness: `Cluster Disk ${number}` });
const onShare = (name: string): Args => ({ type: "FileShare", fileShareWitness: `\\\\FS01\\${name}` });
const cloud = { type: "Cloud", accountName: "one", accessKey: "a2V5" };
const byShare = () => ["Set-ClusterQuorum -FileShareWitness \\\\FS01\\three"];

const quorumSample = inPlace("ClusterQuorum", none, {
  setup: () => ["Add-ClusterDisk -InputObject (Get-ClusterAvailableDisk)"],
});

const clusterQuorum: Sample[] = [
  quorumSample("type", {}, onShare("one"), () => ["Set-ClusterQuorum -NoWitness"], { kept: "required" }),
  quorumSample("diskWitness", onDisk(1), onDisk(2), byShare),
  quorumSample("fileShareWitness", onShare("one"), onShare("two"), byShare),
  quorumSample("accountName", cloud, { ...cloud, accountName: "two" }, byShare),
  quorumSample("accessKey", cloud, { ...cloud, accessKey: "b3RoZXI=" }, byShare),
  quorumSample(
    "endpoint",
    { ...cloud, endpoint: "core.chinacloudapi.cn" },
    { ...cloud, endpoint: "core.usgovcloudapi.net" },
    byShare,
    { removed: () => cloud, removal: "left" },
  ),
  quorumSample("containerName", { ...cloud, containerName: "a" }, { ...cloud, containerName: "b" }, byShare, {
    removed: () => cloud,
    removal: "left",
  }),
];

const networkSample = inPlace("ClusterNetwork", (more: Args): Args => ({ subnet: "10.0.1.0/24", ...more }), {
  removal: "left",
});

const setNetwork = (property: string, value: string) => () => [
  `(Get-ClusterNetwork -Name 'Cluster Network 2').${property} = ${value}`,
];

const clusterNetwork: Sample[] = [
  networkSample("subnet", {}, { subnet: "10.0.2.0/24" }, undefined, {
    step: "replace",
    removal: "same",
    kept: "required",
    removed: () => ({ subnet: "10.0.2.0/24" }),
  }),
  networkSample("name", { name: "one" }, { name: "two" }, () => ["(Get-ClusterNetwork -Name two).Name = three"]),
  networkSample("role", { role: "Cluster" }, { role: "None" }, setNetwork("Role", "ClusterAndClient")),
  networkSample("metric", { metric: 900 }, { metric: 901 }, setNetwork("Metric", "902")),
  networkSample("autoMetric", { autoMetric: true }, { autoMetric: false }, setNetwork("AutoMetric", "$true")),
];

const migrationsSample = inPlace("ClusterMigrationNetworks", (more: Args): Args => more, { removal: "left" });

const clusterMigrationNetworks: Sample[] = (["migrationExcludeNetworks", "migrationNetworkOrder"] as const).map((key) =>
  migrationsSample(key, { [key]: ["10.0.1.0/24"] }, { [key]: ["10.0.2.0/24", "10.0.1.0/24"] }, () => [
    `Set-ClusterParameter -InputObject (Get-ClusterResourceType -Name 'Virtual Machine') -Name ${key} -Value ''`,
  ]),
);

export const settingsSamples: readonly Sample[] = [
  ...hostSettings,
  ...clusterSettings,
  ...clusterQuorum,
  ...clusterNetwork,
  ...clusterMigrationNetworks,
];
