import { signed } from "../engine/hresult";
import { assignMacAddresses, bootAddresses } from "../network/network-adapter";
import { disksOf } from "../storage/checkpoint-files";
import { findFile, pathKey } from "../storage/file-system";
import { write } from "../storage/virtual-hard-disk";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { conflictOf } from "../storage/virtual-hard-disk-holders";
import { enterState, freeMemory, notEnoughMemory } from "../world/machine-state";
import type { Machine, Node, World } from "../world/world";
import { removeAutomaticCheckpoints, takeCheckpoint } from "./checkpoint";
import { sharedDisk } from "./shared-disk";

/** Why a machine cannot start on a node, as the error that says so. */
export interface StartRefusal {
  errorId: "OutOfMemory" | "OperationFailed";
  category: string;
  message: string;
  hresult?: number;
}

/** Looks at everything that a start takes (hyper-v.md 2.9); `memory` is what is left of the node's. */
export function whyNotStart(
  world: World,
  node: Node,
  machine: Machine,
  memory = freeMemory(node),
): StartRefusal | undefined {
  if (machine.memory.startupBytes > memory) return notEnoughMemory(machine);
  const replica = whyNotAsReplica(machine);
  if (replica !== undefined) return refusal(machine, replica);
  const { security, processor } = machine;
  if (security.tpmEnabled && security.keyProtector === "local" && security.guardianNode !== node.name)
    return refusal(machine, "The key protector could not be unwrapped: its certificates are those of another host.");
  if (processor.count > node.logicalProcessors) return refusal(machine, "It has more processors than the host.");
  return diskRefusal(world, node, machine) ?? dvdRefusal(world, node, machine) ?? switchRefusal(node, machine);
}

/** A replica starts once it has failed over, and a primary not while that is prepared (D, K, hyper-v-host.md 6.1 and 6.2). */
function whyNotAsReplica({ replication }: Machine): string | undefined {
  const { mode, state = "" } = replication ?? {};
  if (mode === "Replica" && !state.startsWith("FailedOver")) return "It is a replica, and has not failed over.";
  return mode === "Primary" && state === "PreparedForFailover" ? "It is prepared for a failover." : undefined;
}

function refusal({ name, id }: Machine, why: string, hresult?: number): StartRefusal {
  const message = `'${name}' failed to start. (Virtual machine ID ${id.toUpperCase()}) ${why}`;
  return { errorId: "OperationFailed", category: "NotSpecified", message, hresult };
}

function diskRefusal(world: World, node: Node, machine: Machine): StartRefusal | undefined {
  for (const { path, supportPersistentReservations: shares } of disksOf({ ...machine, checkpoints: [] })) {
    const { broken } = chainOf(world, node, path ?? "");
    if (broken)
      return refusal(
        machine,
        `Attachment '${broken.path}' failed to open because of error: '${broken.message}' (${broken.code}).`,
        signed(Number(broken.code)),
      );
    const conflict = conflictOf(world, node, path ?? "", shares);
    if (conflict)
      return refusal(
        machine,
        `Attachment '${path}' failed to open because of error: ${conflict}. (0x80070020)`,
        -2147024864,
      );
  }
  return undefined;
}

/** An image that is missing or empty keeps a machine off (verified, hyper-v.md 2.7). */
function dvdRefusal(world: World, node: Node, machine: Machine): StartRefusal | undefined {
  for (const { kind, path } of machine.drives) {
    if (kind !== "Dvd" || path === null || (findFile(world, node, path)?.sizeBytes ?? 0) > 0) continue;
    return refusal(machine, `Failed to open attachment '${path}'.`);
  }
  return undefined;
}

/** An adapter keeps the id of its switch, also when that is removed under the machine that is off. */
function switchRefusal(node: Node, machine: Machine): StartRefusal | undefined {
  const lost = machine.adapters.find(
    ({ switchId }) => switchId !== null && !node.switches.some(({ id }) => id === switchId),
  );
  return (
    lost &&
    refusal(machine, `Synthetic Ethernet Port '${lost.name}': the virtual switch '${lost.switchName}' cannot be found.`)
  );
}

/** Starts a machine that may; false when the host has no MAC address left. A saved machine goes on where it was. */
export function start(world: World, node: Node, machine: Machine): boolean {
  const resumes = machine.state === "Saved";
  if (!assignMacAddresses(node, machine)) return false;
  const takesCheckpoint = machine.automaticCheckpointsEnabled && machine.checkpointType !== "Disabled";
  if (!resumes && takesCheckpoint && sharedDisk(machine) === undefined)
    takeCheckpoint(world, node, machine, { name: `Automatic Checkpoint - ${machine.name}`, automatic: true });
  enterState(world, machine, "Running");
  for (const { path } of disksOf({ ...machine, checkpoints: [] })) write(world, node, path ?? "");
  if (!resumes) bootGuest(world, machine);
  return true;
}

/** The guest begins anew; where guests boot by themselves it is there at once. */
export function bootGuest(world: World, machine: Machine): void {
  const boots =
    world.guestsBoot &&
    machine.drives.some(
      ({ kind, path, diskNumber }) => kind === "HardDisk" && (path !== null || diskNumber !== undefined),
    );
  machine.starts = (machine.starts ?? 0) + 1;
  machine.guest = { booted: boots, ipAddresses: boots ? bootAddresses(machine) : [], locked: false };
}

export function stop(world: World, node: Node, machine: Machine): void {
  delete machine.underWay;
  enterState(world, machine, "Off");
  removeAutomaticCheckpoints(world, node, machine);
}

/** Of two machines that start in one call only the first gets a disk that both have, unless both share it. */
export function takenBefore(machine: Machine, taken: Map<string, { isShared: boolean }>): StartRefusal | undefined {
  for (const { path, supportPersistentReservations: isShared } of disksOf({ ...machine, checkpoints: [] })) {
    const key = pathKey(path ?? "");
    const before = taken.get(key);
    if (before && !(isShared && before.isShared))
      return refusal(
        machine,
        `Attachment '${path}' failed to open because of error: it is in use. (0x80070020)`,
        -2147024864,
      );
    taken.set(key, { isShared });
  }
  return undefined;
}
