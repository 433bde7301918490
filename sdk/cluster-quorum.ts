import * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { ClusterQuorumArgs, ClusterQuorumProperties } from "./types.generated";

interface Computed {
  /** Name of the cluster. */
  clusterName: string;
  /** State of the witness, as its resource in the cluster has it, such as `Online` or `Failed`; `None` without a witness. */
  witnessState: string;
}

const names: Names<ClusterQuorumProperties & Computed> = {
  type: undefined,
  diskWitness: undefined,
  fileShareWitness: undefined,
  accountName: undefined,
  accessKey: undefined,
  endpoint: undefined,
  containerName: undefined,
  clusterName: undefined,
  witnessState: undefined,
};

export interface ClusterQuorum extends Outputs<ClusterQuorumProperties & Computed> {}

/**
 * The witness of a failover cluster: what votes beside its nodes when they count who is left.
 *
 * ```ts
 * new hyperv.ClusterQuorum("quorum", { type: "FileShare", fileShareWitness: "\\\\fs01\\witness" });
 * ```
 *
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 *
 * const config = new pulumi.Config();
 *
 * new hyperv.ClusterQuorum("quorum", {
 *   type: "Cloud",
 *   accountName: "contosowitness",
 *   accessKey: config.requireSecret("witnessKey"),
 * });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the cluster's name. The witness is set only where it differs, as the cluster makes it anew each
 * time. A program has one for each cluster.
 *
 * Privileges: Administrators on the nodes. The cluster's own account needs rights on a share; over a network logon the share is a second
 * hop, which the session may not make: sign in on a node, or let it delegate (Windows Server 2022).
 *
 * Errors: *invalid* when the share does not exist, or the disk is none of the cluster's; *refused* when the cluster may not write to the
 * share. That a cloud is not reached, or its key is wrong, stands in the cluster's own words.
 *
 * Destroy forgets the witness, and leaves the cluster as it is. To take the witness away, set `type: "None"` first.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterQuorum extends HyperVResource {
  constructor(name: string, args: ClusterQuorumArgs, opts?: pulumi.CustomResourceOptions) {
    const { accessKey } = args;
    const secret = accessKey === undefined ? {} : { accessKey: pulumi.secret(accessKey) };
    super({ kind: "ClusterQuorum", names }, name, { ...args, ...secret }, opts);
  }

  /** Reads the witness of a cluster, by the cluster's name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterQuorum {
    return new ClusterQuorum(name, {} as ClusterQuorumArgs, { ...opts, id });
  }
}
