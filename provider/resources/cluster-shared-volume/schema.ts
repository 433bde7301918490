import { z } from "zod";
import { assigned, hot, name, policy, replaces } from "../../schema";

export const schema = z.strictObject({
  /**
   * The disk: its `UniqueId`, as `Get-Disk` on a node shows it. Every node must see the disk, and it must have a GPT or MBR partition table
   * with one NTFS or ReFS volume: nothing is formatted, and no data are touched. `Get-ClusterAvailableDisk`, `Add-ClusterDisk`. A
   * change gives this volume up and makes one of the other disk; it is refused while anything has a file on this one.
   */
  diskUniqueId: replaces(z.string().trim().min(1), "Get-Disk", "UniqueId"),
  /**
   * Name of the disk's resource and of the volume in the cluster, up to 100 characters, which no other resource has.
   * `(Get-ClusterSharedVolume).Name`. Changes in place, while machines run; the folder keeps its own name. If not given, the name that
   * the cluster chooses (`Cluster Disk 1`), and not reported as drift.
   */
  name: assigned("Get-ClusterSharedVolume", "Name")(hot(name().optional())),
  /** Takes over a disk that is a shared volume already, and leaves it so at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
