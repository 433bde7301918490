import { findNetworks } from "../world/cluster-network";
import { isActive } from "../world/machine-state";
import type { Cluster, Group, Node, World } from "../world/world";
import { isMember, members } from "./membership";
import { type Move, moveRole, whyNotMove } from "./move";
import { keptOut, placesFor, preference } from "./placement";
import { otherOwner } from "./plain-group";
import { numberOf, unset } from "./property";
import { clusterNodeProperties } from "./property-tables";
import { hasQuorum, isDynamic } from "./quorum";
import { byPriority, clusterNodeOf, groupNumber, type Role, rehome, roleOf, startRole, whyNotStartOn } from "./role";
import { inStartOrder, waitsForOthers } from "./set-order";

/**
 * What a cluster does by itself after nodes died or came: it counts votes, restarts roles elsewhere, and takes some back.
 * There is no clock, so all of it is done when somebody looks next. True when there was something to do.
 */
export function settle(world: World, returned?: Node): boolean {
  const { cluster } = world;
  const found = findNetworks(world);
  if (!cluster?.unsettled) return found;
  cluster.unsettled = false;
  countVotes(world, cluster);
  if (!cluster.hasQuorum) return true;
  for (const group of inStartOrder(cluster, byPriority(cluster.groups))) recover(world, cluster, group);
  rehomePlain(world, cluster);
  if (returned) failBack(world, cluster, returned);
  return true;
}

/** Those that run are the voters of the next time, unless votes are static. */
function countVotes(world: World, cluster: Cluster): void {
  const alive = members(world).map(({ name }) => name);
  cluster.hasQuorum = hasQuorum(cluster, alive);
  if (cluster.hasQuorum && isDynamic(cluster)) cluster.voters = withVote(cluster, alive);
}

/** Of these nodes the ones that nobody took the vote from. */
export function withVote(cluster: Cluster, names: readonly string[]): string[] {
  return names.filter((name) => {
    const own = clusterNodeOf(cluster, name);
    return own !== undefined && numberOf(own.properties, clusterNodeProperties, "NodeWeight") === 1;
  });
}

/** Takes a role from a node that died, and brings up what should be online and is not. */
function recover(world: World, cluster: Cluster, group: Group): void {
  const role = roleOf(world, group);
  if (!role) return;
  if (isMember(role.node) && (isActive(role.machine) || !group.wantedOnline)) return;
  if (group.wantedOnline && mayRestart(cluster, group)) restartInOrder(world, cluster, role);
  else remain(world, cluster, role);
}

function mayRestart(cluster: Cluster, group: Group): boolean {
  return groupNumber(group, "Priority") > 0 && group.failures <= threshold(cluster, group);
}

/** Unset is the number of nodes minus one (D, hyper-v.md 7.2). */
function threshold(cluster: Cluster, group: Group): number {
  const own = groupNumber(group, "FailoverThreshold");
  return own === unset ? cluster.nodes.length - 1 : own;
}

/** Moves over and stays off: it was off, does not start by itself, or has failed too often. */
function remain(world: World, cluster: Cluster, role: Role): void {
  const { group } = role;
  if (group.wantedOnline && groupNumber(group, "Priority") > 0) group.failed = true;
  group.wantedOnline = false;
  evacuate(role, placesFor(world, cluster, role)[0]);
}

/** What others have to be online for waits for them. */
function restartInOrder(world: World, cluster: Cluster, role: Role): void {
  if (!waitsForOthers(world, cluster, role.group)) {
    if (role.group.statusInformation === "WaitingForDependencies") role.group.statusInformation = "0";
    restart(world, cluster, role);
    return;
  }
  role.group.statusInformation = "WaitingForDependencies";
  evacuate(role, placesFor(world, cluster, role)[0]);
}

/** The cluster's own groups and volumes have an owner that lives. */
function rehomePlain(world: World, cluster: Cluster): void {
  const alive = members(world);
  const [first] = alive;
  if (!first) return;
  for (const group of cluster.plainGroups ?? [])
    if (alive.every(({ name }) => name !== group.ownerNode))
      group.ownerNode = otherOwner(world, cluster, group) ?? first.name;
  for (const volume of cluster.sharedVolumes)
    if (volume.ownerNode !== undefined && alive.every(({ name }) => name !== volume.ownerNode))
      volume.ownerNode = first.name;
}

function restart(world: World, cluster: Cluster, role: Role): void {
  const { group } = role;
  const places = placesFor(world, cluster, role);
  const apart = places.filter((node) => keptOut(world, cluster, group, node) === undefined);
  const able = apart.filter((node) => whyNotStartOn(world, role, node) === undefined);
  const to = able.includes(role.node) ? role.node : able[0];
  if (to) {
    rehome(role, to);
    startRole(world, { ...role, node: to });
    return;
  }
  const kept = apart.length === 0 && places.length > 0;
  const isShort = apart.some((node) => whyNotStartOn(world, role, node)?.errorId === "OutOfMemory");
  group.failed = !kept;
  group.statusInformation = kept ? "OfflineAntiAffinityConflict" : isShort ? "PhysicalResourcesLacking" : "0";
  evacuate(role, places[0]);
}

/** Off a node that is gone, if anything can have it. */
function evacuate(role: Role, to: Node | undefined): void {
  if (to && !isMember(role.node)) rehome(role, to);
}

/** Roles that may go back to a node that they prefer; those with a window wait for an hour that never comes. */
export function failBack(world: World, cluster: Cluster, returned: Node): void {
  for (const group of byPriority(cluster.groups)) {
    const role = roleOf(world, group);
    if (!role || !wantsBack(group, role.node, returned)) continue;
    const move: Move = { role, to: returned, migration: isActive(role.machine) ? "Live" : "Quick" };
    if (whyNotMove(world, cluster, move) === undefined) moveRole(world, move);
  }
}

function wantsBack(group: Group, now: Node, returned: Node): boolean {
  return (
    groupNumber(group, "AutoFailbackType") === 1 &&
    groupNumber(group, "FailbackWindowStart") === unset &&
    preference(group, returned) < preference(group, now)
  );
}
