import { isActive } from "../world/machine-state";
import type { FileEntry, Machine, Node, World } from "../world/world";
import { fileName, filesOf, samePath } from "./file-system";
import { chainOf } from "./virtual-hard-disk-chain";

/** Who has a file open, and whether to write to it: a leaf is written, its parents are read. */
export interface Holder {
  node: Node;
  /** Without it the host itself: a mount. */
  machine?: Machine;
  writes: boolean;
  /** With persistent reservations, as guest clusters do. */
  shares: boolean;
}

export function holdersOf(world: World, node: Node, path: string): Holder[] {
  const files = filesOf(world, node, path);
  return world.nodes.flatMap((other) => {
    if (!other.up || filesOf(world, other, path) !== files) return [];
    return [...machineHolders(world, other, path), ...mountHolders(world, other, path)];
  });
}

/** Running or paused, a machine has its chains open; saved, it has not, and nothing keeps its disks from harm (K). */
function machineHolders(world: World, node: Node, path: string): Holder[] {
  return node.machines.filter(isActive).flatMap((machine) =>
    machine.drives.flatMap(({ path: leaf, kind, supportPersistentReservations: shares }): Holder[] => {
      if (leaf === null) return [];
      if (kind === "Dvd") return samePath(leaf, path) ? [{ node, machine, writes: false, shares: true }] : [];
      if (!chainOf(world, node, leaf).files.some((file) => samePath(file.path, path))) return [];
      return [{ node, machine, writes: samePath(leaf, path), shares }];
    }),
  );
}

/** A mount on the host has its whole chain open. */
function mountHolders(world: World, node: Node, path: string): Holder[] {
  return mountedFiles(world, node).flatMap((mounted): Holder[] => {
    if (!chainOf(world, node, mounted.path).files.some((file) => samePath(file.path, path))) return [];
    const writes = samePath(mounted.path, path) && mounted.vhd?.mountedReadOnly !== true;
    return [{ node, writes, shares: false }];
  });
}

/** The disks that a node has mounted, on its own volumes and on the cluster's. */
export function mountedFiles(world: World, node: Node): FileEntry[] {
  return [...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})].filter(
    ({ vhd }) => vhd?.mountedOn === node.name,
  );
}

/** Who has the file open at all: nobody may write, move or delete it then. */
export function lockOf(world: World, node: Node, path: string): { node: Node; why: string } | undefined {
  const holder = holdersOf(world, node, path)[0];
  if (!holder) return undefined;
  const who = holder.machine ? `the virtual machine '${holder.machine.name}'` : "the host, which has mounted it";
  return { node: holder.node, why: `'${fileName(path)}' is in use by ${who} on ${holder.node.name}` };
}

/** Why nobody can open a disk to write now: somebody has it, or writes to one of its parents. Sharers of a shared disk may. */
export function conflictOf(world: World, node: Node, path: string, shares = false): string | undefined {
  for (const { path: opened } of chainOf(world, node, path).files) {
    const leaf = samePath(opened, path);
    const holders = holdersOf(world, node, opened).filter((holder) => !(leaf && shares && holder.shares));
    if (holders.some(({ writes }) => leaf || writes)) return lockOf(world, node, opened)?.why;
  }
  return undefined;
}
