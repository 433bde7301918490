import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterGroupSetArgs, ClusterGroupSetProperties } from "./types.generated";

const names: Names<ClusterGroupSetProperties> = {
  name: undefined,
  vmIds: undefined,
  providers: undefined,
  startupDelayTrigger: undefined,
  startupDelay: undefined,
  startupCount: undefined,
  isGlobal: undefined,
  adopt: undefined,
};

export interface ClusterGroupSet extends Outputs<ClusterGroupSetProperties> {}

/**
 * A set of roles that start before, or after, those of other sets. Windows Server 2016 and later.
 *
 * ```ts
 * const role = new hyperv.ClusterVirtualMachineRole("db", { vmId: db.id });
 * new hyperv.ClusterGroupSet("data", { vmIds: [role.id], startupDelayTrigger: "Online" });
 * ```
 *
 * What needs a set starts once that has started:
 *
 * ```ts
 * const data = new hyperv.ClusterGroupSet("data", { startupDelayTrigger: "Online" });
 * const role = new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id });
 * new hyperv.ClusterGroupSet("front", { vmIds: [role.id], providers: [data.name] });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the set's name. Roles are meant by their machines' ids, and stay in the set when a person
 * renames them; the lists are whole: what somebody adds by hand is drift.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster.
 *
 * Errors: *refused* when a set of the name is there (set `adopt`), when a role is in another set, when sets would need each other
 * in a circle, or when a set is removed that others need.
 *
 * Destroy removes the set and leaves its roles as they are. An adopted set stays.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterGroupSet extends HyperVResource {
  constructor(name: string, args: ClusterGroupSetArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterGroupSet", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterGroupSet {
    return new ClusterGroupSet(name, {} as ClusterGroupSetArgs, { ...opts, id });
  }
}
