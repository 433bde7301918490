import { Thing } from "../engine/thing";
import type { Cluster } from "../world/world";
import { functionalLevel } from "./functional-level";
import { viewOf } from "./property";
import { clusterProperties } from "./property-tables";
import { witnessVotes } from "./quorum";

export function clusterThing({ name, id }: Cluster): Thing {
  return new Thing(
    "Cluster",
    `Cluster:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      return (
        cluster && {
          ...viewOf(cluster.properties, clusterProperties),
          Id: id,
          Name: cluster.name,
          Domain: world.domain === undefined ? "corp.example" : (world.domain ?? ""),
          AdministrativeAccessPoint: cluster.accessPoint ?? "ActiveDirectoryAndDns",
          ClusterFunctionalLevel: functionalLevel(world, cluster),
          ClusterUpgradeVersion: 3,
          EnableSharedVolumes: "Enabled",
          SharedVolumesRoot: "C:\\ClusterStorage",
          BackupInProgress: 0,
          S2DEnabled: 0,
          FixQuorum: 0,
          PreventQuorum: 0,
          WitnessDynamicWeight: witnessVotes(cluster) ? 1 : 0,
          DetectedCloudPlatform: "None",
        }
      );
    },
    name,
  );
}
