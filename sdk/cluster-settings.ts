import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { ClusterSettingsArgs, ClusterSettingsProperties } from "./types.generated";

interface Computed {
  /** Name of the cluster. */
  clusterName: string;
}

const names: Names<ClusterSettingsProperties & Computed> = {
  description: undefined,
  sameSubnetDelay: undefined,
  sameSubnetThreshold: undefined,
  crossSubnetDelay: undefined,
  crossSubnetThreshold: undefined,
  crossSiteDelay: undefined,
  crossSiteThreshold: undefined,
  plumbAllCrossSubnetRoutes: undefined,
  autoBalancerMode: undefined,
  autoBalancerLevel: undefined,
  placementOptions: undefined,
  clusterEnforcedAntiAffinity: undefined,
  maximumParallelMigrations: undefined,
  resiliencyLevel: undefined,
  resiliencyDefaultPeriod: undefined,
  quarantineThreshold: undefined,
  quarantineDuration: undefined,
  blockCacheSize: undefined,
  drainOnShutdown: undefined,
  dynamicQuorum: undefined,
  defaultNetworkRole: undefined,
  setSMBBandwidthLimit: undefined,
  smbBandwidthLimitFactor: undefined,
  shutdownTimeoutInMinutes: undefined,
  groupDependencyTimeout: undefined,
  clusterGroupWaitDelay: undefined,
  preferredSite: undefined,
  autoAssignNodeSite: undefined,
  clusterName: undefined,
};

export interface ClusterSettings extends Outputs<ClusterSettingsProperties & Computed> {}

/**
 * Properties of a failover cluster. They are there whatever programs do: what is declared is set, what is not is left alone.
 *
 * ```ts
 * new hyperv.ClusterSettings("cluster", { maximumParallelMigrations: 2, sameSubnetThreshold: 30 });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the cluster's name. All changes take effect at once, while machines run, except where a
 * property says otherwise. A program has one for each cluster: two are refused, also if they name different properties.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster (Windows Server 2022).
 *
 * Errors: *invalid* when the cluster does not take a value, such as a site that it does not have; *unreachable* when the cluster
 * service does not run.
 *
 * Destroy forgets the properties, and leaves the cluster as it is.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterSettings extends HyperVResource {
  constructor(name: string, args: ClusterSettingsArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterSettings", names }, name, args, opts);
  }

  /** Reads the properties of a cluster, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterSettings {
    return new ClusterSettings(name, {}, { ...opts, id });
  }
}
