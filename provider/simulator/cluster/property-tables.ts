import { between, oneOf, type Properties } from "./property";

/** Settings of the whole cluster with a host's defaults and limits (D, R; hyper-v-host.md 9; the rest K). */
export const clusterProperties: Properties = {
  Description: { default: "" },
  PreferredSite: { default: "" },
  ClusterEnforcedAntiAffinity: { default: 0, wrong: oneOf(0, 1) },
  AutoBalancerMode: { default: 2, wrong: oneOf(0, 1, 2) },
  AutoBalancerLevel: { default: 1, wrong: oneOf(1, 2, 3) },
  MaximumParallelMigrations: { default: 1, wrong: between(1, 128) },
  DrainOnShutdown: { default: 1, wrong: oneOf(0, 1) },
  DynamicQuorum: { default: 1, wrong: oneOf(0, 1) },
  // contradicted: 1 and 2 (D, hyper-v-host.md 17)
  ResiliencyLevel: { default: "AlwaysIsolate", type: "ClusterResiliencyLevel" },
  ResiliencyDefaultPeriod: { default: 240 },
  QuarantineThreshold: { default: 3 },
  QuarantineDuration: { default: 7200 },
  MinimumNeverPreemptPriority: { default: 3000 },
  MinimumPreemptorPriority: { default: 1 },
  PlacementOptions: { default: 0, wrong: between(0, 15) },
  LowerQuorumPriorityNodeId: { default: 0 },
  AddEvictDelay: { default: 60 },
  BlockCacheSize: { default: 1024 },
  ClusSvcHangTimeout: { default: 60 },
  ClusterGroupWaitDelay: { default: 120 },
  ClusterLogLevel: { default: 3, wrong: between(0, 5) },
  ClusterLogSize: { default: 300 },
  CrossSiteDelay: { default: 1000 },
  CrossSiteThreshold: { default: 20 },
  CrossSubnetDelay: { default: 1000, wrong: between(250, 4000) },
  CrossSubnetThreshold: { default: 20, wrong: between(3, 120) },
  CsvBalancer: { default: 1, wrong: oneOf(0, 1) },
  GroupDependencyTimeout: { default: 600 },
  HangRecoveryAction: { default: 6 },
  IgnorePersistentStateOnStartup: { default: 0, wrong: oneOf(0, 1) },
  PlumbAllCrossSubnetRoutes: { default: 0, wrong: oneOf(0, 1) },
  QuorumArbitrationTimeMax: { default: 20 },
  RouteHistoryLength: { default: 40 },
  SameSubnetDelay: { default: 1000, wrong: between(250, 2000) },
  SameSubnetThreshold: { default: 20, wrong: between(3, 120) },
  SecurityLevel: { default: 1, wrong: oneOf(0, 1, 2) },
  SecurityLevelForStorage: { default: 0, wrong: oneOf(0, 1, 2) },
  SharedVolumeVssWriterOperationTimeout: { default: 1800 },
  ShutdownTimeoutInMinutes: { default: 20 },
  UseClientAccessNetworksForSharedVolumes: { default: 2 },
  WitnessRestartInterval: { default: 15 },
  AutoAssignNodeSite: { default: 0, wrong: oneOf(0, 1) },
  // the role of networks found later; 2 leaves it to their gateways (K)
  DefaultNetworkRole: { default: 2, wrong: oneOf(0, 1, 2, 3) },
  SetSMBBandwidthLimit: { default: 1, wrong: oneOf(0, 1) },
  SMBBandwidthLimitFactor: { default: 2500, wrong: between(0, 10000) },
};

/** Settings of one node. */
export const clusterNodeProperties: Properties = {
  Description: { default: "" },
  NodeWeight: { default: 1, wrong: oneOf(0, 1) },
};
