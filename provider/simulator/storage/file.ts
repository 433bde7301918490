import type { Cmdlets, Running } from "../engine/cmdlet";
import { hasWildcard, wildcard } from "../engine/names";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { Node, World } from "../world/world";
import { clusterTrace } from "./cluster-trace";
import {
  extension,
  fileName,
  filesOf,
  findFile,
  folderExists,
  hasVolume,
  isAbsolute,
  joinPath,
  normalizePath,
  parentPath,
  pathKey,
  samePath,
} from "./file-system";

export const fileCmdlets: Cmdlets = {
  "Test-Path": testPaths,
  "Get-Item": (call) => itemsOf(call).map((path) => itemThing(call.node, path)),
  "Get-ChildItem": readChildren,
};

/** False for what is not there, whatever the reason: no drive, no folder. */
function testPaths(call: Running): boolean[] {
  const type = given<string>(call, "PathType") ?? "Any";
  const fits = (path: string): boolean => type === "Any" || isFolder(call, path) === (type === "Container");
  return [
    ...(call.texts("LiteralPath") ?? []).map((path) => exists(call, path) && fits(path)),
    ...(call.texts("Path") ?? []).map((path) =>
      hasWildcard(path)
        ? hasVolume(call.world, call.node, path) && matches(call, path).some(fits)
        : exists(call, plain(path)) && fits(plain(path)),
    ),
  ];
}

export function exists({ world, node }: Running, path: string): boolean {
  const trace = clusterTrace(world, node, path);
  if (trace !== undefined) return trace;
  return isAbsolute(path) && (findFile(world, node, path) !== undefined || folderExists(world, node, path));
}

export function isFolder({ world, node }: Running, path: string): boolean {
  return folderExists(world, node, path);
}

/** A path of `-Path` without wildcards, where a backtick protects what would be one. */
function plain(path: string): string {
  return path.replace(/`(.)/g, "$1");
}

/** The items that `-Path` or `-LiteralPath` name; what has no wildcard has to be there. */
export function itemsOf(call: Running): string[] {
  const paths = [
    ...(call.texts("LiteralPath") ?? []).map((path) => needItem(call, path)),
    ...(call.texts("Path") ?? []).flatMap((path) =>
      hasWildcard(path) ? matches(call, path) : [needItem(call, plain(path))],
    ),
  ];
  return filtered(call, [...new Map(paths.map((path) => [pathKey(path), path])).values()]);
}

function needItem(call: Running, path: string): string {
  if (exists(call, path)) return findFile(call.world, call.node, path)?.path ?? normalizePath(path);
  needDrive(call, path);
  call.fail("PathNotFound", "ObjectNotFound", `Cannot find path '${path}' because it does not exist.`, {
    exception: "System.Management.Automation.ItemNotFoundException",
  });
}

export function needDrive(call: Running, path: string): void {
  const drive = /^([a-z]):/i.exec(path)?.[1];
  if (drive === undefined || hasVolume(call.world, call.node, path)) return;
  call.fail("DriveNotFound", "ObjectNotFound", `Cannot find drive. A drive with the name '${drive}' does not exist.`, {
    exception: "System.Management.Automation.DriveNotFoundException",
  });
}

/** Wildcards may stand in every part of a path. */
function matches(call: Running, pattern: string): string[] {
  needDrive(call, pattern);
  const [root = "", ...parts] = normalizePath(pattern).split("\\");
  let found = [`${root}\\`];
  for (const part of parts.filter((name) => name !== ""))
    found = found.flatMap((folder) =>
      hasWildcard(part)
        ? childrenOf(call, folder).filter((path) => wildcard(part).test(fileName(path)))
        : [joinPath(folder, plain(part))].filter((path) => exists(call, path)),
    );
  return found;
}

/** What lies directly in a folder: entries, and folders that something lies in. */
export function childrenOf({ world, node }: Running, folder: string): string[] {
  const start = pathKey(folder).replace(/\\$/, "");
  const children = new Map<string, string>();
  for (const { path } of everyFile(world, node)) {
    if (!pathKey(path).startsWith(`${start}\\`)) continue;
    const name = path.slice(start.length + 1).split("\\")[0] ?? "";
    if (name !== "") children.set(name.toLowerCase(), joinPath(normalizePath(folder), name));
  }
  return [...children].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
}

function everyFile(world: World, node: Node): { path: string }[] {
  return [
    ...[...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})].filter(({ path }) =>
      hasVolume(world, node, path),
    ),
    ...(world.cluster?.sharedVolumes ?? []),
  ];
}

function filtered(call: Running, paths: readonly string[]): string[] {
  const test = (patterns: readonly string[], path: string): boolean =>
    patterns.some((pattern) => wildcard(pattern).test(fileName(path)));
  const filter = call.texts("Filter");
  const include = call.texts("Include");
  const exclude = call.texts("Exclude");
  return paths.filter(
    (path) =>
      (!filter || test(filter, path)) && (!include || test(include, path)) && (!exclude || !test(exclude, path)),
  );
}

/** A folder means what lies in it, a pattern what it matches. */
function readChildren(call: Running): (Thing | string)[] {
  const depth = call.has("Depth") ? (call.number("Depth") ?? 0) : call.flag("Recurse") ? Number.POSITIVE_INFINITY : 0;
  const paths = [
    ...(call.texts("LiteralPath") ?? [])
      .map((path) => needItem(call, path))
      .flatMap((path) => inside(call, path, depth)),
    ...(call.texts("Path") ?? []).flatMap((path) =>
      hasWildcard(path) ? matches(call, path) : inside(call, needItem(call, plain(path)), depth),
    ),
  ];
  const shown = filtered(call, paths)
    .filter((path) => !call.flag("File") || !isFolder(call, path))
    .filter((path) => !call.flag("Directory") || isFolder(call, path));
  return call.flag("Name") ? shown.map(fileName) : shown.map((path) => itemThing(call.node, path));
}

function inside(call: Running, path: string, depth: number): string[] {
  if (!isFolder(call, path)) return [path];
  return childrenOf(call, path).flatMap((child) =>
    depth > 0 && isFolder(call, child) ? [child, ...inside(call, child, depth - 1)] : [child],
  );
}

/** A file or folder, by its path: gone when there is nothing there. */
export function itemThing({ name: nodeName }: Node, path: string): Thing {
  const identity = { FullName: path, Name: fileName(path) || path };
  return new Thing("FileSystemInfo", `FileSystemInfo:${nodeName}/${pathKey(path)}`, identity, (world) => {
    const node = world.nodes.find(({ name }) => name === nodeName);
    if (!node) return undefined;
    const file = findFile(world, node, path);
    const folder = folderExists(world, node, path);
    if (!file && !folder) return undefined;
    return {
      ...identity,
      BaseName: folder ? identity.Name : identity.Name.replace(/\.[^.]*$/, ""),
      Extension: extension(path),
      Exists: true,
      PSIsContainer: folder,
      Length: folder ? null : (file?.sizeBytes ?? 0),
      DirectoryName: folder ? null : parentPath(path),
      Attributes: folder ? "Directory" : "Archive",
    };
  });
}

/** Every entry at and under a path, of the table that holds it. */
export function treeOf({ world, node }: Running, path: string): string[] {
  const key = pathKey(path);
  return Object.values(filesOf(world, node, path))
    .filter((file) => samePath(file.path, path) || pathKey(file.path).startsWith(`${key.replace(/\\$/, "")}\\`))
    .map((file) => file.path);
}
