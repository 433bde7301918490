import { type Call, type Reference, result } from "../../calls";
import { isShared, same } from "../definition";
import type { Block, Change } from "./change";
import type { Observed, Slot } from "./observed";
import type { Desired, DesiredDisk, DesiredDvd } from "./schema";
import { candidates, type Layout, layout, NoRoomError, sameSlot, slotKey, slotOf } from "./slots";

/** Controllers, hard disk drives and DVD drives: what leaves, what moves, what comes, and last what lies in the drives. */
export const storage: Block = (observed, desired) => {
  if (!desired.hardDiskDrives && !desired.dvdDrives) return [];
  const plan = layout(observed, desired);
  const places = [...removals(plan), ...controllers(observed, plan), ...moves(plan), ...additions(observed, plan)];
  const changes = [...places, ...media(observed, plan)];
  // one change that needs the machine off may free the place, or move the drive, that the next one names
  return places.some(({ when }) => when === "off") ? changes.map((change) => ({ ...change, when: "off" })) : changes;
};

function removals({ extraDisks, extraDvds }: Layout): Change[] {
  return [
    ...extraDisks.map(
      (drive): Change => ({
        does: `detach the disk ${drive.path}`,
        property: "hardDiskDrives",
        when: heat(drive),
        calls: [{ cmdlet: "Remove-VMHardDiskDrive", parameters: { VMHardDiskDrive: diskAt(drive) } }],
      }),
    ),
    ...extraDvds.map(
      (drive): Change => ({
        does: `remove the DVD drive at ${slotKey(drive)}`,
        property: "dvdDrives",
        when: heat(drive),
        calls: [{ cmdlet: "Remove-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(drive) } }],
      }),
    ),
  ];
}

/** A controller's number cannot be chosen: the next one is added until the highest that is wanted is there. */
function controllers(observed: Observed, { disks, dvds }: Layout): Change[] {
  const wanted = [...disks, ...dvds].filter(({ at }) => at.controllerType === "SCSI");
  const highest = Math.max(-1, ...wanted.map(({ at }) => at.controllerNumber));
  const missing = Math.max(0, highest + 1 - observed.scsiControllers);
  return Array.from({ length: missing }, (_unused, index) => ({
    does: `add SCSI controller ${observed.scsiControllers + index}`,
    property: "hardDiskDrives",
    when: "off" as const,
    calls: [{ cmdlet: "Add-VMScsiController", parameters: { VM: result("vm") } }] as const,
  }));
}

interface Mover {
  kind: "disk" | "dvd";
  label: string;
  from: Slot;
  to: Slot;
}

/** Drives whose place changes. Where two stand in each other's way, one steps aside first. */
function moves({ disks, dvds }: Layout): Change[] {
  const movers: Mover[] = [
    ...disks.flatMap(({ wanted, at, now }): Mover[] =>
      now && !sameSlot(now, at) ? [{ kind: "disk", label: wanted.path, from: now, to: at }] : [],
    ),
    ...dvds.flatMap(({ at, now }): Mover[] =>
      now && !sameSlot(now, at) ? [{ kind: "dvd", label: `the DVD drive`, from: slotOf(now), to: at }] : [],
    ),
  ];
  const occupied = new Set([...disks, ...dvds].flatMap(({ now }) => (now ? [slotKey(now)] : [])));
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
    if (left < 0) throw new NoRoomError("hardDiskDrives", "cannot all go to the places that are asked for");
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
        "would swap places, and there is no free one to step aside to",
      );
    go(first, aside);
  }
  return changes;
}

function move({ kind, label, from }: Mover, to: Slot): Change {
  const target = { ToControllerNumber: to.controllerNumber, ToControllerLocation: to.controllerLocation };
  return {
    does: `move ${label} to ${slotKey(to)}`,
    property: kind === "disk" ? "hardDiskDrives" : "dvdDrives",
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

function additions(observed: Observed, { disks, dvds }: Layout): Change[] {
  return [
    ...disks
      .filter(({ now }) => !now)
      .map(
        ({ wanted, at }): Change => ({
          does: `attach the disk ${wanted.path} at ${slotKey(at)}`,
          property: "hardDiskDrives",
          when: heat(at),
          calls: [
            {
              cmdlet: "Add-VMHardDiskDrive",
              parameters: {
                VM: result("vm"),
                Path: wanted.path,
                ControllerType: at.controllerType,
                ControllerNumber: at.controllerNumber,
                ControllerLocation: at.controllerLocation,
                ...unverified(observed, wanted.path),
              },
            },
          ],
        }),
      ),
    ...dvds
      .filter(({ now }) => !now)
      .map(
        ({ wanted, at }): Change => ({
          does: `add a DVD drive at ${slotKey(at)}`,
          property: "dvdDrives",
          when: heat(at),
          calls: [
            {
              cmdlet: "Add-VMDvdDrive",
              parameters: {
                VM: result("vm"),
                ControllerNumber: at.controllerNumber,
                ControllerLocation: at.controllerLocation,
                ...(wanted.path !== undefined && { Path: wanted.path, ...unverified(observed, wanted.path) }),
              },
            },
          ],
        }),
      ),
  ];
}

function media(observed: Observed, { dvds }: Layout): Change[] {
  return dvds.flatMap(({ wanted, at, now }): Change[] => {
    if (!now || same(now.path ?? "", wanted.path ?? "")) return [];
    const call: Call =
      wanted.path === undefined
        ? { cmdlet: "Set-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(at), Path: null } }
        : {
            cmdlet: "Set-VMDvdDrive",
            parameters: { VMDvdDrive: dvdAt(at), Path: wanted.path, ...unverified(observed, wanted.path) },
          };
    return [
      {
        does: wanted.path === undefined ? "eject the DVD" : `put ${wanted.path} into the DVD drive`,
        property: "dvdDrives",
        when: "awake",
        calls: [call],
      },
    ];
  });
}

/** IDE is cold, SCSI is hot. */
function heat({ controllerType }: Slot): "hot" | "off" {
  return controllerType === "SCSI" ? "hot" : "off";
}

/** A clustered machine takes a path outside of the cluster's storage only so (documented, hyper-v.md 2.1). */
function unverified(observed: Observed, path: string): { AllowUnverifiedPaths?: true } {
  return observed.isClustered && !isShared(path) ? { AllowUnverifiedPaths: true } : {};
}

function diskAt(slot: Slot): Reference {
  return result("vm", "HardDrives", place(slot));
}

function dvdAt(slot: Slot): Reference {
  return result("vm", "DVDDrives", place(slot));
}

/** By place and not by id, which a move changes. */
export function place(slot: Slot) {
  return {
    ControllerType: slot.controllerType,
    ControllerNumber: slot.controllerNumber,
    ControllerLocation: slot.controllerLocation,
  };
}

/** The drives as the program would write them: with a place only where the program gave one, or the drive is not its own. */
export function reflectDisks(observed: Observed, desired: Desired): DesiredDisk[] {
  const wanted = desired.hardDiskDrives ?? [];
  const shown = wanted.flatMap((disk): DesiredDisk[] => {
    const drive = observed.drives.find(({ path }) => same(path, disk.path));
    if (!drive) return [];
    return [
      {
        path: disk.path,
        ...(disk.controllerType !== undefined && { controllerType: drive.controllerType }),
        ...(disk.controllerNumber !== undefined && { controllerNumber: drive.controllerNumber }),
        ...(disk.controllerLocation !== undefined && { controllerLocation: drive.controllerLocation }),
      },
    ];
  });
  const extra = observed.drives.filter(({ path }) => !wanted.some((disk) => same(disk.path, path)));
  return [...shown, ...extra.map((drive) => ({ path: drive.path, ...slotOf(drive) }))];
}

/** What the host has, also where the program asks for more than fits, which a plan refuses. */
function placesOf(observed: Observed, desired: Desired): Pick<Layout, "dvds" | "extraDvds"> {
  try {
    return layout(observed, { ...desired, hardDiskDrives: undefined });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    return { dvds: [], extraDvds: observed.dvds };
  }
}

export function reflectDvds(observed: Observed, desired: Desired): DesiredDvd[] {
  const { dvds, extraDvds } = placesOf(observed, desired);
  const shown = dvds.flatMap(({ wanted, now }): DesiredDvd[] => {
    if (!now) return [];
    const path =
      wanted.path !== undefined && now.path !== undefined && same(wanted.path, now.path) ? wanted.path : now.path;
    return [
      {
        ...(path !== undefined && { path }),
        ...(wanted.controllerNumber !== undefined && { controllerNumber: now.controllerNumber }),
        ...(wanted.controllerLocation !== undefined && { controllerLocation: now.controllerLocation }),
      },
    ];
  });
  return [
    ...shown,
    ...extraDvds.map(({ path, controllerNumber, controllerLocation }) => ({
      ...(path !== undefined && { path }),
      controllerNumber,
      controllerLocation,
    })),
  ];
}
