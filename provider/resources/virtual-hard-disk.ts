import { z } from "zod";
import type { Question } from "../calls";
import { VhdType } from "../cmdlets.generated";
import { bytes, hot, path, policy, replaces, sizeText } from "../schema";
import {
  type Answer,
  define,
  isCheckpointFile,
  isShared,
  type Listed,
  listedBy,
  type Making,
  onNode,
  type Plan,
  same,
  steps,
  valuesOf,
} from "./definition";
import { lacks, rules } from "./virtual-hard-disk-rules";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;

const sector = () => z.literal([512, 4096]);

export const schema = z.strictObject({
  /**
   * Absolute path of the file; `.vhdx` or `.vhd` decides the format. `New-VHD -Path`. Compared without case. A change
   * replaces the disk, and its data with it.
   */
  path: replaces(path(), "New-VHD", "Path"),
  /**
   * Node of the provider's `nodes` on whose own volume the file is. Required there when the provider has several; a disk
   * on a shared volume (`C:\ClusterStorage\...`) or a share needs none. A change replaces the disk.
   */
  node: replaces(z.string().min(1).optional()),
  /**
   * `Dynamic` grows with its data, `Fixed` takes its whole size at once (minutes for a large one), `Differencing` holds
   * what differs from its parent. `New-VHD -Dynamic|-Fixed|-Differencing`. A change replaces the disk.
   * @default "Differencing" with `parentPath`, the source's type with `sourcePath`, else "Dynamic"
   */
  vhdType: replaces(z.enum(VhdType).exclude(["Unknown"]).optional(), "New-VHD"),
  /**
   * Size that the guest sees, in bytes; a multiple of 4096, at least 3 MiB, at most 64 TiB (`.vhd`: 2040 GiB). `New-VHD
   * -SizeBytes`, `Resize-VHD -SizeBytes`. Grows in place, also while a running machine has it on a SCSI controller,
   * but not while a checkpoint of the machine stands in front of it or other disks are based on it: remove the checkpoints
   * first, or grow the children. Shrinking is refused in preview. Required, unless the disk has a parent or is a copy of `sourcePath`.
   */
  sizeBytes: hot(
    bytes()
      .min(3 * MiB)
      .max(64 * TiB)
      .multipleOf(4096)
      .optional(),
    "Resize-VHD",
    "SizeBytes",
    "Size",
  ),
  /**
   * Path of the disk that a `Differencing` one is based on, in the same format. `New-VHD -ParentPath`. Whoever writes to
   * the parent afterwards breaks every child. A change replaces the disk, and so does a replacement of the parent in its
   * own place.
   */
  parentPath: replaces(path().optional(), "New-VHD", "ParentPath"),
  /**
   * Path of an existing file that the new one is a copy of, before it grows to `sizeBytes`. `Copy-Item`. The source is
   * only read. A change replaces the disk.
   */
  sourcePath: replaces(path().optional(), "Copy-Item", "LiteralPath"),
  /**
   * Block size in bytes, a power of two from 512 KiB to 256 MiB. `New-VHD -BlockSizeBytes`. Hyper-V chooses 32 MiB for a
   * dynamic `.vhdx` and 2 MiB for a `.vhd`; a fixed disk has none. A change replaces the disk.
   */
  blockSizeBytes: replaces(
    bytes()
      .min(512 * KiB)
      .max(256 * MiB)
      .refine((value) => Number.isInteger(Math.log2(value)), "must be a power of two")
      .optional(),
    "New-VHD",
    "BlockSizeBytes",
    "BlockSize",
  ),
  /** 512 or 4096 bytes. `New-VHD -LogicalSectorSizeBytes`. Hyper-V chooses 512. A change replaces the disk. */
  logicalSectorSizeBytes: replaces(sector().optional(), "New-VHD", "LogicalSectorSizeBytes", "LogicalSectorSize"),
  /**
   * 512 or 4096 bytes. `New-VHD -PhysicalSectorSizeBytes`. Hyper-V chooses 4096 for `.vhdx`, 512 for `.vhd`. A change
   * replaces the disk.
   */
  physicalSectorSizeBytes: replaces(sector().optional(), "New-VHD", "PhysicalSectorSizeBytes", "PhysicalSectorSize"),
  /**
   * Takes over a file that is already at the path, instead of an error. It is then grown if need be, and never deleted by
   * this resource.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;

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

interface Observed {
  path: string;
  vhdType: Exclude<z.output<typeof observation>["VhdType"], "Unknown">;
  sizeBytes: number;
  parentPath?: string | undefined;
  blockSizeBytes: number;
  logicalSectorSizeBytes: number;
  physicalSectorSizeBytes: number;
  diskIdentifier: string;
}

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

export const virtualHardDisk = define<typeof schema, Observed>({
  kind: "VirtualHardDisk",
  noun: "virtual hard disk",
  schema,
  recorded: z.object({
    path: z.string(),
    vhdType: z.enum(VhdType).exclude(["Unknown"]),
    sizeBytes: z.number(),
    parentPath: z.string().optional(),
    blockSizeBytes: z.number(),
    logicalSectorSizeBytes: z.number(),
    physicalSectorSizeBytes: z.number(),
    diskIdentifier: z.string(),
  }),
  title: (desired) => desired.path,
  rules,
  place: (desired) => where(desired.path, desired.node),
  whereabouts: (id, desired) => where(id, desired.node),
  meant: ({ path, node, sourcePath }) => ({ sourcePath, ...(isShared(path) ? {} : { node }) }),
  // a child holds what differs from that very file (recorded, hyper-v.md 6)
  follows: ["parentPath"],

  find: (desired) => [exists(desired.path)],
  found: (results, desired) => (valuesOf(results, 0)[0] === true ? [desired.path] : []),
  // a program that takes one over need not say how large it is; one that is made in its place must
  lacks: (results, desired) => (valuesOf(results, 0)[0] === true ? [] : lacks(desired)),
  make,
  identity: (_made, desired) => desired.path,

  observe: (id) => [{ cmdlet: "Get-VHD", parameters: { Path: id }, select: diskProperties }],
  parse: ({ results }) => {
    const seen = observation.parse(valuesOf(results, 0)[0]);
    return {
      path: seen.Path,
      vhdType: z.enum(VhdType).exclude(["Unknown"]).parse(seen.VhdType),
      sizeBytes: seen.Size,
      parentPath: seen.ParentPath || undefined,
      blockSizeBytes: seen.BlockSize,
      logicalSectorSizeBytes: seen.LogicalSectorSize,
      physicalSectorSizeBytes: seen.PhysicalSectorSize,
      diskIdentifier: seen.DiskIdentifier ?? "",
    };
  },
  inventory: (id) => [exists(id)],
  listed: (_id, results) => valuesOf(results, 0)[0] === true,
  // a folder's files are nobody's: what is listed is what machines have, and what that is based on
  listing: {
    calls: [{ cmdlet: "Get-VM", select: { HardDrives: { Path: null, DiskNumber: null } } }],
    follow: (answers) => {
      const asked = new Set(Object.keys(parents(answers)));
      return chain(answers)
        .filter((path) => !asked.has(path.toLowerCase()))
        .map((path) => ({ cmdlet: "Get-VHD", parameters: { Path: path }, select: { Path: null, ParentPath: null } }));
    },
    parse: (answers, node) =>
      chain(answers)
        .filter((path) => !isCheckpointFile(path))
        .map(
          (path): Listed => ({
            id: path,
            name: /([^\\]+?)(\.[^.\\]*)?$/.exec(path)?.[1] ?? path,
            desired: isShared(path) ? {} : onNode(node),
          }),
        ),
  },
  declared: (_observed, { vhdType, blockSizeBytes, logicalSectorSizeBytes, physicalSectorSizeBytes, ...reflected }) => {
    // what a child inherits cannot be said of it
    if (reflected.parentPath !== undefined) return reflected;
    const old = /\.vhd$/i.test(reflected.path);
    const [block, physical] = old ? [2 * MiB, 512] : [32 * MiB, 4096];
    return {
      ...reflected,
      ...(vhdType === "Fixed" ? { vhdType } : blockSizeBytes !== block && { blockSizeBytes }),
      ...(logicalSectorSizeBytes !== 512 && { logicalSectorSizeBytes }),
      ...(physicalSectorSizeBytes !== physical && { physicalSectorSizeBytes }),
    };
  },

  plan,
  // a file is not told apart from one of the same path: with another path both can be there at once
  coexist: (observed, desired) => !same(observed.path, desired.path),
  remove: ({ path }) => removal(path),
  removeUnread: removal,
  reflect: (observed, desired) => ({
    ...desired,
    path: same(observed.path, desired.path ?? "") ? desired.path : observed.path,
    vhdType: observed.vhdType,
    sizeBytes: observed.sizeBytes,
    parentPath:
      desired.parentPath !== undefined &&
      observed.parentPath !== undefined &&
      same(desired.parentPath, observed.parentPath)
        ? desired.parentPath
        : observed.parentPath,
    blockSizeBytes: observed.blockSizeBytes,
    logicalSectorSizeBytes: sector().parse(observed.logicalSectorSizeBytes),
    physicalSectorSizeBytes: sector().parse(observed.physicalSectorSizeBytes),
  }),
  outputs: ({ diskIdentifier }) => ({ diskIdentifier }),
});

const attached = z.object({
  HardDrives: z.array(z.object({ Path: z.string().nullish(), DiskNumber: z.number().nullish() })).nullish(),
});

/** The parent of each file that was asked for, by path; undefined for one that has none, or cannot be read. */
function parents(answers: readonly Answer[]): Record<string, string | undefined> {
  const link = z.object({ ParentPath: z.string().nullish() });
  return Object.fromEntries(
    answers.slice(1).flatMap(({ call, result }) => {
      const path = "cmdlet" in call && call.cmdlet === "Get-VHD" ? call.parameters?.Path : undefined;
      if (typeof path !== "string") return [];
      return [[path.toLowerCase(), link.safeParse(result.values[0]).data?.ParentPath || undefined] as const];
    }),
  );
}

/** Files of disks, attached ones and those below them, each once. */
function chain(answers: readonly Answer[]): string[] {
  const below = parents(answers);
  const found = new Map<string, string>();
  const add = (path: string | undefined): void => {
    if (path === undefined || found.has(path.toLowerCase())) return;
    found.set(path.toLowerCase(), path);
    add(below[path.toLowerCase()]);
  };
  // a physical disk has a text for people as its path
  for (const { HardDrives } of listedBy(answers, attached))
    for (const { Path, DiskNumber } of HardDrives ?? [])
      if (DiskNumber === null || DiskNumber === undefined || DiskNumber === 4294967295) add(Path || undefined);
  return [...found.values()];
}

function removal(path: string): Plan {
  return steps({
    does: "delete the file",
    calls: [{ cmdlet: "Remove-Item", parameters: { LiteralPath: path, Force: true } }],
  });
}

function where(path: string, node: string | undefined) {
  return isShared(path) ? { sharedFile: path } : { node };
}

/** Whether something lies at the path. */
function exists(path: string): Question {
  return { cmdlet: "Test-Path", parameters: { LiteralPath: path }, select: {} };
}

function make(desired: Desired): Making {
  const select = { Path: null };
  const { path, vhdType, sizeBytes, parentPath, sourcePath } = desired;
  if (sourcePath !== undefined)
    return {
      call: {
        cmdlet: "Copy-Item",
        parameters: { LiteralPath: sourcePath, Destination: path, PassThru: true },
        select: { FullName: null },
      },
    };
  if (parentPath !== undefined)
    return {
      call: { cmdlet: "New-VHD", parameters: { Path: path, ParentPath: parentPath, Differencing: true }, select },
    };
  return {
    call: {
      cmdlet: "New-VHD",
      parameters: {
        Path: path,
        SizeBytes: sizeBytes ?? 0,
        ...(vhdType === "Fixed" ? { Fixed: true } : { Dynamic: true }),
        ...(desired.blockSizeBytes !== undefined && { BlockSizeBytes: desired.blockSizeBytes }),
        ...(desired.logicalSectorSizeBytes !== undefined && { LogicalSectorSizeBytes: desired.logicalSectorSizeBytes }),
        ...(desired.physicalSectorSizeBytes !== undefined && {
          PhysicalSectorSizeBytes: desired.physicalSectorSizeBytes,
        }),
      },
      select,
    },
  };
}

function plan(observed: Observed, desired: Desired): Plan {
  const replaced: string[] = [];
  const differs = <T>(
    key: keyof Desired & string,
    wanted: T | undefined,
    is: T | undefined,
    same = (a: T, b: T) => a === b,
  ) => {
    if (wanted !== undefined && (is === undefined || !same(wanted, is))) replaced.push(key);
  };
  differs("path", desired.path, observed.path, same);
  differs("vhdType", desired.vhdType, observed.vhdType);
  differs("parentPath", desired.parentPath, observed.parentPath, same);
  if (desired.parentPath === undefined && desired.vhdType === undefined && !desired.sourcePath && !desired.adopt)
    if (observed.vhdType === "Differencing") replaced.push("parentPath");
  differs("blockSizeBytes", desired.blockSizeBytes, observed.blockSizeBytes);
  differs("logicalSectorSizeBytes", desired.logicalSectorSizeBytes, observed.logicalSectorSizeBytes);
  differs("physicalSectorSizeBytes", desired.physicalSectorSizeBytes, observed.physicalSectorSizeBytes);

  const { sizeBytes } = desired;
  if (replaced.length > 0 || sizeBytes === undefined || sizeBytes === observed.sizeBytes)
    return { steps: [], refusals: [], replaces: replaced };
  if (sizeBytes < observed.sizeBytes)
    return {
      steps: [],
      refusals: [
        {
          path: ["sizeBytes"],
          reason:
            `would shrink the disk from ${observed.sizeBytes} bytes (${sizeText(observed.sizeBytes)}) to ${sizeBytes} bytes (${sizeText(sizeBytes)}), and data of the guest could be cut off. ` +
            "Shrink the partition and the file by hand, or make a new disk",
        },
      ],
      replaces: [],
    };
  return {
    steps: [
      {
        does: `grow the disk to ${sizeBytes} bytes`,
        properties: ["sizeBytes"],
        // what a host says of the first two is not recorded (hyper-v.md 6)
        advice:
          "A disk does not grow while checkpoints stand in front of it or children are based on it: remove the checkpoints " +
          "first, in a pulumi up of their own (Get-VMSnapshot shows them), or grow the children. If there are none, a backup, another machine or a mount " +
          "has it open: run pulumi up again when that is done.",
        calls: [{ cmdlet: "Resize-VHD", parameters: { Path: observed.path, SizeBytes: sizeBytes } }],
      },
    ],
    refusals: [],
    replaces: [],
  };
}
