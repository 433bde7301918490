import type { World } from "../../provider/simulator";
import { GiB, type Inputs, type Story, volume } from "./story";

const nodes = ["HV01", "HV02"];

const set: Inputs = { path: `${volume}\\sql.vhds`, sizeBytes: 4 * GiB };
const ofSet = {
  kind: "VirtualHardDisk",
  nodes,
  things: ({ cluster }: World) => {
    const paths = Object.values(cluster?.files ?? {}).flatMap(({ path, vhd }) => (vhd ? [path] : []));
    const sets = paths.filter((path) => path.endsWith(".vhds"));
    // its data alone is something that nobody knows any more
    return sets.length > 0 ? sets : paths;
  },
};
const member = [
  `New-VM -Name one -Generation 2 -NoVHD -Path ${volume}`,
  `Add-VMHardDiskDrive -VMName one -Path ${set.path} -SupportPersistentReservations`,
  "Start-VM -Name one",
];

const roles = ["web", "other"].flatMap((name) => [
  `New-VM -Name ${name} -Generation 2 -NoVHD -Path ${volume}`,
  `Add-ClusterVirtualMachineRole -VMName ${name}`,
]);

const ofGroupSet = {
  kind: "ClusterGroupSet",
  nodes,
  setup: [...roles, "New-ClusterGroupSet -Name base"],
  things: ({ cluster }: World) => (cluster?.groupSets ?? []).map(({ name }) => name).filter((name) => name !== "base"),
};
const group: Inputs = {
  name: "front",
  vmIds: ["$web"],
  providers: ["base"],
  startupDelayTrigger: "Delay",
  startupDelay: 30,
  startupCount: 1,
  isGlobal: false,
};

const ofRule = {
  kind: "ClusterAffinityRule",
  nodes,
  setup: roles,
  things: ({ cluster }: World) => (cluster?.affinityRules ?? []).map(({ name }) => name),
};
const apart: Inputs = {
  name: "apart",
  ruleType: "DifferentNode",
  vmIds: ["$web"],
  enabled: true,
  softAntiAffinity: false,
};

const onlySet = { nodes, isOnlySet: true, things: () => [] } as const;

/** What a cluster has of networks. */
const networks = [0, 1, 2].map((number) => ({
  name: `Cluster Network ${number + 1}`,
  address: `10.0.${number}.0`,
  addressMask: "255.255.255.0",
  role: number === 0 ? ("ClusterAndClient" as const) : ("Cluster" as const),
  metric: 70240 + number,
}));
const networked = { more: { cluster: { name: "LAB", networks } } };

/** Of what is only set: the first time, and a change of it. */
function both(
  story: Omit<Story, "does" | "title" | "things" | "first" | "later">,
  first: Inputs,
  later: Inputs,
): Story[] {
  return [
    { ...onlySet, ...story, does: "create", title: "is set", later: first },
    { ...onlySet, ...story, does: "update", title: "is changed", first, later },
  ];
}

export const clusterStories: readonly Story[] = [
  { ...ofSet, does: "create", title: "is created as a VHD Set", later: set },
  {
    ...ofSet,
    does: "update",
    title: "is a VHD Set, and grows under a machine that runs",
    runs: true,
    first: set,
    between: member,
    later: { ...set, sizeBytes: 8 * GiB },
  },
  { ...ofSet, does: "delete", title: "is a VHD Set, and is deleted", first: set },

  { ...ofGroupSet, does: "create", title: "is created", later: group },
  {
    ...ofGroupSet,
    does: "update",
    title: "is changed",
    first: group,
    later: { ...group, vmIds: ["$other"], providers: [], startupDelayTrigger: "Online", isGlobal: true },
  },
  { ...ofGroupSet, does: "replace", title: "is replaced", first: group, later: { ...group, name: "back" } },
  { ...ofGroupSet, does: "delete", title: "is deleted", first: group },

  { ...ofRule, does: "create", title: "is created", later: apart },
  {
    ...ofRule,
    does: "update",
    title: "is changed",
    first: apart,
    later: { ...apart, ruleType: "SameNode", vmIds: ["$other"], enabled: false },
  },
  { ...ofRule, does: "replace", title: "is replaced", first: apart, later: { ...apart, name: "together" } },
  { ...ofRule, does: "delete", title: "is deleted", first: apart },

  ...both(
    { kind: "HostSettings" },
    {
      node: "HV01",
      numaSpanningEnabled: false,
      migration: {
        enabled: true,
        useAnyNetworkForMigration: false,
        networks: [{ subnet: "10.0.1.0/24", priority: 1 }],
      },
    },
    {
      node: "HV01",
      numaSpanningEnabled: true,
      migration: {
        enabled: false,
        useAnyNetworkForMigration: true,
        networks: [{ subnet: "10.0.2.0/24", priority: 2 }],
      },
    },
  ),
  ...both(
    { kind: "ClusterSettings" },
    { description: "one", sameSubnetThreshold: 30, drainOnShutdown: false },
    { description: "two", sameSubnetThreshold: 40, drainOnShutdown: true },
  ),
  ...both(
    { kind: "ClusterQuorum", more: { fileShares: ["\\\\FS01\\one", "\\\\FS01\\two"] } },
    { type: "FileShare", fileShareWitness: "\\\\FS01\\one" },
    { type: "FileShare", fileShareWitness: "\\\\FS01\\two" },
  ),
  ...both(
    { kind: "ClusterNetwork", ...networked },
    { subnet: "10.0.1.0/24", name: "one", role: "None", metric: 900 },
    { subnet: "10.0.1.0/24", name: "two", role: "ClusterAndClient", metric: 901 },
  ),
  ...both(
    { kind: "ClusterMigrationNetworks", ...networked },
    { migrationExcludeNetworks: ["10.0.0.0/24"], migrationNetworkOrder: ["10.0.1.0/24", "10.0.2.0/24"] },
    { migrationExcludeNetworks: ["10.0.2.0/24"], migrationNetworkOrder: ["10.0.1.0/24"] },
  ),
  ...both(
    {
      kind: "ClusterNode",
      runs: true,
      setup: [...roles, "Start-VM -Name web"],
    },
    { node: "HV01", state: "Up", nodeWeight: false },
    { node: "HV01", state: "Paused", nodeWeight: true },
  ),
];
