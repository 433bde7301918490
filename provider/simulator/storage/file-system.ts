import { sameName } from "../engine/names";
import type { FileEntry, Node, SharedVolume, World } from "../world/world";

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

/** Whether a path lies on a shared volume of the cluster; with a node, whether it does there: only a cluster's nodes see its volumes. */
export function isShared(world: World, path: string, node?: Node): boolean {
  const key = pathKey(path);
  return sharedVolumesOf(world, node).some(
    ({ path: root }) => key === pathKey(root) || key.startsWith(`${pathKey(root)}\\`),
  );
}

/** The shared volumes that a node sees. */
function sharedVolumesOf({ cluster }: World, node?: Node): readonly SharedVolume[] {
  if (!cluster || (node && cluster.nodes.every(({ name }) => name !== node.name))) return [];
  return cluster.sharedVolumes;
}

/** The table that a path's entry is in. */
export function filesOf(world: World, node: Node, path: string): Record<string, FileEntry> {
  return isShared(world, path, node) && world.cluster ? world.cluster.files : node.files;
}

/** Undefined too for what lies on a volume that is away. */
export function findFile(world: World, node: Node, path: string): FileEntry | undefined {
  return isAway(world, node, path) ? undefined : filesOf(world, node, path)[pathKey(path)];
}

/** Whether a path lies on a volume that was taken away, with its files. */
function isAway(world: World, node: Node, path: string): boolean {
  if (isShared(world, path, node))
    return sharedVolumesOf(world, node).some((volume) => volume.away && isUnder(path, volume.path));
  return node.volumes.some((volume) => volume.away && isUnder(path, volume.root));
}

/** Whether a path is a folder, or lies in it. */
export function isUnder(path: string, folder: string): boolean {
  const start = pathKey(folder).replace(/\\$/, "");
  return `${pathKey(path)}\\`.startsWith(`${start}\\`);
}

/** Whether the path's drive or shared volume is there at all. */
export function hasVolume(world: World, node: Node, path: string): boolean {
  if (isAway(world, node, path)) return false;
  if (isShared(world, path, node)) return true;
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
  if (sharedVolumesOf(world, node).some((volume) => isUnder(volume.path, path))) return true;
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

/** Takes an entry out; a folder that nobody made may end with it. */
export function deleteFile(world: World, node: Node, path: string): void {
  if (!isAway(world, node, path)) delete filesOf(world, node, path)[pathKey(path)];
}

/** Deletes a file, as a host does: the folder around it stays. */
export function removeFile(world: World, node: Node, path: string): void {
  keepFolder(world, node, path);
  deleteFile(world, node, path);
}

/** A folder stays when the last file in it goes, also one that nobody made. */
export function keepFolder(world: World, node: Node, path: string): void {
  const folder = parentPath(path);
  if (folderExists(world, node, folder)) putFolder(world, node, folder);
}

/** Makes a folder with the ones that it lies in. */
export function putFolders(world: World, node: Node, path: string): void {
  if (folderExists(world, node, path)) return;
  putFolders(world, node, parentPath(path));
  putFolder(world, node, path);
}

/** The root of a volume is no entry. */
function putFolder(world: World, node: Node, path: string): void {
  const isVolume = sharedVolumesOf(world, node).some((volume) => isUnder(volume.path, path));
  if (pathKey(path).length > 3 && !isVolume && !findFile(world, node, path))
    putFile(world, node, { path, kind: "folder", sizeBytes: 0 });
}

/** A file where a path would need a folder. */
export function fileAbove(world: World, node: Node, path: string): string | undefined {
  const folder = parentPath(path);
  if (pathKey(folder).length <= 3) return undefined;
  return findFile(world, node, folder)?.kind === "file" ? folder : fileAbove(world, node, folder);
}
