import { sameName } from "../engine/names";
import { locate } from "../engine/thing";
import { isActive } from "../world/machine-state";
import type { AffinityRule, Cluster, Group, Node, World } from "../world/world";
import { siteOf } from "./fault-domain-tree";

/** Rules that are on and have the group (D, hyper-v-host.md 13). */
function rulesOf({ affinityRules = [] }: Cluster, { id }: Group): AffinityRule[] {
  return affinityRules.filter(({ enabled, groups }) => enabled && groups.includes(id));
}

/** Why a rule keeps a group from a node; `along` are the groups that go there with it. */
export function brokenRule(
  world: World,
  cluster: Cluster,
  { group, to, along = [] }: { group: Group; to: Node; along?: readonly Group[] },
): { why: string; soft: boolean } | undefined {
  for (const rule of rulesOf(cluster, group)) {
    const isApart = rule.type === "DifferentNode" || rule.type === "DifferentFaultDomain";
    for (const other of placesOf(world, cluster, rule)) {
      if (other.id === group.id) continue;
      const node = along.some(({ id }) => id === other.id) ? to : other.node;
      const together = rule.type.endsWith("Node") ? node === to : siteOf(cluster, node) === siteOf(cluster, to);
      if (together === isApart)
        return { why: `the rule '${rule.name}' is about '${other.name}' on ${node.name}`, soft: isApart && rule.soft };
    }
  }
  return undefined;
}

interface Place {
  id: string;
  name: string;
  node: Node;
}

/** Where those that a rule names are: roles that run, and shared volumes, at the node that coordinates them. */
function placesOf(world: World, cluster: Cluster, { groups: ids }: AffinityRule): Place[] {
  const roles = cluster.groups.flatMap(({ id, name, vmId }): Place[] => {
    const located = ids.includes(id) ? locate(world, vmId) : undefined;
    return located && isActive(located.machine) ? [{ id, name, node: located.node }] : [];
  });
  const volumes = cluster.sharedVolumes.flatMap(({ id = "", name, ownerNode }): Place[] => {
    const node = ids.includes(id) ? world.nodes.find((one) => sameName(one.name, ownerNode ?? "")) : undefined;
    return node ? [{ id, name, node }] : [];
  });
  return [...roles, ...volumes];
}

/** Roles that are to be where this one is, and would not be after its move; those that they take along too. */
export function companionsOf(world: World, cluster: Cluster, first: Group, to: Node): Group[] {
  const found: Group[] = [first];
  for (const group of found)
    for (const rule of rulesOf(cluster, group)) {
      if (!rule.type.startsWith("Same")) continue;
      for (const other of cluster.groups) {
        if (found.includes(other) || !rule.groups.includes(other.id)) continue;
        const node = locate(world, other.vmId)?.node;
        const isFar = rule.type === "SameNode" ? node !== to : node && siteOf(cluster, node) !== siteOf(cluster, to);
        if (isFar) found.push(other);
      }
    }
  return found.slice(1);
}
