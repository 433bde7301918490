import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { Thing } from "../engine/thing";
import { type Interface, interfacesOf } from "../network/net-adapter";
import { isOf, subnetsOf } from "../world/cluster-network";
import { ownGuid } from "../world/guid";
import { prefixOf } from "../world/subnet";
import type { Cluster, ClusterNetwork, Node, World } from "../world/world";
import { clusterThing } from "./cluster-thing";
import { isMember } from "./membership";
import { clusterOf, codes, inputs, memberNamed, noObject, refuse } from "./selection";

export const clusterNetworkCmdlets: Cmdlets = {
  "Get-ClusterNetwork": (call) => networksOf(call).map(networkThing),
  "Get-ClusterNetworkInterface": (call) => interfacesAsked(call).map(interfaceThing),
};

function networksOf(call: Running): ClusterNetwork[] {
  const { networks = [] } = clusterOf(call);
  const objects = inputs(call);
  if (objects)
    return objects.flatMap(({ type, identity }) => {
      if (type === "Cluster") return networks;
      if (type !== "ClusterNetwork") noObject(call);
      return [networkWith(call, ({ id }) => id === identity.Id, String(identity.Id))];
    });
  return call.texts("Name")?.map((name) => networkNamed(call, name)) ?? networks;
}

function networkNamed(call: Running, name: string): ClusterNetwork {
  return networkWith(call, (network) => sameName(network.name, name) || sameName(network.id, name), name);
}

function networkWith(call: Running, is: (network: ClusterNetwork) => boolean, what: string): ClusterNetwork {
  const network = clusterOf(call).networks?.find(is);
  if (!network) refuse(call, `The cluster network '${what}' could not be found`, codes.networkNotFound);
  return network;
}

export function networkThing({ id, name }: ClusterNetwork): Thing {
  return new Thing(
    "ClusterNetwork",
    `ClusterNetwork:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      const network = cluster?.networks?.find((candidate) => candidate.id === id);
      if (!cluster || !network) return undefined;
      return {
        Id: id,
        Name: network.name,
        Description: network.description ?? "",
        Address: network.address,
        AddressMask: network.addressMask,
        Ipv4Addresses: [network.address],
        Ipv4PrefixLengths: [String(prefixOf(network.addressMask))],
        Ipv6Addresses: [],
        Ipv6PrefixLengths: [],
        Role: network.role,
        Metric: network.metric ?? network.autoMetric,
        AutoMetric: network.metric === undefined,
        State: interfacesIn(world, cluster, network).some(({ isUp }) => isUp) ? "Up" : "Unavailable",
        Cluster: () => clusterThing(cluster),
      };
    },
    name,
  );
}

/** A node's adapter in a network of its cluster. */
interface NetworkInterface {
  id: string;
  network: ClusterNetwork;
  node: Node;
  address: string;
  adapter: Interface | undefined;
  alias: string;
  isUp: boolean;
}

function interfacesIn(world: World, cluster: Cluster, network: ClusterNetwork): NetworkInterface[] {
  return cluster.nodes.flatMap(({ name }) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    const subnet = node && subnetsOf(node).find((candidate) => isOf(network, candidate));
    if (!node || !subnet) return [];
    const { ipAddress, interfaceAlias } = subnet.of;
    return [
      {
        id: ownGuid(world, `interface/${network.id}/${name}`),
        network,
        node,
        address: ipAddress,
        adapter: interfacesOf(node).find(({ alias }) => sameName(alias, interfaceAlias)),
        alias: interfaceAlias,
        isUp: isMember(node),
      },
    ];
  });
}

function allInterfaces(world: World, cluster: Cluster): NetworkInterface[] {
  return (cluster.networks ?? []).flatMap((network) => interfacesIn(world, cluster, network));
}

/** Of a node, of a network, or both; `-Name` is that of the node and its adapter. */
function interfacesAsked(call: Running): NetworkInterface[] {
  const nodes = call.texts("Node")?.map((name) => memberNamed(call, name).own.name);
  const networks = call.texts("Network")?.map((name) => networkNamed(call, name).id);
  const all = allInterfaces(call.world, clusterOf(call)).filter(
    ({ node, network }) => (nodes?.includes(node.name) ?? true) && (networks?.includes(network.id) ?? true),
  );
  const objects = inputs(call);
  if (objects) return all.filter((one) => objects.some((object) => belongsTo(call, one, object)));
  return call.texts("Name")?.map((name) => interfaceNamed(call, all, name)) ?? all;
}

function belongsTo(call: Running, { id, node, network }: NetworkInterface, { type, identity }: Thing): boolean {
  if (type === "Cluster") return true;
  if (type === "ClusterNode") return identity.Name === node.name;
  if (type === "ClusterNetwork") return identity.Id === network.id;
  if (type === "ClusterNetworkInterface") return identity.Id === id;
  noObject(call);
}

function interfaceNamed(call: Running, all: readonly NetworkInterface[], name: string): NetworkInterface {
  const found = all.find((one) => sameName(nameOf(one), name));
  if (!found)
    refuse(call, `The cluster network interface '${name}' could not be found`, codes.networkInterfaceNotFound);
  return found;
}

function nameOf({ node, alias }: NetworkInterface): string {
  return `${node.name} - ${alias}`;
}

function interfaceThing(shown: NetworkInterface): Thing {
  const { id } = shown;
  return new Thing(
    "ClusterNetworkInterface",
    `ClusterNetworkInterface:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      const found = cluster && allInterfaces(world, cluster).find((candidate) => candidate.id === id);
      if (!cluster || !found) return undefined;
      return {
        Id: id,
        Name: nameOf(found),
        Node: found.node.name,
        Network: () => networkThing(found.network),
        Address: found.address,
        Ipv4Addresses: [found.address],
        Ipv6Addresses: [],
        Adapter: found.adapter?.description ?? "",
        AdapterId: found.adapter?.guid ?? "",
        DhcpEnabled: 0,
        Description: "",
        State: found.isUp ? "Up" : "Unavailable",
        Cluster: () => clusterThing(cluster),
      };
    },
    nameOf(shown),
  );
}
