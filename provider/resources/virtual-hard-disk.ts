import { z } from "zod";
import { VhdType } from "../cmdlets.generated";
import { bytes, hot, path, policy, replaces } from "../schema";
import { define, same } from "./definition";
import { fileSight, isOnShare } from "./sights";
import { where } from "./virtual-hard-disk/files";
import { listing } from "./virtual-hard-disk/listing";
import { afterwards, find, found, lacks, make, requires } from "./virtual-hard-disk/make";
import { mend } from "./virtual-hard-disk/move";
import {
  elsewhere,
  inventory,
  isOther,
  listed,
  type Observed,
  observe,
  parse,
  recorded,
  whereabouts,
} from "./virtual-hard-disk/observed";
import { announces, isAtStake, isElsewhere, plan } from "./virtual-hard-disk/plan";
import { removal, remove } from "./virtual-hard-disk/removal";
import { rules } from "./virtual-hard-disk/rules";
import { seek } from "./virtual-hard-disk/seek";
import { around } from "./virtual-hard-disk/users";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;

const sector = () => z.literal([512, 4096]);

export const schema = z.strictObject({
  /**
   * Absolute path of the file; `.vhdx` or `.vhd` decides the format. `New-VHD -Path`. Compared without case. A change moves
   * the file with its data, and never overwrites another: with `Move-VMStorage -Vhds` where a virtual machine has it attached,
   * also while that runs; otherwise with `Move-Item`, or across volumes as a copy that is compared before the old file goes. Disks
   * that are based on it are told where it is. Refused while a checkpoint stands in front of it, or a running machine uses
   * a disk that is based on it. A disk that somebody has moved is found by its identifier among those of virtual
   * machines, and moved back; to leave it there, declare where it is.
   */
  path: hot(path(), "Move-Item", "Destination", "Path"),
  /**
   * Node of the provider's `nodes` on whose own volume the file is. Required there when the provider has several; a disk
   * on a shared volume (`C:\ClusterStorage\...`) or a share needs none. A disk that is attached goes with its virtual machine, and
   * another node is no difference then; a change replaces a detached one.
   */
  node: replaces(z.string().min(1).optional()),
  /**
   * `Dynamic` grows with its data, `Fixed` takes its whole size at once (minutes for a large one), `Differencing` holds
   * what differs from its parent. `New-VHD -Dynamic|-Fixed|-Differencing`. A change replaces the disk, and is refused while
   * a virtual machine has it attached: detach it, or convert it by hand (`Convert-VHD`).
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
   * own place; a path that only follows a parent that moves does not.
   */
  parentPath: replaces(path().optional(), "New-VHD", "ParentPath"),
  /**
   * Path of an existing file that the new one is a copy of, before it grows to `sizeBytes`. `Copy-Item`. The source is
   * only read, and a file that is in the new one's place is never overwritten: the copy becomes whole beside it, under a name that ends in
   * `.partial.vhdx`. A `.vhdx` is given an identifier of its own (`Set-VHD -ResetDiskIdentifier`). A change replaces the copy;
   * a path that only follows a source that moves does not. Named for a disk that is there already it changes nothing, then and
   * later: such a disk is no copy, and keeps its data.
   */
  sourcePath: replaces(path().optional(), "Copy-Item", "LiteralPath"),
  /**
   * Block size in bytes, a power of two from 512 KiB to 256 MiB. `New-VHD -BlockSizeBytes`. Hyper-V chooses 32 MiB for a
   * dynamic `.vhdx` and 2 MiB for a `.vhd`. A fixed disk has no blocks: there it changes nothing. A change replaces any other disk.
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

export const virtualHardDisk = define<typeof schema, Observed>({
  kind: "VirtualHardDisk",
  noun: "virtual hard disk",
  identified: "an absolute path",
  schema,
  recorded,
  title: (desired) => desired.path,
  rules,
  place: (desired) => where(desired.path, desired.node),
  whereabouts,
  // a child holds what differs from that very file (recorded, hyper-v.md 6)
  follows: ["parentPath"],

  find,
  found,
  lacks,
  requires,
  sights: ({ path, node, parentPath, sourcePath }) =>
    Object.entries({ path, parentPath, sourcePath }).flatMap(([key, name]) =>
      name === undefined || isOnShare(name)
        ? []
        : [fileSight(node, { name, path: [key], is: key === "path" ? "free" : "there" })],
    ),
  make,
  afterwards,
  foreseen: ({ path }) => path,
  identity: (_made, { path }) => path,
  located: ({ path }) => path,

  observe,
  parse,
  isOther,
  elsewhere,
  seek,
  around: (observed, desired, purpose) =>
    around(observed, desired, purpose, purpose === "change" && isAtStake(observed, desired)),
  inventory,
  listed,
  listing,
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
  announces,
  // a file is not told apart from one of the same path: with another path both can be there at once
  coexist: (observed, desired) => !same(observed.path, desired.path),
  remove,
  mend,
  removeUnread: (id, known) => removal(known?.path ?? id),
  reflect: (observed, desired) => ({
    ...desired,
    path: same(observed.path, desired.path ?? "") ? desired.path : observed.path,
    ...(isElsewhere(observed, desired) && { node: observed.node }),
    vhdType: observed.vhdType,
    sizeBytes: observed.sizeBytes,
    parentPath:
      desired.parentPath !== undefined &&
      observed.parentPath !== undefined &&
      same(desired.parentPath, observed.parentPath)
        ? desired.parentPath
        : observed.parentPath,
    blockSizeBytes:
      observed.vhdType === "Fixed" ? (desired.blockSizeBytes ?? observed.blockSizeBytes) : observed.blockSizeBytes,
    logicalSectorSizeBytes: sector().parse(observed.logicalSectorSizeBytes),
    physicalSectorSizeBytes: sector().parse(observed.physicalSectorSizeBytes),
  }),
  outputs: ({ diskIdentifier }) => ({ diskIdentifier }),
});
