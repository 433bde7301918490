import type { Running } from "../engine/cmdlet";
import { isShared } from "./file-system";
import { formatOf } from "./virtual-hard-disk";

/** Guests share VHDX and VHD Sets on cluster storage (D, K, hyper-v-devices.md 1). */
export function canBeShared(call: Running, path: string): boolean {
  return formatOf(path) !== "VHD" && isShared(call.world, path, call.node);
}

/** R, hyper-v-devices.md 12. */
export function cannotBeShared(call: Running, path: string): never {
  call.operationFailed(
    `'${path}': The storage where the virtual hard disk is located does not support virtual hard disk sharing.`,
  );
}
