import type { Cmdlets, Running } from "../engine/cmdlet";
import { convert } from "../engine/conversion";
import { sameName } from "../engine/names";
import { conversionOf } from "../engine/parameter-type";
import type { Thing } from "../engine/thing";
import type { Cluster, World } from "../world/world";
import { clusterGroup } from "./any-group";
import type { Assigning } from "./assigning";
import { clusterThing } from "./cluster-thing";
import { settle } from "./failover";
import { functionalLevel, highestLevel } from "./functional-level";
import { isMember, requireCluster } from "./membership";
import { startClusterService, stopClusterService } from "./node-service";
import { assignProperty, refusedValue } from "./property";
import { clusterProperties } from "./property-tables";
import { allMembers, clusterOf, refuse } from "./selection";

export const clusterCmdlets: Cmdlets = {
  "Get-Cluster": (call) => [clusterThing(clusterOf(call))],
  "Update-ClusterFunctionalLevel": raiseLevel,
  "Stop-Cluster": stopCluster,
  "Start-Cluster": startCluster,
};

/** Once all nodes are new, and never back (D, hyper-v-host.md 8). */
function raiseLevel(call: Running): readonly Thing[] {
  const cluster = clusterOf(call);
  call.needsForce();
  if (allMembers(call).some(({ node }) => !isMember(node)))
    refuse(call, "All nodes of the cluster have to be up to raise its functional level");
  const highest = highestLevel(call.world, cluster);
  if (functionalLevel(call.world, cluster) < highest) cluster.functionalLevel = highest;
  return [clusterThing(cluster)];
}

function stopCluster(call: Running): undefined {
  call.needsForce();
  for (const { node } of allMembers(call)) stopClusterService(call.world, node);
  settle(call.world);
}

function startCluster(call: Running): readonly Thing[] {
  for (const { node } of allMembers(call)) if (node.up) startClusterService(call.world, node);
  return [clusterThing(clusterOf(call))];
}

export function assignCluster({ world, node, property, value }: Assigning): void {
  const cluster = requireCluster(world, node, "");
  assignProperty({
    type: "Cluster",
    property,
    value,
    set: cluster.properties,
    properties: clusterProperties,
    others: {
      Name: (name) => rename(world, cluster, property, name),
      PreferredSite: (name) => {
        cluster.properties.PreferredSite = siteNamed(cluster, property, name);
      },
    },
  });
}

/** At most 15 characters, and nothing else in the domain has it (D, hyper-v-host.md 8). */
export function wrongName({ nodes }: World, name: string): string | undefined {
  if (!/^[a-z0-9-]{1,15}$/i.test(name)) return `'${name}' is no name of 1 to 15 letters, digits and hyphens.`;
  return nodes.some((node) => sameName(node.name, name)) ? `The name '${name}' is in use.` : undefined;
}

/** The name's resource is renamed with it. */
function rename(world: World, cluster: Cluster, property: string, value: unknown): void {
  const name = textOf(property, value);
  const wrong = wrongName(world, name);
  if (wrong !== undefined) throw refusedValue(property, wrong, 0x80070057);
  cluster.name = name;
  const resource = clusterGroup(cluster)?.resources.find(({ type }) => type === "Network Name");
  if (resource) Object.assign(resource.parameters, { Name: name.toUpperCase(), DnsName: name });
}

/** Empty, or the name of a site. */
function siteNamed({ faultDomains = [] }: Cluster, property: string, value: unknown): string {
  const name = textOf(property, value);
  const site = faultDomains.find((domain) => domain.type === "Site" && sameName(domain.name, name));
  if (name !== "" && !site) throw refusedValue(property, `There is no site '${name}'.`, 0x80070057);
  return site?.name ?? "";
}

function textOf(property: string, value: unknown): string {
  const converted = convert(conversionOf("string"), value);
  if (!converted.ok) throw refusedValue(property, "It is no text.");
  return typeof converted.value === "string" ? converted.value : "";
}
