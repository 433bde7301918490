import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { VirtualHardDiskArgs, VirtualHardDiskProperties } from "./types.generated";

interface Computed {
  /** Identifier in the file, which stays with it wherever it goes. A copy has its own, except a `.vhd`. */
  diskIdentifier: string;
}

const names: Names<VirtualHardDiskProperties & Computed> = {
  path: undefined,
  node: undefined,
  vhdType: undefined,
  sizeBytes: undefined,
  parentPath: undefined,
  sourcePath: undefined,
  blockSizeBytes: undefined,
  logicalSectorSizeBytes: undefined,
  physicalSectorSizeBytes: undefined,
  adopt: undefined,
  diskIdentifier: undefined,
};

export interface VirtualHardDisk extends Outputs<VirtualHardDiskProperties & Computed> {}

/**
 * A virtual hard disk: a `.vhdx` or `.vhd` file, or a VHD Set (`.vhds`).
 *
 * ```ts
 * const data = new hyperv.VirtualHardDisk("data", { path: "D:\\disks\\data.vhdx", sizeBytes: 40 * GiB });
 * ```
 *
 * Three machines from one golden image, each with a child that holds only what differs:
 *
 * ```ts
 * const golden = new hyperv.VirtualHardDisk("golden", {
 *   path: "D:\\images\\golden.vhdx",
 *   sourcePath: "D:\\images\\windows-2025.vhdx",
 * });
 * const children = ["a", "b", "c"].map(
 *   (name) => new hyperv.VirtualHardDisk(name, { path: `D:\\disks\\${name}.vhdx`, parentPath: golden.path }),
 * );
 * ```
 *
 * A disk that the members of a guest cluster share, each through a drive with `supportPersistentReservations`:
 *
 * ```ts
 * const shared = new hyperv.VirtualHardDisk("shared", {
 *   path: "C:\\ClusterStorage\\Volume1\\sql.vhds",
 *   sizeBytes: 100 * GiB,
 * });
 * ```
 *
 * `id` is the path at which the disk was made, and stays; `path` is where it is now. Growing and moving happen in place, also
 * under a running machine on a SCSI controller; everything else replaces the file. A replacement is refused while a checkpoint
 * or a machine that is not off uses the data.
 *
 * Privileges: Hyper-V Administrators, and the right to write to the folders (Windows Server 2022).
 *
 * Errors: *refused* when a file is already at the path (set `adopt`, or choose another), or while somebody uses the disk,
 * who is named: remove the checkpoints, detach the disk, or turn the machine off; *busy* when the file is open elsewhere, such
 * as by a backup; *invalid* when the parent is missing: bring it back, or destroy the disk.
 *
 * Destroy deletes the file that this resource made, with its data, also one that cannot be read any more, and never one that
 * it adopted. It waits up to 60 seconds for virtual machines, checkpoints and children that are still there, and then deletes nothing and
 * names them. Of a VHD Set the file with its data goes too, as the host names it. A disk that somebody has moved is deleted where
 * it is. On a cluster a disk on a shared volume is asked of the node that has it open.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class VirtualHardDisk extends HyperVResource {
  constructor(name: string, args: VirtualHardDiskArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "VirtualHardDisk", names }, name, args, opts);
  }

  /** Reads one that is managed elsewhere, by its id. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): VirtualHardDisk {
    return new VirtualHardDisk(name, {} as VirtualHardDiskArgs, { ...opts, id });
  }
}
