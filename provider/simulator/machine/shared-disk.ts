import { formatOf } from "../storage/virtual-hard-disk";
import type { Drive, Machine } from "../world/world";

/**
 * A drive of the machine whose disk other machines may have too: no checkpoint is taken of it, and its storage does not move
 * (D, hyper-v-devices.md 1; for the checkpoint of a VHD Set the page has both answers, 13, and the simulator the stricter one).
 */
export function sharedDisk({ drives }: Machine): Drive | undefined {
  return drives.find(
    ({ kind, path, supportPersistentReservations }) =>
      kind === "HardDisk" && (supportPersistentReservations || (path !== null && formatOf(path) === "VHDSet")),
  );
}
