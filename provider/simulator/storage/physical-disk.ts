import { query } from "../engine/cim";
import type { Cmdlets } from "../engine/cmdlet";
import { Thing } from "../engine/thing";
import type { Node, SharedDisk, World } from "../world/world";

export const physicalDiskCmdlets: Cmdlets = {
  "Get-Disk": (call) =>
    query(call, disksOf(call.world, call.node), {
      Number: ({ number }) => number,
      UniqueId: ({ uniqueId }) => uniqueId,
      FriendlyName: ({ friendlyName }) => friendlyName,
      SerialNumber: ({ uniqueId }) => uniqueId,
      Path: ({ uniqueId }) => pathOf(uniqueId),
    }).map((disk) => diskThing(call.node, disk)),
};

/** A disk as one node sees it. */
interface PhysicalDisk {
  number: number;
  uniqueId: string;
  friendlyName: string;
  sizeBytes: number;
  partitionStyle: string;
  isSystem: boolean;
  isOffline: boolean;
  isClustered: boolean;
}

/** The one that the node's own volumes are on, those that are set aside for machines, and those that all nodes see. */
function disksOf(world: World, node: Node): PhysicalDisk[] {
  const local = { friendlyName: "Msft Virtual Disk", partitionStyle: "GPT", isClustered: false };
  const system = {
    ...local,
    number: 0,
    uniqueId: `${node.name}-0`,
    sizeBytes: node.volumes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    isSystem: true,
    isOffline: false,
  };
  const offline = (node.offlineDisks ?? []).map((number) => ({
    ...local,
    number,
    uniqueId: `${node.name}-${number}`,
    sizeBytes: 0,
    isSystem: false,
    isOffline: true,
  }));
  return [system, ...offline, ...(world.sharedDisks ?? []).map((disk) => sharedDisk(world, disk))].sort(
    (one, other) => one.number - other.number,
  );
}

function sharedDisk({ cluster }: World, { id = "", number, sizeBytes, partitionStyle }: SharedDisk): PhysicalDisk {
  const isClustered =
    cluster?.sharedVolumes.some(({ diskId }) => diskId === id) ||
    cluster?.plainGroups?.some(({ resources }) => resources.some(({ diskId }) => diskId === id)) ||
    false;
  return {
    number,
    uniqueId: id,
    friendlyName: "Shared Disk",
    sizeBytes,
    partitionStyle,
    isSystem: false,
    isOffline: false,
    isClustered,
  };
}

function diskThing({ name }: Node, { uniqueId }: PhysicalDisk): Thing {
  return new Thing("MSFT_Disk", `MSFT_Disk:${name}/${uniqueId}`, { UniqueId: uniqueId }, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    const disk = node && disksOf(world, node).find((candidate) => candidate.uniqueId === uniqueId);
    if (!disk) return undefined;
    return {
      Number: disk.number,
      DiskNumber: disk.number,
      UniqueId: uniqueId,
      // a disk has the one or the other, by its partition table (D, hyper-v-host.md 10)
      Guid: disk.partitionStyle === "GPT" ? `{${uniqueId}}` : null,
      Signature: disk.partitionStyle === "MBR" ? signatureOf(uniqueId) : null,
      Path: pathOf(uniqueId),
      FriendlyName: disk.friendlyName,
      SerialNumber: uniqueId,
      Size: disk.sizeBytes,
      PartitionStyle: disk.partitionStyle,
      IsBoot: disk.isSystem,
      IsSystem: disk.isSystem,
      IsOffline: disk.isOffline,
      IsReadOnly: false,
      IsClustered: disk.isClustered,
      OperationalStatus: disk.isOffline ? "Offline" : "Online",
      HealthStatus: "Healthy",
      LogicalSectorSize: 512,
      PhysicalSectorSize: 4096,
    };
  });
}

/** What an MBR has in place of an id. */
export function signatureOf(uniqueId: string): number {
  return Number.parseInt(uniqueId.slice(0, 8), 16);
}

function pathOf(uniqueId: string): string {
  return `\\\\?\\Disk{${uniqueId}}`;
}
