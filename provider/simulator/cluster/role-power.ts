import type { Running } from "../engine/cmdlet";
import { refuseUnknownToBuild } from "../engine/versions";
import { stop } from "../machine/start";
import { enterState, isActive } from "../world/machine-state";
import type { Group } from "../world/world";
import { isMember } from "./membership";
import { offlineAction } from "./parameter-table";
import { keptOut, placesFor } from "./placement";
import { type Role, rehome, roleOf, startRole, stateOf, whyNotStartOn } from "./role";
import { clusterOf, codes, refuse } from "./selection";

/** On its owner, or with `-ChooseBestNode` on the best; what does not start leaves the role failed (recorded, hyper-v.md 7.7). */
export function startMachine(call: Running, group: Group): void {
  const { world } = call;
  refuseUnknownToBuild(call);
  if (stateOf(world, group) === "Online") return;
  const cluster = clusterOf(call);
  const role = requireRole(call, group);
  const best = call.flag("ChooseBestNode") ? placesFor(world, cluster, role)[0] : undefined;
  const node = best ?? role.node;
  const apart = keptOut(world, cluster, group, node);
  if (apart !== undefined && !(apart.isRule && call.flag("IgnoreAffinityRule")))
    refuse(call, `'${group.name}' cannot come online on ${node.name}: ${apart.why}`, codes.invalidState);
  if (apart) call.warn(`'${group.name}' comes online against a rule: ${apart.why}`);
  const why = whyNotStartOn(world, role, node);
  rehome(role, node);
  group.failures = 0;
  if (why === undefined && startRole(world, { ...role, node })) return;
  Object.assign(group, { failed: true, wantedOnline: true });
  refuse(call, `The cluster group '${group.name}' failed to come online. ${why?.message ?? ""}`, 0x80004005);
}

/** By the offline action of the machine's resource, which is to save (D, hyper-v.md 7.3). */
export function stopMachine(call: Running, group: Group): void {
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
