import { isIP } from "node:net";

/** A node's name without its domain, as it is a member of its cluster; an address as it is. */
export function shortName(name: string): string {
  return isIP(name) === 0 ? (name.split(".")[0] ?? name) : name;
}

/** A cluster writes short names, a program may write them with their domain. */
export function sameNode(one: string, other: string): boolean {
  return shortName(one).toLowerCase() === shortName(other).toLowerCase();
}
