import { createHash } from "node:crypto";
import type { Action, Question, Where } from "../../calls";
import { isShared } from "../paths";

/** Where what is done to a file belongs: to any node that sees it, or to the one whose own volume it is on. */
export function where(path: string, node: string | undefined): Where {
  return isShared(path) ? { sharedFile: path } : { node };
}

/** Whether something lies at the path. */
export function exists(path: string): Question {
  return { cmdlet: "Test-Path", parameters: { LiteralPath: path }, select: {} };
}

export function folderOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf("\\"));
  return /^[a-z]:$/i.test(folder) ? `${folder}\\` : folder;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}

export function extension(path: string): string {
  return /\.[^.\\]+$/.exec(path)?.[0].toLowerCase() ?? "";
}

/** `D:\`, a cluster's shared volume or a share: where a file can move without being copied, and what is there or away as one. */
export function volumeOf(path: string): string {
  const shared = /^[a-z]:\\ClusterStorage\\[^\\]+/i.exec(path) ?? /^\\\\[^\\]+\\[^\\]+/.exec(path);
  return shared?.[0] ?? path.slice(0, 3);
}

/** Where a file lies beside its place until it is whole: always the same, so that what an earlier attempt left is known by it. */
export function temporary(path: string): string {
  const mark = createHash("sha256").update(path.toLowerCase()).digest("hex").slice(0, 8);
  const end = extension(path);
  return `${path.slice(0, path.length - end.length)}.${mark}.partial${end}`;
}

export function isTemporary(path: string): boolean {
  return /\.[0-9a-f]{8}\.partial\.[^.\\]+$/i.test(path);
}

/** With -Force a folder that is there is left as it is (D). */
export function makeFolder(path: string): Action {
  return { cmdlet: "New-Item", parameters: { Path: folderOf(path), ItemType: "Directory", Force: true } };
}

/** Within its folder; refused where something has the name. */
export function rename(from: string, to: string): Action {
  return { cmdlet: "Rename-Item", parameters: { LiteralPath: from, NewName: nameOf(to) } };
}

export function deletion(path: string): Action {
  return { cmdlet: "Remove-Item", parameters: { LiteralPath: path, Force: true } };
}
