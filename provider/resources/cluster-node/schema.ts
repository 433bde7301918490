import { z } from "zod";
import { assigned, hot, meant, permits, policy, replaces } from "../../schema";

/** Seconds in which a drain is to be done, where the program says nothing: a large machine takes minutes each. */
export const drainSeconds = 7200;

export const schema = z.strictObject({
  /** Name of the node, a member of the cluster. A change sets another node, and leaves this one as it is. */
  node: meant(replaces(z.string().min(1))),
  /**
   * `"Paused"` drains the node: the cluster moves its machines away, by their priority running (2000 and above), saved and
   * resumed elsewhere (below) or turned off (0), and places nothing on it (`Suspend-ClusterNode -Drain`). `"Up"` gives it back
   * (`Resume-ClusterNode`). Refused where another node is paused or down, unless `allowTogether` is set. A node that is down
   * has nothing to drain, and counts as paused. If not given, nobody's drift.
   */
  state: hot(z.enum(["Up", "Paused"]).optional(), "Suspend-ClusterNode", undefined, "State"),
  /**
   * What comes back at `state: "Up"`: all that was drained at once, nothing, or what the roles' own failback says
   * (`Resume-ClusterNode -Failback`). Changes nothing by itself.
   * @default "NoFailback"
   */
  failback: policy(z.enum(["Immediate", "NoFailback", "Policy"]).optional()),
  /**
   * Seconds in which a drain must be done, 1 to 86400. Past them the update fails and says what is still there; the drain goes
   * on, and the next `pulumi up` waits for it. The option `customTimeouts` counts as well.
   * @default 7200
   */
  drainTimeoutSeconds: policy(z.int().min(1).max(86_400).optional()),
  /**
   * Whether it may be paused while another node is paused or down. Two nodes that one program pauses both need it.
   * @default false
   */
  allowTogether: permits(policy(z.boolean().optional())),
  /** Whether the node votes in the quorum. `(Get-ClusterNode).NodeWeight`, 1 or 0. Changes in place; if not given, nobody's drift. */
  nodeWeight: assigned("Get-ClusterNode", "NodeWeight")(hot(z.boolean().optional())),
});

export type Desired = z.input<typeof schema>;
