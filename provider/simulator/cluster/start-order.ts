import type { Running } from "../engine/cmdlet";
import { CallFailure } from "../engine/failure";
import type { Group } from "../world/world";
import { startMachine } from "./role-power";
import { clusterOf } from "./selection";
import { rolesIn, setsBefore, waitsForOthers } from "./set-order";
import { unsettle } from "./unsettle";

/** Brings up first what its set needs; what waits for others that do not come up comes online once they do. */
export function startRoleInOrder(call: Running, group: Group): void {
  const { world } = call;
  const cluster = clusterOf(call);
  for (const set of setsBefore(cluster, group)) for (const before of rolesIn(cluster, set)) tryToStart(call, before);
  if (waitsForOthers(world, cluster, group))
    Object.assign(group, { wantedOnline: true, statusInformation: "WaitingForDependencies" });
  else {
    if (group.statusInformation === "WaitingForDependencies") group.statusInformation = "0";
    startMachine(call, group);
  }
  // who waited for this one may come up now
  if (cluster.groups.some(({ statusInformation }) => statusInformation === "WaitingForDependencies")) unsettle(world);
}

/** A group that does not come up keeps only those back that wait for it. */
function tryToStart(call: Running, group: Group): void {
  try {
    startMachine(call, group);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    call.warn(error.message);
  }
}
