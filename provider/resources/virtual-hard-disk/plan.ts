import { sameNode } from "../../calls/node-name";
import { sizeText } from "../../schema";
import type { Circumstances, Plan, Refusal, Step } from "../definition";
import { isShared, same } from "../paths";
import type { PlannedFile, Plans } from "../plans";
import { finish, hindrances, isAtRest, isDirect, move } from "./move";
import type { Observed, User } from "./observed";
import type { Desired } from "./schema";
import { isSet, setIsKept, setStays } from "./set";
import { namedAll } from "./users";

export function plan(observed: Observed, desired: Desired, circumstances: Circumstances = {}): Plan {
  return { ...decided(observed, desired, circumstances), file: fileOf(observed, desired) };
}

function decided(observed: Observed, desired: Desired, { plans, isSeen, isUnderWay }: Circumstances): Plan {
  const replaces = replacedBy(observed, desired, plans);
  const isKnown = isSeen || isUnderWay || !replaces.includes("node");
  const refusals = isSet(observed.path)
    ? setRefused(observed, desired, replaces)
    : replaces.length > 0
      ? [...(isKnown ? [] : [unseen(observed)]), ...keptBy(observed, desired, replaces)]
      : [...moveRefusals(observed, desired), ...shrinks(observed, desired), ...growthRefusals(observed, desired)];
  if (refusals.length > 0) return { steps: [], refusals, replaces: [] };
  if (replaces.length > 0) return { steps: [], refusals: [], replaces };
  const steps = [
    ...finish(observed),
    ...(moves(observed, desired) ? move(observed, desired) : []),
    ...growth(observed, desired),
  ];
  return { steps, refusals: [], replaces: [] };
}

/** One that a machine has goes where its machine goes, and who has it may have changed since it was read. */
function unseen({ path, node }: Observed): Refusal {
  return {
    path: ["node"],
    reason: `would replace the disk, unless a virtual machine on ${node} has ${path} attached, which is not known`,
    passing: true,
  };
}

/** Nothing takes the place of a VHD Set: whoever shares it would lose its data. */
function setRefused(observed: Observed, desired: Desired, replaces: readonly string[]): Refusal[] {
  const isMoving = moves(observed, desired);
  const isConverted = isMoving && desired.path !== undefined && !isSet(desired.path);
  return [
    ...(isConverted ? hindrances(observed, desired) : isMoving ? [setStays] : []),
    ...replaces.map(setIsKept),
    ...shrinks(observed, desired),
  ];
}

/** Whether it matters who stands on the disk. */
export function isAtStake(observed: Observed, desired: Desired): boolean {
  return moves(observed, desired) || replacedBy(observed, desired).length > 0;
}

function fileOf(observed: Observed, desired: Desired): PlannedFile {
  const { path } = observed;
  const is = { path, node: observed.node ?? (isShared(path) ? undefined : desired.node) };
  return moves(observed, desired) ? { is, movesTo: desired.path } : { is };
}

function moves(observed: Observed, desired: Desired): boolean {
  return desired.path !== undefined && !same(observed.path, desired.path);
}

/** One that is half way is put back first. */
function moveRefusals(observed: Observed, desired: Desired): Refusal[] {
  return moves(observed, desired) ? hindrances(observed, desired) : [];
}

function replacedBy(observed: Observed, desired: Desired, plans?: Plans): string[] {
  const replaced: string[] = [];
  const differs = <T>(
    key: keyof Desired & string,
    wanted: T | undefined,
    is: T | undefined,
    same = (a: T, b: T) => a === b,
  ) => {
    if (wanted !== undefined && (is === undefined || !same(wanted, is))) replaced.push(key);
  };
  // one that only follows the file that it names, as that moves, is the same
  const now = (path: string | undefined) => path && (plans?.placeOf({ path, node: observed.node }) ?? path);
  const sameFile = (wanted: string, is: string) => same(wanted, is) || same(wanted, now(is) ?? is);
  if (isElsewhere(observed, desired)) replaced.push("node");
  differs("vhdType", desired.vhdType, observed.vhdType);
  differs("parentPath", desired.parentPath, observed.parentPath, sameFile);
  if (desired.parentPath === undefined && desired.vhdType === undefined && !desired.sourcePath && !desired.adopt)
    if (observed.vhdType === "Differencing") replaced.push("parentPath");
  if (observed.sourcePath !== undefined) differs("sourcePath", desired.sourcePath, observed.sourcePath, sameFile);
  // a fixed disk has no blocks: it reads 0 (recorded, hyper-v.md 6)
  if (observed.vhdType !== "Fixed") differs("blockSizeBytes", desired.blockSizeBytes, observed.blockSizeBytes);
  differs("logicalSectorSizeBytes", desired.logicalSectorSizeBytes, observed.logicalSectorSizeBytes);
  differs("physicalSectorSizeBytes", desired.physicalSectorSizeBytes, observed.physicalSectorSizeBytes);
  return replaced;
}

/** An attached disk is where its machine is. */
export function isElsewhere(observed: Observed, { path, node }: Desired): boolean {
  if (observed.node === undefined || node === undefined || path === undefined || isShared(path)) return false;
  return !sameNode(observed.node, node) && !attached(observed);
}

function attached({ users = [] }: Observed): boolean {
  return users.some(({ kind }) => kind === "machine");
}

/** Who would lose what is in the disk, or what is based on it. Children go with it, where the program declares them so. */
function keptBy(observed: Observed, desired: Desired, replaces: readonly string[]): Refusal[] {
  if (moves(observed, desired)) return [];
  const { users = [] } = observed;
  if (replaces.includes("vhdType") && attached(observed)) {
    const machines = users.filter(({ kind }) => kind === "machine");
    return [
      {
        path: ["vhdType"],
        reason: `cannot change while the disk is attached to ${namedAll(machines)}, which would lose its data. Detach it, or convert it by hand (Convert-VHD)`,
        passing: true,
      },
    ];
  }
  const holders = users.filter((user) => user.kind !== "child" && !giveUp(user, observed));
  if (holders.length === 0) return [];
  return replaces.map((key) => ({
    path: [key],
    reason: `would replace the disk, and its data is used by ${namedAll(holders)}. Remove the checkpoints, and turn the machines off, or keep the disk as it is`,
    passing: true,
  }));
}

/** A machine that is off and names the disk itself finds another one in its place. */
export function giveUp(user: User, { path }: Observed): boolean {
  return user.kind === "machine" && isAtRest(user) && user.state === "Off" && same(user.path ?? "", path);
}

function shrinks(observed: Observed, { sizeBytes = observed.sizeBytes }: Desired): Refusal[] {
  if (sizeBytes >= observed.sizeBytes) return [];
  return [
    {
      path: ["sizeBytes"],
      reason:
        `would shrink the disk from ${observed.sizeBytes} bytes (${sizeText(observed.sizeBytes)}) to ${sizeBytes} bytes (${sizeText(sizeBytes)}), which could cut off data of the guest. ` +
        "Shrink the partition and the file by hand, or create a new disk",
    },
  ];
}

/** What several machines share grows only while all of them are off; a VHD Set grows under them (documented, hyper-v-devices.md 1). */
function growthRefusals(observed: Observed, { sizeBytes = observed.sizeBytes }: Desired): Refusal[] {
  if (sizeBytes <= observed.sizeBytes) return [];
  const sharing = (observed.users ?? []).filter(isDirect(observed));
  const inUse = sharing.filter(({ state }) => state !== "Off");
  if (sharing.length < 2 || inUse.length === 0) return [];
  return [
    {
      path: ["sizeBytes"],
      reason:
        `cannot grow while a machine that shares the disk is not off: ${namedAll(inUse)}. ` +
        "Turn all of them off, or use a VHD Set (.vhds), which grows while its machines run",
      passing: true,
    },
  ];
}

function growth(observed: Observed, { path = observed.path, sizeBytes }: Desired): Step[] {
  if (sizeBytes === undefined || sizeBytes === observed.sizeBytes) return [];
  return [
    {
      does: `grow the disk to ${sizeBytes} bytes`,
      properties: ["sizeBytes"],
      // what a host says of the first two is not recorded (hyper-v.md 6)
      advice:
        "A disk does not grow while checkpoints stand in front of it or children are based on it: remove the checkpoints " +
        "first, in a pulumi up of their own (Get-VMSnapshot shows them), or grow the children. If there are none, a backup, another machine or a mount " +
        "has it open: run pulumi up again when that is done.",
      calls: [{ cmdlet: "Resize-VHD", parameters: { Path: path, SizeBytes: sizeBytes } }],
    },
  ];
}
