import { z } from "zod";
import { guid, hot, name, policy, replaces } from "../../schema";

export const ruleTypes = ["SameFaultDomain", "SameNode", "DifferentFaultDomain", "DifferentNode"] as const;

export const schema = z.strictObject({
  /**
   * Name of the rule. `New-ClusterAffinityRule -Name`. A change makes another rule.
   * @default the resource's name in the program
   */
  name: replaces(name(), "New-ClusterAffinityRule", "Name"),
  /**
   * Whether its roles are kept on one node, in one fault domain, or apart. `Set-ClusterAffinityRule -RuleType`. Changes in place,
   * and moves nothing by itself.
   */
  ruleType: hot(z.enum(ruleTypes), "Set-ClusterAffinityRule", "RuleType"),
  /**
   * Ids of the machines whose roles the rule is about: `role.id`, so that the roles are there first. The whole list is this
   * resource's, except for shared volumes, which it leaves. `Add-ClusterGroupToAffinityRule -Groups`. Changes in place.
   * @default none
   */
  vmIds: hot(z.array(guid()).default([]), "Add-ClusterGroupToAffinityRule", "Groups"),
  /**
   * Whether the cluster keeps to it: a move that breaks the rule is refused then, and one that keeps roles together takes the others
   * along. `Set-ClusterAffinityRule -Enabled`. Changes in place.
   * @default true
   */
  enabled: hot(z.boolean().default(true), "Set-ClusterAffinityRule", "Enabled"),
  /**
   * Whether roles that are to be apart may be together where there is no other way. `Set-ClusterAffinityRule -SoftAntiAffinity`.
   * Changes in place.
   * @default false
   */
  softAntiAffinity: hot(z.boolean().default(false), "Set-ClusterAffinityRule", "SoftAntiAffinity"),
  /** Takes over a rule of this name that is there, and leaves it at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
