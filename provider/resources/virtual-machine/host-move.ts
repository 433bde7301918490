import { z } from "zod";
import { type CallResult, result, type Value } from "../../calls";
import { sameNode } from "../../calls/node-name";
import { isShared, type Refusal, type Step, valuesOf } from "../definition";
import { machineCall } from "./machine-call";
import { untilIdle } from "./power";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

const properties = ["node"];

/** The node that the program sends the machine to: it has named another one since. */
function destination({ computerName, standsOn, placedOn: before }: Observed, { node }: Desired): string | undefined {
  if (node === undefined || before === undefined) return undefined;
  return sameNode(before, node) || sameNode(standsOn ?? computerName, node) ? undefined : node;
}

/** Why it does not go there, as far as that can be told without the hosts. */
export function moveRefusals(observed: Observed, desired: Desired): Refusal[] {
  const node = destination(observed, desired);
  if (node === undefined || observed.standsOn === undefined) return [];
  const refusal = (reason: string, passing?: true): Refusal[] => [
    { path: properties, reason, ...(passing && { passing }) },
  ];
  const shared = observed.drives.find(({ settings }) => settings.supportPersistentReservations);
  if (shared)
    return refusal(
      `cannot change while the machine shares the disk ${shared.path}, which storage migration does not move`,
    );
  const physical = observed.drives.find(({ diskNumber }) => diskNumber !== undefined);
  if (physical)
    return refusal(
      `cannot change while the machine has physical disk ${physical.diskNumber} of ${observed.computerName}. Detach it first`,
    );
  if (observed.drives.some(({ underCheckpoint }) => underCheckpoint))
    return refusal(
      "cannot change while the machine has checkpoints, whose files would stay behind. Remove them first, in a pulumi up of " +
        "their own, which merges them into the disks",
      true,
    );
  return [];
}

/** What to know of a machine in a cluster that stays where it is, though the program names another node. */
export function stays(observed: Observed, desired: Desired): string[] {
  const node = destination(observed, desired);
  // where a role runs is the cluster's business, and node says nothing of it
  if (node === undefined || observed.standsOn !== undefined || observed.isClustered) return [];
  return [
    `the machine stays on ${observed.computerName}, though node names ${node}: in a cluster a machine moves as a role. Create a ` +
      "ClusterVirtualMachineRole for it, and set its ownerNode",
  ];
}

/**
 * Moves the machine to the node that the program names, with its storage, running or off. Its id stays, and its files keep their
 * paths. Nothing is taken from it before Compare-VM finds nothing in the way.
 */
export function hostMove(observed: Observed, desired: Desired): Step[] {
  const node = destination(observed, desired);
  if (node === undefined || observed.standsOn === undefined) return [];
  if (observed.busy !== undefined) return [untilIdle(observed, desired)];
  const parameters = { VM: result("vm"), DestinationHost: node, ...storage(observed) };
  const { computerName: from, state } = observed;
  return [
    {
      does: `ask whether the machine can move to ${node}`,
      properties,
      advice,
      calls: [],
      wait: {
        calls: [
          machineQuestion(observed.id),
          { cmdlet: "Compare-VM", parameters, select: { Incompatibilities: { Message: null, MessageId: null } } },
        ],
        until: (results) => against(results).length === 0,
        deadlineSeconds: 0,
        everySeconds: 1,
        failure: (results) => `${node} cannot take the machine, which stays on ${from}:\n${said(against(results))}`,
      },
    },
    {
      does: `move the machine to ${node}`,
      properties,
      advice,
      notice: `moves the machine ${state === "Running" ? "live " : ""}with its disks from ${from} to ${node}`,
      calls: [machineCall(observed.id), { cmdlet: "Move-VM", parameters }],
    },
  ];
}

const machineQuestion = (id: string) => ({ ...machineCall(id), select: { Id: null } });

/** What the hosts say before they come to the machine (hyper-v-host.md 7). */
const advice =
  "Both hosts need live migration on (Enable-VMMigration, or HostSettings), a free place for one more, and a network for it that both allow. " +
  "Over SSH they authenticate by Kerberos, with constrained delegation for cifs and the Microsoft Virtual System Migration " +
  "Service; CredSSP works only from a session on the source itself.";

/** Files keep their names (documented, hyper-v-host.md 7), and here their folders; what lies on a share stays there. */
function storage({ path, snapshotFileLocation, smartPagingFilePath, drives }: Observed): Record<string, Value> {
  const local = Object.entries({
    VirtualMachinePath: path,
    SnapshotFilePath: snapshotFileLocation,
    SmartPagingFilePath: smartPagingFilePath,
  }).filter(([, folder]) => !isShared(folder));
  const files = drives.flatMap(({ path: file }) =>
    file === undefined || isShared(file) ? [] : [{ SourceFilePath: file, DestinationFilePath: file }],
  );
  return { ...Object.fromEntries(local), ...(files.length > 0 && { Vhds: files }) };
}

const report = z.object({
  Incompatibilities: z.array(z.object({ Message: z.string(), MessageId: z.number() })).nullish(),
});

interface Cause {
  message: string;
  id: number;
}

function against(results: readonly CallResult[]): Cause[] {
  const { Incompatibilities } = report.parse(valuesOf(results, 1)[0]);
  return (Incompatibilities ?? []).map(({ Message, MessageId }) => ({ message: Message, id: MessageId }));
}

/** What to do about a cause, by its id: the texts are the host's, in its language (recorded, hyper-v-devices.md 10). */
const remedies: Readonly<Record<number, string>> = {
  33012: "Create a virtual switch of that name there, or connect networkAdapters to one that both hosts have.",
  40010: "Take a disc that only this host has out of dvdDrives, or copy it to the same path there.",
  40004: "Start the machine or discard its saved state first.",
};

/** Generic messages stand beside the causes (verified, hyper-v-host.md 7): where there is a known cause, it is said alone. */
function said(causes: readonly Cause[]): string {
  const known = causes.filter(({ id }) => remedies[id] !== undefined);
  return (known.length > 0 ? known : causes)
    .map(({ message, id }) => `  ${[message, remedies[id]].filter(Boolean).join(" ")}`)
    .join("\n");
}
