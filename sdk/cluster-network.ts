import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { ClusterNetworkArgs, ClusterNetworkProperties } from "./types.generated";

interface Computed {
  /** Id of the network, which is another one once the cluster has found it anew. */
  networkId: string;
  /** Name that it has now. */
  networkName: string;
}

const names: Names<ClusterNetworkProperties & Computed> = {
  subnet: undefined,
  name: undefined,
  role: undefined,
  metric: undefined,
  autoMetric: undefined,
  networkId: undefined,
  networkName: undefined,
};

export interface ClusterNetwork extends Outputs<ClusterNetworkProperties & Computed> {}

/**
 * A network of a failover cluster. The cluster finds one for each subnet that its nodes have; what is declared of it is set, what is not
 * is left alone.
 *
 * ```ts
 * new hyperv.ClusterNetwork("storage", { subnet: "10.0.2.0/24", name: "Storage", role: "None" });
 * ```
 *
 * ```ts
 * new hyperv.ClusterNetwork("migration", { subnet: "10.0.1.0/24", name: "Migration", role: "Cluster", metric: 900 });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the subnet. Every change is made while machines run. Where Network ATC rules, it sets names and
 * roles itself: do not manage both.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster (Windows Server 2022).
 *
 * Errors: *not found* when no node has an address in the subnet; *invalid* when another network has the name, or the role is none that
 * the network can have, as it carries an address of the cluster or is the last one that the nodes have.
 *
 * Destroy forgets the network, and leaves it as it is.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterNetwork extends HyperVResource {
  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterNetwork", names }, name, args, opts);
  }

  /** Reads one, by its subnet. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterNetwork {
    return new ClusterNetwork(name, {} as ClusterNetworkArgs, { ...opts, id });
  }
}
