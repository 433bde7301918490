import { z } from "zod";
import { assigned, hot } from "../../schema";

/** A uint32, as all numbers of a cluster are. */
const number = (least = 0, most = 4294967295) => z.int().min(least).max(most).optional();
const yes = () => z.boolean().optional();

/** The cluster has no Set cmdlet (recorded, hyper-v-host.md 1). */
const of = (property: string) => assigned("Get-Cluster", property);

export const schema = z.strictObject({
  /** Text for people. */
  description: of("Description")(hot(z.string().optional())),
  /** Milliseconds between two heartbeats of nodes in one subnet, 250 to 2000. */
  sameSubnetDelay: of("SameSubnetDelay")(hot(number(250, 2000))),
  /** Heartbeats that may be missed there before a node counts as down, 3 to 120. */
  sameSubnetThreshold: of("SameSubnetThreshold")(hot(number(3, 120))),
  /** Milliseconds between two heartbeats of nodes in different subnets, 250 to 4000. */
  crossSubnetDelay: of("CrossSubnetDelay")(hot(number(250, 4000))),
  /** Heartbeats that may be missed there before a node counts as down, 3 to 120. */
  crossSubnetThreshold: of("CrossSubnetThreshold")(hot(number(3, 120))),
  /** Milliseconds between two heartbeats of nodes in different sites. */
  crossSiteDelay: of("CrossSiteDelay")(hot(number())),
  /** Heartbeats that may be missed there before a node counts as down. */
  crossSiteThreshold: of("CrossSiteThreshold")(hot(number())),
  /** Whether nodes send heartbeats over every pair of subnets, and not over one only. */
  plumbAllCrossSubnetRoutes: of("PlumbAllCrossSubnetRoutes")(hot(yes())),
  /** When machines are moved from nodes that are full: 0 never, 1 when a node joins, 2 also every half an hour. */
  autoBalancerMode: of("AutoBalancerMode")(hot(z.literal([0, 1, 2]).optional())),
  /** From when on a node is full: 1 at 80 per cent, 2 at 70, 3 from 5 above the average on. */
  autoBalancerLevel: of("AutoBalancerLevel")(hot(z.literal([1, 2, 3]).optional())),
  /** How the cluster chooses a node for a machine that it starts: bits, of which Microsoft documents the lowest four, 0 to 15. */
  placementOptions: of("PlacementOptions")(hot(number(0, 15))),
  /**
   * Whether roles with a name in common in `antiAffinityClassNames` are never on one node, even if they stay offline for it;
   * otherwise they are kept apart as far as there is room. Counts for roles that come online afterwards.
   */
  clusterEnforcedAntiAffinity: of("ClusterEnforcedAntiAffinity")(hot(yes())),
  /**
   * Live migrations that a node takes part in at a time, 1 or more. From the update of September 2022 on the cluster writes it over
   * the number of its hosts.
   */
  maximumParallelMigrations: of("MaximumParallelMigrations")(hot(number(1))),
  /** Whether a node that loses contact is isolated only if it reports trouble itself, or always. */
  resiliencyLevel: of("ResiliencyLevel")(hot(z.enum(["IsolateOnSpecialHeartbeat", "AlwaysIsolate"]).optional())),
  /** Seconds for which machines of an isolated node may run before they fail over; 0 for a failover at once. */
  resiliencyDefaultPeriod: of("ResiliencyDefaultPeriod")(hot(number())),
  /** Failures of a node within an hour after which it is put into quarantine. */
  quarantineThreshold: of("QuarantineThreshold")(hot(number())),
  /** Seconds that a node stays in quarantine; 4294967295 until somebody takes it out. */
  quarantineDuration: of("QuarantineDuration")(hot(number())),
  /** Megabytes of each node's memory in which reads of shared volumes are cached; 0 for none. */
  blockCacheSize: of("BlockCacheSize")(hot(number())),
  /** Whether a node is drained before Windows shuts down on it. */
  drainOnShutdown: of("DrainOnShutdown")(hot(yes())),
  /** Whether the cluster itself gives and takes votes as nodes come and go. */
  dynamicQuorum: of("DynamicQuorum")(hot(yes())),
  /** Role of networks that are found later: 0 for none, 1 for the cluster alone, 3 for clients too. */
  defaultNetworkRole: of("DefaultNetworkRole")(hot(z.literal([0, 1, 3]).optional())),
  /** Whether live migrations over SMB are given a share of the bandwidth. */
  setSMBBandwidthLimit: of("SetSMBBandwidthLimit")(hot(yes())),
  /** That share, in hundredths of a per cent, 0 to 10000. */
  smbBandwidthLimitFactor: of("SMBBandwidthLimitFactor")(hot(number(0, 10000))),
  /** Minutes that a node waits for its roles when it shuts down. */
  shutdownTimeoutInMinutes: of("ShutdownTimeoutInMinutes")(hot(number())),
  /** Seconds that a group waits for those that it depends on. */
  groupDependencyTimeout: of("GroupDependencyTimeout")(hot(number())),
  /** Seconds that a group waits for its preferred owner when the cluster starts. */
  clusterGroupWaitDelay: of("ClusterGroupWaitDelay")(hot(number())),
  /** Name of the site where roles go first, which must be there; an empty text for none. */
  preferredSite: of("PreferredSite")(hot(z.string().optional())),
  /** Whether nodes are put into sites by their subnets. */
  autoAssignNodeSite: of("AutoAssignNodeSite")(hot(yes())),
});

export type Desired = z.input<typeof schema>;
