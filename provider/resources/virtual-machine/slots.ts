import { same } from "../definition";
import { type Likeness, paired } from "../pairing";
import type { Slot } from "./drives";
import { type DesiredDisk, type DesiredDvd, fits, sameMedium } from "./drives";
import type { ObservedDisk, ObservedDvd } from "./observed-drives";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { type Swappable, swapped } from "./swaps";

/** Where each wanted drive goes, and where what is there for it is now. */
export interface Layout {
  /** `swaps` says that the drive has another disk yet, which goes. */
  disks: { wanted: DesiredDisk; at: Slot; now: ObservedDisk | undefined; swaps: boolean }[];
  dvds: { wanted: DesiredDvd; at: Slot; now: ObservedDvd | undefined }[];
  /** Drives on the host that nobody wants. */
  extraDisks: readonly ObservedDisk[];
  extraDvds: readonly ObservedDvd[];
}

/**
 * Gives every drive its place. What the program says holds; what it leaves open stays where it is; what is new takes the
 * first free place: on generation 1 IDE for the first disk, which boots, and for DVD drives; SCSI for all others, where
 * disks come and go while the machine runs. A disk that comes takes the place of one that goes, if it may be there.
 * `refused` holds what the machine did not take.
 */
export function layout(
  observed: Pick<Observed, "generation" | "scsiControllers" | "dvds"> & Swappable,
  desired: Pick<Desired, "generation" | "hardDiskDrives" | "dvdDrives" | "adopt">,
  refused: ReadonlySet<string> = new Set(),
): Layout {
  const generation = desired.generation ?? observed.generation;
  const disks =
    desired.hardDiskDrives ??
    observed.drives.map(({ path, diskNumber, ...drive }) => ({ path, diskNumber, ...slotOf(drive) }));
  const dvds = desired.dvdDrives ?? observed.dvds.map(({ id: _id, controllerType: _type, ...dvd }) => dvd);

  const { pairs: diskPairs, extra: going } = paired(disks, observed.drives, sameMedium);
  const { pairs: dvdPairs, extra: extraDvds } = matchDvds(observed.dvds, dvds);
  const taken = new Map<string, true>();
  const take = (slot: Slot): Slot => {
    taken.set(slotKey(slot), true);
    return slot;
  };
  const free = (slot: Slot) => !taken.has(slotKey(slot));

  const swaps = swapped(
    observed,
    disks,
    (wanted, index) => diskTypes(generation, index, wanted, undefined)[0],
    refused,
  );
  const requests: Request[] = [
    ...diskPairs.map(
      ({ wanted, now }, index): Request => ({
        wanted,
        now: now ?? swaps[index],
        types: diskTypes(generation, index, wanted, now),
        first: 0,
      }),
    ),
    ...dvdPairs.map(
      ({ wanted, now }): Request => ({
        wanted,
        now,
        types: generation === 1 ? ["IDE"] : ["SCSI"],
        // Hyper-V puts generation 1's DVD drive at IDE 1:0 and leaves 0:0 to the disk
        first: generation === 1 ? 1 : 0,
      }),
    ),
  ];
  const places = new Map<Request, Slot>();
  const settle = (some: readonly Request[], choose: (request: Request) => Slot | undefined) => {
    for (const request of some) {
      if (places.has(request)) continue;
      const slot = choose(request);
      if (slot) places.set(request, take(slot));
    }
  };
  const stay = ({ wanted, now, types }: Request) =>
    now && types.includes(now.controllerType) && fits(wanted, now) && free(now) ? slotOf(now) : undefined;
  // what finds a place elsewhere can come before it goes
  const leaving = new Set([...going, ...extraDvds].map(slotKey));
  const firstFree = (avoid: ReadonlySet<string>) => (request: Request) => {
    const open = request.types.flatMap((type) => {
      const slots = candidates(type, request.first, Math.max(1, observed.scsiControllers)).filter(
        (slot) => fits(request.wanted, slot) && free(slot),
      );
      return [
        ...slots.filter((slot) => !leaving.has(slotKey(slot))),
        ...slots.filter((slot) => leaving.has(slotKey(slot))),
      ];
    });
    return open.find((slot) => !avoid.has(slotKey(slot))) ?? open[0];
  };
  // those with one kind of controller choose first, and leave the places of the others alone while they can
  const rigid = requests.filter(({ types }) => types.length === 1);
  const flexible = requests.filter(({ types }) => types.length > 1);
  settle(requests, ({ wanted: { controllerNumber, controllerLocation }, types: [controllerType = "SCSI"] }) =>
    controllerNumber !== undefined && controllerLocation !== undefined
      ? { controllerType, controllerNumber, controllerLocation }
      : undefined,
  );
  const keptByFlexible = new Set(flexible.flatMap(({ now }) => (now ? [slotKey(now)] : [])));
  for (const [some, avoid] of [[rigid, keptByFlexible] as const, [flexible, new Set<string>()] as const]) {
    // a place of which a part is declared is harder to find than any
    const partly = some.filter(
      ({ wanted }) => wanted.controllerNumber !== undefined || wanted.controllerLocation !== undefined,
    );
    for (const group of [partly, some]) {
      settle(group, stay);
      settle(group, firstFree(avoid));
    }
  }

  const at = (index: number): Slot => {
    const request = requests[index];
    const slot = request && places.get(request);
    if (slot) return slot;
    const list = index < disks.length ? `hardDiskDrives[${index}]` : `dvdDrives[${index - disks.length}]`;
    throw new NoRoomError(list, "finds no free location on the controllers that it may use");
  };
  const placed = diskPairs.map(({ wanted, now }, index) => {
    const [drive, slot] = [swaps[index], at(index)];
    // its place may be one that another drive must have
    const isSwap = drive !== undefined && sameSlot(drive, slot);
    return { wanted, at: slot, now: isSwap ? drive : now, swaps: isSwap };
  });
  return {
    disks: placed,
    dvds: dvdPairs.map(({ wanted, now }, index) => ({
      // what is adopted keeps the medium that the program does not name
      wanted: desired.adopt ? { ...wanted, path: wanted.path ?? now?.path } : wanted,
      at: at(disks.length + index),
      now,
    })),
    extraDisks: going.filter((drive) => !placed.some(({ now }) => now === drive)),
    extraDvds,
  };
}

/** The program asks for more places than there are. */
export class NoRoomError extends Error {
  constructor(
    readonly property: string,
    message: string,
  ) {
    super(message);
    this.name = "NoRoomError";
  }
}

interface Request {
  wanted: DesiredDisk | DesiredDvd;
  now: Slot | undefined;
  /** Kinds of controllers that it may go to, the preferred one first. */
  types: readonly ("IDE" | "SCSI")[];
  first: number;
}

/** What the program says; else where it is; else IDE for the first disk of generation 1. A full IDE leaves SCSI. */
function diskTypes(
  generation: number,
  index: number,
  { controllerType }: DesiredDisk,
  now: Slot | undefined,
): ["IDE" | "SCSI", ...("IDE" | "SCSI")[]] {
  if (controllerType !== undefined) return [controllerType];
  if (generation === 2) return ["SCSI"];
  const preferred = now?.controllerType ?? (index === 0 ? "IDE" : "SCSI");
  return preferred === "IDE" ? ["IDE", "SCSI"] : ["SCSI", "IDE"];
}

export function slotKey({ controllerType, controllerNumber, controllerLocation }: Slot): string {
  return `${controllerType} ${controllerNumber}:${controllerLocation}`;
}

export function slotOf({ controllerType, controllerNumber, controllerLocation }: Slot): Slot {
  return { controllerType, controllerNumber, controllerLocation };
}

export function sameSlot(one: Slot, other: Slot): boolean {
  return slotKey(one) === slotKey(other);
}

/** All places in the order in which they fill; the controllers that are there before those that would have to be added. */
export function candidates(type: "IDE" | "SCSI", first = 0, controllers = 4): Slot[] {
  const numbers = type === "IDE" ? [first, 1 - first] : [0, 1, 2, 3];
  const ordered =
    type === "IDE" ? numbers : [...numbers.filter((n) => n < controllers), ...numbers.filter((n) => n >= controllers)];
  return ordered.flatMap((controllerNumber) =>
    Array.from({ length: type === "IDE" ? 2 : 64 }, (_unused, controllerLocation) => ({
      controllerType: type,
      controllerNumber,
      controllerLocation,
    })),
  );
}

/** DVD drives have no identity but their place: a declared place finds its own, then what lies in it, the others pair in order. */
function matchDvds(dvds: Observed["dvds"], desired: readonly DesiredDvd[]) {
  const isPlaced = ({ controllerNumber, controllerLocation }: DesiredDvd) =>
    controllerNumber !== undefined || controllerLocation !== undefined;
  const isInPlace: Likeness<DesiredDvd, ObservedDvd> = (dvd, wanted) => isPlaced(wanted) && fits(wanted, dvd);
  const hasMedium: Likeness<DesiredDvd, ObservedDvd> = (dvd, wanted) => same(dvd.path ?? "", wanted.path ?? "");
  return paired(
    desired,
    dvds,
    (dvd, wanted) => isInPlace(dvd, wanted) && hasMedium(dvd, wanted),
    isInPlace,
    (dvd, wanted) => !isPlaced(wanted) && hasMedium(dvd, wanted),
    () => true,
  );
}
