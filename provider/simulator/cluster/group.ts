import type { Cmdlets, Running } from "../engine/cmdlet";
import { convert } from "../engine/conversion";
import { sameName } from "../engine/names";
import { conversionOf } from "../engine/parameter-type";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import { stop } from "../machine/start";
import { enterState, isActive } from "../world/machine-state";
import type { Cluster, Group, Node } from "../world/world";
import type { Assigning } from "./assigning";
import { clusterThing } from "./cluster";
import { isMember, requireCluster } from "./membership";
import type { Migration } from "./migration";
import { moveRole, otherPlace, whyNotMove } from "./move";
import { nodeThing } from "./node";
import { impliedMigration, offlineAction } from "./parameter";
import { conflicts, isEnforced, placesFor } from "./placement";
import { assignProperty, refusedValue, viewOf } from "./property";
import {
  clusterNodeOf,
  groupProperties,
  ownerOf,
  type Role,
  rehome,
  roleOf,
  startRole,
  stateOf,
  whyNotStartOn,
} from "./role";
import { clusterOf, codes, groupsOf, memberNamed, refuse, someGroups } from "./selection";

export const clusterGroupCmdlets: Cmdlets = {
  "Get-ClusterGroup": (call) => (groupsOf(call) ?? clusterOf(call).groups).map(groupThing),
  "Remove-ClusterGroup": removeGroups,
  "Remove-VMFromCluster": removeGroups,
  "Start-ClusterGroup": (call) => each(call, bringOnline),
  "Stop-ClusterGroup": (call) => each(call, takeOffline),
  "Move-ClusterGroup": (call) => moveGroups(call, (group) => impliedMigration(call, group, "Quick")),
};

function each(call: Running, act: (call: Running, group: Group) => void): readonly Thing[] {
  const groups = someGroups(call);
  for (const group of groups) act(call, group);
  return groups.map(groupThing);
}

/** The machine stays registered, and runs on (hyper-v.md 7.2). */
function removeGroups(call: Running): undefined {
  const cluster = clusterOf(call);
  const groups = someGroups(call);
  call.needsForce();
  const full = groups.find(({ resources }) => resources.length > 0);
  if (full && !call.flag("RemoveResources"))
    refuse(call, `The cluster group '${full.name}' has resources, and RemoveResources was not specified.`);
  for (const group of groups) {
    const role = roleOf(call.world, group);
    if (role) role.machine.groupId = null;
  }
  cluster.groups = cluster.groups.filter((group) => !groups.includes(group));
  for (const node of cluster.nodes)
    node.drained = node.drained.filter((id) => groups.every((group) => group.id !== id));
}

/** On its owner, or with `-ChooseBestNode` on the best; what does not start leaves the role failed (recorded, hyper-v.md 7.7). */
export function bringOnline(call: Running, group: Group): void {
  const { world } = call;
  if (stateOf(world, group) === "Online") return;
  const cluster = clusterOf(call);
  const role = requireRole(call, group);
  const best = call.flag("ChooseBestNode") ? placesFor(world, cluster, role)[0] : undefined;
  const node = best ?? role.node;
  if (isEnforced(cluster) && conflicts(world, cluster, group, node) > 0)
    refuse(call, `${node.name} runs a role that '${group.name}' is to be kept apart from`, codes.invalidState);
  const why = whyNotStartOn(world, role, node);
  rehome(role, node);
  group.failures = 0;
  if (why === undefined && startRole(world, { ...role, node })) return;
  Object.assign(group, { failed: true, wantedOnline: true });
  refuse(call, `The cluster group '${group.name}' failed to come online. ${why?.message ?? ""}`, 0x80004005);
}

/** By the offline action of the machine's resource, which is to save (D, hyper-v.md 7.3). */
export function takeOffline(call: Running, group: Group): void {
  const role = roleOf(call.world, group);
  if (role && isActive(role.machine)) {
    requireRole(call, group);
    // a guest that does not shut down in time is turned off (K)
    if (offlineAction(group) === 1) enterState(call.world, role.machine, "Saved");
    else stop(call.world, role.node, role.machine);
  }
  Object.assign(group, { failed: false, wantedOnline: false, configurationOnline: false, statusInformation: "0" });
}

/** The machine, on a node that can do something about it. */
export function requireRole(call: Running, group: Group): Role {
  const role = roleOf(call.world, group);
  if (!role) refuse(call, `The virtual machine of '${group.name}' could not be found`, 0x80004005);
  if (!isMember(role.node)) refuse(call, `The cluster node '${role.node.name}' is down`, codes.nodeDown);
  if (!role.node.vmmsRunning)
    refuse(call, `The Virtual Machine Management service of '${role.node.name}' does not answer`, 0x80004005);
  return role;
}

/** To the node that is named, or to the best other one; all moves are looked at before the first is made. */
export function moveGroups(call: Running, migrationOf: (group: Group) => Migration): readonly Thing[] {
  const cluster = clusterOf(call);
  const groups = someGroups(call);
  const name = given<string>(call, "Node");
  const target = name === undefined ? undefined : memberNamed(call, name).node;
  const moves = groups.map((group) => {
    const role = requireRole(call, group);
    const migration = migrationOf(group);
    return { role, migration, to: target ?? otherNode(call, cluster, role, migration) };
  });
  for (const { role, migration, to } of moves) requireMove(call, cluster, role, to, migration);
  for (const { role, migration, to } of moves) {
    if (to === role.node) continue;
    role.group.defaultOwner = clusterNodeOf(cluster, to.name)?.id ?? 0;
    if (!moveRole(call.world, role, to, migration))
      refuse(call, `The clustered role '${role.group.name}' did not come online on ${to.name}`, 0x80004005);
  }
  return groups.map(groupThing);
}

function otherNode(call: Running, cluster: Cluster, role: Role, migration: Migration): Node {
  const to = otherPlace(call.world, cluster, role, migration);
  if (!to) refuse(call, `There is no other node for the clustered role '${role.group.name}'`, codes.nodeNotAvailable);
  return to;
}

function requireMove(call: Running, cluster: Cluster, role: Role, to: Node, migration: Migration): void {
  if (to === role.node) return;
  const refusal = whyNotMove(call.world, cluster, role, to, migration);
  if (refusal)
    refuse(
      call,
      `An error occurred while moving the clustered role '${role.group.name}'. ${refusal.message}`,
      refusal.code,
    );
}

export function groupThing({ id, vmId, name }: Group): Thing {
  return new Thing(
    "ClusterGroup",
    `ClusterGroup:${id}`,
    { Id: id, VMId: vmId },
    (world) => {
      const { cluster } = world;
      const group = cluster?.groups.find((candidate) => candidate.id === id);
      if (!cluster || !group) return undefined;
      const owner = clusterNodeOf(cluster, ownerOf(world, group));
      return {
        ...viewOf(group.properties, groupProperties),
        Id: id,
        Name: group.name,
        Cluster: () => clusterThing(cluster),
        GroupType: "VirtualMachine",
        IsCoreGroup: false,
        OwnerNode: () => owner && nodeThing(owner),
        DefaultOwner: group.defaultOwner,
        AntiAffinityClassNames: group.antiAffinityClassNames,
        LockedFromMoving: 0,
        PersistentState: group.wantedOnline ? 1 : 0,
        State: stateOf(world, group),
        StatusInformation: group.statusInformation,
      };
    },
    name,
  );
}

/** There is no Set cmdlet for groups: an assignment commits at once (S, hyper-v.md 7.1). */
export function assignGroup({ world, node, target, property, value }: Assigning): void {
  const cluster = requireCluster(world, node, "");
  const group = cluster.groups.find(({ id }) => id === target.identity.Id);
  if (!group) throw refusedValue(property, "The group could not be found.", 0x80071395);
  assignProperty({
    type: "ClusterGroup",
    property,
    value,
    set: group.properties,
    properties: groupProperties,
    others: {
      Name: (name) => {
        group.name = freeName(property, name, cluster.groups, group);
      },
      AntiAffinityClassNames: (names) => {
        group.antiAffinityClassNames = collection(property, names);
      },
    },
  });
}

/** A name that no other object of its kind has (D, hyper-v.md 7.2). */
export function freeName<Named extends { name: string }>(
  property: string,
  value: unknown,
  all: readonly Named[],
  own: Named,
): string {
  const converted = convert(conversionOf("string"), value);
  const name = converted.ok && typeof converted.value === "string" ? converted.value.trim() : "";
  if (name === "") throw refusedValue(property, "A name cannot be empty.");
  if (all.some((other) => other !== own && sameName(other.name, name)))
    throw refusedValue(property, `The name '${name}' is in use.`, 0x80071392);
  return name;
}

/** A StringCollection, of a list or of one text; without empty ones, so that `""` clears it. */
function collection(property: string, value: unknown): string[] {
  const converted = convert(conversionOf("StringCollection"), value);
  if (!converted.ok) throw refusedValue(property, "It is no collection of strings.");
  const texts: unknown[] = Array.isArray(converted.value) ? converted.value : [];
  return texts.filter((text) => typeof text === "string").filter((text) => text !== "");
}
