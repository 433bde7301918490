import type { Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import { refuseUnknownToBuild } from "../engine/versions";
import type { Cluster, Group, Node } from "../world/world";
import { companionsOf } from "./affinity";
import type { Migration } from "./migration";
import { type Move, moveRole, otherPlace, whyNotMove } from "./move";
import { clusterNodeOf, type Role } from "./role";
import { requireRole } from "./role-power";
import { clusterOf, codes, memberNamed, refuse } from "./selection";

/** To the node that is named, or to the best other one; all moves are looked at before the first is made. */
export function moveMachines(call: Running, groups: readonly Group[], migrationOf: (group: Group) => Migration): void {
  refuseUnknownToBuild(call);
  const cluster = clusterOf(call);
  const name = given<string>(call, "Node");
  const target = name === undefined ? undefined : memberNamed(call, name).node;
  const ignoresRules = call.flag("IgnoreAffinityRule");
  const wanted = groups.map((group): Move => {
    const role = requireRole(call, group);
    const migration = migrationOf(group);
    return { role, migration, to: target ?? otherNode(call, cluster, role, migration), ignoresRules };
  });
  const moves = ignoresRules ? wanted : withCompanions(call, wanted, migrationOf);
  for (const move of moves) requireMove(call, cluster, { ...move, along: moves.map(({ role }) => role.group) });
  for (const move of moves) {
    const { role, to } = move;
    if (to === role.node) continue;
    role.group.defaultOwner = clusterNodeOf(cluster, to.name)?.id ?? 0;
    if (!moveRole(call.world, move))
      refuse(call, `The clustered role '${role.group.name}' did not come online on ${to.name}`, 0x80004005);
  }
}

/** A move that keeps the rules of being together takes the others along (D, hyper-v-host.md 13). */
function withCompanions(call: Running, moves: readonly Move[], migrationOf: (group: Group) => Migration): Move[] {
  const all = [...moves];
  for (const { role, to } of moves)
    for (const group of companionsOf(call.world, clusterOf(call), role.group, to)) {
      if (all.some((move) => move.role.group === group)) continue;
      all.push({ role: requireRole(call, group), migration: migrationOf(group), to });
    }
  return all;
}

function otherNode(call: Running, cluster: Cluster, role: Role, migration: Migration): Node {
  const to = otherPlace(call.world, cluster, role, migration);
  if (!to) refuse(call, `There is no other node for the clustered role '${role.group.name}'`, codes.nodeNotAvailable);
  return to;
}

function requireMove(call: Running, cluster: Cluster, move: Move): void {
  const { role, to } = move;
  if (to === role.node) return;
  const refusal = whyNotMove(call.world, cluster, move);
  if (refusal)
    refuse(
      call,
      `An error occurred while moving the clustered role '${role.group.name}'. ${refusal.message}`,
      refusal.code,
    );
  if (!move.ignoresRules) return;
  const broken = whyNotMove(call.world, cluster, { ...move, ignoresRules: false });
  if (broken) call.warn(`The clustered role '${role.group.name}' moves against a rule. ${broken.message}`);
}
