import { requireCluster } from "./cluster-membership";
import { assignProperty, between, oneOf, type Properties, viewOf } from "./cluster-property";
import { clusterOf } from "./cluster-selection";
import type { Cmdlets } from "./cmdlet";
import type { Assigning } from "./nouns";
import { record, Thing } from "./thing";
import type { Cluster } from "./world";

export const clusterCmdlets: Cmdlets = {
  "Get-Cluster": (call) => [clusterThing(clusterOf(call))],
  "Get-ClusterQuorum"(call) {
    const cluster = clusterOf(call);
    return [
      record("ClusterQuorumSettings", {
        Cluster: clusterThing(cluster),
        QuorumResource: null,
        QuorumType: cluster.quorum === "DiskOnly" ? "DiskOnly" : "Majority",
      }),
    ];
  },
};

/** Settings of the whole cluster with a host's defaults (D, hyper-v.md 7.2; the rest K). */
export const clusterProperties: Properties = {
  Description: { default: "" },
  PreferredSite: { default: "" },
  ClusterEnforcedAntiAffinity: { default: 0, wrong: oneOf(0, 1) },
  AutoBalancerMode: { default: 2, wrong: oneOf(0, 1, 2) },
  AutoBalancerLevel: { default: 1, wrong: oneOf(1, 2, 3) },
  MaximumParallelMigrations: { default: 1, wrong: between(1, 128) },
  DrainOnShutdown: { default: 1, wrong: oneOf(0, 1) },
  DynamicQuorum: { default: 1, wrong: oneOf(0, 1) },
  ResiliencyDefaultPeriod: { default: 240 },
  QuarantineThreshold: { default: 3 },
  QuarantineDuration: { default: 7200 },
  MinimumNeverPreemptPriority: { default: 3000 },
  MinimumPreemptorPriority: { default: 1 },
  PlacementOptions: { default: 0 },
  LowerQuorumPriorityNodeId: { default: 0 },
  AddEvictDelay: { default: 60 },
  BlockCacheSize: { default: 1024 },
  ClusSvcHangTimeout: { default: 60 },
  ClusterGroupWaitDelay: { default: 120 },
  ClusterLogLevel: { default: 3, wrong: between(0, 5) },
  ClusterLogSize: { default: 300 },
  CrossSiteDelay: { default: 1000 },
  CrossSiteThreshold: { default: 20 },
  CrossSubnetDelay: { default: 1000 },
  CrossSubnetThreshold: { default: 20 },
  CsvBalancer: { default: 1, wrong: oneOf(0, 1) },
  GroupDependencyTimeout: { default: 600 },
  HangRecoveryAction: { default: 6 },
  IgnorePersistentStateOnStartup: { default: 0, wrong: oneOf(0, 1) },
  PlumbAllCrossSubnetRoutes: { default: 0 },
  QuorumArbitrationTimeMax: { default: 20 },
  RouteHistoryLength: { default: 40 },
  SameSubnetDelay: { default: 1000 },
  SameSubnetThreshold: { default: 20 },
  SecurityLevel: { default: 1, wrong: oneOf(0, 1, 2) },
  SecurityLevelForStorage: { default: 0, wrong: oneOf(0, 1, 2) },
  SharedVolumeVssWriterOperationTimeout: { default: 1800 },
  ShutdownTimeoutInMinutes: { default: 20 },
  UseClientAccessNetworksForSharedVolumes: { default: 2 },
  WitnessRestartInterval: { default: 15 },
};

export function clusterThing({ name, id }: Cluster): Thing {
  return new Thing(
    "Cluster",
    `Cluster:${id}`,
    { Id: id },
    ({ cluster }) =>
      cluster && {
        ...viewOf(cluster.properties, clusterProperties),
        Id: id,
        Name: cluster.name,
        Domain: "",
        AdministrativeAccessPoint: "ActiveDirectoryAndDns",
        ClusterFunctionalLevel: 11,
        ClusterUpgradeVersion: 3,
        EnableSharedVolumes: "Enabled",
        SharedVolumesRoot: "C:\\ClusterStorage",
        BackupInProgress: 0,
        ResiliencyLevel: "AlwaysIsolate",
        S2DEnabled: 0,
        FixQuorum: 0,
        PreventQuorum: 0,
        WitnessDynamicWeight: 0,
        DetectedCloudPlatform: "None",
      },
    name,
  );
}

export function assignCluster({ world, node, property, value }: Assigning): void {
  const { properties: set } = requireCluster(world, node, "");
  assignProperty({ type: "Cluster", property, value, set, properties: clusterProperties });
}
