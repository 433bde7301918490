import { problem } from "../../schema";
import { isShared, same } from "../paths";
import type { Use } from "../uses";
import type { Rule } from "./rule";
import type { Desired } from "./schema";

/** What a disk must be that the members of a guest cluster share (documented, the volume recorded; hyper-v-devices.md 1). */
export const sharedDiskRules: readonly Rule[] = [
  ({ hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap(({ supportPersistentReservations, path }, index) =>
      supportPersistentReservations && path !== undefined && !isShared(path)
        ? [
            problem(
              [...flagOf(index)],
              `needs a disk on a cluster's shared volume (C:\\ClusterStorage\\...) or on a file share, and ${path} is on a host's own volume`,
            ),
          ]
        : [],
    ),
  (desired) => {
    const index = bootDisk(desired);
    const drive = desired.hardDiskDrives?.[index];
    return drive?.supportPersistentReservations
      ? [
          problem(
            [...flagOf(index)],
            `is not for the disk that the machine boots from, ${drive.path ?? "its first drive"}: share another one, or put ` +
              "the system disk first in firmware.bootOrder",
          ),
        ]
      : [];
  },
];

const flagOf = (index: number) => ["hardDiskDrives", index, "supportPersistentReservations"] as const;

/** The first disk of the boot order; a machine without one boots from its first drive. -1 where it boots from no disk. */
function bootDisk({ firmware, hardDiskDrives }: Desired): number {
  const order = firmware?.bootOrder ?? [];
  if (order.length === 0) return 0;
  const first = order.find(({ hardDiskDrive }) => hardDiskDrive !== undefined)?.hardDiskDrive;
  return (hardDiskDrives ?? []).findIndex(({ path }) => first !== undefined && path !== undefined && same(path, first));
}

/** Without the flag the second of two machines does not start (recorded, hyper-v-devices.md 1). */
export function diskUses({ node, hardDiskDrives }: Desired): Use[] {
  return (hardDiskDrives ?? []).flatMap(({ path, supportPersistentReservations: isFlagged }, index): Use[] =>
    // of a drive that is taken over nobody knows yet whether it is shared
    path === undefined || isFlagged === undefined
      ? []
      : [
          {
            path: ["hardDiskDrives", index, "path"],
            file: { path, node },
            isShared: isFlagged,
            condition: "Set supportPersistentReservations: true on the drives of both, or give each a disk of its own",
          },
        ],
  );
}
