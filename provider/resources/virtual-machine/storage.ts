import { type Call, result } from "../../calls";
import { isShared, same } from "../definition";
import { type Block, type Change, join, joined } from "./change";
import { moves } from "./drive-moves";
import { diskAt, dvdAt, heat, thatDisk } from "./drive-references";
import { type DesiredDisk, diskSettings, type Medium, mediumText, usualDisk } from "./drives";
import type { Need } from "./looks";
import type { Observed, ObservedDisk, ObservedDvd, Slot } from "./observed";
import { differences } from "./property";
import type { Desired } from "./schema";
import { type Layout, layout, sameSlot, slotKey } from "./slots";
import { swapProperty } from "./swaps";

/**
 * Controllers, hard disk drives and DVD drives, and last what the drives are like. What comes is there before anything goes,
 * save where it must have the place of what goes: then it comes directly after it.
 */
export const changeStorage: Block = (observed, desired, refused) => {
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
      change: { ...detaching(drive), undo: attaching(observed, { ...drive, ...drive.settings }, drive, 0).calls },
    })),
    ...extraDvds.map((drive) => ({
      at: drive,
      change: { ...removal(drive), undo: adding(observed, drive, drive, 0).calls },
    })),
  ];
}

function detaching(drive: ObservedDisk): Change {
  return {
    does: `detach the disk ${mediumText(drive)}`,
    properties: ["hardDiskDrives"],
    when: heat(drive),
    takes: true,
    calls: [{ cmdlet: "Remove-VMHardDiskDrive", parameters: { VMHardDiskDrive: thatDisk(drive) } }],
    ...(drive.underCheckpoint && {
      refusal:
        `cannot lose ${mediumText(drive)} while the file of a checkpoint stands in front of it: what was written since ` +
        "would stay behind in that file. Remove the machine's checkpoints first, in a pulumi up of their own, which merges " +
        "them into the disk (one that Hyper-V made at the start goes when the machine is off), or keep the drive",
    }),
  };
}

function removal(drive: ObservedDvd): Change {
  return {
    does: `remove the DVD drive at ${slotKey(drive)}`,
    properties: ["dvdDrives"],
    when: heat(drive),
    takes: drive.path !== undefined,
    calls: [{ cmdlet: "Remove-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(drive) } }],
  };
}

/** One disk in another one's drive, in one call: where the new one cannot be had, the old one stays. */
function swaps(observed: Observed, { disks }: Layout): Change[] {
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

function diskNeed({ path, supportPersistentReservations }: DesiredDisk, index: number): Need[] {
  if (path === undefined) return [];
  const kind = supportPersistentReservations ? "shared disk" : "disk";
  return [{ kind, name: path, property: `hardDiskDrives[${index}].path` }];
}

function discNeed({ path }: Medium, index: number): Need[] {
  return path === undefined ? [] : [{ kind: "image", name: path, property: `dvdDrives[${index}].path` }];
}

/** A controller's number cannot be chosen: the next one is added, the last one removed, and only if nothing is on it. */
function controllers(
  observed: Observed,
  desired: Desired,
  { disks, dvds }: Layout,
): { more: Change[]; less: Change[] } {
  const used = [...disks, ...dvds].filter(({ at }) => at.controllerType === "SCSI");
  const needed = Math.max(-1, ...used.map(({ at }) => at.controllerNumber)) + 1;
  const there = observed.scsiControllers;
  const wanted = Math.max(needed, desired.scsiControllerCount ?? there);
  const property = desired.scsiControllerCount === undefined ? "hardDiskDrives" : "scsiControllerCount";
  const change = (does: string, call: Call): Change => ({ does, properties: [property], when: "off", calls: [call] });
  const vm = result("vm");
  const more = range(there, wanted).map((number) =>
    change(`add SCSI controller ${number}`, { cmdlet: "Add-VMScsiController", parameters: { VM: vm } }),
  );
  const less = range(wanted, there)
    .reverse()
    .map((number): Change => {
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
  return { more, less };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_unused, index) => from + index);
}

function additions(observed: Observed, { disks, dvds }: Layout): Placed[] {
  return [
    ...disks.flatMap(({ wanted, at, now }, index) =>
      now ? [] : [{ at, change: attaching(observed, wanted, at, index) }],
    ),
    ...dvds.flatMap(({ wanted, at, now }, index) => (now ? [] : [{ at, change: adding(observed, wanted, at, index) }])),
  ];
}

function attaching(observed: Observed, wanted: DesiredDisk, at: Slot, index: number): Change {
  return {
    does: `attach the disk ${mediumText(wanted)} at ${slotKey(at)}`,
    properties: ["hardDiskDrives"],
    when: heat(at),
    needs: diskNeed(wanted, index),
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
  };
}

function adding(observed: Observed, wanted: Medium, at: Slot, index: number): Change {
  return {
    does: `add a DVD drive at ${slotKey(at)}`,
    properties: ["dvdDrives"],
    when: heat(at),
    needs: discNeed(wanted, index),
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
  };
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

function media(observed: Observed, { dvds }: Layout): Change[] {
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
