import { z } from "zod";
import { assigned, follows, guid, hot, meant, policy, replaces } from "../../schema";
import { moveTypes, offlineActions, shutdownActions } from "./resource";

/** What the cluster shows for "not set", a uint32 where WMI shows -1 (hyper-v.md 1.4). */
export const unset = 4294967295;

export const hour = () => z.int().min(0).max(23);

export const nodeName = () => z.string().min(1);

/** Of a group, which has no Set cmdlet (hyper-v.md 7.1). */
export const ofGroup = (property: string) => assigned("Get-ClusterGroup", property);

/** A private property of the machine's resource, which no property of an object shows (hyper-v-host.md 14). */
const ofResource = <Schema extends z.ZodType>(schema: Schema) =>
  hot(schema, "Set-ClusterParameter", "Value", undefined);

export const schema = z.strictObject({
  /**
   * Id of the machine that becomes highly available: `machine.id`. Its files must lie on a shared volume.
   * `Add-ClusterVirtualMachineRole -VMId`. A change replaces the role.
   */
  // a machine that is replaced is deleted first, and a role must be gone before
  vmId: follows(meant(replaces(guid(), "Add-ClusterVirtualMachineRole", "VMId"))),
  /**
   * Who starts first, and who keeps running when room is short: 3000 high, 2000 medium, 1000 low, 0 does not start by
   * itself. `(Get-ClusterGroup).Priority`. Changes while the machine runs.
   * @default 2000
   */
  priority: ofGroup("Priority")(hot(z.literal([0, 1000, 2000, 3000]).default(2000))),
  /**
   * Nodes that the cluster tries first, in this order. `Set-ClusterOwnerNode -Group`. Changes while the machine runs, and
   * moves nothing.
   * @default none
   */
  preferredOwners: hot(z.array(nodeName()).default([]), "Set-ClusterOwnerNode", "Owners"),
  /**
   * Names of classes of which a node should run one machine only. `(Get-ClusterGroup).AntiAffinityClassNames`. A wish,
   * unless the cluster enforces it (`(Get-Cluster).ClusterEnforcedAntiAffinity`). Changes while the machine runs, and moves
   * nothing.
   * @default none
   */
  antiAffinityClassNames: ofGroup("AntiAffinityClassNames")(hot(z.array(z.string().min(1)).default([]))),
  /**
   * Whether the role goes back to its first preferred owner when that node returns. `(Get-ClusterGroup).AutoFailbackType`.
   * Needs `preferredOwners`.
   * @default false
   */
  autoFailback: ofGroup("AutoFailbackType")(hot(z.boolean().default(false))),
  /** Hour of the day, 0 to 23, from which it may go back; at once if not given. Required with the other end. `(Get-ClusterGroup).FailbackWindowStart`. */
  failbackWindowStart: ofGroup("FailbackWindowStart")(hot(hour().optional())),
  /** Hour of the day, 0 to 23, until which it may go back. Required with the other end. `(Get-ClusterGroup).FailbackWindowEnd`. */
  failbackWindowEnd: ofGroup("FailbackWindowEnd")(hot(hour().optional())),
  /**
   * How many failures within `failoverPeriod` are answered by a failover; then the role stays failed. The number of nodes
   * minus one if not given. `(Get-ClusterGroup).FailoverThreshold`.
   */
  failoverThreshold: ofGroup("FailoverThreshold")(
    hot(
      z
        .int()
        .min(0)
        .max(unset - 1)
        .optional(),
    ),
  ),
  /** Hours over which failures are counted, at least 1. `(Get-ClusterGroup).FailoverPeriod`. @default 6 */
  failoverPeriod: ofGroup("FailoverPeriod")(hot(z.int().min(1).max(1193).default(6))),
  /**
   * Node that the role is kept on. A change moves it: a running machine live, any other as it is.
   * `Move-ClusterVirtualMachineRole -Node`. If not given, where it runs is the cluster's business and nobody's drift.
   */
  ownerNode: hot(nodeName().optional(), "Move-ClusterVirtualMachineRole", "Node"),
  /**
   * Nodes that may own the role, in any order. `Set-ClusterOwnerNode -Resource -Owners` on the machine's resource. The one that owns it has to
   * be among them, or `ownerNode` moves it first. If not given, nobody's drift; all nodes when the role is made.
   */
  possibleOwners: hot(z.array(nodeName()).min(1).optional(), "Set-ClusterOwnerNode", "Owners"),
  /**
   * Whether the machine is restarted when its heartbeat is lost. Parameter `CheckHeartbeat` of the machine's resource. Changes
   * while the machine runs; if not given, nobody's drift. A new role does.
   */
  checkHeartbeat: ofResource(z.boolean().optional()),
  /**
   * Whether the machine is restarted when an application in it that is watched is critical. Parameter `CheckApplicationHealth` of
   * the machine's resource. Changes while the machine runs; if not given, nobody's drift. A new role does.
   */
  checkApplicationHealth: ofResource(z.boolean().optional()),
  /**
   * What becomes of the machine when the cluster takes its role offline (`Stop-ClusterGroup`, or a shutdown of the node that
   * nothing drained). Parameter `OfflineAction` of the machine's resource. Changes while the machine runs; if not given,
   * nobody's drift. A new role has `"Save"`.
   */
  offlineAction: ofResource(z.enum(offlineActions).optional()),
  /**
   * What becomes of the machine at a shutdown, by the cluster's own number for it, 0 or 1; what these stand for is documented
   * nowhere. Parameter `ShutdownAction` of the machine's resource. Changes while the machine runs; if not given, nobody's
   * drift. A new role has 0.
   */
  shutdownAction: ofResource(z.literal(shutdownActions).optional()),
  /**
   * How the machine moves where nobody says how. Parameter `DefaultMoveType` of the machine's resource. Changes while the
   * machine runs; if not given, nobody's drift. A new role moves as the cluster's type of resource says.
   */
  defaultMoveType: ofResource(z.enum(moveTypes).optional()),
  /**
   * Takes over a role that the machine already has, and leaves it at destroy; a machine of the same program is then not
   * deleted before the role is removed by hand.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
