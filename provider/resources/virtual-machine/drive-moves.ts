import type { Change } from "./change";
import { diskAt, dvdAt, heat } from "./drive-references";
import type { Slot } from "./drives";
import { mediumText } from "./drives";
import { candidates, type Layout, NoRoomError, sameSlot, slotKey, slotOf } from "./slots";

interface Mover {
  kind: "disk" | "dvd";
  label: string;
  from: Slot;
  to: Slot;
}

/** Drives whose place changes. Where two stand in each other's way, one steps aside first. `staying` are places that are not free yet. */
export function moves({ disks, dvds }: Layout, staying: readonly Slot[]): Change[] {
  const movers: Mover[] = [
    ...disks.flatMap(({ wanted, at, now }): Mover[] =>
      now && !sameSlot(now, at) ? [{ kind: "disk", label: mediumText(wanted), from: slotOf(now), to: at }] : [],
    ),
    ...dvds.flatMap(({ at, now }): Mover[] =>
      now && !sameSlot(now, at) ? [{ kind: "dvd", label: `the DVD drive`, from: slotOf(now), to: at }] : [],
    ),
  ];
  const occupied = new Set([...staying, ...[...disks, ...dvds].flatMap(({ now }) => now ?? [])].map(slotKey));
  const wanted = new Set([...disks, ...dvds].map(({ at }) => slotKey(at)));
  const changes: Change[] = [];
  const go = (mover: Mover, to: Slot) => {
    changes.push(move(mover, to));
    occupied.delete(slotKey(mover.from));
    occupied.add(slotKey(to));
    mover.from = to;
  };
  let waiting = movers;
  // each drive steps aside at most once
  for (let left = 2 * movers.length; waiting.length > 0; left -= 1) {
    if (left < 0) throw new NoRoomError("hardDiskDrives", "cannot all move to the requested locations");
    const ready = waiting.filter(({ to }) => !occupied.has(slotKey(to)));
    for (const mover of ready) if (!occupied.has(slotKey(mover.to))) go(mover, mover.to);
    waiting = waiting.filter(({ from, to }) => !sameSlot(from, to));
    const [first] = waiting;
    if (ready.length > 0 || !first) continue;
    const aside = candidates(first.from.controllerType)
      .concat(candidates("SCSI"))
      .find(
        (slot) =>
          !occupied.has(slotKey(slot)) &&
          !wanted.has(slotKey(slot)) &&
          (first.kind === "disk" || slot.controllerType === first.from.controllerType),
      );
    if (!aside)
      throw new NoRoomError(
        first.kind === "disk" ? "hardDiskDrives" : "dvdDrives",
        "would swap locations, and there is no free location to do it with",
      );
    go(first, aside);
  }
  return changes;
}

function move({ kind, label, from }: Mover, to: Slot): Change {
  const target = { ToControllerNumber: to.controllerNumber, ToControllerLocation: to.controllerLocation };
  return {
    does: `move ${label} to ${slotKey(to)}`,
    properties: [kind === "disk" ? "hardDiskDrives" : "dvdDrives"],
    // between SCSI places disks move while the machine runs, DVD drives do not (hyper-v.md 5)
    when: kind === "disk" && heat(from) === "hot" ? heat(to) : "off",
    calls:
      kind === "disk"
        ? [
            {
              cmdlet: "Set-VMHardDiskDrive",
              parameters: { VMHardDiskDrive: diskAt(from), ToControllerType: to.controllerType, ...target },
            },
          ]
        : [{ cmdlet: "Set-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(from), ...target } }],
  };
}
