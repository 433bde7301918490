import type { Node, World } from "../world/world";
import { isShared, isUnder, pathKey, samePath } from "./file-system";

/** The folder of a shared volume gets another name, for every node; false when a path is no such folder (K, hyper-v-host.md 10). */
export function renameVolume(world: World, node: Node, from: string, to: string): boolean {
  const { cluster } = world;
  const volume = cluster?.sharedVolumes.find(({ path }) => samePath(path, from));
  if (!cluster || !volume || !isShared(world, from, node)) return false;
  for (const [key, file] of Object.entries(cluster.files)) {
    if (!isUnder(key, from)) continue;
    delete cluster.files[key];
    const path = to + file.path.slice(from.length);
    cluster.files[pathKey(path)] = { ...file, path };
  }
  volume.path = to;
  return true;
}
