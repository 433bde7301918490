import type { Cmdlets } from "../engine/cmdlet";
import { record, Thing } from "../engine/thing";
import type { Cluster } from "../world/world";
import type { Assigning } from "./assigning";
import { requireCluster } from "./membership";
import { assignProperty, viewOf } from "./property";
import { clusterProperties } from "./property-tables";
import { clusterOf } from "./selection";

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
