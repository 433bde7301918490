import { sameName } from "../engine/names";
import { isIPv4, prefixOf, subnetOf } from "../world/subnet";
import { type Cluster, type ClusterNetwork, newGuid, type PlainResource, type World } from "../world/world";
import { type PlainOwned, plainResources } from "./any-group";

export function newPlainResource(world: World, name: string, type: string): PlainResource {
  return {
    id: newGuid(world),
    name,
    type,
    possibleOwners: null,
    properties: {},
    parameters: {},
    online: false,
    dependsOn: [],
  };
}

/** What keeps a resource from coming online (D, hyper-v-host.md 6.3). */
export function whyNotOnline(world: World, cluster: Cluster, owned: PlainOwned): string | undefined {
  return checks[owned.resource.type]?.(world, cluster, owned);
}

type Check = (world: World, cluster: Cluster, owned: PlainOwned) => string | undefined;

const checks: Readonly<Record<string, Check>> = {
  "IP Address": whyNotAddress,
  "Network Name": whyNotName,
  "Virtual Machine Replication Broker": (_, __, owned) =>
    dependsOn(owned, "Network Name") ? undefined : "it depends on no network name",
  "File Share Witness": (world, _, { resource }) =>
    hasShare(world, String(resource.parameters.SharePath)) ? undefined : "the share is not there",
};

function whyNotAddress(world: World, cluster: Cluster, { resource }: PlainOwned): string | undefined {
  if (Number(resource.parameters.EnableDhcp ?? 0) === 1) return undefined;
  const address = String(resource.parameters.Address ?? "");
  if (!isIPv4(address)) return "it has no address";
  const isTaken =
    world.nodes.some(({ ipAddresses }) => ipAddresses.some(({ ipAddress }) => ipAddress === address)) ||
    plainResources(cluster).some(
      ({ resource: other }) => other !== resource && other.online && other.parameters.Address === address,
    );
  if (isTaken) return `the address ${address} is in use`;
  const { networks = [] } = cluster;
  const network = networkOf(cluster, address);
  if (networks.length > 0 && network?.role !== "ClusterAndClient") return `${address} is in no network for clients`;
  return undefined;
}

function whyNotName(_: World, __: Cluster, owned: PlainOwned): string | undefined {
  const name = String(owned.resource.parameters.Name ?? "");
  if (name === "" || name.length > 15) return "its name has 1 to 15 characters";
  return dependsOn(owned, "IP Address") || dependsOn(owned, "IPv6 Address") ? undefined : "it depends on no address";
}

function dependsOn({ group, resource }: PlainOwned, type: string): boolean {
  return group.resources.some((other) => other.type === type && resource.dependsOn.includes(other.id));
}

/** The cluster's network that an address lies in. */
export function networkOf({ networks = [] }: Cluster, address: string): ClusterNetwork | undefined {
  if (!isIPv4(address)) return undefined;
  return networks.find((network) => subnetOf(address, prefixOf(network.addressMask)) === network.address);
}

export function hasShare({ fileShares = [] }: World, path: string): boolean {
  return fileShares.some((share) => sameName(share, path.replace(/\\+$/, "")));
}
