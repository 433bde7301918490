import type { Cmdlets, Running } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { dateTime } from "../engine/times";
import { findFile, folderExists } from "../storage/file-system";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { refuseFull } from "../storage/volume";
import type { FileEntry, Machine, Node } from "../world/world";
import { refuse } from "./replication-partner";
import {
  notEnabled,
  otherSide,
  type Replicated,
  replicatedMeant,
  replicationThing,
  requireState,
} from "./replication-selection";

/** How replication begins, stops and goes on (hyper-v-host.md 6.2). There is no clock: a copy that begins is done. */
export const replicationStateCmdlets: Cmdlets = {
  "Start-VMInitialReplication": startInitial,
  "Stop-VMInitialReplication": (call) =>
    each(call, (machine) => {
      requireState(call, machine, "InitialReplicationInProgress");
      return () => both(call, machine, "ReadyForInitialReplication", "WaitingForInitialReplication");
    }),
  "Import-VMInitialReplication": (call) =>
    each(call, (machine) => {
      if (machine.replication.mode !== "Replica") notEnabled(call, machine);
      requireState(call, machine, "InitialReplicationInProgress");
      const path = call.text("Path") ?? "";
      if (!folderExists(call.world, call.node, path)) call.invalid(`'${path}' cannot be found.`);
      return () => both(call, machine, "Replicating", "Replicating");
    }),
  "Suspend-VMReplication": (call) =>
    each(call, (machine) => {
      requireState(call, machine, "Replicating", "Resynchronizing");
      return () => {
        machine.replication.state = "Suspended";
      };
    }),
  "Resume-VMReplication": (call) =>
    each(call, (machine) => {
      const { replication } = machine;
      if (replication.mode !== "Primary" && replication.state !== "Suspended") notEnabled(call, machine);
      const wants = call.flag("Resynchronize") ? ["WaitingForStartResynchronize", "ResynchronizeSuspended"] : [];
      requireState(call, machine, "Suspended", "Error", ...wants);
      if (!otherSide(call.world, machine)) refuse(call, "The other side does not answer.", 0x00002efd);
      return () => {
        replication.state = "Replicating";
      };
    }),
  // all that it does is to cancel a resynchronization (D)
  "Stop-VMReplication": (call) =>
    each(call, (machine) => {
      requireState(call, machine, "Resynchronizing");
      return () => {
        machine.replication.state = "ResynchronizeSuspended";
      };
    }),
};

/** Looks at all machines before anything is done to one. */
function each(call: Running, prepare: (machine: Replicated) => () => void): readonly Thing[] {
  const machines = replicatedMeant(call);
  for (const perform of machines.map(prepare)) perform();
  return answer(call, () => machines.map(replicationThing));
}

function both(call: Running, machine: Replicated, primary: string, replica: string): void {
  const other = otherSide(call.world, machine)?.machine.replication;
  for (const side of [machine.replication, ...(other ? [other] : [])])
    side.state = side.mode === "Primary" ? primary : replica;
}

function startInitial(call: Running): readonly Thing[] {
  return each(call, (machine) => {
    if (machine.replication.mode !== "Primary") notEnabled(call, machine);
    requireState(call, machine, "ReadyForInitialReplication");
    const other = otherSide(call.world, machine);
    if (!other) refuse(call, "The Replica server does not answer.", 0x00002efd);
    const start = given<string>(call, "InitialReplicationStartTime");
    if (start !== undefined)
      return () => {
        machine.replication.initialReplicationStartTime = dateTime(start) ?? start;
      };
    if (given<string>(call, "DestinationPath") !== undefined) return putOnMedium(call, machine);
    const files = sizes(call, machine, other);
    refuseFull(
      call,
      files.map(({ file, sizeBytes }) => ({ path: file.path, bytes: sizeBytes - file.sizeBytes })),
      other.node,
    );
    return () => {
      for (const { file, sizeBytes } of files) file.sizeBytes = sizeBytes;
      both(call, machine, "Replicating", "Replicating");
    };
  });
}

/** On a medium, which somebody brings to the other side and imports there. */
function putOnMedium(call: Running, machine: Replicated): () => void {
  const path = call.text("DestinationPath") ?? "";
  if (!folderExists(call.world, call.node, path)) call.invalid(`'${path}' cannot be found.`);
  return () => both(call, machine, "InitialReplicationInProgress", "InitialReplicationInProgress");
}

/** What the files of the replica come to. */
function sizes(
  { world, node }: Running,
  { drives }: Machine,
  other: { node: Node; machine: Machine },
): { file: FileEntry; sizeBytes: number }[] {
  return other.machine.drives.flatMap(({ id, path }) => {
    const file = path === null ? undefined : findFile(world, other.node, path);
    const source = drives.find((drive) => drive.id === id)?.path ?? null;
    if (!file || source === null) return [];
    const bytes = chainOf(world, node, source).files.map(({ sizeBytes }) => sizeBytes);
    return [{ file, sizeBytes: Math.max(file.sizeBytes, ...bytes) }];
  });
}
