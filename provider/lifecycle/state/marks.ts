import { asBag, type Bag } from "../values";
import { previewKey } from "../work/verify";
import { recordedKey } from "./recorded";

/** An output that is for no one but us, where it is false: the thing was there before. */
export const madeKey = "__made";
/**
 * An output of a run that failed: what is undeclared and must yet be as it was before, such as the power of a machine that was
 * stopped for a change.
 */
export const owedKey = "__owed";
/** An output of what nobody saw being made: the host was lost on the way, and did not come back. */
export const unprovenKey = "__unproven";
/** An input that `get` sets: then it is an error that the thing is not there. */
export const getMarker = "__get";
/**
 * An input that names the resources that failed, or were skipped, and whose outputs this one was to have: with
 * `--continue-on-error` the engine asks for a check and a difference of it, and then skips it (ran).
 */
export const lacksKey = "__lacks";
/** An input of what only tells the id of the one that has a name. */
export const lookUpKey = "__lookUp";

export function isMade({ [madeKey]: made }: Bag): boolean {
  return made !== false;
}

export function isProven({ [unprovenKey]: unproven }: Bag): boolean {
  return unproven !== true;
}

export function owedIn({ [owedKey]: owed }: Bag): Bag {
  return asBag(owed);
}

/** Of one state or run only: they do not go on by themselves. */
const own: ReadonlySet<string> = new Set([recordedKey, madeKey, owedKey, unprovenKey, getMarker, previewKey]);

/** Ours, hidden from people: keys that begin with two underscores. */
export function marksOf(bag: Bag): Bag {
  const marks: Bag = {};
  for (const key of Object.keys(bag)) if (key.startsWith("__") && !own.has(key)) marks[key] = bag[key];
  return marks;
}

export function withoutMarks(bag: Bag): Bag {
  const plain: Bag = {};
  for (const key of Object.keys(bag)) if (!key.startsWith("__")) plain[key] = bag[key];
  return plain;
}
