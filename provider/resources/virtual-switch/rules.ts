import { type Problem, problem, type Surroundings } from "../../schema";
import { same } from "../definition";
import { nodeIsSaid } from "../nodes";
import type { Desired } from "./schema";

export function missing(names: readonly string[] = [], known: readonly string[] = names): Problem[] {
  const choices = known.map((name) => JSON.stringify(name)).join(", ");
  return names.flatMap((name, index) =>
    known.some((one) => same(one, name))
      ? []
      : [
          {
            path: ["netAdapterNames", index],
            reason: `must be a physical adapter of the host: ${choices || "it has none"}; it is ${JSON.stringify(name)}`,
          },
        ],
  );
}

export type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

/** One rule each: what is unknown in a preview ends one and not the others. */
export const rules: readonly Rule[] = [
  nodeIsSaid,
  ({ switchType, netAdapterNames }) =>
    switchType === "External" && !netAdapterNames
      ? [problem("netAdapterNames", "is required for an External switch: the names of physical adapters of the host")]
      : [],
  ({ switchType, netAdapterNames }) =>
    switchType !== "External" && netAdapterNames
      ? [problem("netAdapterNames", `is only for an External switch, and switchType is ${switchType}`)]
      : [],
  ({ netAdapterNames }) => {
    const names = (netAdapterNames ?? []).flatMap((name) => [name.toLowerCase()]);
    return new Set(names).size < names.length ? [problem("netAdapterNames", "names an adapter twice")] : [];
  },
];
