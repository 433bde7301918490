import { sameNode } from "../../calls/node-name";
import type { Problem, Surroundings } from "../../schema";
import type { Desired } from "./schema";

export function isNode(name: string, { nodes }: Surroundings): boolean {
  return nodes.some((node) => sameNode(node, name));
}

export function ownersAreNodes({ preferredOwners }: Desired, surroundings: Surroundings): Problem[] {
  return (preferredOwners ?? []).flatMap((owner, index) =>
    surroundings.nodes.length > 0 && !isNode(owner, surroundings)
      ? [{ path: ["preferredOwners", index], reason: noSuchNode(owner, surroundings) }]
      : [],
  );
}

export function possibleOwnersAreNodes({ possibleOwners }: Desired, surroundings: Surroundings): Problem[] {
  return (possibleOwners ?? []).flatMap((owner, index) =>
    surroundings.nodes.length > 0 && !isNode(owner, surroundings)
      ? [{ path: ["possibleOwners", index], reason: noSuchNode(owner, surroundings) }]
      : [],
  );
}

export function ownersArePossible({ possibleOwners, preferredOwners, ownerNode }: Desired): Problem[] {
  const mayOwn = (node: string) => possibleOwners?.some((one) => sameNode(one, node)) ?? true;
  const preferred = (preferredOwners ?? []).flatMap((node, index) =>
    mayOwn(node) ? [] : [{ path: ["preferredOwners", index], reason: `is not among possibleOwners; it is "${node}"` }],
  );
  if (ownerNode === undefined || mayOwn(ownerNode)) return preferred;
  return [...preferred, { path: ["ownerNode"], reason: `is not among possibleOwners; it is "${ownerNode}"` }];
}

export function ownersAreDifferent({ preferredOwners }: Desired): Problem[] {
  const owners = preferredOwners ?? [];
  return owners.flatMap((owner, index) => {
    const first = owners.findIndex((other) => sameNode(other, owner));
    return first < index
      ? [{ path: ["preferredOwners", index], reason: `is the node of preferredOwners[${first}] again` }]
      : [];
  });
}

export function ownerIsNode({ ownerNode }: Desired, surroundings: Surroundings): Problem[] {
  return ownerNode !== undefined && surroundings.nodes.length > 0 && !isNode(ownerNode, surroundings)
    ? [{ path: ["ownerNode"], reason: noSuchNode(ownerNode, surroundings) }]
    : [];
}

export function noSuchNode(name: string, { nodes }: Surroundings): string {
  return `must be a node that the provider names: ${nodes.join(", ")}; it is "${name}"`;
}

export function failbackHasOwner({ autoFailback, preferredOwners }: Desired): Problem[] {
  return autoFailback && (preferredOwners ?? []).length === 0
    ? [{ path: ["autoFailback"], reason: "needs preferredOwners: the role fails back to the first of them" }]
    : [];
}

export function windowIsWhole({ failbackWindowStart, failbackWindowEnd }: Desired): Problem[] {
  if ((failbackWindowStart === undefined) === (failbackWindowEnd === undefined)) return [];
  const missing = failbackWindowStart === undefined ? "failbackWindowStart" : "failbackWindowEnd";
  return [{ path: [missing], reason: "is required with the other end of the window: both or neither" }];
}
