import { shortName } from "../../calls/node-name";
import { isShared } from "../../resources/paths";
import type { FileAt } from "../../resources/plans";
import type { Use } from "../../resources/uses";
import type { Problem } from "../../schema";
import { nameInUrn } from "./claims";

/** Which files the resources of a run name, as their programs are checked: one that two of them have must be shared by both. */
export class Uses {
  /** By the file, and then by the resource. */
  private readonly users = new Map<string, Map<string, Use>>();
  private readonly files = new Map<string, readonly string[]>();

  /** What a resource names now, in place of what it named before; says which others stand in its way. */
  see(resource: string, uses: readonly Use[]): Problem[] {
    for (const file of this.files.get(resource) ?? []) this.users.get(file)?.delete(resource);
    this.files.set(
      resource,
      uses.map(({ file }) => keyOf(file)),
    );
    return uses.flatMap((use) => {
      const users = this.users.get(keyOf(use.file)) ?? new Map<string, Use>();
      this.users.set(keyOf(use.file), users);
      const other = [...users].find(([name, theirs]) => name !== resource && !(use.isShared && theirs.isShared));
      users.set(resource, use);
      return other ? [{ path: use.path, reason: refusedFor(use, other[0]) }] : [];
    });
  }
}

function refusedFor({ file, condition }: Use, other: string): string {
  return `names ${file.path}, which the resource "${nameInUrn(other)}" of this program names as well. ${condition}`;
}

/** Files on a node's own volumes are told apart by the node, which is written in any case, with or without its domain. */
function keyOf({ path, node = "" }: FileAt): string {
  return (isShared(path) ? path : `${shortName(node)} ${path}`).toLowerCase();
}
