import { isActive } from "../world/machine-state";
import type { Cluster, Group, Node, World } from "../world/world";
import { isMember, members } from "./membership";
import { moveRole, whyNotMove } from "./move";
import { conflicts, isEnforced, placesFor, preference } from "./placement";
import { numberOf, unset } from "./property";
import { clusterNodeProperties, clusterProperties } from "./property-tables";
import { hasQuorum } from "./quorum";
import { byPriority, clusterNodeOf, groupNumber, type Role, rehome, roleOf, startRole, whyNotStartOn } from "./role";

/**
 * What a cluster does by itself after nodes died or came: it counts votes, restarts roles elsewhere, and takes some back.
 * There is no clock, so all of it is done when somebody looks next. True when there was something to do.
 */
export function settle(world: World, returned?: Node): boolean {
  const { cluster } = world;
  if (!cluster?.unsettled) return false;
  cluster.unsettled = false;
  countVotes(world, cluster);
  if (!cluster.hasQuorum) return true;
  for (const group of byPriority(cluster.groups)) recover(world, cluster, group);
  if (returned) failBack(world, cluster, returned);
  return true;
}

/** Those that run are the voters of the next time, unless votes are static. */
function countVotes(world: World, cluster: Cluster): void {
  const alive = members(world).map(({ name }) => name);
  cluster.hasQuorum = hasQuorum(cluster.voters, alive);
  const isDynamic = numberOf(cluster.properties, clusterProperties, "DynamicQuorum") === 1;
  if (cluster.hasQuorum && isDynamic) cluster.voters = withVote(cluster, alive);
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
  if (group.wantedOnline && mayRestart(cluster, group)) restart(world, cluster, role);
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

function restart(world: World, cluster: Cluster, role: Role): void {
  const { group } = role;
  const places = placesFor(world, cluster, role);
  const apart = isEnforced(cluster) ? places.filter((node) => conflicts(world, cluster, group, node) === 0) : places;
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
    const migration = isActive(role.machine) ? "Live" : "Quick";
    if (whyNotMove(world, cluster, role, returned, migration) === undefined) moveRole(world, role, returned, migration);
  }
}

function wantsBack(group: Group, now: Node, returned: Node): boolean {
  return (
    groupNumber(group, "AutoFailbackType") === 1 &&
    groupNumber(group, "FailbackWindowStart") === unset &&
    preference(group, returned) < preference(group, now)
  );
}
