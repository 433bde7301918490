import { type Problem, problem, type Surroundings } from "../schema";

/** Where every node has its own, it must be said which one is meant. */
export function nodeIsSaid({ node }: { node?: string | undefined }, { nodes }: Surroundings): Problem[] {
  return nodes.length > 1 && node === undefined
    ? [problem("node", `is required, as the provider has several nodes: ${nodes.join(", ")}`)]
    : [];
}
