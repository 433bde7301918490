import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { ClusterMigrationNetworksArgs, ClusterMigrationNetworksProperties } from "./types.generated";

interface Computed {
  /** Name of the cluster. */
  clusterName: string;
}

const names: Names<ClusterMigrationNetworksProperties & Computed> = {
  migrationExcludeNetworks: undefined,
  migrationNetworkOrder: undefined,
  clusterName: undefined,
};

export interface ClusterMigrationNetworks extends Outputs<ClusterMigrationNetworksProperties & Computed> {}

/**
 * Which networks live migrations within a failover cluster use, and in which order.
 *
 * ```ts
 * new hyperv.ClusterMigrationNetworks("migrations", {
 *   migrationExcludeNetworks: ["10.0.0.0/24"],
 *   migrationNetworkOrder: ["10.0.1.0/24", "10.0.2.0/24"],
 * });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the cluster's name. The cluster knows networks by ids, which change when it finds a network
 * anew; a program names them by subnet. Every change counts for the next live migration. A program has one for each cluster. Migrations
 * between hosts that share nothing use the list of `HostSettings`; some clusters were seen to heed that too: declare both alike.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster (Windows Server 2022).
 *
 * Errors: *unreachable* when the cluster service does not run. A subnet that the cluster has no network for is refused with those that
 * there are.
 *
 * Destroy forgets the lists, and leaves the cluster as it is.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterMigrationNetworks extends HyperVResource {
  constructor(name: string, args: ClusterMigrationNetworksArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterMigrationNetworks", names }, name, args, opts);
  }

  /** Reads those of a cluster, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterMigrationNetworks {
    return new ClusterMigrationNetworks(name, {}, { ...opts, id });
  }
}
