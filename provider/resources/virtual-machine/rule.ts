import type { Problem, Surroundings } from "../../schema";
import type { Desired } from "./schema";

/** What one rule finds wrong. */
export type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

/** A problem for each that has the key of an earlier one. */
export function repeated<T>(
  items: readonly T[],
  key: (item: T) => string,
  report: (first: number, index: number) => Problem,
): Problem[] {
  const keys = items.flatMap((item, index) => [{ own: key(item), index }]);
  return keys.flatMap(({ own, index }) => {
    const first = keys.find((other) => other.own === own)?.index ?? index;
    return first < index ? [report(first, index)] : [];
  });
}
