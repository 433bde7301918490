import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterSharedVolumeArgs, ClusterSharedVolumeProperties } from "./types.generated";

interface Computed {
  /** Folder of the volume, the same on every node: `C:\ClusterStorage\Volume1`. */
  path: string;
  /** Id of the disk's resource in the cluster, which stays when its name changes. */
  resourceId: string;
  /** Name of the disk's resource now. */
  resourceName: string;
  /** Node that coordinates the volume now. The cluster balances it: never drift. */
  ownerNode: string | undefined;
}

const names: Names<ClusterSharedVolumeProperties & Computed> = {
  diskUniqueId: undefined,
  name: undefined,
  adopt: undefined,
  path: undefined,
  resourceId: undefined,
  resourceName: undefined,
  ownerNode: undefined,
};

export interface ClusterSharedVolume extends Outputs<ClusterSharedVolumeProperties & Computed> {}

/**
 * A disk that all nodes of a failover cluster see, as a volume that all of them write under one path. The disk is brought into the cluster,
 * if it is not there yet, and is never formatted.
 *
 * ```ts
 * new hyperv.ClusterSharedVolume("data", { diskUniqueId: "60003FF44DC75ADCB1F2E9F2C1F4B0A1", name: "Data" });
 * ```
 *
 * ```ts
 * const data = new hyperv.ClusterSharedVolume("data", { diskUniqueId: "60003FF44DC75ADCB1F2E9F2C1F4B0A1", name: "Data" });
 * const disk = new hyperv.VirtualHardDisk("web", {
 *   path: data.path.apply((folder) => folder + "\\web\\web.vhdx"),
 *   sizeBytes: 40 * hyperv.GiB,
 * });
 * ```
 *
 * Needs a provider with `nodes`, all those of the cluster. `id` is the disk's `UniqueId`. Write the paths of machines and disks by its
 * `path`: then they are made after it, and deleted before.
 *
 * Privileges: Administrators on the nodes.
 *
 * Errors: *refused* when the disk is a shared volume already (set `adopt`), the cluster's witness, a role's, or none that the cluster can use;
 * when it is deleted or replaced while a machine, a checkpoint or a role has a file below it, or while a node of the cluster cannot be
 * asked: the message says who has which file. *unreachable* when the cluster service does not run.
 *
 * Destroy gives the volume up (`Remove-ClusterSharedVolume`) and deletes no data. The disk leaves the cluster if this resource has brought it
 * there; otherwise it stays in the available storage, as it was found, and so does one of which an interrupted run has left unknown
 * who brought it. An adopted volume stays.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterSharedVolume extends HyperVResource {
  constructor(name: string, args: ClusterSharedVolumeArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterSharedVolume", names }, name, args, alone(opts));
  }

  /** Reads one that is managed elsewhere, by the `UniqueId` of its disk. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterSharedVolume {
    return new ClusterSharedVolume(name, {} as ClusterSharedVolumeArgs, { ...opts, id });
  }
}
