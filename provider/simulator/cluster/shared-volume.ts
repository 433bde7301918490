import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { record, Thing } from "../engine/thing";
import type { Cluster } from "../world/world";
import { isMember } from "./membership";
import { nodeThing } from "./node";
import { allMembers, clusterOf, codes, memberNamed, refuse } from "./selection";

export const clusterSharedVolumeCmdlets: Cmdlets = {
  "Get-ClusterSharedVolume": (call) => volumesOf(call).map(volumeThing),
  "Get-ClusterSharedVolumeState"(call) {
    const nodes = call.texts("Node")?.map((name) => memberNamed(call, name)) ?? allMembers(call);
    return volumesOf(call).flatMap((volume) =>
      nodes.filter(({ node }) => isMember(node)).map(({ own }) => stateThing(volume, own.name)),
    );
  },
};

type Volume = Cluster["sharedVolumes"][number];

function volumesOf(call: Running): Volume[] {
  const { sharedVolumes } = clusterOf(call);
  return (
    call.texts("Name")?.map((name) => {
      const volume = sharedVolumes.find((candidate) => sameName(candidate.name, name));
      if (!volume) refuse(call, `The cluster shared volume '${name}' could not be found`, codes.resourceNotFound);
      return volume;
    }) ?? sharedVolumes
  );
}

function volumeThing({ name }: Volume): Thing {
  return new Thing(
    "ClusterSharedVolume",
    `ClusterSharedVolume:${name}`,
    { Name: name },
    ({ cluster, nodes }) => {
      const volume = cluster?.sharedVolumes.find((candidate) => candidate.name === name);
      if (!cluster || !volume) return undefined;
      // the first node that lives coordinates
      const owner = cluster.nodes.find((own) => nodes.some((node) => node.name === own.name && isMember(node)));
      return {
        Id: name,
        Name: name,
        State: volume.away ? "Failed" : "Online",
        OwnerNode: () => owner && nodeThing(owner),
        SharedVolumeInfo: () => [volumeInfo(cluster, volume)],
      };
    },
    name,
  );
}

/** A class that the reference does not list (D). */
function volumeInfo(cluster: Cluster, { path, sizeBytes }: Volume): Thing {
  const used = usedBytes(cluster, path);
  return record("ClusterSharedVolumeInfo", {
    FriendlyVolumeName: path,
    FaultState: "NoFaults",
    MaintenanceMode: false,
    RedirectedAccess: false,
    VolumeOffset: 0,
    Partition: record("ClusterDiskPartitionInfo", {
      Name: path,
      FileSystem: "CSVFS",
      Size: sizeBytes,
      UsedSpace: used,
      FreeSpace: sizeBytes - used,
      PercentFree: (100 * (sizeBytes - used)) / sizeBytes,
    }),
  });
}

function usedBytes({ files }: Cluster, path: string): number {
  const below = `${path.toLowerCase()}\\`;
  return Object.entries(files).reduce((sum, [key, file]) => sum + (key.startsWith(below) ? file.sizeBytes : 0), 0);
}

function stateThing({ name, path, away }: Volume, node: string): Thing {
  return record("ClusterSharedVolumeStateInfo", {
    Name: name,
    Node: node,
    StateInfo: away ? "Unavailable" : "Direct",
    FileSystemRedirectedIOReason: "NotFileSystemRedirected",
    BlockRedirectedIOReason: "NotBlockRedirected",
    VolumeFriendlyName: path,
    VolumeName: path,
  });
}
