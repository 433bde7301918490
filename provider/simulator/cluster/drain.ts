import type { Running } from "../engine/cmdlet";
import { stop } from "../machine/start";
import { isActive } from "../world/machine-state";
import type { Cluster, Node } from "../world/world";
import { members } from "./membership";
import type { Migration } from "./migration";
import { moveRole, otherPlace, whyNotMove } from "./move";
import { parameterOf } from "./parameter-table";
import { otherOwner } from "./plain-group";
import { byPriority, clusterNodeOf, groupNumber, type Role, rehome, roleOf } from "./role";
import { clusterOf, type Member } from "./selection";
import { ownerOfVolume } from "./shared-volume-thing";

/** Takes the roles away in the order of their priority; what cannot go stays as it is, and the drain has failed (D, hyper-v.md 7.3). */
export function drain(call: Running, { own, node }: Member, target: Node | undefined): void {
  const cluster = clusterOf(call);
  own.drainStatus = "Completed";
  for (const group of byPriority(cluster.groups)) {
    const role = roleOf(call.world, group);
    if (role?.node !== node) continue;
    if (drainRole(call, cluster, role, target)) own.drained.push(group.id);
    else own.drainStatus = "Failed";
  }
  movePlainAway(call, own.name, target);
  if (own.drainStatus === "Failed") call.warn(`The drain of node '${own.name}' did not move all roles.`);
}

/** What has no machine, and volumes' owners, go to a node that is not paused. */
function movePlainAway({ world }: Running, from: string, target: Node | undefined): void {
  const { cluster } = world;
  if (!cluster) return;
  for (const group of cluster.plainGroups ?? [])
    if (group.ownerNode === from) group.ownerNode = target?.name ?? otherOwner(world, cluster, group) ?? from;
  const [another] = members(world).filter(({ name }) => !clusterNodeOf(cluster, name)?.paused);
  for (const volume of cluster.sharedVolumes)
    if (ownerOfVolume(world, volume) === from) volume.ownerNode = target?.name ?? another?.name ?? from;
}

function drainRole({ world }: Running, cluster: Cluster, role: Role, target: Node | undefined): boolean {
  const migration = drainMigration(cluster, role);
  const to = target ?? otherPlace(world, cluster, role, migration);
  if (!to || whyNotMove(world, cluster, { role, to, migration }) !== undefined) return false;
  if (migration !== "TurnOff") return moveRole(world, { role, to, migration });
  if (isActive(role.machine)) stop(world, role.node, role.machine);
  rehome(role, to);
  return true;
}

/** Live from the threshold of the type of resource on, below it saved and resumed, and turned off at 0 (D, hyper-v.md 7.3). */
function drainMigration(cluster: Cluster, { group, machine }: Role): Migration {
  const priority = groupNumber(group, "Priority");
  if (priority === 0) return "TurnOff";
  const threshold = Number(parameterOf(cluster, "Virtual Machine", "MoveTypeThreshold"));
  return isActive(machine) && priority >= threshold ? "Live" : "Quick";
}

/** What was drained from a node, to it again. */
export function bringBack(call: Running, node: Node, drained: readonly string[]): void {
  const cluster = clusterOf(call);
  for (const group of byPriority(cluster.groups.filter(({ id }) => drained.includes(id)))) {
    const role = roleOf(call.world, group);
    if (!role || role.node === node) continue;
    // off since its drain, unless somebody has started it there
    const wanted = drainMigration(cluster, role);
    const migration = wanted === "TurnOff" ? "Quick" : wanted;
    const move = { role, to: node, migration };
    if (whyNotMove(call.world, cluster, move) === undefined) moveRole(call.world, move);
  }
}
