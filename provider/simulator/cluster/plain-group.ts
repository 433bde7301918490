import type { Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import { type Cluster, newGuid, type PlainGroup, type PlainResource, type World } from "../world/world";
import type { PlainOwned } from "./any-group";
import { isMember, members } from "./membership";
import { whyNotOnline } from "./plain-resource";
import { clusterNodeOf, isPossibleOwner } from "./role";
import { clusterOf, codes, memberNamed, refuse } from "./selection";

export function newPlainGroup(world: World, cluster: Cluster, name: string, type: string): PlainGroup {
  const [first] = members(world);
  return {
    id: newGuid(world),
    name,
    type,
    ownerNode: first?.name ?? "",
    defaultOwner: clusterNodeOf(cluster, first?.name ?? "")?.id ?? 0,
    properties: {},
    preferredOwners: [],
    antiAffinityClassNames: [],
    resources: [],
  };
}

/** Each resource after those that it depends on. */
export function startPlain(call: Running, group: PlainGroup): void {
  for (const resource of group.resources) startPlainResource(call, { group, resource });
}

export function startPlainResource(call: Running, { group, resource }: PlainOwned): void {
  if (resource.online && !resource.failed) return;
  for (const provider of providersIn(group, resource)) startPlainResource(call, { group, resource: provider });
  const why = whyNotOnline(call.world, clusterOf(call), { group, resource });
  resource.online = why === undefined;
  resource.failed = why !== undefined;
  if (why !== undefined)
    refuse(call, `The cluster resource '${resource.name}' failed to come online: ${why}`, 0x80004005);
}

export function stopPlain(group: PlainGroup): void {
  for (const resource of group.resources) Object.assign(resource, { online: false, failed: false });
}

/** With those that depend on it. */
export function stopPlainResource({ group, resource }: PlainOwned): void {
  Object.assign(resource, { online: false, failed: false });
  for (const dependent of group.resources)
    if (dependent.online && dependent.dependsOn.includes(resource.id))
      stopPlainResource({ group, resource: dependent });
}

function providersIn(group: PlainGroup, { dependsOn }: PlainResource): PlainResource[] {
  return group.resources.filter(({ id }) => dependsOn.includes(id));
}

export function movePlain(call: Running, group: PlainGroup): void {
  const cluster = clusterOf(call);
  const name = given<string>(call, "Node");
  const target = name === undefined ? undefined : memberNamed(call, name);
  if (target && !isMember(target.node)) refuse(call, `The cluster node '${target.node.name}' is down`, codes.nodeDown);
  const owner = target?.node.name ?? otherOwner(call.world, cluster, group);
  if (owner === undefined) refuse(call, `There is no other node for '${group.name}'`, codes.nodeNotAvailable);
  if (owner === group.ownerNode) return;
  if (clusterNodeOf(cluster, owner)?.paused)
    refuse(call, `The cluster node '${owner}' is not available for this operation`, codes.nodeNotAvailable);
  if (target && !isPossibleOwner(group, target.node))
    refuse(call, `The node '${owner}' is not a possible owner of '${group.name}'`, codes.notPossibleOwner);
  group.ownerNode = owner;
  group.defaultOwner = clusterNodeOf(cluster, owner)?.id ?? 0;
}

/** The first other node that may have it: preferred ones before the others. */
export function otherOwner(world: World, cluster: Cluster, group: PlainGroup): string | undefined {
  const able = members(world).filter(
    (node) =>
      node.name !== group.ownerNode && !clusterNodeOf(cluster, node.name)?.paused && isPossibleOwner(group, node),
  );
  return (able.find(({ name }) => group.preferredOwners.includes(name)) ?? able[0])?.name;
}
