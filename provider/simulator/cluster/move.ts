import { answers } from "../devices/integration-service";
import { stop } from "../machine/start";
import { localPaths, whyNotOn } from "../machine/virtual-machine-move";
import { assignedBytes, enterState, freeMemory, isActive } from "../world/machine-state";
import type { Cluster, Group, Node, World } from "../world/world";
import { companionsOf } from "./affinity";
import { isMember } from "./membership";
import type { Migration } from "./migration";
import { parameterOf } from "./parameter-table";
import { keptOut, placesFor } from "./placement";
import { clusterNodeOf, isPossibleOwner, type Role, rehome, roleOf, startRole } from "./role";

export interface MoveRefusal {
  message: string;
  /** A Win32 error of the cluster, or a whole HRESULT. */
  code?: number;
}

/** A role on its way to a node. */
export interface Move {
  role: Role;
  to: Node;
  migration: Migration;
  /** Roles that go there with it; without a word those of its node that rules keep with it. */
  along?: readonly Group[];
  ignoresRules?: boolean;
}

/** Everything that keeps a role from a node, looked at before anything moves (hyper-v.md 7.3, 7.7). */
export function whyNotMove(world: World, cluster: Cluster, move: Move): MoveRefusal | undefined {
  const { role, to, migration } = move;
  const active = isActive(role.machine);
  return (
    targetRefusal(cluster, role, to) ??
    (migration === "Live" && !active
      ? { message: "The group or resource is not in the correct state to perform the requested operation", code: 5023 }
      : undefined) ??
    fileRefusal(world, role) ??
    (active ? runningRefusal(world, cluster, move) : undefined)
  );
}

function targetRefusal(cluster: Cluster, { group, node: from }: Role, to: Node): MoveRefusal | undefined {
  if (!isMember(to)) return { message: `The cluster node ${to.name} is down`, code: 5050 };
  if (clusterNodeOf(cluster, to.name)?.paused)
    return { message: `The cluster node ${to.name} is paused and not available for this operation`, code: 5036 };
  if (!isPossibleOwner(group, to))
    return { message: `The node ${to.name} is not a possible owner of the group`, code: 5016 };
  if (!to.vmmsRunning || !from.vmmsRunning)
    return { message: "The Virtual Machine Management service does not answer", code: 0x800706ba };
  return undefined;
}

function fileRefusal(world: World, { machine }: Role): MoveRefusal | undefined {
  const [local] = localPaths(world, machine);
  if (local === undefined) return undefined;
  const isMedium = machine.drives.some(({ kind, path }) => kind === "Dvd" && path === local);
  return {
    message: `'${local}' is not on storage that every node sees`,
    code: isMedium ? 0xc03a0014 : 5945,
  };
}

function runningRefusal(
  world: World,
  cluster: Cluster,
  { role, to, migration, along, ignoresRules }: Move,
): MoveRefusal | undefined {
  const { group, machine, node: from } = role;
  if (assignedBytes(machine) > freeMemory(to))
    return { message: `There is not enough memory on ${to.name}`, code: 0x8007000e };
  const way = migration === "Live" ? liveRefusal(world, cluster) : undefined;
  if (way) return way;
  const why = whyNotOn(world, to, machine);
  if (why !== undefined) return { message: why };
  const { tpmEnabled, keyProtector, guardianNode } = machine.security;
  if (tpmEnabled && keyProtector === "local" && guardianNode !== to.name)
    return { message: `${to.name} does not have the certificates of the machine's key protector` };
  const together = along ?? companionsOf(world, cluster, group, to).filter((one) => roleOf(world, one)?.node === from);
  const apart = keptOut(world, cluster, group, { node: to, along: together });
  if (apart && !(apart.isRule && ignoresRules)) return { message: apart.why };
  const asks = migration === "Shutdown" || migration === "ShutdownForce";
  if (asks && (!answers(machine, "Shutdown") || (machine.guest.locked && migration === "Shutdown")))
    return { message: "The guest does not shut down", code: 5023 };
  return undefined;
}

/** A running machine goes over a network that is not excluded, and as somebody whom both nodes know (D, R; hyper-v.md 7.3, hyper-v-host.md 8.1, 11). */
function liveRefusal(world: World, cluster: Cluster): MoveRefusal | undefined {
  const { domain, session, delegation, nodes } = world;
  if (session === "remote" && delegation === "none")
    return { message: "No credentials are available in the security package", code: 0x8009030e };
  if (domain === null && nodes.some(({ windowsBuild }) => windowsBuild < 26100))
    return { message: "Live migration needs a domain, or Windows Server 2025", code: 0x8009030e };
  const excluded = String(parameterOf(cluster, "Virtual Machine", "MigrationExcludeNetworks") ?? "").split(";");
  const { networks = [] } = cluster;
  if (networks.length > 0 && networks.every(({ id }) => excluded.includes(id)))
    return { message: "There is no network for live migrations", code: 0x8007274d };
  return undefined;
}

/** Moves a role that may. False when its machine did not come up there again. */
export function moveRole(world: World, { role, to, migration }: Move): boolean {
  if (migration === "Live" || !isActive(role.machine)) {
    rehome(role, to);
    return true;
  }
  if (migration === "Quick") enterState(world, role.machine, "Saved");
  else stop(world, role.node, role.machine);
  rehome(role, to);
  return startRole(world, { ...role, node: to });
}

/** The best other node that the role may go to. */
export function otherPlace(world: World, cluster: Cluster, role: Role, migration: Migration): Node | undefined {
  return placesFor(world, cluster, role).find(
    (node) => node !== role.node && whyNotMove(world, cluster, { role, to: node, migration }) === undefined,
  );
}
