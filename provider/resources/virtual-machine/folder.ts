import type { Call } from "../../calls";
import { same } from "../definition";

/** The folder that a folder is in; a drive's root is its own. */
export function parentFolder(path: string): string {
  const trimmed = path.replace(/\\+$/, "");
  const cut = trimmed.lastIndexOf("\\");
  return cut <= 2 ? `${trimmed.slice(0, 2)}\\` : trimmed.slice(0, cut);
}

/** Whether a folder lies directly in another. */
export function isIn(path: string, folder: string): boolean {
  return sameFolder(parentFolder(path), folder);
}

/** Whether a folder lies anywhere below another. */
export function isUnder(path: string, folder: string): boolean {
  return path.toLowerCase().startsWith(`${folder.replace(/\\+$/, "").toLowerCase()}\\`);
}

export function sameFolder(one: string, other: string): boolean {
  const bare = (text: string) => text.replace(/\\+$/, "").toLowerCase();
  return bare(one) === bare(other);
}

interface Placed {
  path: string;
  name: string;
}

/**
 * The machine's own folder in another one, as New-VM names it: an administrator may have moved it to a folder of any name. A name that
 * no folder can have says nothing of it, so that it keeps the one that it has.
 */
export function ownFolder({ path, name }: Placed, parent: string): string {
  const own = isHosts(path) ? "" : lastPart(path);
  const folder = own !== "" && /[<>:"/\\|?*]|[. ]$/.test(name) ? own : name;
  return `${parent.replace(/\\$/, "")}\\${folder}`;
}

/** Whether the folder is no one else's: named as New-VM names it, or where the program wants the machine's own. */
export function isOwnFolder({ path, name }: Placed, parent: string | undefined): boolean {
  if (isHosts(path) || lastPart(path) === "") return false;
  return same(lastPart(path), name) || (parent !== undefined && isIn(path, parent));
}

/** Without -Recurse a full one is refused. */
export function removeFolder(path: string): Call {
  return { cmdlet: "Remove-Item", parameters: { LiteralPath: path } };
}

function lastPart(path: string): string {
  const bare = path.replace(/\\+$/, "");
  return bare.slice(parentFolder(bare).length).replace(/^\\/, "");
}

function isHosts(path: string): boolean {
  return /\\Windows\\Hyper-V\\?$/i.test(path);
}
