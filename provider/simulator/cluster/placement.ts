import { sameName } from "../engine/names";
import { locate } from "../engine/thing";
import { localPaths } from "../machine/virtual-machine-move";
import { freeMemory, isActive } from "../world/machine-state";
import type { Cluster, Group, Node, World } from "../world/world";
import { brokenRule } from "./affinity";
import { members } from "./membership";
import { numberOf } from "./property";
import { clusterProperties } from "./property-tables";
import { clusterNodeOf, isPossibleOwner, type Role } from "./role";

/**
 * Nodes that may get a role, the best first: apart from those that share an anti-affinity name, then the preferred owners
 * in their order, then the most room (D, hyper-v.md 7.2).
 */
export function placesFor(world: World, cluster: Cluster, role: Role): Node[] {
  const { group } = role;
  return members(world)
    .filter((node) => mayGet(world, cluster, role, node))
    .map((node, index) => ({
      node,
      rank: [
        brokenRule(world, cluster, { group, to: node }) ? 1 : 0,
        conflicts(world, cluster, group, node),
        preference(group, node),
        -freeMemory(node),
        index,
      ],
    }))
    .sort((one, other) => compare(one.rank, other.rank))
    .map(({ node }) => node);
}

/** Ones that the cluster may choose by itself, where the machine's files are as well. */
function mayGet(world: World, cluster: Cluster, { group, machine, node: from }: Role, node: Node): boolean {
  const own = clusterNodeOf(cluster, node.name);
  return (
    own !== undefined &&
    !own.paused &&
    !own.avoidPlacement &&
    node.vmmsRunning &&
    isPossibleOwner(group, node) &&
    (node === from || localPaths(world, machine).length === 0)
  );
}

/** What keeps a role from coming online on a node: names that the cluster enforces, or a rule that is no wish. */
export function keptOut(
  world: World,
  cluster: Cluster,
  group: Group,
  to: Node | { node: Node; along?: readonly Group[] },
): { why: string; isRule: boolean } | undefined {
  const { node, along } = "node" in to ? to : { node: to };
  if (isEnforced(cluster) && conflicts(world, cluster, group, node) > 0)
    return { why: `${node.name} runs a role that it is to be kept apart from`, isRule: false };
  const broken = brokenRule(world, cluster, { group, to: node, along });
  return broken && !broken.soft ? { why: broken.why, isRule: true } : undefined;
}

/** How many roles run there that this one is to be kept apart from. */
export function conflicts(world: World, cluster: Cluster, group: Group, node: Node): number {
  return cluster.groups.filter((other) => {
    if (other === group || !other.antiAffinityClassNames.some((name) => hasClass(group, name))) return false;
    const located = locate(world, other.vmId);
    return located?.node === node && isActive(located.machine);
  }).length;
}

/** A conflict is a wish unless the cluster enforces it (D, hyper-v.md 7.2). */
export function isEnforced(cluster: Cluster): boolean {
  return numberOf(cluster.properties, clusterProperties, "ClusterEnforcedAntiAffinity") === 1;
}

export function preference({ preferredOwners }: Group, node: Node): number {
  const at = preferredOwners.findIndex((owner) => sameName(owner, node.name));
  return at < 0 ? preferredOwners.length : at;
}

function hasClass({ antiAffinityClassNames }: Group, name: string): boolean {
  return antiAffinityClassNames.some((own) => sameName(own, name));
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
