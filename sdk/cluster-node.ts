import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterNodeArgs, ClusterNodeProperties } from "./types.generated";

const names: Names<ClusterNodeProperties> = {
  node: undefined,
  state: undefined,
  failback: undefined,
  drainTimeoutSeconds: undefined,
  allowTogether: undefined,
  nodeWeight: undefined,
};

export interface ClusterNode extends Outputs<ClusterNodeProperties> {}

/**
 * A node of the failover cluster: whether it is paused for service, and whether it votes. It is there whatever programs do; only
 * what the program names is managed.
 *
 * ```ts
 * new hyperv.ClusterNode("hv01", { node: "hv01", state: "Paused" });
 * ```
 *
 * A host is serviced by its name in the configuration, one at a time ([the recipe](../recipes.md)):
 *
 * ```ts
 * import { Config } from "@pulumi/pulumi";
 *
 * const service = new Config().get("service");
 * for (const node of ["hv01", "hv02", "hv03"])
 *   new hyperv.ClusterNode(node, { node, state: node === service ? "Paused" : "Up", failback: "Immediate" });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the node's name. Preview says what a drain does to how many machines, as they were when
 * the node was last read.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster.
 *
 * Errors: *invalid* when a role's `ownerNode` is a node that the program pauses, or when it pauses two nodes at once without
 * `allowTogether`; *refused* when another node is paused or down, or when a machine cannot leave: the message names the role
 * and says what the cluster says. The node stays paused then, and the next `pulumi up` tries again what is left.
 *
 * Destroy resumes nothing and evicts nobody: the node stays as it is, and is forgotten.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterNode extends HyperVResource {
  constructor(name: string, args: ClusterNodeArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterNode", names }, name, args, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterNode {
    return new ClusterNode(name, {} as ClusterNodeArgs, { ...opts, id });
  }
}
