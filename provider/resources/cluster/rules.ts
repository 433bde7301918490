import { sameNode } from "../../calls/node-name";
import { type Problem, problem, type Surroundings } from "../../schema";
import { same } from "../definition";
import type { Desired } from "./schema";

/** Each is asked itself before it joins. */
export function nodesAreKnown({ nodes = [] }: Desired, { nodes: known }: Surroundings): Problem[] {
  return nodes.flatMap((node, index) =>
    known.some((one) => sameNode(one, node))
      ? []
      : [
          problem(
            ["nodes", index],
            `must be a node that the provider names: ${known.join(", ")}; it is ${JSON.stringify(node)}`,
          ),
        ],
  );
}

export function eachNodeOnce({ nodes = [] }: Desired): Problem[] {
  return nodes.flatMap((node, index) => {
    const first = nodes.findIndex((other) => sameNode(other, node));
    return first < index ? [problem(["nodes", index], `is nodes[${first}], ${nodes[first]}, once more`)] : [];
  });
}

export function nameIsFree({ name, nodes = [] }: Desired): Problem[] {
  const node = nodes.find((one) => name !== undefined && sameNode(one, name));
  return node === undefined ? [] : [problem("name", `is the name of the node ${node}: choose another`)];
}

export function addressesNeedName({ staticAddresses, administrativeAccessPoint }: Desired): Problem[] {
  if (!staticAddresses || administrativeAccessPoint !== "None") return [];
  return [problem("staticAddresses", 'must be left out where administrativeAccessPoint is "None"')];
}

export function eachAddressOnce({ staticAddresses = [] }: Desired): Problem[] {
  return staticAddresses.flatMap((address, index) =>
    staticAddresses.findIndex((other) => same(other, address)) < index
      ? [problem(["staticAddresses", index], `is ${address} once more`)]
      : [],
  );
}
