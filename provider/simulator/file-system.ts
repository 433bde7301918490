import { sameName } from "./names";
import type { FileEntry, Node, World } from "./world";

/**
 * The files that a node sees: its own volumes, and the cluster's shared volumes, which are the same for every node.
 * Paths are compared without case; `/` is `\` to file cmdlets.
 */
export function normalizePath(path: string): string {
  const flipped = path.replaceAll("/", "\\").replace(/(?<=[^\\:])\\+$/, "");
  return flipped.replace(/(?<!^)\\{2,}/g, "\\");
}

export function pathKey(path: string): string {
  return normalizePath(path).toLowerCase();
}

export function samePath(one: string, other: string): boolean {
  return pathKey(one) === pathKey(other);
}

export function isAbsolute(path: string): boolean {
  return /^[a-z]:[\\/]/i.test(path) || /^[\\/]{2}[^\\/]+[\\/]/.test(path);
}

export function parentPath(path: string): string {
  const normal = normalizePath(path);
  const cut = normal.lastIndexOf("\\");
  return cut <= 2 ? normal.slice(0, 3) : normal.slice(0, cut);
}

export function fileName(path: string): string {
  const normal = normalizePath(path);
  return normal.slice(normal.lastIndexOf("\\") + 1);
}

export function extension(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot).toLowerCase();
}

export function joinPath(folder: string, name: string): string {
  return folder.endsWith("\\") ? folder + name : `${folder}\\${name}`;
}

/** Whether a path lies on a shared volume of the cluster. */
export function isShared(world: World, path: string): boolean {
  const key = pathKey(path);
  return (world.cluster?.sharedVolumes ?? []).some(
    ({ path: root }) => key === pathKey(root) || key.startsWith(`${pathKey(root)}\\`),
  );
}

/** The table that a path's entry is in. */
export function filesOf(world: World, node: Node, path: string): Record<string, FileEntry> {
  return isShared(world, path) && world.cluster ? world.cluster.files : node.files;
}

export function findFile(world: World, node: Node, path: string): FileEntry | undefined {
  return filesOf(world, node, path)[pathKey(path)];
}

/** Whether the path's drive or shared volume is there at all. */
export function hasVolume(world: World, node: Node, path: string): boolean {
  if (isShared(world, path)) return true;
  const root = normalizePath(path).slice(0, 3);
  return node.volumes.some(
    (volume) => sameName(volume.root, root) || sameName(volume.root.slice(0, 2), root.slice(0, 2)),
  );
}

/** A folder is there when it was made, is a volume's root, or something lies in it. */
export function folderExists(world: World, node: Node, path: string): boolean {
  if (!hasVolume(world, node, path)) return false;
  const key = pathKey(path);
  if (key.length <= 3) return true;
  if ((world.cluster?.sharedVolumes ?? []).some((volume) => pathKey(volume.path).startsWith(key))) return true;
  const files = filesOf(world, node, path);
  if (files[key]) return files[key].kind === "folder";
  return Object.keys(files).some((candidate) => candidate.startsWith(`${key}\\`));
}

export function putFile(world: World, node: Node, entry: FileEntry): FileEntry {
  const path = normalizePath(entry.path);
  const stored = { ...entry, path };
  filesOf(world, node, path)[pathKey(path)] = stored;
  return stored;
}

export function deleteFile(world: World, node: Node, path: string): void {
  delete filesOf(world, node, path)[pathKey(path)];
}
