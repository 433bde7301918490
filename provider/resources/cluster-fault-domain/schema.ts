import { z } from "zod";
import { hot, name, policy, replaces } from "../../schema";

/** From the outer kinds to the inner: each can be in those before it (D, hyper-v-host.md 13). */
export const types = ["Site", "Rack", "Chassis"] as const;

export const schema = z.strictObject({
  /**
   * Name of the domain, up to 100 characters, which no other domain and no node of the cluster has. `Set-ClusterFaultDomain -NewName`.
   * Changes in place: what is in the domain stays in it.
   * @default the resource's name in the program
   */
  name: hot(name(), "Set-ClusterFaultDomain", "NewName", "Name"),
  /**
   * What the nodes in it share: `"Site"`, `"Rack"` or `"Chassis"`. `New-ClusterFaultDomain -FaultDomainType`. A change replaces the
   * domain, and is refused while anything is in it that `nodes` does not name.
   */
  type: replaces(z.enum(types), "New-ClusterFaultDomain", "FaultDomainType", "Type"),
  /**
   * Name of the domain that it is in: `site.name`, so that the site is there first. A rack can be in a site, a chassis in a rack or a
   * site; `""` is none. `Set-ClusterFaultDomain -FaultDomain`. Changes in place, and takes along what is in the domain.
   * @default ""
   */
  parent: hot(z.string().default(""), "Set-ClusterFaultDomain", "FaultDomain", "ParentName"),
  /** What health reports say of it. `Set-ClusterFaultDomain -Description`. Changes in place. @default "" */
  description: hot(z.string().default(""), "Set-ClusterFaultDomain", "Description"),
  /** Where it is, as health reports say it: a hall, a row. `Set-ClusterFaultDomain -Location`. Changes in place. @default "" */
  location: hot(z.string().default(""), "Set-ClusterFaultDomain", "Location"),
  /**
   * Names of the nodes that are directly in it. `Set-ClusterFaultDomain -Name <node> -FaultDomain`. The whole list is this resource's: a
   * node that leaves it is in no domain. Changes in place and moves no role by itself; Storage Spaces Direct and stretched
   * clusters follow sites at once, so declare domains before either is enabled. Declare each node in one domain only. If not given, not
   * managed and not reported as drift.
   */
  nodes: hot(z.array(z.string().min(1)).optional(), "Set-ClusterFaultDomain", "FaultDomain", "ChildrenNames"),
  /** Takes over a domain of this name that is there, and leaves it at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
