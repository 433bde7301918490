import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { ClusterVirtualMachineRoleArgs, ClusterVirtualMachineRoleProperties } from "./types.generated";

interface Computed {
  /** Name of the cluster group: the machine's name when the role was made. */
  groupName: string;
  /** Node that owns the role now. */
  currentOwner: string;
}

const names: Names<ClusterVirtualMachineRoleProperties & Computed> = {
  vmId: undefined,
  priority: undefined,
  preferredOwners: undefined,
  antiAffinityClassNames: undefined,
  autoFailback: undefined,
  failbackWindowStart: undefined,
  failbackWindowEnd: undefined,
  failoverThreshold: undefined,
  failoverPeriod: undefined,
  ownerNode: undefined,
  possibleOwners: undefined,
  checkHeartbeat: undefined,
  checkApplicationHealth: undefined,
  offlineAction: undefined,
  shutdownAction: undefined,
  defaultMoveType: undefined,
  adopt: undefined,
  groupName: undefined,
  currentOwner: undefined,
};

export interface ClusterVirtualMachineRole extends Outputs<ClusterVirtualMachineRoleProperties & Computed> {}

/**
 * Makes a machine highly available: a role of the failover cluster, which restarts it elsewhere when its node fails.
 *
 * ```ts
 * new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id });
 * ```
 *
 * ```ts
 * new hyperv.ClusterVirtualMachineRole("db", {
 *   vmId: db.id,
 *   priority: 3000,
 *   preferredOwners: ["hv01", "hv02"],
 *   antiAffinityClassNames: ["database"],
 * });
 * ```
 *
 * Needs a provider with `nodes`. `id` is the machine's GUID. Every change is made while the machine runs.
 *
 * Privileges: Administrators on the nodes, or full access to the cluster (Windows Server 2022).
 *
 * Errors: *invalid* when one of the machine's files is on a local volume, which the message names, or a node is no possible owner; *refused* when the
 * machine already is a role (set `adopt`); *unreachable* when the cluster service does not run.
 *
 * Destroy removes the role and leaves the machine running where it is. An adopted role stays; and then its machine is not
 * deleted either, as no machine is while it is a role. Where the role is one that an interrupted run of this program made,
 * do not adopt it: remove it on a node (`Remove-ClusterGroup -VMId <id> -RemoveResources`, the machine runs on) and run
 * `pulumi up`, which makes it anew, or import it (`npx pulumi-hyperv import --only roles`), after which it counts as made here.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class ClusterVirtualMachineRole extends HyperVResource {
  constructor(name: string, args: ClusterVirtualMachineRoleArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterVirtualMachineRole", names }, name, args, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its id. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): ClusterVirtualMachineRole {
    return new ClusterVirtualMachineRole(name, {} as ClusterVirtualMachineRoleArgs, { ...opts, id });
  }
}
