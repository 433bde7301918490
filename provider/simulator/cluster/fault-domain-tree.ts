import { sameName } from "../engine/names";
import type { Cluster, FaultDomain, Node } from "../world/world";

/** From the inner to the outer kinds, by the numbers that Windows gives them (D, hyper-v-host.md 13). */
export const kinds: Readonly<Record<FaultDomain["type"], number>> = {
  Site: 1000,
  Rack: 2000,
  Chassis: 3000,
  Node: 4000,
};

/** A node's own domain, which has an entry once something was set of it. */
export function domainOfNode({ faultDomains = [] }: Cluster, name: string): FaultDomain | undefined {
  return faultDomains.find((domain) => domain.type === "Node" && sameName(domain.name, name));
}

/** The domains that one lies in, the nearest first. */
export function above({ faultDomains = [] }: Cluster, domain: FaultDomain | undefined): FaultDomain[] {
  const found: FaultDomain[] = [];
  for (let at = domain; at; ) {
    const { parentId } = at;
    at = faultDomains.find(({ id }) => id === parentId);
    if (at) found.push(at);
  }
  return found;
}

/** The outermost domain that a node lies in, itself where there is none. */
export function siteOf(cluster: Cluster, { name }: Node): string {
  return above(cluster, domainOfNode(cluster, name)).at(-1)?.id ?? name;
}
