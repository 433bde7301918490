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

export function sameFolder(one: string, other: string): boolean {
  const bare = (text: string) => text.replace(/\\+$/, "").toLowerCase();
  return bare(one) === bare(other);
}

/** The machine's own folder in another one. A machine that lies in the host's own folder has none yet. */
export function ownFolder({ path, name }: { path: string; name: string }, parent: string): string {
  const own = path.slice(parentFolder(path).length).replace(/^\\/, "");
  const folder = /\\Windows\\Hyper-V$/i.test(path) || own === "" ? name : own;
  return `${parent.replace(/\\$/, "")}\\${folder}`;
}
