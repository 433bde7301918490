import { addDvd, attachDisk, detachDisk, removeDvd } from "./attachments";
import type { Block, Change } from "./change";
import { controllers } from "./controllers";
import { moves } from "./drive-moves";
import type { Slot } from "./drives";
import { diskChanges, media, swaps } from "./media";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { type Layout, layout, sameSlot, slotKey } from "./slots";

/**
 * Controllers, hard disk drives and DVD drives, and last what the drives are like. What comes is there before anything goes,
 * save where it must have the place of what goes: then it comes directly after it.
 */
export const changeStorage: Block<Observed, Desired> = (observed, desired, refused) => {
  if (!desired.hardDiskDrives && !desired.dvdDrives && desired.scsiControllerCount === undefined) return [];
  const plan = layout(observed, desired, refused);
  const clash = clashes(plan, desired);
  if (clash.length > 0) return clash;
  const { more, less } = controllers(observed, desired, plan);
  const places = [...more, ...swaps(observed, plan), ...placeChanges(observed, plan), ...less];
  const changes = [...places, ...media(observed, plan), ...diskChanges(plan)];
  // one change that needs the machine off may free the place, or move the drive, that the next one names
  return places.some(({ when }) => when === "off") ? changes.map((change) => ({ ...change, when: "off" })) : changes;
};

interface Placed {
  at: Slot;
  change: Change;
}

function placeChanges(observed: Observed, plan: Layout): Change[] {
  const { disks, dvds } = plan;
  const going = removals(observed, plan);
  const coming = additions(observed, plan);
  const taken = [...observed.drives, ...observed.dvds];
  const isMovedTo = ({ at }: Placed) =>
    [...disks, ...dvds].some(({ at: to, now }) => now && sameSlot(to, at) && !sameSlot(now, to));
  const inTheWay = going.filter(isMovedTo);
  const left = going.filter((gone) => !inTheWay.includes(gone));
  const isFree = ({ at }: Placed) => !taken.some((drive) => sameSlot(drive, at));
  const late = coming.filter((come) => !isFree(come));
  const before = (come: Placed) => left.filter((gone) => sameSlot(gone.at, come.at));
  const after = left.filter((gone) => !late.some((come) => sameSlot(gone.at, come.at)));
  const changes = (placed: readonly Placed[]) => placed.map(({ change }) => change);
  const staying = left.map(({ at }) => at);
  return [
    ...changes(coming.filter(isFree)),
    ...changes(inTheWay),
    ...moves(plan, staying),
    ...changes(late.flatMap((come) => [...before(come), come])),
    // nothing comes in their place
    ...changes(after).map(({ undo: _undo, ...change }) => change),
  ];
}

/** Places that the program gives its drives, where others are that it leaves as they are. */
function clashes({ disks, dvds }: Layout, { hardDiskDrives, dvdDrives }: Desired): Change[] {
  const kept = { ...(!hardDiskDrives && { hardDiskDrives: disks }), ...(!dvdDrives && { dvdDrives: dvds }) };
  const own = { ...(hardDiskDrives && { hardDiskDrives: disks }), ...(dvdDrives && { dvdDrives: dvds }) };
  return Object.entries(own).flatMap(([list, drives]) =>
    drives.flatMap(({ at }, index) =>
      Object.entries(kept).flatMap(([other, others]): Change[] =>
        others.some(({ at: taken }) => sameSlot(taken, at))
          ? [
              {
                does: `use ${slotKey(at)}`,
                properties: [`${list}[${index}]`],
                when: "off",
                calls: [],
                refusal:
                  `is at ${slotKey(at)}, where the machine has a drive that the program leaves as it is. Choose another ` +
                  `place, or declare ${other}`,
              },
            ]
          : [],
      ),
    ),
  );
}

function removals(observed: Observed, { extraDisks, extraDvds }: Layout): Placed[] {
  return [
    ...extraDisks.map((drive) => ({
      at: drive,
      change: { ...detachDisk(drive), undo: attachDisk(observed, { ...drive, ...drive.settings }, drive, 0).calls },
    })),
    ...extraDvds.map((drive) => ({
      at: drive,
      change: { ...removeDvd(drive), undo: addDvd(observed, drive, drive, 0).calls },
    })),
  ];
}

function additions(observed: Observed, { disks, dvds }: Layout): Placed[] {
  return [
    ...disks.flatMap(({ wanted, at, now }, index) =>
      now ? [] : [{ at, change: attachDisk(observed, wanted, at, index) }],
    ),
    ...dvds.flatMap(({ wanted, at, now }, index) => (now ? [] : [{ at, change: addDvd(observed, wanted, at, index) }])),
  ];
}
