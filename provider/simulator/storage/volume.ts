import type { Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import type { Node, World } from "../world/world";
import { filesOf, findFile, isShared, isUnder } from "./file-system";

interface Place {
  root: string;
  sizeBytes: number;
}

/** The volume that a path is on: the longest root that it begins with. */
function volumeOf(world: World, node: Node, path: string): Place | undefined {
  const shared = (world.cluster?.sharedVolumes ?? []).map((volume) => ({
    root: volume.path,
    sizeBytes: volume.sizeBytes,
  }));
  return (isShared(world, path, node) ? shared : node.volumes)
    .filter(({ root }) => isUnder(path, root))
    .sort((one, other) => other.root.length - one.root.length)[0];
}

function freeBytes(world: World, node: Node, { root, sizeBytes }: Place): number {
  const files = Object.entries(filesOf(world, node, root)).filter(([key]) => isUnder(key, root));
  return sizeBytes - files.reduce((sum, [, file]) => sum + file.sizeBytes, 0);
}

/** How large a file can be at a path, where it replaces what is there. */
export function roomFor(world: World, node: Node, path: string): number {
  const place = volumeOf(world, node, path);
  if (!place) return Number.POSITIVE_INFINITY;
  return freeBytes(world, node, place) + (findFile(world, node, path)?.sizeBytes ?? 0);
}

/** What files need more than they have, volume by volume; answers a path that has no room (0x80070070, K, hyper-v.md 1.1). */
export function withoutRoom(
  world: World,
  node: Node,
  growing: readonly { path: string; bytes: number }[],
): string | undefined {
  const needed = new Map<string, { place: Place; path: string; bytes: number }>();
  for (const { path, bytes } of growing) {
    const place = volumeOf(world, node, path);
    if (place) needed.set(place.root, { place, path, bytes: bytes + (needed.get(place.root)?.bytes ?? 0) });
  }
  return [...needed.values()].find(({ place, bytes }) => bytes > 0 && bytes > freeBytes(world, node, place))?.path;
}

export function refuseFull(
  call: Running,
  growing: readonly { path: string; bytes: number }[],
  node: Node = call.node,
): void {
  const path = withoutRoom(call.world, node, growing);
  const code = 0x80070070;
  if (path !== undefined)
    call.operationFailed(coded(`'${path}': There is not enough space on the disk.`, code), signed(code));
}
