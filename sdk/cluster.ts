import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterArgs, ClusterProperties } from "./types.generated";

interface Computed {
  /** GUID of the cluster, which it keeps when it is renamed. */
  clusterId: string;
}

const names: Names<ClusterProperties & Computed> = {
  name: undefined,
  nodes: undefined,
  staticAddresses: undefined,
  administrativeAccessPoint: undefined,
  drainTimeoutSeconds: undefined,
  allowDestroy: undefined,
  adopt: undefined,
  clusterId: undefined,
};

export interface Cluster extends Outputs<ClusterProperties & Computed> {}

/**
 * A failover cluster: made of hosts, with the nodes that the program names, and without any disk. Disks, quorum and roles come by resources of their own.
 *
 * ```ts
 * new hyperv.Cluster("lab", { nodes: ["hv01", "hv02"], staticAddresses: ["10.0.0.50"] });
 * ```
 *
 * What belongs to the cluster waits for it, in the same `pulumi up`:
 *
 * ```ts
 * const lab = new hyperv.Cluster("lab", { nodes: ["hv01", "hv02"], administrativeAccessPoint: "Dns", allowDestroy: true });
 * new hyperv.ClusterSettings("lab", { sameSubnetThreshold: 30 }, { dependsOn: lab });
 * new hyperv.ClusterQuorum("lab", { type: "FileShare", fileShareWitness: "\\\\fs01\\witness" }, { dependsOn: lab });
 * ```
 *
 * Needs a provider whose `nodes` are the cluster's. To add a host, add it to both lists; to evict one, take it out of both in the same
 * change, together with whatever the program declares on that host. A node leaves drained, and only if nothing is left on it: no role, of a machine or
 * of anything else. One that is down is evicted without a drain; when it is back, run `Clear-ClusterNode -Force` on it. Machines that are no
 * roles stay on their host and do not move: keep their files off the shared volumes.
 *
 * `id` is the name with which the cluster was made. One that somebody renames stays the same one. Its cluster service being stopped everywhere is never
 * taken for its absence: it is gone when every node of the provider answers and none has a cluster's database.
 *
 * Privileges: Administrators on every node, and in a domain the right to create the computer account. Making a cluster and adding a node reach the other
 * hosts as the user who is signed in. Over SSH a key gives no credentials for that, a password does: set `hyperv:password`, and leave
 * `hyperv:privateKey` out ([connecting](../connecting.md#signing-in-to-make-a-cluster)). In a workgroup all nodes need one local account with the same
 * password, and `administrativeAccessPoint: "Dns"`. Roles of machines in a workgroup cluster need Windows Server 2025.
 *
 * Errors: *invalid* when a node is none of the provider's, is named by its address, or when a `ClusterNode` pauses, or a role's `ownerNode` is, a host that is
 * not among the nodes; *refused* when a host is in a cluster already, or kept the database of one (`Clear-ClusterNode -Force` there, if it is in none), when a role
 * cannot leave a node that is evicted (the node is resumed then), when too few nodes would be left that are up, and when a cluster is to be destroyed
 * that has roles or a node that is down; *host set-up* when a host lacks the failover clustering feature; *unreachable* when a node that is to join does not answer.
 *
 * Destroy needs `allowDestroy: true`, recorded by an up before, and a cluster without roles (`Remove-Cluster -Force`). Hosts keep their machines and settings, disks their data;
 * the computer account stays in the domain. An adopted cluster stays.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class Cluster extends HyperVResource {
  constructor(name: string, args: ClusterArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "Cluster", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Cluster {
    return new Cluster(name, {} as ClusterArgs, { ...opts, id });
  }
}
