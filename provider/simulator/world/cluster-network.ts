import type { Cluster, ClusterNetwork } from "./cluster";
import { newGuid } from "./guid";
import { isIPv4, maskOf, subnetOf } from "./subnet";
import type { HostIpAddress, Node, World } from "./world";

/**
 * A network for each subnet of the nodes, and none for a subnet that no node has any more (D, hyper-v-host.md 11). True when
 * something has changed. A cluster whose nodes have no addresses keeps the networks that it has.
 */
export function findNetworks(world: World): boolean {
  const { cluster } = world;
  if (!cluster) return false;
  const networks = cluster.networks ?? [];
  const nodes = world.nodes.filter(({ name }) => cluster.nodes.some((own) => own.name === name));
  const subnets = nodes.flatMap((node) => subnetsOf(node));
  if (subnets.length === 0) return false;
  // a node that is down may come back with its addresses
  const kept = networks.filter((network) => subnets.some((subnet) => isOf(network, subnet)));
  const added: ClusterNetwork[] = [];
  for (const subnet of subnets)
    if (![...kept, ...added].some((network) => isOf(network, subnet)))
      added.push({ ...found(world, cluster, subnet), name: freeName([...kept, ...added]) });
  if (added.length === 0 && kept.length === networks.length) return false;
  cluster.networks = [...kept, ...added];
  return true;
}

export interface Subnet {
  address: string;
  addressMask: string;
  hasGateway: boolean;
  of: HostIpAddress;
}

export function subnetsOf({ ipAddresses, gateways = [] }: Node): Subnet[] {
  return ipAddresses
    .filter(({ ipAddress }) => isIPv4(ipAddress) && !ipAddress.startsWith("169.254."))
    .map((of) => ({
      address: subnetOf(of.ipAddress, of.prefixLength),
      addressMask: maskOf(of.prefixLength),
      hasGateway: gateways.some(({ interfaceAlias }) => interfaceAlias === of.interfaceAlias),
      of,
    }));
}

export function isOf(network: { address: string; addressMask: string }, subnet: Subnet): boolean {
  return network.address === subnet.address && network.addressMask === subnet.addressMask;
}

/** For clients too with a gateway; the role for networks found later may be another (D). */
function found(world: World, { properties }: Cluster, { address, addressMask, hasGateway }: Subnet) {
  const told = ["None", "Cluster", undefined, "ClusterAndClient"][Number(properties.DefaultNetworkRole ?? 2)];
  const role = (told ?? (hasGateway ? "ClusterAndClient" : "Cluster")) as ClusterNetwork["role"];
  // what real clusters showed for networks with and without clients (recorded)
  const autoMetric = role === "ClusterAndClient" ? 70240 : 30240;
  return { id: newGuid(world), address, addressMask, role, autoMetric };
}

function freeName(networks: readonly ClusterNetwork[]): string {
  for (let number = 1; ; number += 1) {
    const name = `Cluster Network ${number}`;
    if (networks.every((network) => network.name !== name)) return name;
  }
}
