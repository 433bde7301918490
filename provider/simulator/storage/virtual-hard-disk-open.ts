import type { Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import type { FileEntry, Vhd } from "../world/world";
import { samePath } from "./file-system";
import { existingVhd } from "./virtual-hard-disk";
import { chainOf } from "./virtual-hard-disk-chain";
import { conflictOf, holdersOf } from "./virtual-hard-disk-holders";

/** The file of a disk whose whole chain can be opened. */
export function openVhd(call: Running, path: string): FileEntry & { vhd: Vhd } {
  const file = existingVhd(call, path);
  const { broken } = chainOf(call.world, call.node, path);
  if (broken)
    call.operationFailed(
      `The system failed to open '${path}'. '${broken.path}': ${broken.message} (${broken.code})`,
      signed(Number(broken.code)),
    );
  return file;
}

/** Nobody may have the file open; as a parent it may be read by others, which only a writer prevents (recorded). */
export function refuseLocked(call: Running, path: string, as: "disk" | "parent" = "disk"): void {
  const { world, node } = call;
  const locked =
    as === "disk"
      ? conflictOf(world, node, path) !== undefined
      : holdersOf(world, node, path).some(({ writes }) => writes);
  if (locked) inUse(call, path);
}

export function inUse(call: Running, path: string): never {
  const code = 0x80070020;
  call.fail(
    "ObjectInUse",
    "ResourceBusy",
    coded(`'${path}': The process cannot access the file because it is being used by another process.`, code),
    { hresult: signed(code) },
  );
}

/** Disks that stand on this one: a file that was changed under them breaks them (recorded, hyper-v.md 6). */
export function hasChildren({ world, node }: Running, path: string): boolean {
  return [...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})].some(
    ({ vhd }) => typeof vhd?.parentPath === "string" && samePath(vhd.parentPath, path),
  );
}
