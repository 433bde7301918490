import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterAffinityRuleArgs, ClusterAffinityRuleProperties } from "./types.generated";

const names: Names<ClusterAffinityRuleProperties> = {
  name: undefined,
  ruleType: undefined,
  vmIds: undefined,
  enabled: undefined,
  softAntiAffinity: undefined,
  adopt: undefined,
};

export interface ClusterAffinityRule extends Outputs<ClusterAffinityRuleProperties> {}

/**
 * A rule that keeps roles together, or apart. Windows Server 2022 and later; before, `antiAffinityClassNames` of the roles do it.
 *
 * ```ts
 * const first = new hyperv.ClusterVirtualMachineRole("db", { vmId: db.id });
 * const second = new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id });
 * new hyperv.ClusterAffinityRule("apart", { ruleType: "DifferentNode", vmIds: [first.id, second.id] });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the rule's name. Roles are meant by their machines' ids, and stay in the rule when a
 * person renames them; the list is whole: what somebody adds by hand is drift.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster.
 *
 * Errors: *refused* when a rule of the name is there (set `adopt`); *host set-up* when the Windows of the nodes is older than
 * Windows Server 2022 and knows no rules. Moves that an enabled rule forbids are refused where they are declared, as a role's
 * `ownerNode`.
 *
 * Destroy removes the rule and moves nothing. An adopted rule stays.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterAffinityRule extends HyperVResource {
  constructor(name: string, args: ClusterAffinityRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterAffinityRule", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ClusterAffinityRule {
    return new ClusterAffinityRule(name, {} as ClusterAffinityRuleArgs, { ...opts, id });
  }
}
