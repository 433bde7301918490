import { same } from "../definition";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

/** Whether two names are one node's, with or without its domain. */
export function isNode(one: string, other: string): boolean {
  const short = (name: string) => name.split(".")[0] ?? "";
  return same(one, other) || same(short(one), short(other));
}

/**
 * The node that the program had named when the machine was last where it wanted it: one that somebody has moved since is not
 * brought back, and one whose move failed is still to go.
 */
export function placedOn(computerName: string, { name, node }: Partial<Desired>, known?: Pick<Observed, "placedOn">) {
  // a program that names no node has a name for the machine all the same
  if (node === undefined && name !== undefined) return {};
  const before = known?.placedOn ?? node;
  const now = node !== undefined && isNode(computerName, node) ? node : before;
  return now === undefined ? {} : { placedOn: now };
}
