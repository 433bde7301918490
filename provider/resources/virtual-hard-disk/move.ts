import { type Action, type CallResult, type Question, result, type Where } from "../../calls";
import { type Refusal, type Step, valuesOf } from "../definition";
import { isCheckpointFile, isShared, same } from "../paths";
import { deletion, exists, extension, folderOf, isTemporary, makeFolder, rename, temporary, volumeOf } from "./files";
import type { Observed, User } from "./observed";
import type { Desired } from "./schema";
import { lost, namedAll } from "./users";

const properties = ["path"];

/** What keeps a disk from going elsewhere. Most of it changes by itself. */
export function hindrances(observed: Observed, { path }: Desired): Refusal[] {
  if (extension(path) !== extension(observed.path))
    return [
      {
        path: properties,
        reason:
          `must keep its extension ${extension(observed.path)}: a move converts nothing. Convert the file by hand ` +
          "(Convert-VHD) and adopt it, or declare another disk",
      },
    ];
  const refusal = (holders: readonly User[], advice: string): Refusal[] =>
    holders.length === 0
      ? []
      : [
          {
            path: properties,
            reason: `cannot change while the disk is used by ${namedAll(holders)}. ${advice}`,
            passing: true,
          },
        ];
  const { users = [] } = observed;
  const inFront = users.filter(
    ({ kind, through }) => kind !== "child" && through !== undefined && isCheckpointFile(through),
  );
  const checkpoints = users.filter(({ kind, path: file }) => kind === "checkpoint" && same(file ?? "", observed.path));
  if (inFront.length + checkpoints.length > 0)
    return refusal(
      [...checkpoints, ...inFront],
      "A file of a checkpoint, a backup or a replica stands on it: remove the checkpoints first, in a pulumi up of their own, which merges them into the disk",
    );
  const direct = users.filter(isDirect(observed));
  if (direct.length > 1)
    return refusal(direct, "A disk that several virtual machines share cannot move: detach it from all but one");
  const children = users.filter(({ kind }) => kind === "child");
  if (direct.length > 0 && children.length > 0)
    return refusal([...direct, ...children], "It is attached and has children, which would lose it: detach it first");
  const atWork = users.filter((user) => user.kind === "machine" && !isAtRest(user) && !isDirect(observed)(user));
  return refusal(atWork, "It uses children of the disk, whose parent path has to change: turn it off, or save it");
}

/** A machine that names the disk itself. */
export const isDirect =
  ({ path }: Observed) =>
  (user: User): boolean =>
    user.kind === "machine" && same(user.path ?? "", path);

/** Nothing of it has its files open (hyper-v.md 2.7). */
export function isAtRest({ state }: User): boolean {
  return state === "Off" || state === "Saved";
}

export function move(observed: Observed, { path, node }: Desired): Step[] {
  const machine = observed.users?.find(isDirect(observed));
  if (machine?.id !== undefined) return [storageMove(observed.path, path, machine.id)];
  // from a shared volume to one of a node's own: only that one sees both
  const at: Where | undefined = isShared(observed.path) && !isShared(path) && node !== undefined ? { node } : undefined;
  const children = (observed.users ?? []).flatMap(({ kind, path: child }) =>
    kind === "child" && child !== undefined ? [reparent(child, path)] : [],
  );
  const steps = same(volumeOf(observed.path), volumeOf(path))
    ? [within(observed.path, path), ...children]
    : across(observed, path, children);
  return at ? steps.map((step): Step => ({ at, ...step })) : steps;
}

/** What a move that was cut off has yet to do. */
export function finish(observed: Observed): Step[] {
  const { path, left, halves = [], remains, users = [] } = observed;
  // what a node has on its own volume is not seen from where a shared one is
  const half = halves.filter((file) => isShared(file) || !isShared(path)).map(deleteHalf);
  if (left === undefined) return half;
  if (isTemporary(path)) return [{ does: `rename the file back to ${left}`, properties, calls: [rename(path, left)] }];
  const children = users.flatMap(({ path: child, state }) =>
    state === lost && child !== undefined ? [reparent(child, path)] : [],
  );
  return [...half, ...children, ...(remains === undefined ? [] : [deleteOld(remains)])];
}

/** The one way for a file that a machine knows, in whatever state that is (documented, hyper-v.md 6). */
function storageMove(from: string, to: string, machine: string): Step {
  return {
    does: `move the file to ${to}`,
    properties,
    advice: "A backup, or a mount, may have it open: run pulumi up again when that is done.",
    at: { machine },
    calls: [
      { cmdlet: "Get-VM", parameters: { Id: machine }, as: "vm" },
      {
        cmdlet: "Move-VMStorage",
        parameters: { VM: result("vm"), Vhds: [{ SourceFilePath: from, DestinationFilePath: to }] },
      },
    ],
  };
}

const busy = "A backup, another machine or a mount has it open: run pulumi up again when that is done.";

/** Refused where something is in the place (S). */
function within(from: string, to: string): Step {
  const calls: Action[] = [
    ...(same(folderOf(from), folderOf(to)) ? [] : [makeFolder(to)]),
    { cmdlet: "Move-Item", parameters: { LiteralPath: from, Destination: to } },
  ];
  return { does: `move the file to ${to}`, properties, advice: busy, calls };
}

/**
 * Until the new file is known to be whole the old one is there, under its name or beside it; at no time do both have names that
 * somebody would take for the disk.
 */
function across({ path: from, diskIdentifier }: Observed, to: string, children: readonly Step[]): Step[] {
  const [copy, old] = [temporary(to), temporary(from)];
  const identifier = (path: string): Question => ({
    cmdlet: "Get-VHD",
    parameters: { Path: path },
    select: { DiskIdentifier: null },
  });
  const isIt = (results: readonly CallResult[], at: number) =>
    diskIdentifier === "" || same(String(valueIn(results, at, "DiskIdentifier")), diskIdentifier);
  const once = { deadlineSeconds: 0, everySeconds: 1 };
  const length = (path: string): Question => ({
    cmdlet: "Get-Item",
    parameters: { LiteralPath: path },
    select: { Length: null },
  });
  return [
    {
      does: `check that nothing is at ${to}`,
      properties,
      calls: [],
      wait: {
        ...once,
        calls: [exists(to)],
        until: (results) => valuesOf(results, 0)[0] === false,
        failure: () => "a file already exists there. Choose another path, or delete it",
      },
    },
    {
      does: `copy the file to ${volumeOf(to)}`,
      properties,
      advice: busy,
      calls: [
        makeFolder(to),
        { cmdlet: "Copy-Item", parameters: { LiteralPath: from, Destination: copy, Force: true } },
      ],
      wait: {
        ...once,
        calls: [length(from), length(copy), identifier(copy)],
        until: (results) =>
          valueIn(results, 0, "Length") !== undefined &&
          valueIn(results, 0, "Length") === valueIn(results, 1, "Length") &&
          isIt(results, 2),
        failure: () => "the copy differs from the file, so the file stays where it is",
      },
    },
    {
      does: `put it at ${to}`,
      properties,
      advice: busy,
      calls: [rename(from, old), rename(copy, to)],
      wait: {
        ...once,
        calls: [identifier(to)],
        until: (results) => isIt(results, 0),
        failure: () => `another file has taken its place; the disk is kept as ${old}`,
      },
    },
    ...children,
    deleteOld(old),
  ];
}

function valueIn(results: readonly CallResult[], index: number, property: string): unknown {
  const [value] = valuesOf(results, index);
  return (value as Record<string, unknown> | undefined)?.[property] ?? undefined;
}

/** Refused where it is no child of that disk: a move keeps the identifier by which it knows its parent (documented). */
function reparent(child: string, parent: string): Step {
  return {
    does: `set the parent path of ${child}`,
    properties,
    calls: [{ cmdlet: "Set-VHD", parameters: { Path: child, ParentPath: parent } }],
  };
}

/** A child whose parent has gone to where the program says it is now. */
export function mend(id: string, { parentPath }: Desired, known: Observed): Step[] {
  const hasOther = parentPath !== undefined && known.parentPath !== undefined && !same(parentPath, known.parentPath);
  return hasOther ? [{ ...reparent(known.path ?? id, parentPath), properties: ["parentPath"] }] : [];
}

function deleteHalf(path: string): Step {
  return { does: `delete ${path}, which an earlier attempt left`, properties, calls: [deletion(path)] };
}

function deleteOld(path: string): Step {
  return { does: "delete the file in the old place", properties, calls: [deletion(path)] };
}
