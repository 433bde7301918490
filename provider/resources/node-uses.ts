import { sameNode } from "../calls/node-name";
import type { Problem } from "../schema";

/** What a resource wants of a node of the cluster, which another one of the program may contradict. */
export type NodeUse =
  /** Takes everything off it. */
  | { node: string; does: "pause"; allowTogether: boolean }
  /** Keeps a machine on it. */
  | { node: string; does: "keep" };

/** What the resources of one run want of nodes, by who wants it. Whichever comes second is told that they do not agree. */
export class NodeUses {
  private readonly uses = new Map<string, NodeUse>();

  /** Of a resource, in place of what was said of it before; `nameOf` says how a person calls the others. */
  set(resource: string, use: NodeUse | undefined, nameOf: (resource: string) => string): Problem[] {
    this.uses.delete(resource);
    if (!use) return [];
    const others = [...this.uses];
    this.uses.set(resource, use);
    return others.flatMap(([other, wants]) => contradiction(use, wants, nameOf(other)));
  }
}

function contradiction(own: NodeUse, other: NodeUse, name: string): Problem[] {
  const isOne = sameNode(own.node, other.node);
  if (own.does === "keep") {
    if (other.does === "keep" || !isOne) return [];
    return [
      {
        path: ["ownerNode"],
        reason: `is ${own.node}, which the resource "${name}" pauses. Name another node, or none`,
      },
    ];
  }
  if (other.does === "keep") {
    if (!isOne) return [];
    return [
      {
        path: ["state"],
        reason: `is "Paused", and the resource "${name}" keeps its machine on ${own.node}. Give that another ownerNode, or none`,
      },
    ];
  }
  if (isOne || (own.allowTogether && other.allowTogether)) return [];
  return [
    {
      path: ["state"],
      reason: `is "Paused", and the resource "${name}" pauses ${other.node} at the same time. Pause one after the other, or set allowTogether: true on both`,
    },
  ];
}
