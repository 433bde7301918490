import { same } from "../definition";

export function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => same(name, other[index] ?? ""));
}

/** A cluster writes short names, a program may write them with their domain. */
export function sameNode(one: string, other: string): boolean {
  return same(one, other) || same(one.split(".")[0] ?? "", other.split(".")[0] ?? "");
}

export function sameNodes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => sameNode(name, other[index] ?? ""));
}
