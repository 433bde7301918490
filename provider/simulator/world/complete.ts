import type { Cluster, PlainGroup, PlainResource } from "./cluster";
import { ownGuid } from "./guid";
import type { SharedDisk } from "./storage";
import type { World } from "./world";

/** Adds what every cluster has and worlds of older releases do not tell: its own groups, and the disks of its volumes. */
export function completeCluster(world: World, cluster: Cluster, ipAddress?: string): void {
  cluster.plainGroups ??= ownGroups(world, cluster, ipAddress);
  for (const volume of cluster.sharedVolumes) {
    volume.id ??= ownGuid(world, `${cluster.id}/volume/${volume.name}`);
    volume.diskId ??= addDisk(world, volume.name, volume.sizeBytes).id;
  }
}

/** What a cluster has from its beginning (recorded, hyper-v-host.md 8). */
function ownGroups(world: World, cluster: Cluster, ipAddress: string | undefined): PlainGroup[] {
  const owner = cluster.nodes[0]?.name ?? "";
  const group = (name: string, type: string, resources: PlainResource[]): PlainGroup => ({
    id: ownGuid(world, `${cluster.id}/group/${name}`),
    name,
    type,
    ownerNode: owner,
    defaultOwner: cluster.nodes[0]?.id ?? 0,
    properties: {},
    preferredOwners: [],
    antiAffinityClassNames: [],
    resources,
  });
  const resource = (name: string, type: string, parameters: PlainResource["parameters"]): PlainResource => ({
    id: ownGuid(world, `${cluster.id}/resource/${name}`),
    name,
    type,
    possibleOwners: null,
    properties: {},
    parameters,
    online: true,
    dependsOn: [],
  });
  const address = resource("Cluster IP Address", "IP Address", {
    ...(ipAddress !== undefined && { Address: ipAddress }),
    EnableDhcp: ipAddress === undefined ? 1 : 0,
  });
  const name = resource("Cluster Name", "Network Name", { Name: cluster.name.toUpperCase(), DnsName: cluster.name });
  name.dependsOn.push(address.id);
  const storageQos = resource("Storage Qos Resource", "Storage QoS Policy Manager", {});
  return [
    group("Cluster Group", "Cluster", [address, name, storageQos]),
    group("Available Storage", "AvailableStorage", []),
  ];
}

/** A disk for a volume of which nobody told one; the first free number, after that of the system's disk. */
export function addDisk(world: World, name: string, sizeBytes: number): SharedDisk & { id: string } {
  const disks = world.sharedDisks ?? [];
  world.sharedDisks = disks;
  let number = 1;
  while (disks.some((disk) => disk.number === number)) number += 1;
  const disk = {
    number,
    sizeBytes,
    partitionStyle: "GPT",
    fileSystem: "ReFS",
    label: name,
    id: ownGuid(world, `disk/${number}`),
  };
  disks.push(disk);
  return disk;
}
