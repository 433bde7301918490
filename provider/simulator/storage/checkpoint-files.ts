import {
  type Checkpoint,
  type Drive,
  type FileEntry,
  type Machine,
  type Node,
  newGuid,
  type World,
} from "../world/world";
import { fileName, findFile, joinPath, parentPath, removeFile, samePath } from "./file-system";
import { isCheckpointFile, newVhd } from "./virtual-hard-disk";
import { chainOf } from "./virtual-hard-disk-chain";

/** Puts a new differencing file over each disk of the machine: `<name>_<GUID>.avhdx` beside it (recorded, hyper-v.md 1.6). */
export function branchDisks(world: World, node: Node, machine: Machine): void {
  for (const drive of machine.drives) {
    if (drive.kind !== "HardDisk" || drive.path === null) continue;
    const path = branchName(world, drive.path);
    newVhd(world, node, { path, parentPath: drive.path });
    drive.path = path;
  }
}

export function branchName(world: World, disk: string): string {
  const [, name = "disk", kind = "vhdx"] =
    /^(.*?)(?:_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?\.a?(vhdx?)$/i.exec(fileName(disk)) ?? [];
  return joinPath(parentPath(disk), `${name}_${newGuid(world).toUpperCase()}.a${kind.toLowerCase()}`);
}

/** Takes checkpoints away with their files: what they alone held is deleted, what lies on it is merged down. */
export function removeCheckpoints(world: World, node: Node, machine: Machine, gone: ReadonlySet<Checkpoint>): void {
  const files = ownFiles(world, node, machine);
  for (const checkpoint of machine.checkpoints) checkpoint.parentId = remaining(machine, gone, checkpoint.parentId);
  machine.currentCheckpoint = remaining(machine, gone, machine.currentCheckpoint);
  machine.checkpoints = machine.checkpoints.filter((checkpoint) => !gone.has(checkpoint));
  collapse(world, node, machine, files);
}

/** All checkpoints: only the disks at the ground remain. */
export function mergeAll(world: World, node: Node, machine: Machine): void {
  if (machine.checkpoints.length > 0) removeCheckpoints(world, node, machine, new Set(machine.checkpoints));
}

/** The nearest ancestor that stays. */
function remaining(machine: Machine, gone: ReadonlySet<Checkpoint>, id: string | null): string | null {
  const checkpoint = machine.checkpoints.find((candidate) => candidate.id === id);
  if (!checkpoint) return null;
  return gone.has(checkpoint) ? remaining(machine, gone, checkpoint.parentId) : checkpoint.id;
}

/** Every file in the tree of the machine's disks: of the machine and its checkpoints, down to the disks at the ground. */
export function ownFiles(world: World, node: Node, machine: Machine): FileEntry[] {
  const files = new Set<FileEntry>();
  for (const drive of disksOf(machine))
    for (const file of chainOf(world, node, drive.path ?? "").files) {
      files.add(file);
      if (!isCheckpointFile(file.path)) break;
    }
  return [...files];
}

/** The drives with a disk, as they are and as the checkpoints keep them. */
export function disksOf(machine: Machine): Drive[] {
  return [machine, ...machine.checkpoints.map(({ hardware }) => hardware)].flatMap(({ drives }) =>
    drives.filter(({ kind, path }) => kind === "HardDisk" && path !== null),
  );
}

/** Until nothing changes: a file that nobody stands on is deleted, or swallows the only one that lies on it. */
export function collapse(world: World, node: Node, machine: Machine, files: readonly FileEntry[]): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const file of files) {
      if (
        findFile(world, node, file.path) !== file ||
        disksOf(machine).some(({ path }) => path !== null && samePath(path, file.path))
      )
        continue;
      const children = childrenOf(world, node, file);
      const [only] = children;
      if (!only && isCheckpointFile(file.path)) removeFile(world, node, file.path);
      else if (only && children.length === 1 && isCheckpointFile(only.path))
        swallow(world, node, machine, { file, child: only });
      else continue;
      changed = true;
    }
  }
}

function swallow(
  world: World,
  node: Node,
  machine: Machine,
  { file, child }: { file: FileEntry; child: FileEntry },
): void {
  if (file.vhd && child.vhd) file.vhd.sizeBytes = child.vhd.sizeBytes;
  file.sizeBytes = Math.max(file.sizeBytes, child.sizeBytes);
  for (const grandchild of childrenOf(world, node, child))
    if (grandchild.vhd && file.vhd)
      Object.assign(grandchild.vhd, { parentPath: file.path, parentIdentifier: file.vhd.identifier });
  for (const drive of disksOf(machine))
    if (drive.path !== null && samePath(drive.path, child.path)) drive.path = file.path;
  removeFile(world, node, child.path);
}

export function childrenOf(world: World, node: Node, { path }: FileEntry): FileEntry[] {
  return [...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})].filter(
    ({ vhd }) => vhd !== undefined && vhd.parentPath !== null && samePath(vhd.parentPath, path),
  );
}
