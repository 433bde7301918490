import { sameNode } from "../../calls/node-name";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

/**
 * The node that the program had named when the machine was last where it wanted it: one that somebody has moved since is not
 * brought back, and one whose move failed is still to go.
 */
export function placedOn(host: string, { name, node }: Partial<Desired>, known?: Pick<Observed, "placedOn">) {
  // a program that names no node has a name for the machine all the same
  if (node === undefined && name !== undefined) return {};
  const before = known?.placedOn ?? node;
  const now = node !== undefined && sameNode(host, node) ? node : before;
  return now === undefined ? {} : { placedOn: now };
}
