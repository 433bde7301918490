import { isIP } from "node:net";
import { z } from "zod";
import { hot, permits, policy, replaces } from "../../schema";

/** Seconds in which a node that leaves is to be drained, where the program says nothing. */
export const drainSeconds = 7200;

/** A computer's name, with its domain or without: members are told by their names, and an address is none. */
const node = z
  .string()
  .regex(/^[a-z0-9_-]{1,15}(\.[a-z0-9_-]+)*$/i, "must be the name of a computer, with its domain or without")
  .refine((name) => isIP(name) === 0, "must be a name, not an address");

export const schema = z.strictObject({
  /**
   * Name of the cluster: 1 to 15 letters, digits and hyphens, which no other computer of the domain has. `New-Cluster -Name`. A change
   * destroys the cluster and creates another one, and is refused while it has roles or without `allowDestroy`; to rename a cluster, run
   * `(Get-Cluster).Name = "..."` on a node, run `pulumi refresh`, and write the new name here.
   * @default the resource's name in the program
   */
  name: replaces(
    z.string().regex(/^[a-z0-9-]{1,15}$/i, "must have 1 to 15 letters, digits and hyphens"),
    "New-Cluster",
    "Name",
  ),
  /**
   * Names of all nodes, 1 to 64, each a node of the provider as well. The whole list is this resource's; the order does not matter, and
   * `hv01` and `hv01.corp.example` are one node. `New-Cluster -Node`. Changes in place: a node that is added joins
   * (`Add-ClusterNode -NoStorage`); one that is left out is drained (`Suspend-ClusterNode -Drain`) and evicted (`Remove-ClusterNode`), which
   * restarts no machine of a role with priority 2000 and above. Who joins is there before anybody leaves.
   */
  nodes: hot(z.array(node).min(1).max(64), "New-Cluster", "Node"),
  /**
   * IPv4 addresses of the cluster itself, one for each subnet that clients use. `New-Cluster -StaticAddress`. The order does not matter. If not
   * given, the cluster asks for one by DHCP, and its addresses are not compared. A change destroys the cluster and creates another
   * one, and is refused while it has roles or without `allowDestroy`.
   */
  staticAddresses: replaces(z.array(z.ipv4()).min(1).optional(), "New-Cluster", "StaticAddress"),
  /**
   * Where the cluster's name is registered: `"ActiveDirectoryAndDns"` needs nodes in a domain and the right to create a computer account there,
   * `"Dns"` is for nodes in a workgroup, and `"None"` leaves the cluster without a name of its own.
   * `New-Cluster -AdministrativeAccessPoint`. A change destroys the cluster and creates another one, and is refused while it has roles or
   * without `allowDestroy`.
   * @default "ActiveDirectoryAndDns"
   */
  administrativeAccessPoint: replaces(
    z.enum(["ActiveDirectoryAndDns", "ActiveDirectory", "Dns", "None"]).default("ActiveDirectoryAndDns"),
    "New-Cluster",
    "AdministrativeAccessPoint",
  ),
  /**
   * Seconds in which the drain of a node that leaves must be done, 1 to 86400. Past them the node stays in the cluster, and is resumed. The
   * option `customTimeouts` counts as well.
   * @default 7200
   */
  drainTimeoutSeconds: policy(z.int().min(1).max(86_400).optional()),
  /**
   * Whether destroy, or a change that needs another cluster, may destroy this one. Counts once an up has recorded it. Even then a cluster with
   * roles stays.
   * @default false
   */
  allowDestroy: permits(policy(z.boolean().default(false))),
  /** Takes over a cluster of this name that the nodes are in already, and leaves it at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
