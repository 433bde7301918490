import { z } from "zod";
import type { CallResult, Question, Where } from "../../calls";
import { VhdType } from "../../calls/cmdlets.generated";
import { type Asked, answerOf, type Seen, valuesOf } from "../definition";
import { isShared, same } from "../paths";
import { exists, temporary, volumeOf, where } from "./files";
import type { Desired } from "./schema";
import { dataFilesIn, filesCall, isSet } from "./set";

const user = z.object({
  kind: z.enum(["machine", "checkpoint", "child"]),
  name: z.string(),
  /** Of the machine, also of a checkpoint's. */
  id: z.string().optional(),
  /** The checkpoint's machine. */
  of: z.string().optional(),
  node: z.string().optional(),
  /** The machine's; of a child "Lost" where it looks for its parent in the old place. */
  state: z.string().optional(),
  /** The file that it names. */
  path: z.string().optional(),
  /** The file right in front of the disk, where that is another. */
  through: z.string().optional(),
});

/** Who stands on a disk: a machine or a checkpoint that names it or a file in front of it, or a disk that is based on it. */
export type User = z.output<typeof user>;

const type = z.enum(VhdType).exclude(["Unknown"]);

export const recorded = z.object({
  path: z.string(),
  /** The node whose own volume it is on. */
  node: z.string().optional(),
  vhdType: type,
  sizeBytes: z.number(),
  parentPath: z.string().optional(),
  /** What it was copied from, as the program said last. */
  sourcePath: z.string().optional(),
  blockSizeBytes: z.number(),
  logicalSectorSizeBytes: z.number(),
  physicalSectorSizeBytes: z.number(),
  /** Empty where it is not known. */
  diskIdentifier: z.string(),
  /** Where a VHD Set has its data. */
  dataFiles: z.array(z.string()).optional(),
  /** Where it was before a move that may not be at its end. */
  left: z.string().optional(),
  /** Where it was on its way to: there it may be by now, or a part of it. */
  heading: z.string().optional(),
  /** What attempts to go to other places have left there. */
  halves: z.array(z.string()).optional(),
  /** A file of its old place that the move has yet to delete. */
  remains: z.string().optional(),
  /** Absent where there are none, and where nobody has asked. */
  users: z.array(user).optional(),
});

export type Observed = z.output<typeof recorded>;

const observation = z.object({
  Path: z.string(),
  VhdType: z.enum(VhdType),
  Size: z.number(),
  FileSize: z.number(),
  ParentPath: z.string().nullish(),
  BlockSize: z.number(),
  LogicalSectorSize: z.number(),
  PhysicalSectorSize: z.number(),
  DiskIdentifier: z.string().nullish(),
});

const diskProperties = {
  Path: null,
  VhdType: null,
  Size: null,
  FileSize: null,
  ParentPath: null,
  BlockSize: null,
  LogicalSectorSize: null,
  PhysicalSectorSize: null,
  DiskIdentifier: null,
};

export function observe(id: string, _desired: Desired, known?: Observed): Asked {
  const path = known?.path ?? id;
  return {
    disk: { cmdlet: "Get-VHD", parameters: { Path: path }, select: diskProperties },
    ...(isSet(path) && { set: filesCall(path) }),
  };
}

export function parse({ answers }: Seen, desired: Desired, known?: Observed): Observed {
  const seen = observation.parse(answerOf(answers, "disk")[0]);
  const node = isShared(seen.Path) ? undefined : (known?.node ?? desired.node);
  const { left, heading, halves, users } = known ?? {};
  const isCopy = desired.sourcePath !== undefined && (!known || known.sourcePath !== undefined);
  return {
    path: seen.Path,
    vhdType: type.parse(seen.VhdType),
    sizeBytes: seen.Size,
    parentPath: seen.ParentPath || undefined,
    blockSizeBytes: seen.BlockSize,
    logicalSectorSizeBytes: seen.LogicalSectorSize,
    physicalSectorSizeBytes: seen.PhysicalSectorSize,
    diskIdentifier: seen.DiskIdentifier ?? "",
    ...(node !== undefined && { node }),
    ...(isSet(seen.Path) && { dataFiles: dataFilesIn(answers, seen.Path) }),
    // a disk that was there before its source was named is no copy of it
    ...(isCopy && { sourcePath: desired.sourcePath }),
    ...(left !== undefined && { left }),
    ...(heading !== undefined && { heading }),
    ...(halves !== undefined && { halves }),
    ...(users !== undefined && { users }),
  };
}

export function whereabouts(id: string, desired: Desired, known?: Observed): Where {
  return where(known?.path ?? id, known?.node ?? desired.node);
}

/** An identifier stays with a disk wherever it goes (documented, hyper-v.md 1.3). */
export function isOther(observed: Observed, known: Observed): boolean {
  return (
    observed.diskIdentifier !== "" &&
    known.diskIdentifier !== "" &&
    !same(observed.diskIdentifier, known.diskIdentifier)
  );
}

/** Where a move of this program may have brought it, or have left it on its way. */
export function elsewhere(id: string, desired: Desired, known: Observed): Observed[] {
  const node = (path: string) => (isShared(path) ? undefined : isShared(known.path) ? desired.node : known.node);
  const paths = [desired.path, known.heading, known.left, id, temporary(known.path)].filter(
    (path) => path !== undefined,
  );
  return paths
    .filter((path, index) => !same(path, known.path) && paths.findIndex((other) => same(other, path)) === index)
    .map((path) => ({ ...known, path, node: node(path), left: known.path }));
}

/** A volume that is away takes its files with it. */
export function inventory(id: string, known?: Observed): Question[] {
  const path = known?.path ?? id;
  return [exists(volumeOf(path)), exists(path)];
}

export function listed(_id: string, results: readonly CallResult[]): boolean | undefined {
  if (valuesOf(results, 0)[0] !== true) return undefined;
  return valuesOf(results, 1)[0] === true;
}
