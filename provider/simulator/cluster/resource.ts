import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Group } from "../world/world";
import { isCore, isOfRole, isRole, type Owned, type PlainOwned, resourcesIn } from "./any-group";
import { nameIsTaken } from "./names";
import { startPlainResource, stopPlainResource } from "./plain-group";
import { newPlainResource } from "./plain-resource";
import { resourceThing } from "./resource-thing";
import { resourceTypeNamed } from "./resource-type";
import { roleOf, stateOf } from "./role";
import { requireRole, stopMachine } from "./role-power";
import { allResources, clusterOf, codes, groupNamed, noObject, refuse, resourcesOf, someGroups } from "./selection";
import { startRoleInOrder } from "./start-order";

export const clusterResourceCmdlets: Cmdlets = {
  "Get-ClusterResource": (call) => (resourcesOf(call) ?? allResources(call)).map(resourceThing),
  "Add-ClusterResource": addResource,
  "Remove-ClusterResource": removeResources,
  "Start-ClusterResource": (call) => each(call, start),
  "Stop-ClusterResource": (call) => each(call, stop),
  "Move-ClusterResource": moveResources,
};

function each(call: Running, act: (call: Running, owned: Owned) => void): readonly Thing[] {
  const owned = resourcesOf(call) ?? noObject(call);
  for (const one of owned) act(call, one);
  return owned.map(resourceThing);
}

function start(call: Running, owned: Owned): void {
  if (!isOfRole(owned)) startPlainResource(call, owned);
  else if (owned.resource.type === "Virtual Machine") startRoleInOrder(call, owned.group);
  else open(call, owned.group);
}

/** A machine depends on its configuration, not the other way round. */
function stop(call: Running, owned: Owned): void {
  if (!isOfRole(owned)) stopPlainResource(owned);
  else if (owned.resource.type === "Virtual Machine") leaveOpen(call, owned.group);
  else stopMachine(call, owned.group);
}

/** The configuration alone: the group is partially online then. */
function open(call: Running, group: Group): void {
  if (stateOf(call.world, group) === "Online") return;
  requireRole(call, group);
  group.configurationOnline = true;
}

function leaveOpen(call: Running, group: Group): void {
  const wasOpen = stateOf(call.world, group) === "Online" || group.configurationOnline;
  stopMachine(call, group);
  group.configurationOnline = wasOpen;
}

/** In a group that somebody made; it is offline until it is started. */
function addResource(call: Running): readonly Thing[] {
  const name = call.text("Name") ?? "";
  const type = resourceTypeNamed(call.text("ResourceType") ?? "");
  if (type === undefined)
    refuse(
      call,
      `The cluster resource type '${call.text("ResourceType")}' could not be found`,
      codes.resourceTypeNotFound,
    );
  const groupName = given<string>(call, "Group");
  const [group] = groupName === undefined ? someGroups(call) : [groupNamed(call, groupName)];
  if (!group) noObject(call);
  if (
    nameIsTaken(
      allResources(call).map(({ resource }) => resource),
      name,
    )
  )
    refuse(call, `There is a cluster resource '${name}' already`, codes.objectExists);
  if (isRole(group)) refuse(call, `'${group.name}' is the group of a virtual machine`, codes.invalidParameter);
  const resource = newPlainResource(call.world, name, type);
  group.resources.push(resource);
  return [resourceThing({ group, resource })];
}

/** A disk is free for Windows then, its data stay (D, hyper-v-host.md 10). */
function removeResources(call: Running): undefined {
  const owned = resourcesOf(call) ?? noObject(call);
  call.needsForce();
  for (const one of owned) requireRemovable(call, one, owned);
  for (const one of owned) {
    if (!isOfRole(one)) one.group.resources = one.group.resources.filter((resource) => resource !== one.resource);
    else {
      one.group.resources = one.group.resources.filter((resource) => resource !== one.resource);
      const role = roleOf(call.world, one.group);
      if (role && one.resource.type === "Virtual Machine") role.machine.groupId = null;
    }
  }
}

function requireRemovable(call: Running, { group, resource }: Owned, removed: readonly Owned[]): void {
  const cluster = clusterOf(call);
  const isOwn = !isRole(group) && group.type === "Cluster";
  if (resource.id === cluster.witness)
    refuse(call, `The cluster resource '${resource.name}' is the quorum resource`, codes.quorumResource);
  if (isOwn && isCore(group))
    refuse(call, `'${resource.name}' is one of the cluster's own resources`, codes.coreResource);
  const dependent = resourcesIn(group).find(
    (other) =>
      "dependsOn" in other.resource &&
      other.resource.dependsOn.includes(resource.id) &&
      removed.every((one) => one.resource !== other.resource),
  );
  if (dependent) refuse(call, `'${dependent.resource.name}' depends on '${resource.name}'`, codes.dependentExists);
}

/** To another group; what depends on each other stays together. */
function moveResources(call: Running): readonly Thing[] {
  const target = groupNamed(call, call.text("Group") ?? "");
  const owned = resourcesOf(call) ?? noObject(call);
  if (isRole(target)) refuse(call, `'${target.name}' is the group of a virtual machine`, codes.invalidParameter);
  const moved = owned.map((one) => {
    if (isOfRole(one)) refuse(call, `'${one.resource.name}' belongs to its virtual machine`, codes.invalidParameter);
    requireRemovable(call, one, owned);
    return one;
  });
  for (const { group, resource } of moved) {
    if (group === target) continue;
    group.resources = group.resources.filter((other) => other !== resource);
    target.resources.push(resource);
  }
  return moved.map(({ resource }: PlainOwned) => resourceThing({ group: target, resource }));
}
