import type { Call } from "../../calls";
import { same } from "../definition";
import { discNeed, diskNeed, medium } from "./attachments";
import { type Change, join } from "./change";
import { diskAt, dvdAt, heat, thatDisk } from "./drive-references";
import { diskSettings, mediumText, usualDisk } from "./drives";
import { differences } from "./property";
import type { Observed } from "./recorded";
import { type Layout, slotKey } from "./slots";
import { swapProperty } from "./swaps";

/** One disk in another one's drive, in one call: where the new one cannot be had, the old one stays. */
export function swaps(observed: Observed, { disks }: Layout): Change[] {
  return disks.flatMap(({ wanted, now, swaps }, index): Change[] => {
    if (!now || !swaps) return [];
    return [
      {
        does: `put the disk ${mediumText(wanted)} in the place of ${mediumText(now)} at ${slotKey(now)}`,
        properties: [swapProperty(index, wanted)],
        // what sleeps remembers the disk that it had
        when: heat(now) === "hot" ? "awake" : "off",
        takes: true,
        needs: diskNeed(wanted, index),
        calls: [
          {
            cmdlet: "Set-VMHardDiskDrive",
            parameters: { VMHardDiskDrive: thatDisk(now), ...medium(observed, wanted) },
          },
        ],
      },
    ];
  });
}

/** Of drives that are there, at the place where they then are. */
export function diskChanges({ disks }: Layout): Change[] {
  return disks.flatMap(({ wanted, at, now, swaps }, index): Change[] => {
    if (!now) return [];
    const found = differences(diskSettings, {
      at: `hardDiskDrives[${index}].`,
      target: { VMHardDiskDrive: diskAt(at) },
      // another disk's limits are none of this one's
      desired: swaps ? { ...usualDisk, ...wanted } : wanted,
      observed: now.settings,
    });
    const bounds = found.filter(({ key }) => key === "maximumIOPS" || key === "minimumIOPS");
    const [first, second] = bounds;
    // the minimum must be at most the maximum after each call
    return [
      ...(first ? [second ? join(first, second) : first] : []),
      ...found.filter((change) => !bounds.includes(change)),
    ];
  });
}

export function media(observed: Observed, { dvds }: Layout): Change[] {
  return dvds.flatMap(({ wanted, at, now }, index): Change[] => {
    if (!now || same(now.path ?? "", wanted.path ?? "")) return [];
    const call: Call = {
      cmdlet: "Set-VMDvdDrive",
      parameters: { VMDvdDrive: dvdAt(at), Path: null, ...medium(observed, wanted) },
    };
    return [
      {
        does: wanted.path === undefined ? "eject the DVD" : `put ${wanted.path} into the DVD drive`,
        properties: ["dvdDrives"],
        when: "awake",
        needs: discNeed(wanted, index),
        calls: [call],
      },
    ];
  });
}
