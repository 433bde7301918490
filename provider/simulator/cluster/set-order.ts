import type { Cluster, Group, GroupSet, World } from "../world/world";
import { unset } from "./property";
import { byPriority, stateOf } from "./role";

/** The sets that come before a group, those that come first of all first (D, S; hyper-v-host.md 12). */
export function setsBefore({ groupSets = [] }: Cluster, { id }: Group): GroupSet[] {
  const own = groupSets.find(({ groups }) => groups.includes(id));
  const found: GroupSet[] = [];
  const add = (set: GroupSet): void => {
    if (set === own || found.includes(set)) return;
    for (const provider of providersOf(groupSets, set)) add(provider);
    found.push(set);
  };
  if (own && !own.isGlobal) for (const set of groupSets) if (set.isGlobal) add(set);
  if (own) for (const provider of providersOf(groupSets, own)) add(provider);
  return found;
}

function providersOf(sets: readonly GroupSet[], { providers }: GroupSet): GroupSet[] {
  return sets.filter(({ name }) => providers.includes(name));
}

export function rolesIn({ groups: all }: Cluster, { groups: ids }: GroupSet): Group[] {
  return byPriority(all.filter(({ id }) => ids.includes(id)));
}

/** Roles with those before them first. */
export function inStartOrder(cluster: Cluster, groups: readonly Group[]): Group[] {
  const ordered: Group[] = [];
  const add = (group: Group): void => {
    if (ordered.includes(group)) return;
    for (const set of setsBefore(cluster, group))
      for (const before of rolesIn(cluster, set)) if (groups.includes(before) && before !== group) add(before);
    if (!ordered.includes(group)) ordered.push(group);
  };
  for (const group of groups) add(group);
  return ordered;
}

/** Whether a set that has to be online first is not: by its count, the majority of the nodes without one. */
export function waitsForOthers(world: World, cluster: Cluster, group: Group): boolean {
  return setsBefore(cluster, group).some((set) => {
    if (set.trigger !== "Online") return false;
    const roles = rolesIn(cluster, set);
    const wanted = set.count === unset ? Math.floor(cluster.nodes.length / 2) + 1 : set.count;
    const online = roles.filter((role) => stateOf(world, role) === "Online").length;
    return online < Math.min(wanted, roles.length);
  });
}
