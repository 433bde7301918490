/** The folder that a folder is in; a drive's root is its own. */
export function parentFolder(path: string): string {
  const trimmed = path.replace(/\\+$/, "");
  const cut = trimmed.lastIndexOf("\\");
  return cut <= 2 ? `${trimmed.slice(0, 2)}\\` : trimmed.slice(0, cut);
}

/** Whether a folder lies directly in another. */
export function isIn(path: string, folder: string): boolean {
  const bare = (text: string) => text.replace(/\\+$/, "").toLowerCase();
  return bare(parentFolder(path)) === bare(folder);
}
