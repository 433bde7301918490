import { record, Thing } from "../engine/thing";
import type { Cluster, SharedVolume, World } from "../world/world";
import { plainResources } from "./any-group";
import type { Assigning } from "./assigning";
import { freeName } from "./group-property";
import { members, requireCluster } from "./membership";
import { nodeThing } from "./node-thing";
import { assignProperty, refusedValue } from "./property";

export function volumeThing({ id = "", name }: SharedVolume): Thing {
  return new Thing(
    "ClusterSharedVolume",
    `ClusterSharedVolume:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      const volume = cluster?.sharedVolumes.find((candidate) => candidate.id === id);
      if (!cluster || !volume) return undefined;
      const owner = cluster.nodes.find((own) => own.name === ownerOfVolume(world, volume));
      return {
        Id: id,
        Name: volume.name,
        State: volume.away ? "Failed" : "Online",
        OwnerNode: () => owner && nodeThing(owner),
        SharedVolumeInfo: () => [volumeInfo(cluster, volume)],
      };
    },
    name,
  );
}

/** A class that the reference does not list (D). */
function volumeInfo(cluster: Cluster, { path, sizeBytes }: SharedVolume): Thing {
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

export function stateThing({ name, path, away }: SharedVolume, node: string): Thing {
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

/** The node that coordinates it; the first that lives where nobody was named. */
export function ownerOfVolume(world: World, { ownerNode }: SharedVolume): string | undefined {
  const alive = members(world);
  const named = alive.find(({ name }) => name === ownerNode);
  return (named ?? alive[0])?.name;
}

/** The name of the disk's resource, which is not its folder (S, hyper-v-host.md 10). */
export function assignVolume({ world, node, target, property, value }: Assigning): void {
  const cluster = requireCluster(world, node, "");
  const volume = cluster.sharedVolumes.find(({ id }) => id === target.identity.Id);
  if (!volume) throw refusedValue(property, "The volume could not be found.", 0x8007138f);
  const named = [...cluster.sharedVolumes, ...plainResources(cluster).map(({ resource }) => resource)];
  assignProperty({
    type: "ClusterSharedVolume",
    property,
    value,
    set: {},
    properties: {},
    others: {
      Name: (name) => {
        volume.name = freeName(property, name, named, volume);
      },
    },
  });
}
