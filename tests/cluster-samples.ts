import { type Args, inPlace, type Sample, volume } from "./sample";

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
  ofResource("shutdownAction", 0, 1, "ShutdownAction", 0),
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

const inSite = inPlace("ClusterFaultDomain", (more) => ({ type: "Rack", ...more }), {
  setup: (name) => [1, 2].map((number) => `New-ClusterFaultDomain -Name ${name}-site${number} -FaultDomainType Site`),
});

const clusterFaultDomain: Sample[] = [
  inSite("name", {}, {}, (name) => [`Set-ClusterFaultDomain -Name ${name}-two -NewName ${name}-three`], {
    set: (name) => ({ type: "Rack", name: `${name}-one` }),
    changed: (name) => ({ type: "Rack", name: `${name}-two` }),
  }),
  inSite("type", {}, { type: "Chassis" }, undefined, {
    step: "replace",
    kept: "required",
    removed: () => ({ type: "Chassis" }),
    removal: "same",
  }),
  inSite("parent", {}, {}, (name) => [`Set-ClusterFaultDomain -Name ${name} -FaultDomain ${name}-site1`], {
    set: (name) => ({ type: "Rack", parent: `${name}-site1` }),
    changed: (name) => ({ type: "Rack", parent: `${name}-site2` }),
  }),
  inSite("description", { description: "one" }, { description: "two" }, (name) => [
    `Set-ClusterFaultDomain -Name ${name} -Description three`,
  ]),
  inSite("location", { location: "one" }, { location: "two" }, (name) => [
    `Set-ClusterFaultDomain -Name ${name} -Location three`,
  ]),
  inSite(
    "nodes",
    { nodes: ["HV01"] },
    { nodes: ["HV02"] },
    (name) => [`Set-ClusterFaultDomain -Name HV01 -FaultDomain ${name}`],
    { removal: "left" },
  ),
  inSite("adopt", { adopt: false }, { adopt: true }),
];

const ofHosts = inPlace("Cluster", (more) => ({ nodes: ["HV01", "HV02"], allowDestroy: true, ...more }), {
  // a world has one cluster
  setup: () => ["Remove-Cluster -Force"],
});
const replaced = (property: string, one: unknown, other: unknown, more: Partial<Sample> = {}) =>
  ofHosts(property, { [property]: one }, { [property]: other }, undefined, {
    step: "replace",
    removal: "replace",
    ...more,
  });

const cluster: Sample[] = [
  replaced("name", "ONE", "TWO"),
  // who joins and leaves is in cluster-resource-nodes.test.ts: a host in no cluster ends the import of a cluster
  ofHosts("nodes", {}, { nodes: ["HV02.corp.example", "HV01"] }, () => ["Remove-ClusterNode -Name HV02 -Force"], {
    kept: "required",
    removed: () => ({ nodes: ["HV02.corp.example", "HV01"], allowDestroy: true }),
    removal: "same",
    respelt: true,
  }),
  replaced("staticAddresses", ["10.0.0.50"], ["10.0.0.51"], { removal: "same" }),
  replaced("administrativeAccessPoint", "Dns", "None"),
  ofHosts("drainTimeoutSeconds", { drainTimeoutSeconds: 60 }, { drainTimeoutSeconds: 600 }, undefined, {
    removal: "left",
  }),
  ofHosts("allowDestroy", { allowDestroy: true }, { allowDestroy: false }, undefined, {
    removed: () => ({ nodes: ["HV01", "HV02"] }),
    removal: "same",
  }),
  ofHosts("adopt", { adopt: false }, { adopt: true }),
];

/** Of what belongs to a cluster and is about its roles and nodes. */
export const clusterSamples: readonly Sample[] = [
  ...cluster,
  ...clusterVirtualMachineRole,
  ...clusterNode,
  ...clusterGroupSet,
  ...clusterAffinityRule,
  ...clusterFaultDomain,
];
