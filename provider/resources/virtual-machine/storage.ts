import { z } from "zod";
import { type Call, type Reference, result } from "../../calls";
import { isShared, same } from "../definition";
import { type Block, type Change, join, joined } from "./change";
import { type DesiredDisk, type DesiredDvd, diskSettings, type Medium, mediumText, sameMedium } from "./drives";
import type { Observed, ObservedDisk, Slot } from "./observed";
import { alike, differences } from "./property";
import type { Desired } from "./schema";
import { candidates, type Layout, layout, NoRoomError, sameSlot, slotKey, slotOf } from "./slots";

/** Controllers, hard disk drives and DVD drives: what leaves, what moves, what comes, and last what the drives are like. */
export const changeStorage: Block = (observed, desired) => {
  if (!desired.hardDiskDrives && !desired.dvdDrives && desired.scsiControllerCount === undefined) return [];
  const plan = layout(observed, desired);
  const clash = clashes(plan, desired);
  if (clash.length > 0) return clash;
  const places = [
    ...removals(plan),
    ...controllers(observed, desired, plan),
    ...moves(plan),
    ...additions(observed, plan),
  ];
  const changes = [...places, ...media(observed, plan), ...diskChanges(plan)];
  // one change that needs the machine off may free the place, or move the drive, that the next one names
  return places.some(({ when }) => when === "off") ? changes.map((change) => ({ ...change, when: "off" })) : changes;
};

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

function removals({ extraDisks, extraDvds }: Layout): Change[] {
  return [
    ...extraDisks.map(
      (drive): Change => ({
        does: `detach the disk ${mediumText(drive)}`,
        properties: ["hardDiskDrives"],
        when: heat(drive),
        calls: [{ cmdlet: "Remove-VMHardDiskDrive", parameters: { VMHardDiskDrive: thatDisk(drive) } }],
        ...(drive.underCheckpoint && {
          refusal:
            `cannot lose ${mediumText(drive)} while the file of a checkpoint stands in front of it: what was written since ` +
            "would stay behind in that file. Remove the machine's checkpoints first, in a pulumi up of their own, which merges " +
            "them into the disk (one that Hyper-V made at the start goes when the machine is off), or keep the drive",
        }),
      }),
    ),
    ...extraDvds.map(
      (drive): Change => ({
        does: `remove the DVD drive at ${slotKey(drive)}`,
        properties: ["dvdDrives"],
        when: heat(drive),
        calls: [{ cmdlet: "Remove-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(drive) } }],
      }),
    ),
  ];
}

/** A controller's number cannot be chosen: the next one is added, the last one removed, and only if nothing is on it. */
function controllers(observed: Observed, desired: Desired, { disks, dvds }: Layout): Change[] {
  const used = [...disks, ...dvds].filter(({ at }) => at.controllerType === "SCSI");
  const needed = Math.max(-1, ...used.map(({ at }) => at.controllerNumber)) + 1;
  const there = observed.scsiControllers;
  const wanted = Math.max(needed, desired.scsiControllerCount ?? there);
  const property = desired.scsiControllerCount === undefined ? "hardDiskDrives" : "scsiControllerCount";
  const change = (does: string, call: Call): Change => ({ does, properties: [property], when: "off", calls: [call] });
  const vm = result("vm");
  if (wanted >= there)
    return range(there, wanted).map((number) =>
      change(`add SCSI controller ${number}`, { cmdlet: "Add-VMScsiController", parameters: { VM: vm } }),
    );
  return range(wanted, there)
    .reverse()
    .map((number) => {
      const last = {
        as: "controller",
        cmdlet: "Get-VMScsiController",
        parameters: { VM: vm, ControllerNumber: number },
      } as const;
      return {
        ...change(`remove SCSI controller ${number}`, last),
        calls: [last, { cmdlet: "Remove-VMScsiController", parameters: { VMScsiController: result("controller") } }],
      };
    });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_unused, index) => from + index);
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
      now && !sameSlot(now, at) ? [{ kind: "disk", label: mediumText(wanted), from: slotOf(now), to: at }] : [],
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

function additions(observed: Observed, { disks, dvds }: Layout): Change[] {
  return [
    ...disks
      .filter(({ now }) => !now)
      .map(
        ({ wanted, at }): Change => ({
          does: `attach the disk ${mediumText(wanted)} at ${slotKey(at)}`,
          properties: ["hardDiskDrives"],
          when: heat(at),
          calls: [
            {
              cmdlet: "Add-VMHardDiskDrive",
              parameters: {
                VM: result("vm"),
                ...medium(observed, wanted),
                ControllerType: at.controllerType,
                ControllerNumber: at.controllerNumber,
                ControllerLocation: at.controllerLocation,
                ...settingsOf(wanted),
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
          properties: ["dvdDrives"],
          when: heat(at),
          calls: [
            {
              cmdlet: "Add-VMDvdDrive",
              parameters: {
                VM: result("vm"),
                ControllerNumber: at.controllerNumber,
                ControllerLocation: at.controllerLocation,
                ...medium(observed, wanted),
              },
            },
          ],
        }),
      ),
  ];
}

/** A clustered machine takes a path outside of the cluster's storage only with a flag (documented, hyper-v.md 2.1). */
function medium(
  observed: Observed,
  { path, diskNumber }: Medium,
): { Path?: string; DiskNumber?: number; AllowUnverifiedPaths?: true } {
  if (path === undefined) return diskNumber === undefined ? {} : { DiskNumber: diskNumber };
  return { Path: path, ...(observed.isClustered && !isShared(path) && { AllowUnverifiedPaths: true }) };
}

/** The settings of a new drive that are not as Hyper-V makes it. */
function settingsOf(wanted: DesiredDisk): Record<string, never> {
  const [all] = joined(differences(diskSettings, { at: "", target: {}, desired: wanted, observed: {} }));
  const [call] = all?.calls ?? [];
  return call && "cmdlet" in call ? (call.parameters as Record<string, never>) : {};
}

/** Of drives that are there, at the place where they then are. */
function diskChanges({ disks }: Layout): Change[] {
  return disks.flatMap(({ wanted, at, now }, index): Change[] => {
    if (!now) return [];
    const found = differences(diskSettings, {
      at: `hardDiskDrives[${index}].`,
      target: { VMHardDiskDrive: diskAt(at) },
      desired: wanted,
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

function media(observed: Observed, { dvds }: Layout): Change[] {
  return dvds.flatMap(({ wanted, at, now }): Change[] => {
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
        calls: [call],
      },
    ];
  });
}

/** IDE is cold, SCSI is hot. */
function heat({ controllerType }: Slot): "hot" | "off" {
  return controllerType === "SCSI" ? "hot" : "off";
}

function diskAt(slot: Slot): Reference {
  return result("vm", "HardDrives", place(slot));
}

/** The disk, and not what stands at its place by now: the file of a checkpoint that somebody has just made. */
function thatDisk(drive: ObservedDisk): Reference {
  const { path, underCheckpoint } = drive;
  return result("vm", "HardDrives", { ...place(drive), ...(path && !underCheckpoint && { Path: path }) });
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
    const drive = observed.drives.find((candidate) => sameMedium(candidate, disk));
    if (!drive) return [];
    const settings = Object.entries(drive.settings).flatMap(([key, value]) => {
      const wanted = disk[key as keyof DesiredDisk];
      return wanted === undefined ? [] : [[key, alike(wanted, value) ? wanted : value]];
    });
    return [
      {
        ...(disk.path !== undefined && { path: disk.path }),
        ...(disk.diskNumber !== undefined && { diskNumber: disk.diskNumber }),
        ...(disk.controllerType !== undefined && { controllerType: drive.controllerType }),
        ...(disk.controllerNumber !== undefined && { controllerNumber: drive.controllerNumber }),
        ...(disk.controllerLocation !== undefined && { controllerLocation: drive.controllerLocation }),
        ...Object.fromEntries(settings),
      },
    ];
  });
  const extra = observed.drives.filter((drive) => !wanted.some((disk) => sameMedium(disk, drive)));
  return [
    ...shown,
    ...extra.map((drive) => ({
      ...(drive.path !== undefined && { path: drive.path }),
      ...(drive.diskNumber !== undefined && { diskNumber: drive.diskNumber }),
      ...slotOf(drive),
      ...unusual(drive.settings),
    })),
  ];
}

const usual: Readonly<Record<string, unknown>> = z.strictObject(diskSettings).parse({});

function unusual(settings: Observed["drives"][number]["settings"]): Partial<DesiredDisk> {
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== usual[key]));
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
  const shown = dvds.flatMap(({ wanted, now }, index): DesiredDvd[] => {
    if (!now) return [];
    const path =
      wanted.path !== undefined && now.path !== undefined && same(wanted.path, now.path) ? wanted.path : now.path;
    const open = desired.adopt && desired.dvdDrives?.[index]?.path === undefined;
    return [
      {
        ...(path !== undefined && !open && { path }),
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
