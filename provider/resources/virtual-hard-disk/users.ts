import type { Purpose } from "../definition";
import { isCheckpointFile, isShared, same } from "../paths";
import type { Survey, Surveyed } from "../surveys";
import { Chains, checkpointsCall, machinesCall, needs } from "./chains";
import { exists, extension, folderOf, nameOf, temporary } from "./files";
import type { Observed, User } from "./observed";
import type { Desired } from "./schema";
import { isSet } from "./set";

/**
 * Who stands on a disk. A refresh asks only which machines name it, once for all disks of a node; all that there is is asked before
 * it moves, goes or is replaced.
 */
export function around(
  observed: Observed,
  desired: Desired,
  purpose: Purpose,
  isAtStake: boolean,
): Survey<Observed> | undefined {
  const node = isShared(observed.path) ? undefined : (observed.node ?? desired.node);
  const isUnderWay = observed.left !== undefined || observed.heading !== undefined || observed.halves !== undefined;
  if (purpose === "leave" || isUnderWay || isAtStake) return everyone(observed, node, desired);
  // a disk that machines share may have to wait for them
  const isGrowing = isShared(observed.path) && !isSet(observed.path) && (desired.sizeBytes ?? 0) > observed.sizeBytes;
  // what was known of them is asked again
  return purpose === "read" || observed.users !== undefined || isGrowing ? machines(observed, node) : undefined;
}

/** A machine on a node that is down has nothing open, and where it goes it is seen. */
const skips = true;

function machines(observed: Observed, node: string | undefined): Survey<Observed> {
  return {
    node,
    skips,
    ask: (answers) => (answers.length === 0 ? [machinesCall] : []),
    conclude: (nodes) => {
      const all = told(nodes);
      if (all.length === 0 || all.some(({ chains }) => chains.isUnlisted)) return observed;
      const users = all.flatMap(({ chains, name }) => machineUsers(observed, chains, name));
      const under = users.filter(({ through }) => through !== undefined);
      const kept = (observed.users ?? []).filter(
        ({ kind, id }) => kind === "child" || (kind === "checkpoint" && under.some((one) => one.id === id)),
      );
      return withUsers(observed, [...users, ...kept]);
    },
  };
}

function everyone(observed: Observed, node: string | undefined, desired: Desired): Survey<Observed> {
  const { path, left, heading, halves = [], users = [] } = observed;
  const begun = [...halves, ...(heading === undefined ? [] : [temporary(heading)])];
  const own = left === undefined ? [] : [temporary(left)];
  const children = users.flatMap(({ kind, path: child }) => (kind === "child" && child !== undefined ? [child] : []));
  const isMoving = desired.path !== undefined && !same(path, desired.path);
  const folders = [path, left].filter((file) => file !== undefined).map(folderOf);
  return {
    node,
    skips,
    needs,
    ask: (answers) => {
      const chains = new Chains(answers);
      if (answers.length === 0)
        return [machinesCall, checkpointsCall, ...chains.unlisted(folders), ...begun.map(exists)];
      const drives = [...chains.machines, ...chains.checkpoints].flatMap(({ HardDrives }) => HardDrives);
      // a child has its parent's format
      const beside = chains.listed.filter((file) => format(file) === format(path));
      return [
        // children lie where disks do
        ...(isMoving ? chains.unlisted(drives.map(folderOf)) : []),
        ...chains.unasked([...drives, ...beside, ...children, ...own]),
      ];
    },
    conclude: (nodes) => {
      const all = told(nodes);
      const found = all.flatMap(({ chains, name }) => [
        ...machineUsers(observed, chains, name),
        ...checkpointUsers(observed, chains, name),
        ...childUsers(observed, chains, name),
      ]);
      const remains = all.some(({ chains }) =>
        own.some((file) => same(chains.file(file)?.identifier ?? "", observed.diskIdentifier)),
      );
      const { left: _left, heading: _heading, halves: _halves, ...settled } = observed;
      // what goes to the same place again takes the place of what lies there
      const again = isMoving ? temporary(desired.path) : undefined;
      const there = new Set(all.flatMap(({ chains }) => chains.there).filter((one) => one !== again));
      const isUnderWay = remains || found.some(({ state }) => state === lost) || own.some((file) => same(file, path));
      return withUsers(
        {
          ...settled,
          ...(isMoving && { heading: desired.path }),
          ...(there.size > 0 && { halves: [...there] }),
          ...(isUnderWay && { left }),
          ...(remains && !own.some((file) => same(file, path)) && { remains: own[0] }),
        },
        found,
      );
    },
  };
}

const told = (nodes: readonly Surveyed[]) =>
  nodes.map(({ node, answers }) => ({
    chains: new Chains(answers),
    name: nodes.length > 1 ? node : undefined,
  }));

export const lost = "Lost";

const format = (path: string) => extension(path).replace(/^\.a/, ".");

function machineUsers(observed: Observed, chains: Chains, node: string | undefined): User[] {
  return chains.machines.flatMap(({ Id, Name, State, HardDrives }) =>
    HardDrives.flatMap((path): User[] => {
      const through = frontOf(observed, chains, path);
      if (through === undefined) return [];
      return [{ kind: "machine", name: Name, id: Id.toLowerCase(), ...at(node), state: State, path, ...through }];
    }),
  );
}

function checkpointUsers(observed: Observed, chains: Chains, node: string | undefined): User[] {
  return chains.checkpoints.flatMap(({ Name, VMId, VMName, HardDrives }) =>
    HardDrives.flatMap((path): User[] => {
      const through = frontOf(observed, chains, path);
      if (through === undefined) return [];
      return [{ kind: "checkpoint", name: Name, id: VMId.toLowerCase(), of: VMName, ...at(node), path, ...through }];
    }),
  );
}

const at = (node: string | undefined) => (node === undefined ? {} : { node });

/** What of a chain stands right in front of the disk; undefined where the chain does not lead to it. */
function frontOf(observed: Observed, chains: Chains, head: string): { through?: string } | undefined {
  if (same(head, observed.path)) return {};
  const files = chains.below(head);
  const index = files.findIndex((file) => same(file, observed.path));
  const front = index > 0 ? files[index - 1] : undefined;
  if (front !== undefined) return { through: front };
  const isRead = chains.file(head)?.identifier !== undefined;
  return !isRead && isFrontOf(head, observed.path) ? { through: head } : undefined;
}

/** A checkpoint's file is named for the disk that it stands on (recorded, hyper-v.md 1.6). */
function isFrontOf(head: string, path: string): boolean {
  const stem = (file: string) => nameOf(file).replace(/\.[^.]*$/, "");
  const named = /^(.*)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(stem(head))?.[1];
  return (
    isCheckpointFile(head) && named !== undefined && same(named, stem(path)) && same(folderOf(head), folderOf(path))
  );
}

function childUsers(observed: Observed, chains: Chains, node: string | undefined): User[] {
  const known = (path: string) => observed.users?.some((user) => user.kind === "child" && same(user.path ?? "", path));
  const inUse = [...chains.machines, ...chains.checkpoints]
    .flatMap(({ HardDrives }) => HardDrives)
    .flatMap((head) => chains.below(head).map((file) => file.toLowerCase()));
  return chains.files.flatMap(({ path, parentPath, error }): User[] => {
    const child: User = { kind: "child", name: nameOf(path), ...at(node), path };
    // machines and their checkpoints are told instead
    if (isCheckpointFile(path) && inUse.includes(path.toLowerCase())) return [];
    if (parentPath !== undefined && same(parentPath, observed.path)) return [child];
    if (!known(path) || error?.id.startsWith("InvalidParameter")) return [];
    const isLost = observed.left !== undefined && (error || same(parentPath ?? "", observed.left));
    return isLost ? [{ ...child, state: lost }] : [];
  });
}

/** Each once, in an order that does not depend on who was asked first. */
function withUsers(observed: Observed, users: readonly User[]): Observed {
  const { users: _before, ...bare } = observed;
  const once = new Map(
    users.map((user) => [JSON.stringify([user.kind, user.id, user.name, user.path]).toLowerCase(), user]),
  );
  const sorted = [...once].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, user]) => user);
  return sorted.length === 0 ? bare : { ...bare, users: sorted };
}

/** As a message names it. */
export function named({ kind, name, of, path }: User): string {
  if (kind === "child") return `virtual hard disk ${path}`;
  return kind === "machine" ? `virtual machine "${name}"` : `checkpoint "${name}" of virtual machine "${of}"`;
}

export const namedAll = (users: readonly User[]) => [...new Set(users.map(named))].join(", ");
