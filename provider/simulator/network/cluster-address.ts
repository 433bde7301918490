import { subnetsOf } from "../world/cluster-network";
import { isIPv4, prefixOf, subnetOf } from "../world/subnet";
import type { HostIpAddress, Node, PlainResource, World } from "../world/world";

/** Addresses of the cluster's resources, which are on the adapter of their owner while they are online (V, hyper-v-host.md 4.1). */
export function clusterAddresses({ cluster }: World, node: Node): (HostIpAddress & { resource: PlainResource })[] {
  if (!node.clusterServiceRunning) return [];
  const own = (cluster?.plainGroups ?? []).filter(({ ownerNode }) => ownerNode === node.name);
  return own.flatMap(({ resources }) =>
    resources.flatMap((resource) => {
      const ipAddress = String(resource.parameters.Address ?? "");
      if (resource.type !== "IP Address" || !resource.online || !isIPv4(ipAddress)) return [];
      const subnet = subnetsOf(node).find(
        ({ address, addressMask }) => subnetOf(ipAddress, prefixOf(addressMask)) === address,
      );
      return subnet
        ? [
            {
              ipAddress,
              prefixLength: subnet.of.prefixLength,
              interfaceAlias: subnet.of.interfaceAlias,
              resource,
            },
          ]
        : [];
    }),
  );
}
