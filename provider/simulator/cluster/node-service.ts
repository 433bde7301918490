import type { Node, World } from "../world/world";
import { settle } from "./failover";
import { isClusterNode } from "./membership";
import { drop } from "./role";
import { unsettle } from "./unsettle";

/** A node dies: what ran there is off, and nothing on it answers. */
export function failNode(world: World, node: Node): void {
  if (!node.up) return;
  node.up = false;
  for (const machine of node.machines) {
    const group = drop(world, node, machine);
    if (group) group.failures += 1;
  }
  dismount(world, node);
  unsettle(world);
}

/** A node comes back with its services. What happened before it is over by then. */
export function returnNode(world: World, node: Node): void {
  if (node.up) return;
  settle(world);
  Object.assign(node, { up: true, vmmsRunning: true, clusterServiceRunning: isClusterNode(world, node) });
  join(world, node);
}

export function stopService(world: World, node: Node, service: "vmms" | "clussvc"): void {
  if (service === "vmms") node.vmmsRunning = false;
  else stopClusterService(world, node);
}

export function startService(world: World, node: Node, service: "vmms" | "clussvc"): void {
  if (service === "vmms") node.vmmsRunning = true;
  else startClusterService(world, node);
}

/** The node's roles leave it, which is no failure of theirs; what is no role runs on. */
export function stopClusterService(world: World, node: Node): void {
  if (!node.clusterServiceRunning) return;
  node.clusterServiceRunning = false;
  for (const machine of node.machines) if (machine.groupId !== null) drop(world, node, machine);
  unsettle(world);
}

export function startClusterService(world: World, node: Node): void {
  if (node.clusterServiceRunning || !isClusterNode(world, node)) return;
  settle(world);
  node.clusterServiceRunning = true;
  join(world, node);
}

function join(world: World, node: Node): void {
  unsettle(world);
  settle(world, node);
}

/** A disk that was mounted on the host is not after a restart (K). */
function dismount(world: World, node: Node): void {
  for (const { vhd } of [...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})])
    if (vhd?.mountedOn === node.name) Object.assign(vhd, { diskNumber: null, mountedOn: null, mountedReadOnly: false });
}
