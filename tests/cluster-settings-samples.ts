import { type Args, inPlace, type Sample } from "./sample";

const clusterSample = inPlace("ClusterSettings", (more: Args): Args => more, {
  removal: "left",
  setup: () => ["north", "south"].map((name) => `New-ClusterFaultDomain -Name ${name} -FaultDomainType Site`),
});

const setCluster = (property: string, value: string) => () => [`(Get-Cluster).${property} = ${value}`];

export const clusterSettings: readonly Sample[] = [
  clusterSample("description", { description: "one" }, { description: "two" }, setCluster("Description", "'three'")),
  clusterSample(
    "sameSubnetDelay",
    { sameSubnetDelay: 1500 },
    { sameSubnetDelay: 2000 },
    setCluster("SameSubnetDelay", "1000"),
  ),
  clusterSample(
    "sameSubnetThreshold",
    { sameSubnetThreshold: 30 },
    { sameSubnetThreshold: 40 },
    setCluster("SameSubnetThreshold", "10"),
  ),
  clusterSample(
    "crossSubnetDelay",
    { crossSubnetDelay: 1500 },
    { crossSubnetDelay: 4000 },
    setCluster("CrossSubnetDelay", "1000"),
  ),
  clusterSample(
    "crossSubnetThreshold",
    { crossSubnetThreshold: 30 },
    { crossSubnetThreshold: 40 },
    setCluster("CrossSubnetThreshold", "10"),
  ),
  clusterSample(
    "crossSiteDelay",
    { crossSiteDelay: 1500 },
    { crossSiteDelay: 4000 },
    setCluster("CrossSiteDelay", "1000"),
  ),
  clusterSample(
    "crossSiteThreshold",
    { crossSiteThreshold: 30 },
    { crossSiteThreshold: 40 },
    setCluster("CrossSiteThreshold", "10"),
  ),
  clusterSample(
    "plumbAllCrossSubnetRoutes",
    { plumbAllCrossSubnetRoutes: false },
    { plumbAllCrossSubnetRoutes: true },
    setCluster("PlumbAllCrossSubnetRoutes", "0"),
  ),
  clusterSample(
    "autoBalancerMode",
    { autoBalancerMode: 0 },
    { autoBalancerMode: 1 },
    setCluster("AutoBalancerMode", "2"),
  ),
  clusterSample(
    "autoBalancerLevel",
    { autoBalancerLevel: 2 },
    { autoBalancerLevel: 3 },
    setCluster("AutoBalancerLevel", "1"),
  ),
  clusterSample(
    "placementOptions",
    { placementOptions: 1 },
    { placementOptions: 2 },
    setCluster("PlacementOptions", "3"),
  ),
  clusterSample(
    "clusterEnforcedAntiAffinity",
    { clusterEnforcedAntiAffinity: false },
    { clusterEnforcedAntiAffinity: true },
    setCluster("ClusterEnforcedAntiAffinity", "0"),
  ),
  clusterSample(
    "maximumParallelMigrations",
    { maximumParallelMigrations: 2 },
    { maximumParallelMigrations: 3 },
    setCluster("MaximumParallelMigrations", "4"),
  ),
  clusterSample(
    "resiliencyLevel",
    { resiliencyLevel: "AlwaysIsolate" },
    { resiliencyLevel: "IsolateOnSpecialHeartbeat" },
    setCluster("ResiliencyLevel", "AlwaysIsolate"),
  ),
  clusterSample(
    "resiliencyDefaultPeriod",
    { resiliencyDefaultPeriod: 100 },
    { resiliencyDefaultPeriod: 0 },
    setCluster("ResiliencyDefaultPeriod", "240"),
  ),
  clusterSample(
    "quarantineThreshold",
    { quarantineThreshold: 4 },
    { quarantineThreshold: 5 },
    setCluster("QuarantineThreshold", "6"),
  ),
  clusterSample(
    "quarantineDuration",
    { quarantineDuration: 600 },
    { quarantineDuration: 4294967295 },
    setCluster("QuarantineDuration", "7200"),
  ),
  clusterSample("blockCacheSize", { blockCacheSize: 512 }, { blockCacheSize: 0 }, setCluster("BlockCacheSize", "1024")),
  clusterSample(
    "drainOnShutdown",
    { drainOnShutdown: true },
    { drainOnShutdown: false },
    setCluster("DrainOnShutdown", "1"),
  ),
  clusterSample("dynamicQuorum", { dynamicQuorum: true }, { dynamicQuorum: false }, setCluster("DynamicQuorum", "1")),
  clusterSample(
    "defaultNetworkRole",
    { defaultNetworkRole: 1 },
    { defaultNetworkRole: 3 },
    setCluster("DefaultNetworkRole", "0"),
  ),
  clusterSample(
    "setSMBBandwidthLimit",
    { setSMBBandwidthLimit: true },
    { setSMBBandwidthLimit: false },
    setCluster("SetSMBBandwidthLimit", "1"),
  ),
  clusterSample(
    "smbBandwidthLimitFactor",
    { smbBandwidthLimitFactor: 1000 },
    { smbBandwidthLimitFactor: 2000 },
    setCluster("SMBBandwidthLimitFactor", "3000"),
  ),
  clusterSample(
    "shutdownTimeoutInMinutes",
    { shutdownTimeoutInMinutes: 10 },
    { shutdownTimeoutInMinutes: 30 },
    setCluster("ShutdownTimeoutInMinutes", "20"),
  ),
  clusterSample(
    "groupDependencyTimeout",
    { groupDependencyTimeout: 60 },
    { groupDependencyTimeout: 120 },
    setCluster("GroupDependencyTimeout", "180"),
  ),
  clusterSample(
    "clusterGroupWaitDelay",
    { clusterGroupWaitDelay: 60 },
    { clusterGroupWaitDelay: 90 },
    setCluster("ClusterGroupWaitDelay", "120"),
  ),
  clusterSample(
    "preferredSite",
    { preferredSite: "north" },
    { preferredSite: "south" },
    setCluster("PreferredSite", "north"),
  ),
  clusterSample(
    "autoAssignNodeSite",
    { autoAssignNodeSite: false },
    { autoAssignNodeSite: true },
    setCluster("AutoAssignNodeSite", "0"),
  ),
];
