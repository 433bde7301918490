import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterFaultDomainArgs, ClusterFaultDomainProperties } from "./types.generated";

const names: Names<ClusterFaultDomainProperties> = {
  name: undefined,
  type: undefined,
  parent: undefined,
  description: undefined,
  location: undefined,
  nodes: undefined,
  adopt: undefined,
};

export interface ClusterFaultDomain extends Outputs<ClusterFaultDomainProperties> {}

/**
 * A site, a rack or a chassis of a failover cluster: nodes that fail together. Rules for fault domains (`ClusterAffinityRule`), the
 * preferred site (`ClusterSettings`) and Storage Spaces Direct go by it.
 *
 * ```ts
 * const north = new hyperv.ClusterFaultDomain("north", { type: "Site", nodes: ["hv01", "hv02"] });
 * const south = new hyperv.ClusterFaultDomain("south", { type: "Site", nodes: ["hv03", "hv04"] });
 * ```
 *
 * ```ts
 * const hall = new hyperv.ClusterFaultDomain("hall-1", { type: "Site", location: "Building 7" });
 * new hyperv.ClusterFaultDomain("rack-a", { type: "Rack", parent: hall.name, nodes: ["hv01", "hv02"] });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the domain's id in the cluster, which stays when the domain gets another name. Nodes are fault
 * domains by themselves: `nodes` says which ones are in this one. Every change is made while machines run, and moves none by itself.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster.
 *
 * Errors: *refused* when a domain or node of the name is there (set `adopt` for a domain), when the parent is not there or is of a type that
 * cannot hold this one, when a name in `nodes` is no member of the cluster, and when other domains are in one that is to be removed or to
 * become of another type: the message names them.
 *
 * Destroy takes all nodes out of the domain, and removes it. Name domains by `parent: site.name`, and what is in a
 * site is removed before the site. An adopted domain stays as it is.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterFaultDomain extends HyperVResource {
  constructor(name: string, args: ClusterFaultDomainArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterFaultDomain", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its id or its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterFaultDomain {
    return new ClusterFaultDomain(name, {} as ClusterFaultDomainArgs, { ...opts, id });
  }
}
