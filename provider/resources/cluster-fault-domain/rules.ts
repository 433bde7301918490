import { sameNode } from "../../calls/node-name";
import { type Problem, problem } from "../../schema";
import { type Answers, answerOf, same } from "../definition";
import { type Domain, domainsIn } from "./observed";
import { type Desired, types } from "./schema";

export function parentIsAnother({ name, parent }: Desired): Problem[] {
  return parent !== undefined && same(name, parent) ? [problem("parent", "is the fault domain itself")] : [];
}

export function eachNodeOnce({ nodes = [] }: Desired): Problem[] {
  return nodes.flatMap((node, index) => {
    const first = nodes.findIndex((other) => sameNode(other, node));
    return first < index ? [problem(["nodes", index], `is the node of nodes[${first}] again`)] : [];
  });
}

/** What a new one names and the cluster does not have, or not so. */
export function lacks(answers: Answers, desired: Desired): Problem[] {
  if (answers.domains?.error) return [];
  const all = domainsIn(answerOf(answers, "domains"));
  return [...parentLacks(all, desired), ...nodesLack(all, desired)];
}

function parentLacks(all: readonly Domain[], { parent = "", type }: Desired): Problem[] {
  if (parent === "") return [];
  const found = all.find(({ name }) => same(name, parent));
  const kinds: readonly string[] = types;
  if (found && kinds.includes(found.type) && kinds.indexOf(found.type) < kinds.indexOf(type)) return [];
  if (found)
    return [
      problem(
        "parent",
        `is the ${found.type.toLowerCase()} "${found.name}", which cannot hold a ${type.toLowerCase()}`,
      ),
    ];
  const others = all.filter((domain) => domain.type !== "Node").map(({ name }) => JSON.stringify(name));
  const text = others.length === 0 ? "it has none" : `it has ${others.join(", ")}`;
  return [problem("parent", `names the fault domain "${parent}", which the cluster does not have; ${text}`)];
}

function nodesLack(all: readonly Domain[], { nodes = [] }: Desired): Problem[] {
  const members = all.filter(({ type }) => type === "Node").map(({ name }) => name);
  return nodes.flatMap((node, index) =>
    members.some((member) => sameNode(member, node))
      ? []
      : [problem(["nodes", index], `names ${node}, which is not a node of the cluster; it has ${members.join(", ")}`)],
  );
}
