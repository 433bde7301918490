import type { FileEntry, Node, World } from "../world/world";
import { fileName, filesOf, findFile, joinPath, parentPath, samePath } from "./file-system";

/**
 * Where a VHD Set has its data: `X_<GUID>.avhdx` beside `X.vhds`, which names it (D, hyper-v-devices.md 1). Undefined for every
 * other disk. Sets of older worlds are found by the identifier that both files have.
 */
export function dataPath(world: World, node: Node, { path, vhd }: FileEntry): string | undefined {
  if (vhd?.format !== "VHDSet") return undefined;
  const folder = parentPath(path);
  if (vhd.dataFile !== undefined) return joinPath(folder, vhd.dataFile);
  const named = Object.values(filesOf(world, node, path)).find(
    (file) => file.path !== path && file.vhd?.identifier === vhd.identifier && samePath(parentPath(file.path), folder),
  );
  return named?.path ?? joinPath(folder, `${baseName(path)}.avhdx`);
}

/** The file of a VHD Set's data, where it is there. */
export function dataOf(world: World, node: Node, set: FileEntry): FileEntry | undefined {
  const path = dataPath(world, node, set);
  return path === undefined ? undefined : findFile(world, node, path);
}

export function dataName(setPath: string, guid: string): string {
  return `${baseName(setPath)}_${guid.toUpperCase()}.avhdx`;
}

function baseName(path: string): string {
  return fileName(path).replace(/\.[^.]*$/, "");
}
