import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { PlainGroup } from "../world/world";
import { type AnyGroup, allGroups, availableStorage, isCore, isRole } from "./any-group";
import { groupThing } from "./group-thing";
import { nameIsTaken } from "./names";
import { impliedMigration } from "./parameter-table";
import { movePlain, newPlainGroup, startPlain, stopPlain } from "./plain-group";
import { roleOf } from "./role";
import { moveMachines } from "./role-move";
import { stopMachine } from "./role-power";
import { clusterOf, codes, groupsOf, refuse, someGroups } from "./selection";
import { startRoleInOrder } from "./start-order";

export const clusterGroupCmdlets: Cmdlets = {
  "Get-ClusterGroup": (call) => (groupsOf(call) ?? allGroups(clusterOf(call))).map(groupThing),
  "Add-ClusterGroup": addGroups,
  "Remove-ClusterGroup": removeGroups,
  "Remove-VMFromCluster": removeGroups,
  "Start-ClusterGroup": (call) => each(call, startGroup),
  "Stop-ClusterGroup": (call) => each(call, stopGroup),
  "Move-ClusterGroup": moveGroups,
};

function each(call: Running, act: (call: Running, group: AnyGroup) => void): readonly Thing[] {
  const groups = someGroups(call);
  for (const group of groups) act(call, group);
  return groups.map(groupThing);
}

function startGroup(call: Running, group: AnyGroup): void {
  if (isRole(group)) startRoleInOrder(call, group);
  else startPlain(call, group);
}

function stopGroup(call: Running, group: AnyGroup): void {
  if (isRole(group)) stopMachine(call, group);
  else stopPlain(group);
}

function addGroups(call: Running): readonly Thing[] {
  const cluster = clusterOf(call);
  const names = call.texts("Name") ?? [];
  const type = given<string>(call, "GroupType") ?? "Unknown";
  for (const name of names)
    if (nameIsTaken(allGroups(cluster), name))
      refuse(call, `There is a cluster group '${name}' already`, codes.objectExists);
  return names.map((name) => {
    const group = newPlainGroup(call.world, cluster, name, type);
    cluster.plainGroups = [...(cluster.plainGroups ?? []), group];
    return groupThing(group);
  });
}

/** The machine stays registered, and runs on (hyper-v.md 7.2). */
function removeGroups(call: Running): undefined {
  const groups = someGroups(call);
  call.needsForce();
  const full = groups.find(({ resources }) => resources.length > 0);
  if (full && !call.flag("RemoveResources"))
    refuse(call, `The cluster group '${full.name}' has resources, and RemoveResources was not specified.`);
  for (const group of groups)
    if (!isRole(group) && isCore(group))
      refuse(call, `The cluster group '${group.name}' is one of the cluster's own`, codes.coreResource);
  for (const group of groups) {
    if (!isRole(group)) freeDisks(call, group);
    else {
      const role = roleOf(call.world, group);
      if (role) role.machine.groupId = null;
    }
  }
  forgetGroups(call, groups);
}

/** Disks of a group that goes are available storage again (K). */
function freeDisks(call: Running, group: PlainGroup): void {
  const storage = availableStorage(clusterOf(call));
  storage?.resources.push(...group.resources.filter(({ diskId }) => diskId !== undefined));
}

/** Sets and rules that had them have them no more. */
function forgetGroups(call: Running, groups: readonly AnyGroup[]): void {
  const cluster = clusterOf(call);
  const gone = new Set(groups.map(({ id }) => id));
  cluster.groups = cluster.groups.filter(({ id }) => !gone.has(id));
  if (cluster.plainGroups) cluster.plainGroups = cluster.plainGroups.filter(({ id }) => !gone.has(id));
  for (const node of cluster.nodes) node.drained = node.drained.filter((id) => !gone.has(id));
  for (const holder of [...(cluster.groupSets ?? []), ...(cluster.affinityRules ?? [])])
    holder.groups = holder.groups.filter((id) => !gone.has(id));
}

function moveGroups(call: Running): readonly Thing[] {
  const groups = someGroups(call);
  moveMachines(call, groups.filter(isRole), (group) => impliedMigration(call, group, "Quick"));
  for (const group of groups) if (!isRole(group)) movePlain(call, group);
  return groups.map(groupThing);
}
