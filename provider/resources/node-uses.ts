import { sameNode } from "../calls/node-name";
import type { Problem } from "../schema";

/** What a resource wants of a node of the cluster, which another one of the program may contradict. */
export type NodeUse =
  /** Takes everything off it. */
  | { node: string; does: "pause"; allowTogether: boolean }
  /** Keeps a machine on it. */
  | { node: string; does: "keep" }
  /** Has these nodes, and no other. */
  | { cluster: string; does: "have"; nodes: readonly string[] };

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
  if (own.does === "have") return other.does === "have" ? [] : lacking(own, other, name);
  if (other.does === "have") return outside(own, other, name);
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

type Having = Extract<NodeUse, { does: "have" }>;
type OfOne = Exclude<NodeUse, Having>;

const isIn = ({ nodes }: Having, { node }: OfOne) => nodes.some((one) => sameNode(one, node));

function lacking(own: Having, other: OfOne, name: string): Problem[] {
  if (isIn(own, other)) return [];
  const does = other.does === "pause" ? "pauses" : "keeps its machine on";
  return [
    {
      path: ["nodes"],
      reason: `lacks ${other.node}, and the resource "${name}" ${does} it. Take that resource out of the program as well, or keep the node`,
    },
  ];
}

function outside(own: OfOne, other: Having, name: string): Problem[] {
  if (isIn(other, own)) return [];
  const path = own.does === "pause" ? "node" : "ownerNode";
  return [
    {
      path: [path],
      reason: `is ${own.node}, which the resource "${name}" does not have among the nodes of the cluster ${other.cluster}. Name one of them`,
    },
  ];
}
