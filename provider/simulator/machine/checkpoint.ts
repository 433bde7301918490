import { answers } from "../devices/integration-service";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { snapshotOwner } from "../engine/hardware";
import { signed } from "../engine/hresult";
import { answer } from "../engine/job";
import { machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { branchDisks, collapse, disksOf, ownFiles, removeCheckpoints } from "../storage/checkpoint-files";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { enterState, isActive } from "../world/machine-state";
import {
  type Checkpoint,
  type Hardware,
  type Machine,
  type MachineState,
  type Node,
  newGuid,
  type World,
} from "../world/world";
import { found, one, selected } from "./checkpoint-selection";
import { type Kept, snapshotThing } from "./checkpoint-view";
import { sharedDisk } from "./shared-disk";

export const checkpointCmdlets: Cmdlets = {
  "Checkpoint-VM"(call) {
    const machines = machinesOf(call);
    for (const machine of machines) requireCheckpointable(call, machine);
    const taken = machines.map((machine) => ({ machine, checkpoint: take(call, machine) }));
    return answer(call, () => taken.map(snapshotThing));
  },
  "Get-VMSnapshot": (call) => found(call).map(snapshotThing),
  "Remove-VMSnapshot"(call) {
    const owners = selected(call);
    requireConfirmed(call);
    const things = owners.map(snapshotThing);
    for (const machine of new Set(owners.map((owner) => owner.machine))) removeOf(call, machine, owners);
    return answer(call, () => things);
  },
  "Restore-VMSnapshot"(call) {
    const owner = one(call);
    requireConfirmed(call);
    requireChains(call, owner);
    restore(call, owner);
    return answer(call, () => [snapshotThing(owner)]);
  },
  "Rename-VMSnapshot"(call) {
    const owner = one(call);
    const name = call.text("NewName") ?? "";
    if (name === "" || name.length > 100) call.invalid("A name has 1 to 100 characters.");
    owner.checkpoint.name = name;
    return call.flag("Passthru") ? [snapshotThing(owner)] : [];
  },
  "Remove-VMSavedState"(call) {
    const snapshot = given<Thing>(call, "VMSnapshot");
    if (snapshot) forgetMemory(call, snapshot);
    else dropSavedStates(call);
    return [];
  },
};

/** These ask and have no Force: only `-Confirm:$false` answers where nobody can (S, hyper-v.md 1.4). */
function requireConfirmed(call: Running): void {
  if (call.get<boolean>("Confirm") !== false) call.needsForce();
}

/** D, hyper-v.md 2.1. */
const mostCheckpoints = 50;

function requireCheckpointable(call: Running, machine: Machine): void {
  const failed = `Checkpoint operation for '${machine.name}' failed.`;
  if (machine.checkpointType === "Disabled")
    call.invalidState(`${failed} Checkpoints have been disabled for '${machine.name}'.`);
  if (machine.checkpoints.length >= mostCheckpoints)
    call.operationFailed(`${failed} It has ${mostCheckpoints} checkpoints, the most there can be.`);
  const shared = sharedDisk(machine);
  if (shared) call.operationFailed(`${failed} '${shared.path}' is shared by virtual machines.`);
  if (needsGuest(machine) && !answers(machine, "VSS"))
    call.operationFailed(`${failed} The guest cannot be quiesced for a production checkpoint.`);
  if (machine.security.shielded && isActive(machine) && keepsMemory(machine))
    call.operationFailed(`${failed} It is shielded.`);
  for (const { path } of disksOf({ ...machine, checkpoints: [] })) {
    const { broken } = chainOf(call.world, call.node, path ?? "");
    if (broken)
      call.operationFailed(
        `${failed} ${broken.message} '${broken.path}' (${broken.code})`,
        signed(Number(broken.code)),
      );
  }
}

function needsGuest({ checkpointType, state }: Machine): boolean {
  return checkpointType === "ProductionOnly" && state !== "Off" && state !== "Saved";
}

/** Production freezes the guest by its VSS service instead, and falls back where it does not answer (D, hyper-v.md 2.8). */
function keepsMemory(machine: Machine): boolean {
  return machine.state !== "Off" && !(machine.checkpointType.startsWith("Production") && answers(machine, "VSS"));
}

function take(call: Running, machine: Machine): Checkpoint {
  // a host puts the time behind the name; there is no clock
  const name = given<string>(call, "SnapshotName") ?? `${machine.name} - (${machine.checkpoints.length + 1})`;
  return takeCheckpoint(call.world, call.node, machine, { name });
}

export function takeCheckpoint(
  world: World,
  node: Node,
  machine: Machine,
  { name, automatic = false }: { name: string; automatic?: boolean },
): Checkpoint {
  const checkpoint: Checkpoint = {
    id: newGuid(world),
    name,
    parentId: machine.currentCheckpoint,
    standard: keepsMemory(machine),
    automatic,
    stateThen: machine.state,
    guestThen: structuredClone(machine.guest),
    hardware: hardwareNow(machine),
  };
  machine.checkpoints.push(checkpoint);
  machine.currentCheckpoint = checkpoint.id;
  branchDisks(world, node, machine);
  return checkpoint;
}

function hardwareNow(machine: Machine): Hardware {
  const {
    id,
    generation,
    version,
    path,
    state,
    guest,
    checkpoints,
    currentCheckpoint,
    groupId,
    underWay,
    starts,
    metered,
    replication,
    copy,
    ...hardware
  } = machine;
  return structuredClone(hardware);
}

/** The checkpoint that a start made goes with the stop (K, hyper-v.md 1.6). */
export function removeAutomaticCheckpoints(world: World, node: Node, machine: Machine): void {
  const automatic = machine.checkpoints.filter((checkpoint) => checkpoint.automatic);
  if (automatic.length > 0) removeCheckpoints(world, node, machine, new Set(automatic));
}

function removeOf(call: Running, machine: Machine, owners: readonly Kept[]): void {
  const named = owners.filter((owner) => owner.machine === machine).map(({ checkpoint }) => checkpoint);
  const gone = call.flag("IncludeAllChildSnapshots")
    ? named.flatMap((checkpoint) => subtree(machine, checkpoint))
    : named;
  removeCheckpoints(call.world, call.node, machine, new Set(gone));
}

function subtree(machine: Machine, top: Checkpoint): Checkpoint[] {
  return [
    top,
    ...machine.checkpoints.filter(({ parentId }) => parentId === top.id).flatMap((child) => subtree(machine, child)),
  ];
}

/** New files go over the disks of then, which have to be there (K). */
function requireChains(call: Running, { machine, checkpoint }: Kept): void {
  for (const { path } of disksOf({ ...machine, ...checkpoint.hardware, checkpoints: [] })) {
    const { broken } = chainOf(call.world, call.node, path ?? "");
    if (broken)
      call.operationFailed(
        `'${machine.name}' failed to apply the checkpoint. ${broken.message} '${broken.path}' (${broken.code})`,
        signed(Number(broken.code)),
      );
  }
}

/** Hardware and disks as they were; name and folders stay the machine's own. */
function restore({ world, node }: Running, { machine, checkpoint }: Kept): void {
  const wasActive = isActive(machine);
  const files = ownFiles(world, node, machine);
  const { name, snapshotFileLocation, smartPagingFilePath } = machine;
  Object.assign(machine, structuredClone(checkpoint.hardware), { name, snapshotFileLocation, smartPagingFilePath });
  machine.currentCheckpoint = checkpoint.id;
  branchDisks(world, node, machine);
  collapse(world, node, machine, files);
  enterState(world, machine, stateAfter(checkpoint, wasActive));
  if (machine.state !== "Off") machine.guest = structuredClone(checkpoint.guestThen);
}

/** With memory a running machine goes on from it (recorded, hyper-v.md 2.8), another one is saved; without memory it is off. */
function stateAfter({ standard, stateThen }: Checkpoint, wasActive: boolean): MachineState {
  if (!standard) return "Off";
  return wasActive && stateThen !== "Saved" ? "Running" : "Saved";
}

function forgetMemory(call: Running, snapshot: Thing): void {
  const { checkpoint } = snapshotOwner(call, snapshot);
  checkpoint.standard = false;
}

function dropSavedStates(call: Running): void {
  const machines = machinesOf(call);
  for (const machine of machines)
    if (machine.state !== "Saved") call.invalidState(`'${machine.name}' has no saved state.`);
  for (const machine of machines) enterState(call.world, machine, "Off");
}
