import { asBag, type Bag, equal, isBag, type Path, unknown } from "../values";

/** One property that differs, within objects and lists too. */
export interface PropertyDifference {
  /** `["networkAdapters", 0, "vlan"]`; `pathText` writes it as a person does. */
  path: Path;
  kind: "add" | "delete" | "update";
  /** Whether a new thing takes the place of the one that is there because of it. */
  replaces: boolean;
}

/** What two of them are compared by. */
interface Sides {
  /** What is there, of all that either side speaks of. */
  before: Bag;
  /** What is wanted. */
  after: Bag;
  /** Whether a whole property is no difference after all: the same, as another would write it. */
  isSame: (key: string) => boolean;
  replaces: readonly string[];
}

/** Which properties differ. What is not known yet differs from everything. */
export function propertyDifferences({ before, after, isSame, replaces }: Sides): PropertyDifference[] {
  return keysOf(before, after)
    .filter((key) => !isSame(key))
    .flatMap((key) => {
      const within = pathsOf([key], before[key], after[key]);
      // it counts for the planner, which may compare more than what is shown
      const found = within.length > 0 ? within : [{ path: [key], kind: kindOf(before[key], after[key]) }];
      return found.map((difference) => ({ ...difference, replaces: replaces.includes(key) }));
    });
}

type Found = Omit<PropertyDifference, "replaces">;

function pathsOf(path: Path, before: unknown, after: unknown): Found[] {
  if (after !== unknown && equal(before, after)) return [];
  if (isBag(before) && isBag(after))
    return keysOf(before, after).flatMap((key) => pathsOf([...path, key], before[key], after[key]));
  if (Array.isArray(before) && Array.isArray(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).flatMap((index) =>
      pathsOf([...path, index], before[index], after[index]),
    );
  return [{ path, kind: kindOf(before, after) }];
}

function kindOf(before: unknown, after: unknown): Found["kind"] {
  if (before === undefined) return "add";
  return after === undefined ? "delete" : "update";
}

function keysOf(one: Bag, other: Bag): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** Of what is there what either side speaks of: what neither does is left alone. Lists whole. */
export function spokenOf(there: unknown, one: unknown, other: unknown): unknown {
  if (!isBag(there) || (!isBag(one) && !isBag(other))) return there;
  const [first, second] = [asBag(one), asBag(other)];
  return Object.fromEntries(
    keysOf(first, second)
      .filter((key) => there[key] !== undefined)
      .map((key) => [key, spokenOf(there[key], first[key], second[key])]),
  );
}
