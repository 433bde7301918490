/** Names and paths are the same in any case. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether a path lies where every node of a cluster sees it: on a shared volume, or on a file share. */
export function isShared(path: string): boolean {
  return /^[a-z]:\\ClusterStorage\\/i.test(path) || path.startsWith("\\\\");
}

/** A checkpoint, backup or replica puts `<name>_<GUID>.avhdx` in front of the attached file (recorded, hyper-v.md 1.6). */
export function isCheckpointFile(path: string): boolean {
  return /\.avhdx?$/i.test(path);
}
