import type { WorldDescription } from "../provider/simulator/world/world";
import { checkpointSamples } from "./checkpoint-samples";
import { commonMachineSamples } from "./common-machine-samples";
import { machineSamples } from "./machine-samples";
import { type Args, file, inPlace, type Sample, volume } from "./sample";
import { settingsSamples } from "./settings-samples";

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
  cluster: {
    name: "LAB",
    networks: [0, 1, 2].map((number) => ({
      name: `Cluster Network ${number + 1}`,
      address: `10.0.${number}.0`,
      addressMask: "255.255.255.0",
      role: number === 0 ? "ClusterAndClient" : "Cluster",
      metric: 70240 + number,
    })),
  },
  internet: true,
  fileShares: ["\\\\FS01\\one", "\\\\FS01\\two", "\\\\FS01\\three"],
  sharedDisks: [11, 12].map((number) => ({ number, sizeBytes: GiB, partitionStyle: "GPT", fileSystem: "NTFS" })),
  guestsBoot: true,
};

export const setupWorld = [
  "New-VMSwitch -Name lan -SwitchType Private",
  "New-VMSwitch -Name wan -SwitchType Private",
  "New-VMSwitch -Name absolute -SwitchType Private -MinimumBandwidthMode Absolute",
  "New-Item -Path D:\\a.iso -ItemType File",
  "New-Item -Path D:\\b.iso -ItemType File",
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
const vhdSet = (name: string, more: Args): Args => ({ path: `${volume}\\${name}.vhds`, sizeBytes: GiB, ...more });
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
  // what guests share is a disk like others
  ofDisk("adopt", {
    set: (name) => vhdSet(name, { adopt: false }),
    changed: (name) => vhdSet(name, { adopt: true }),
    step: "update",
    removed: (name) => vhdSet(name, {}),
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

const ofResource = (property: string, one: unknown, other: unknown, parameter: string, drifted: number): Sample =>
  roleSample(
    property,
    { [property]: one },
    { [property]: other },
    (name) => [
      `Set-ClusterParameter -InputObject (Get-ClusterResource -Name "Virtual Machine ${name}") -Name ${parameter} -Value ${drifted}`,
    ],
    { removal: "left" },
  );

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
  roleSample(
    "possibleOwners",
    { possibleOwners: ["HV01"] },
    { possibleOwners: ["HV02", "HV01"] },
    (name) => [`Set-ClusterOwnerNode -Resource "Virtual Machine ${name}" -Owners HV01`],
    { removal: "left" },
  ),
  ofResource("checkHeartbeat", true, false, "CheckHeartbeat", 1),
  ofResource("checkApplicationHealth", true, false, "CheckApplicationHealth", 1),
  ofResource("offlineAction", "TurnOff", "ShutDown", "OfflineAction", 3),
  ofResource("defaultMoveType", "Live", "Quick", "DefaultMoveType", 0),
  roleSample("adopt", { adopt: false }, { adopt: true }),
];

const onNode = inPlace("ClusterNode", (more) => ({ node: "HV01", ...more }), { removal: "left" });

const clusterNode: Sample[] = [
  onNode("node", {}, { node: "HV02" }, undefined, {
    step: "replace",
    kept: "required",
    removed: () => ({ node: "HV02" }),
    removal: "same",
  }),
  onNode("state", { state: "Up" }, { state: "Paused" }, () => ["Resume-ClusterNode -Name HV01"]),
  onNode("failback", { failback: "Immediate" }, { failback: "Policy" }),
  onNode("drainTimeoutSeconds", { drainTimeoutSeconds: 60 }, { drainTimeoutSeconds: 600 }),
  onNode("allowTogether", { allowTogether: false }, { allowTogether: true }),
  onNode("nodeWeight", { nodeWeight: true }, { nodeWeight: false }, () => [
    "(Get-ClusterNode -Name HV01).NodeWeight = 1",
  ]),
];

const inSet = inPlace("ClusterGroupSet", (more) => more, {
  setup: (name) => [
    ...[name, `${name}-other`].flatMap((vm) => [
      `New-VM -Name ${vm} -Generation 2 -NoVHD -Path ${volume}`,
      `Add-ClusterVirtualMachineRole -VMName ${vm}`,
    ]),
    `New-ClusterGroupSet -Name ${name}-base`,
  ],
});

const clusterGroupSet: Sample[] = [
  inSet("name", {}, {}, undefined, {
    set: (name) => ({ name: `${name}-one` }),
    changed: (name) => ({ name: `${name}-two` }),
    step: "replace",
    removal: "replace",
  }),
  inSet("vmIds", { vmIds: ["$vm"] }, { vmIds: ["$other", "$vm"] }, (name) => [
    `Remove-ClusterGroupFromSet -Name ${name} -Group ${name}`,
  ]),
  inSet("providers", {}, {}, (name) => [`Remove-ClusterGroupSetDependency -Name ${name} -Provider ${name}-base`], {
    set: () => ({ providers: [] }),
    changed: (name) => ({ providers: [`${name}-base`] }),
  }),
  inSet("startupDelayTrigger", { startupDelayTrigger: "Delay" }, { startupDelayTrigger: "Online" }, (name) => [
    `Set-ClusterGroupSet -Name ${name} -StartupDelayTrigger Delay`,
  ]),
  inSet("startupDelay", { startupDelay: 30 }, { startupDelay: 60 }, (name) => [
    `Set-ClusterGroupSet -Name ${name} -StartupDelay 5`,
  ]),
  inSet("startupCount", { startupCount: 1 }, { startupCount: 2 }, (name) => [
    `Set-ClusterGroupSet -Name ${name} -StartupCount 3`,
  ]),
  inSet("isGlobal", { isGlobal: false }, { isGlobal: true }, (name) => [
    `Set-ClusterGroupSet -Name ${name} -IsGlobal $false`,
  ]),
  inSet("adopt", { adopt: false }, { adopt: true }),
];

const inRule = inPlace("ClusterAffinityRule", (more) => ({ ruleType: "DifferentNode", ...more }), {
  setup: (name) =>
    [name, `${name}-other`].flatMap((vm) => [
      `New-VM -Name ${vm} -Generation 2 -NoVHD -Path ${volume}`,
      `Add-ClusterVirtualMachineRole -VMName ${vm}`,
    ]),
});

const clusterAffinityRule: Sample[] = [
  inRule("name", {}, {}, undefined, {
    set: (name) => ({ ruleType: "SameNode", name: `${name}-one` }),
    changed: (name) => ({ ruleType: "SameNode", name: `${name}-two` }),
    removed: () => ({ ruleType: "SameNode" }),
    step: "replace",
    removal: "replace",
  }),
  inRule(
    "ruleType",
    { ruleType: "DifferentFaultDomain" },
    { ruleType: "SameNode" },
    (name) => [`Set-ClusterAffinityRule -Name ${name} -RuleType SameFaultDomain`],
    { kept: "required" },
  ),
  inRule("vmIds", { vmIds: ["$vm"] }, { vmIds: ["$other", "$vm"] }, (name) => [
    `Remove-ClusterGroupFromAffinityRule -Name ${name} -Groups ${name}`,
  ]),
  inRule("enabled", { enabled: true }, { enabled: false }, (name) => [
    `Set-ClusterAffinityRule -Name ${name} -Enabled 1`,
  ]),
  inRule("softAntiAffinity", { softAntiAffinity: false }, { softAntiAffinity: true }, (name) => [
    `Set-ClusterAffinityRule -Name ${name} -SoftAntiAffinity 0`,
  ]),
  inRule("adopt", { adopt: false }, { adopt: true }),
];

export const samples: readonly Sample[] = [
  ...virtualSwitch,
  ...virtualHardDisk,
  ...commonMachineSamples,
  ...machineSamples,
  ...checkpointSamples,
  ...clusterVirtualMachineRole,
  ...clusterNode,
  ...settingsSamples,
  ...clusterGroupSet,
  ...clusterAffinityRule,
];
