import { z } from "zod";
import { guid, hot, name, policy, replaces } from "../../schema";

/** What the cluster shows for "the majority of the nodes" (R, hyper-v-host.md 12). */
export const majority = 4294967295;

export const schema = z.strictObject({
  /**
   * Name of the set, by which other sets need it. `New-ClusterGroupSet -Name`. A change makes another set.
   * @default the resource's name in the program
   */
  name: replaces(name(), "New-ClusterGroupSet", "Name"),
  /**
   * Ids of the machines whose roles are in the set: `role.id`, so that the roles are there first. The whole list is this
   * resource's; a role is in one set only. `Add-ClusterGroupToSet -Group`. Changes in place, and starts and stops nothing.
   * @default none
   */
  vmIds: hot(z.array(guid()).default([]), "Add-ClusterGroupToSet", "Group", "GroupNames"),
  /**
   * Names of the sets that are to be online before a role of this one starts: `other.name`. The whole list is this resource's.
   * `Add-ClusterGroupSetDependency -Provider`. Changes in place, and starts and stops nothing.
   * @default none
   */
  providers: hot(z.array(z.string().min(1)).default([]), "Add-ClusterGroupSetDependency", "Provider", "ProviderNames"),
  /**
   * When sets that need this one go on: `"Delay"` some seconds after its roles were told to start, `"Online"` once they are online.
   * `Set-ClusterGroupSet -StartupDelayTrigger`. Changes in place.
   * @default "Delay"
   */
  startupDelayTrigger: hot(z.enum(["Delay", "Online"]).default("Delay"), "Set-ClusterGroupSet", "StartupDelayTrigger"),
  /** Seconds that sets that need this one wait, 0 to 86400. `Set-ClusterGroupSet -StartupDelay`. Changes in place. @default 20 */
  startupDelay: hot(z.int().min(0).max(86_400).default(20), "Set-ClusterGroupSet", "StartupDelay"),
  /**
   * How many of its roles are to be online before the set counts as started, at least 1; as many as the majority of the nodes if
   * not given. `Set-ClusterGroupSet -StartupCount`. Changes in place.
   */
  startupCount: hot(
    z
      .int()
      .min(1)
      .max(majority - 1)
      .optional(),
    "Set-ClusterGroupSet",
    "StartupCount",
  ),
  /** Whether every other set needs this one. `Set-ClusterGroupSet -IsGlobal`. Changes in place. @default false */
  isGlobal: hot(z.boolean().default(false), "Set-ClusterGroupSet", "IsGlobal"),
  /** Takes over a set of this name that is there, and leaves it at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
