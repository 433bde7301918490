import { z } from "zod";
import { assigned, hot, meant, name, replaces } from "../../schema";
import { subnet } from "../subnets";

/** A network has no Set cmdlet (documented, hyper-v-host.md 1). */
const of = (property: string) => assigned("Get-ClusterNetwork", property);

export const schema = z.strictObject({
  /**
   * The network: its address with the length of its prefix, as `10.0.1.0/24`. The cluster finds one for each subnet of its nodes. A
   * change sets another one, and leaves this one as it is.
   */
  subnet: meant(replaces(subnet("10.0.1.0/24"))),
  /** Name that people see, of which the cluster has one only. */
  name: of("Name")(hot(name().optional())),
  /**
   * What the cluster uses it for: nothing, heartbeats and its own traffic, or clients too. `None` keeps storage networks to themselves.
   * A network with an address of the cluster stays `ClusterAndClient`.
   */
  role: of("Role")(hot(z.enum(["None", "Cluster", "ClusterAndClient"]).optional())),
  /** Networks with a lower one are used first, 1 to 268435455. One that is given is no longer chosen by the cluster. */
  metric: of("Metric")(hot(z.int().min(1).max(0x0fffffff).optional())),
  /** Whether the cluster chooses the metric; then `metric` is left out. */
  autoMetric: of("AutoMetric")(hot(z.boolean().optional())),
});

export type Desired = z.input<typeof schema>;
