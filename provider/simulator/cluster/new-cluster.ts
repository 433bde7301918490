import type { Cmdlets, Running } from "../engine/cmdlet";
import { failure, notPlayed } from "../engine/failure";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { findNetworks, subnetsOf } from "../world/cluster-network";
import { completeCluster } from "../world/complete";
import { isIPv4, prefixOf, subnetOf } from "../world/subnet";
import { type Cluster, type Node, newGuid } from "../world/world";
import { clusterGroup } from "./any-group";
import { wrongName } from "./cluster";
import { addDisks, availableDisks } from "./cluster-disk";
import { clusterThing } from "./cluster-thing";
import { highestLevel } from "./functional-level";
import { secondHop, shortName } from "./membership";
import { newPlainResource } from "./plain-resource";
import { codes, refuse } from "./selection";

export const newClusterCmdlets: Cmdlets = { "New-Cluster": newCluster };

/** Everything is looked at before anything is made. */
function newCluster(call: Running): readonly Thing[] {
  const { world } = call;
  const name = call.text("Name") ?? "";
  const nodes = foundersOf(call);
  const accessPoint = given<string>(call, "AdministrativeAccessPoint") ?? "ActiveDirectoryAndDns";
  const wrong = wrongName(world, name);
  if (wrong !== undefined) refuse(call, wrong, 0x80070057);
  if (world.domain === null && !["Dns", "None"].includes(accessPoint))
    refuse(call, "The nodes are in no domain: the cluster needs an administrative access point in DNS.", 1355);
  if (world.cluster && sameName(world.cluster.name, name)) refuse(call, `The name '${name}' is in use`, 52);
  if (world.cluster) throw failure(call.cmdlet, notPlayed, "The simulator plays one cluster in a world.");
  const addresses = addressesOf(call, nodes);
  const cluster: Cluster = { ...createCluster(call, name, nodes), accessPoint };
  world.cluster = cluster;
  for (const node of nodes) node.clusterServiceRunning = true;
  completeCluster(world, cluster, addresses[0]);
  completeAccess(call, cluster, addresses);
  cluster.functionalLevel = highestLevel(world, cluster);
  findNetworks(world);
  // every disk that all nodes see, unless told not to (recorded, hyper-v-host.md 8)
  if (!call.flag("NoStorage")) addDisks(call, availableDisks(world, cluster));
  return [clusterThing(cluster)];
}

function createCluster(call: Running, name: string, nodes: readonly Node[]): Cluster {
  return {
    id: newGuid(call.world),
    name,
    quorum: "NodeMajority",
    sharedVolumes: [],
    files: {},
    groups: [],
    nodes: nodes.map((node, index) => newMember(node, index + 1)),
    properties: {},
    resourceTypes: { "Virtual Machine": {}, "Virtual Machine Configuration": {} },
    voters: nodes.map((node) => node.name),
    hasQuorum: true,
    unsettled: false,
  };
}

export function newMember({ name }: Node, id: number): Cluster["nodes"][number] {
  return {
    name,
    id,
    paused: false,
    avoidPlacement: false,
    drainStatus: "NotInitiated",
    drained: [],
    properties: {},
  };
}

/** The nodes that are named, this one without any (recorded, hyper-v-host.md 8). */
function foundersOf(call: Running): Node[] {
  const names = call.texts("Node") ?? [call.node.name];
  if (names.length === 0 || names.some((name) => !/^[a-z0-9.-]+$/i.test(name)))
    call.fail("InvalidHandle", "InvalidArgument", "The list of nodes is not valid. The handle is invalid", {
      hresult: signed(0x80070006),
    });
  const nodes = names.map((name) => founder(call, name));
  for (const [index, node] of nodes.entries())
    if (nodes.indexOf(node) < index)
      call.fail("InvalidHandle", "InvalidArgument", `'${node.name}' is named twice.`, { hresult: signed(0x80070006) });
  return nodes;
}

function founder(call: Running, name: string): Node {
  const node = call.world.nodes.find((candidate) => sameName(candidate.name, shortName(name)));
  if (!node?.up || node.clustering === false) {
    const code = 0x800706ba;
    const message = coded(`The computer '${name}' could not be reached, or has no failover clustering`, code);
    call.fail("ClusterNodeNotReachable", "ConnectionError", message, { hresult: signed(code) });
  }
  if (call.world.session === "remote" && node !== call.node) throw secondHop(call.cmdlet, node.name);
  refuseMember(call, node);
  return node;
}

/** A node is in one cluster, also when it only takes itself for a member of one (recorded text, hyper-v-host.md 8). */
export function refuseMember(call: Running, node: Node): void {
  const isMember = call.world.cluster?.nodes.some(({ name }) => name === node.name) ?? false;
  if (isMember || node.evictedFrom !== undefined) refuse(call, `The computer '${node.name}' is joined to a cluster.`);
}

/** Each is in a subnet of the nodes, and nobody has it (D, hyper-v-host.md 8). */
function addressesOf(call: Running, nodes: readonly Node[]): string[] {
  const addresses = call.texts("StaticAddress") ?? [];
  const subnets = nodes.flatMap((node) => subnetsOf(node));
  for (const address of addresses) {
    const isNear = subnets.some((subnet) => subnetOf(address, prefixOf(subnet.addressMask)) === subnet.address);
    if (!isIPv4(address) || (subnets.length > 0 && !isNear))
      refuse(call, `The static address '${address}' is in no network of the nodes`, codes.invalidParameter);
    if (call.world.nodes.some(({ ipAddresses }) => ipAddresses.some(({ ipAddress }) => ipAddress === address)))
      refuse(call, `The static address '${address}' is in use`, 0x80071392);
  }
  return addresses;
}

/** A cluster without an access point has no name to be reached by; further addresses are resources of their own. */
function completeAccess(call: Running, cluster: Cluster, addresses: readonly string[]): void {
  const group = clusterGroup(cluster);
  const name = group?.resources.find(({ type }) => type === "Network Name");
  if (!group || !name) return;
  if (cluster.accessPoint === "None") {
    group.resources = group.resources.filter(({ type }) => type !== "Network Name" && type !== "IP Address");
    return;
  }
  for (const address of addresses.slice(1)) {
    const resource = { ...newPlainResource(call.world, `IP Address ${address}`, "IP Address"), online: true };
    group.resources.push({ ...resource, parameters: { Address: address, EnableDhcp: 0 } });
    name.dependsOn.push(resource.id);
  }
}
