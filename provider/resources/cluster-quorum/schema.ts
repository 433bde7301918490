import { z } from "zod";
import { hot, secret } from "../../schema";

const text = () => z.string().min(1).optional();

export const schema = z.strictObject({
  /**
   * What votes beside the nodes: nothing, a disk of the cluster, a share, or a container in a storage account of Azure. A change
   * makes another witness; for that moment its vote is missing. `Set-ClusterQuorum`.
   */
  type: hot(z.enum(["None", "Disk", "FileShare", "Cloud"]), "Set-ClusterQuorum"),
  /**
   * Name of the disk, as `Get-ClusterResource` shows it. Required for `Disk`. It is in the available storage, has NTFS or ReFS and at
   * least 512 MB, and is no shared volume.
   */
  diskWitness: hot(text(), "Set-ClusterQuorum", "DiskWitness"),
  /** Path of the share, `\\server\share`, which the cluster's account may write. Required for `FileShare`. */
  fileShareWitness: hot(
    z
      .string()
      .regex(/^\\\\[^\\]+\\[^\\]+/, "must be the path of a share, such as \\\\\\\\fs01\\\\witness")
      .optional(),
    "Set-ClusterQuorum",
    "FileShareWitness",
  ),
  /** Name of the storage account. Required for `Cloud`. Every node must reach it over HTTPS. */
  accountName: hot(text(), "Set-ClusterQuorum", "AccountName"),
  /**
   * A key of the storage account, kept as a secret. No cluster tells the key that it has: one that changes in the program is set,
   * and a refresh sees no difference. A witness of the account that is there already and online keeps the key that it has.
   */
  accessKey: secret(hot(text(), "Set-ClusterQuorum", "AccessKey")),
  /** Where the account's service is. If not given, Windows takes Azure's own, `core.windows.net`. */
  endpoint: hot(text(), "Set-ClusterQuorum", "Endpoint"),
  /** Container of the account for the witness. If not given, Windows takes `msft-cloud-witness`. */
  containerName: hot(text(), "Set-ClusterQuorum", "ContainerName"),
});

export type Desired = z.input<typeof schema>;
