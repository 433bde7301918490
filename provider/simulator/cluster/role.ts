import { sameName } from "../engine/names";
import { type Located, locate } from "../engine/thing";
import { type StartRefusal, start, stop, whyNotStart } from "../machine/start";
import { reconnect, transfer } from "../machine/virtual-machine-move";
import { isActive } from "../world/machine-state";
import type { Cluster, Group, Machine, Node, Resource, World } from "../world/world";
import { type AnyGroup, isRole } from "./any-group";
import { isMember } from "./membership";
import { between, numberOf, oneOf, type Properties, unset } from "./property";

/** A group with its machine, where that is. */
export interface Role extends Located {
  group: Group;
}

export const groupProperties: Properties = {
  Description: { default: "" },
  Priority: { default: 2000, wrong: oneOf(0, 1000, 2000, 3000) },
  AutoFailbackType: { default: 0, wrong: oneOf(0, 1) },
  FailbackWindowStart: { default: unset, wrong: between(0, 23, unset) },
  FailbackWindowEnd: { default: unset, wrong: between(0, 23, unset) },
  FailoverThreshold: { default: unset },
  FailoverPeriod: { default: 6, wrong: between(1, 1193) },
  ResiliencyPeriod: { default: 240 },
  ColdStartSetting: { default: 0 },
  PlacementOptions: { default: 0 },
  PreferredSite: { default: "" },
  FaultDomain: { default: 0 },
  UpdateDomain: { default: 0 },
};

export function groupNumber(group: AnyGroup, property: string): number {
  return numberOf(group.properties, groupProperties, property);
}

/** Undefined once the machine was removed under its role. */
export function roleOf(world: World, group: Group): Role | undefined {
  const located = locate(world, group.vmId);
  return located && { ...located, group };
}

export function groupOf(world: World, machine: Machine): Group | undefined {
  return world.cluster?.groups.find(({ id }) => id === machine.groupId);
}

export function ownerOf(world: World, group: AnyGroup): string {
  return (isRole(group) ? locate(world, group.vmId)?.node.name : undefined) ?? group.ownerNode;
}

export type GroupState = "Online" | "Failed" | "PartialOnline" | "Pending" | "Offline";

/** Offline is off or saved, PartialOnline the configuration without its machine (hyper-v.md 7.3). */
export function stateOf(world: World, group: Group): GroupState {
  const role = roleOf(world, group);
  if (role && isActive(role.machine) && isMember(role.node)) return "Online";
  if (group.failed) return "Failed";
  if (group.statusInformation === "WaitingForDependencies") return "Pending";
  return group.configurationOnline ? "PartialOnline" : "Offline";
}

export function resourceOf(group: Group, type: Resource["type"]): Resource | undefined {
  return group.resources.find((resource) => resource.type === type);
}

export function isPossibleOwner(group: AnyGroup, node: Node): boolean {
  return group.resources.every(
    ({ possibleOwners }) => possibleOwners?.some((owner) => sameName(owner, node.name)) ?? true,
  );
}

export function clusterNodeOf(cluster: Cluster, name: string): Cluster["nodes"][number] | undefined {
  return cluster.nodes.find((node) => sameName(node.name, name));
}

/** High before low, then as they were made. */
export function byPriority(groups: readonly Group[]): Group[] {
  return [...groups].sort((one, other) => groupNumber(other, "Priority") - groupNumber(one, "Priority"));
}

/** Takes a role to another node as it is. */
export function rehome({ group, node, machine }: Role, to: Node): void {
  if (node !== to) transfer(node, to, machine);
  group.ownerNode = to.name;
}

/** Why the machine would not start on a node that it may not be on yet. */
export function whyNotStartOn(world: World, { node, machine }: Role, to: Node): StartRefusal | undefined {
  if (node === to) return whyNotStart(world, node, machine);
  const there = structuredClone(machine);
  reconnect(node, to, there);
  return whyNotStart(world, to, there);
}

/** Starts the machine where it is; false when it cannot, which leaves the role failed. */
export function startRole(world: World, { group, node, machine }: Role): boolean {
  const started = whyNotStart(world, node, machine) === undefined && start(world, node, machine);
  if (!started) group.failed = true;
  return started;
}

/** The machine stops with its node or its cluster, and its role remembers that it ran: the answer is that role. */
export function drop(world: World, node: Node, machine: Machine): Group | undefined {
  if (!isActive(machine)) return undefined;
  const group = groupOf(world, machine);
  const wantedOnline = group?.wantedOnline ?? false;
  stop(world, node, machine);
  if (group) group.wantedOnline = wantedOnline;
  return group;
}
