import { z } from "zod";
import { VhdType } from "../../calls/cmdlets.generated";
import { bytes, follows, hot, path, policy, replaces } from "../../schema";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;

export const sector = () => z.literal([512, 4096]);

export const schema = z.strictObject({
  /**
   * Absolute path of the file; `.vhdx`, `.vhds` or `.vhd` decides the format. `New-VHD -Path`. Compared without case. `.vhds` is
   * a VHD Set, which virtual machines share: only on a shared volume (`C:\ClusterStorage\...`) or a file share, and neither
   * moved nor replaced by any change, which preview refuses. A change of any other path moves
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
   * a virtual machine has it attached: detach it, or convert it by hand (`Convert-VHD`). A VHD Set is `Dynamic` or `Fixed`.
   * @default "Differencing" with `parentPath`, the source's type with `sourcePath`, else "Dynamic"
   */
  vhdType: replaces(z.enum(VhdType).exclude(["Unknown"]).optional(), "New-VHD"),
  /**
   * Size that the guest sees, in bytes; a multiple of 4096, at least 3 MiB, at most 64 TiB (`.vhd`: 2040 GiB). `New-VHD
   * -SizeBytes`, `Resize-VHD -SizeBytes`. Grows in place, also while a running machine has it on a SCSI controller,
   * but not while a checkpoint of the machine stands in front of it or other disks are based on it: remove the checkpoints
   * first, or grow the children. A VHD Set grows under all the machines that share it, a `.vhdx` that several share only while
   * all of them are off. Shrinking is refused in preview. Required, unless the disk has a parent or is a copy of `sourcePath`.
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
  // a child holds what differs from that very file (recorded, hyper-v.md 6)
  parentPath: follows(replaces(path().optional(), "New-VHD", "ParentPath")),
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
