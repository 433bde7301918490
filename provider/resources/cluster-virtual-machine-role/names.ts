import { sameNode } from "../../calls/node-name";
import { same } from "../definition";

export function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => same(name, other[index] ?? ""));
}

export function sameNodes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => sameNode(name, other[index] ?? ""));
}
