import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { Thing } from "../engine/thing";
import type { Cluster, SharedDisk, World } from "../world/world";
import { availableStorage, plainResources } from "./any-group";
import { clusterThing } from "./cluster-thing";
import { nameIsTaken } from "./names";
import { newPlainResource } from "./plain-resource";
import { resourceThing } from "./resource-thing";
import { clusterOf, codes, noObject, refuse } from "./selection";

export const clusterDiskCmdlets: Cmdlets = {
  "Get-ClusterAvailableDisk"(call) {
    const asked = call.things("Disk");
    const free = availableDisks(call.world, clusterOf(call));
    const shown = asked ? free.filter(({ id }) => asked.some(({ identity }) => identity.UniqueId === id)) : free;
    const names = namesFor(clusterOf(call), shown.length);
    return shown.map((disk, index) => availableThing(clusterOf(call), disk, names[index] ?? ""));
  },
  "Add-ClusterDisk": (call) => addDisks(call, disksGiven(call)),
};

/** Seen by all nodes, with a partition style and a file system, and no cluster has them yet (D, hyper-v-host.md 10). */
export function availableDisks({ sharedDisks = [] }: World, cluster: Cluster): SharedDisk[] {
  return sharedDisks.filter(
    (disk) =>
      !isInCluster(cluster, disk) &&
      ["GPT", "MBR"].includes(disk.partitionStyle) &&
      ["ntfs", "refs"].includes((disk.fileSystem ?? "").toLowerCase()),
  );
}

function isInCluster(cluster: Cluster, { id }: SharedDisk): boolean {
  return (
    cluster.sharedVolumes.some(({ diskId }) => diskId === id) ||
    plainResources(cluster).some(({ resource }) => resource.diskId === id)
  );
}

/** `Cluster Disk n` with the first free numbers. */
function namesFor(cluster: Cluster, count: number): string[] {
  const taken = [...cluster.sharedVolumes, ...plainResources(cluster).map(({ resource }) => resource)];
  const names: string[] = [];
  for (let number = 1; names.length < count; number += 1)
    if (!nameIsTaken(taken, `Cluster Disk ${number}`)) names.push(`Cluster Disk ${number}`);
  return names;
}

function availableThing({ id: clusterId }: Cluster, { id = "", number, sizeBytes }: SharedDisk, name: string): Thing {
  return new Thing(
    "ClusterDiskInfo",
    `ClusterDiskInfo:${id}`,
    { UniqueId: id },
    ({ cluster, sharedDisks = [] }) => {
      const disk = sharedDisks.find((candidate) => candidate.id === id);
      if (!disk || cluster?.id !== clusterId) return undefined;
      return {
        Id: `{${id}}`,
        Name: name,
        // of the disk in the cluster's view, which is not promised to be any node's (V, hyper-v-host.md 10)
        Number: number,
        Size: sizeBytes,
        Cluster: () => clusterThing(cluster),
        Partitions: [],
      };
    },
    name,
  );
}

/** Disks of the cluster's list, or of a node's own. */
function disksGiven(call: Running): SharedDisk[] {
  const objects = (call.get<unknown[]>("InputObject") ?? []).flat();
  const disks = objects.map((object) => {
    if (!(object instanceof Thing) || !["ClusterDiskInfo", "MSFT_Disk"].includes(object.type)) noObject(call);
    const disk = call.world.sharedDisks?.find(({ id }) => id === object.identity.UniqueId);
    if (!disk) refuse(call, "The disk is not seen by all nodes of the cluster", codes.resourceNotFound);
    return disk;
  });
  if (disks.length === 0) noObject(call);
  return disks;
}

/** Resources among the available storage, online at once. */
export function addDisks(call: Running, disks: readonly SharedDisk[]): readonly Thing[] {
  const cluster = clusterOf(call);
  const group = availableStorage(cluster);
  const free = availableDisks(call.world, cluster);
  for (const disk of disks)
    if (!free.includes(disk))
      refuse(call, `The disk ${disk.number} is in the cluster already or cannot be used by it`, codes.objectExists);
  const names = namesFor(cluster, disks.length);
  return disks.flatMap((disk, index) => {
    const resource = { ...newPlainResource(call.world, names[index] ?? "", "Physical Disk"), online: true };
    if (!group) return [];
    const added = { ...resource, diskId: disk.id };
    group.resources.push(added);
    return [resourceThing({ group, resource: added })];
  });
}

/** Whether a disk can hold a volume that every node writes. */
export function isFormatted({ fileSystem = "" }: SharedDisk): boolean {
  return ["NTFS", "ReFS", "CSVFS"].some((name) => sameName(name, fileSystem));
}
