import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { filesOf, isUnder, joinPath, samePath } from "../storage/file-system";
import type { Cluster, FileEntry, SharedVolume } from "../world/world";
import { availableStorage, type PlainOwned, plainResources } from "./any-group";
import { isFormatted } from "./cluster-disk";
import { isMember } from "./membership";
import { resourceThing } from "./resource-thing";
import {
  allMembers,
  clusterOf,
  codes,
  inputs,
  memberNamed,
  noObject,
  refuse,
  resourceBehind,
  resourceNamed,
} from "./selection";
import { ownerOfVolume, stateThing, volumeThing } from "./shared-volume-thing";

export const clusterSharedVolumeCmdlets: Cmdlets = {
  "Get-ClusterSharedVolume": (call) => (volumesOf(call) ?? clusterOf(call).sharedVolumes).map(volumeThing),
  "Get-ClusterSharedVolumeState"(call) {
    const nodes = call.texts("Node")?.map((name) => memberNamed(call, name)) ?? allMembers(call);
    return (volumesOf(call) ?? clusterOf(call).sharedVolumes).flatMap((volume) =>
      nodes.filter(({ node }) => isMember(node)).map(({ own }) => stateThing(volume, own.name)),
    );
  },
  "Add-ClusterSharedVolume": (call) => disksOf(call).map((disk) => addVolume(call, disk)),
  "Remove-ClusterSharedVolume": (call) => someVolumes(call).map((volume) => removeVolume(call, volume)),
  "Move-ClusterSharedVolume": (call) => someVolumes(call).map((volume) => moveVolume(call, volume)),
};

function volumesOf(call: Running): SharedVolume[] | undefined {
  const objects = inputs(call)?.filter(({ type }) => type !== "Cluster");
  if (objects && objects.length > 0)
    return objects.map(({ type, identity }) => {
      if (type !== "ClusterSharedVolume") noObject(call);
      return volumeWith(call, ({ id }) => id === identity.Id, String(identity.Id));
    });
  return call.texts("Name")?.map((name) => volumeWith(call, (volume) => sameName(volume.name, name), name));
}

function someVolumes(call: Running): SharedVolume[] {
  return volumesOf(call) ?? noObject(call);
}

function volumeWith(call: Running, is: (volume: SharedVolume) => boolean, what: string): SharedVolume {
  const volume = clusterOf(call).sharedVolumes.find(is);
  if (!volume) refuse(call, `The cluster shared volume '${what}' could not be found`, codes.resourceNotFound);
  return volume;
}

/** Disks of the available storage; all are looked at before the first becomes a volume. */
function disksOf(call: Running): PlainOwned[] {
  const objects = inputs(call);
  const owned = objects
    ? objects.map((thing) => (thing.type === "ClusterResource" ? resourceBehind(call, thing) : noObject(call)))
    : (call.texts("Name") ?? noObject(call)).map((name) => {
        if (clusterOf(call).sharedVolumes.some((volume) => sameName(volume.name, name)))
          refuse(call, `The disk '${name}' is a cluster shared volume already`, codes.objectExists);
        return resourceNamed(call, name);
      });
  return owned.map(({ resource }) => {
    const disk = plainResources(clusterOf(call)).find((one) => one.resource === resource);
    if (disk?.resource.type !== "Physical Disk")
      refuse(call, `The cluster resource '${resource.name}' is no disk`, codes.invalidParameter);
    if (disk.group.type !== "AvailableStorage")
      refuse(call, `The disk '${resource.name}' is in use by '${disk.group.name}'`, codes.invalidState);
    return disk;
  });
}

/** Under the folder that it had, or the first that is free; its data are where they were (D, hyper-v-host.md 10). */
function addVolume(call: Running, { group, resource }: PlainOwned): Thing {
  const cluster = clusterOf(call);
  const disk = call.world.sharedDisks?.find(({ id }) => id === resource.diskId);
  if (!disk || !isFormatted(disk))
    refuse(call, `The disk '${resource.name}' has no volume that can be shared`, codes.invalidParameter);
  const { kept } = disk;
  const path = kept && isFreePath(cluster, kept.path) ? kept.path : freePath(cluster);
  const volume: SharedVolume = {
    id: resource.id,
    name: resource.name,
    path,
    sizeBytes: disk.sizeBytes,
    diskId: disk.id,
    ownerNode: group.ownerNode,
  };
  group.resources = group.resources.filter((other) => other !== resource);
  cluster.sharedVolumes.push(volume);
  for (const file of Object.values(kept?.files ?? {})) {
    const at = path + file.path.slice((kept?.path ?? "").length);
    cluster.files[at.toLowerCase()] = { ...file, path: at };
  }
  delete disk.kept;
  return volumeThing(volume);
}

function isFreePath({ sharedVolumes }: Cluster, path: string): boolean {
  return sharedVolumes.every((volume) => !samePath(volume.path, path));
}

function freePath(cluster: Cluster): string {
  for (let number = 1; ; number += 1) {
    const path = joinPath("C:\\ClusterStorage", `Volume${number}`);
    if (isFreePath(cluster, path)) return path;
  }
}

/** A disk of the available storage again; machines lose the path under them (D). */
function removeVolume(call: Running, volume: SharedVolume): Thing {
  const cluster = clusterOf(call);
  const group = availableStorage(cluster);
  if (!group) noObject(call);
  keepFiles(call, volume);
  cluster.sharedVolumes = cluster.sharedVolumes.filter((other) => other !== volume);
  for (const rule of cluster.affinityRules ?? []) rule.groups = rule.groups.filter((id) => id !== volume.id);
  const resource = {
    id: volume.id ?? "",
    name: volume.name,
    type: "Physical Disk",
    possibleOwners: null,
    properties: {},
    parameters: {},
    online: !volume.away,
    dependsOn: [],
    ...(volume.diskId !== undefined && { diskId: volume.diskId }),
  };
  group.resources.push(resource);
  return resourceThing({ group, resource });
}

/** The files stay on the disk, where no path leads to any more; nobody has their disks mounted then. */
export function keepFiles(call: Running, volume: SharedVolume): void {
  const all = filesOf(call.world, call.node, volume.path);
  const kept: Record<string, FileEntry> = {};
  for (const [key, file] of Object.entries(all)) {
    if (!isUnder(key, volume.path)) continue;
    if (file.vhd) Object.assign(file.vhd, { diskNumber: null, mountedOn: null, mountedReadOnly: false });
    kept[key] = file;
    delete all[key];
  }
  const disk = call.world.sharedDisks?.find(({ id }) => id === volume.diskId);
  if (disk) disk.kept = { path: volume.path, files: kept };
}

/** Machines run on while another node coordinates it (D). */
function moveVolume(call: Running, volume: SharedVolume): Thing {
  const name = given<string>(call, "Node");
  const owner = ownerOfVolume(call.world, volume);
  const able = allMembers(call).filter(({ own, node }) => isMember(node) && !own.paused);
  const target = name === undefined ? able.find(({ own }) => own.name !== owner) : memberNamed(call, name);
  if (!target) refuse(call, `There is no other node for '${volume.name}'`, codes.nodeNotAvailable);
  if (!isMember(target.node)) refuse(call, `The cluster node '${target.own.name}' is down`, codes.nodeDown);
  if (target.own.paused && target.own.name !== owner)
    refuse(call, `The cluster node '${target.own.name}' is paused`, codes.nodeNotAvailable);
  volume.ownerNode = target.own.name;
  return volumeThing(volume);
}
