import { same } from "../definition";
import type { Observed, ObservedDvd, Slot } from "./observed";
import type { Desired, DesiredDisk, DesiredDvd } from "./schema";

/** Where each wanted drive goes, and where what is there for it is now. */
export interface Layout {
  disks: { wanted: DesiredDisk; at: Slot; now: Slot | undefined }[];
  dvds: { wanted: DesiredDvd; at: Slot; now: ObservedDvd | undefined }[];
  /** Drives on the host that nobody wants. */
  extraDisks: Observed["drives"];
  extraDvds: Observed["dvds"];
}

/**
 * Gives every drive its place. What the program says holds; what it leaves open stays where it is; what is new takes the
 * first free place: on generation 1 IDE for the first disk, which boots, and for DVD drives; SCSI for all others, where
 * disks come and go while the machine runs.
 */
export function layout(observed: Observed, desired: Desired): Layout {
  const generation = desired.generation ?? observed.generation;
  const disks = desired.hardDiskDrives ?? observed.drives.map(({ path, ...slot }) => ({ path, ...slot }));
  const dvds = desired.dvdDrives ?? observed.dvds.map(({ id: _id, controllerType: _type, ...dvd }) => dvd);

  const pairs = matchDvds(observed.dvds, dvds);
  const taken = new Map<string, true>();
  const take = (slot: Slot): Slot => {
    taken.set(slotKey(slot), true);
    return slot;
  };
  const free = (slot: Slot) => !taken.has(slotKey(slot));

  const requests = [
    ...disks.map((wanted, index) => {
      const now = observed.drives.find(({ path }) => same(path, wanted.path));
      const fallback = generation === 1 && index === 0 ? ("IDE" as const) : ("SCSI" as const);
      return { wanted, now, type: wanted.controllerType ?? now?.controllerType ?? fallback, first: 0 };
    }),
    ...pairs.map(([wanted, now]) => ({
      wanted,
      now,
      type: generation === 1 ? ("IDE" as const) : ("SCSI" as const),
      // Hyper-V puts generation 1's DVD drive at IDE 1:0 and leaves 0:0 to the disk
      first: generation === 1 ? 1 : 0,
    })),
  ];
  const places = new Map<object, Slot>();
  const settle = (choose: (request: (typeof requests)[number]) => Slot | undefined) => {
    for (const request of requests) {
      if (places.has(request)) continue;
      const slot = choose(request);
      if (slot) places.set(request, take(slot));
    }
  };
  settle(({ wanted, type }) =>
    wanted.controllerNumber !== undefined && wanted.controllerLocation !== undefined
      ? {
          controllerType: type,
          controllerNumber: wanted.controllerNumber,
          controllerLocation: wanted.controllerLocation,
        }
      : undefined,
  );
  settle(({ wanted, now, type }) => {
    if (!now || now.controllerType !== type) return undefined;
    const slot = slotOf(now);
    const fits =
      (wanted.controllerNumber ?? slot.controllerNumber) === slot.controllerNumber &&
      (wanted.controllerLocation ?? slot.controllerLocation) === slot.controllerLocation;
    return fits && free(slot) ? slot : undefined;
  });
  settle(({ wanted, type, first }) =>
    candidates(type, first, Math.max(1, observed.scsiControllers)).find(
      (slot) =>
        (wanted.controllerNumber ?? slot.controllerNumber) === slot.controllerNumber &&
        (wanted.controllerLocation ?? slot.controllerLocation) === slot.controllerLocation &&
        free(slot),
    ),
  );

  const at = (index: number): Slot => {
    const request = requests[index];
    const slot = request && places.get(request);
    if (!slot) throw new Error("There is no free place left on the machine's controllers.");
    return slot;
  };
  return {
    disks: disks.map((wanted, index) => {
      const now = requests[index]?.now;
      return { wanted, at: at(index), now: now && slotOf(now) };
    }),
    dvds: pairs.map(([wanted, now], index) => ({ wanted, at: at(disks.length + index), now })),
    extraDisks: observed.drives.filter(({ path }) => !disks.some((wanted) => same(path, wanted.path))),
    extraDvds: observed.dvds.filter((dvd) => !pairs.some(([, now]) => now === dvd)),
  };
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
  const ordered = type === "IDE" ? numbers : [...numbers.filter((n) => n < controllers), ...numbers.filter((n) => n >= controllers)];
  return ordered.flatMap((controllerNumber) =>
    Array.from({ length: type === "IDE" ? 2 : 64 }, (_unused, controllerLocation) => ({
      controllerType: type,
      controllerNumber,
      controllerLocation,
    })),
  );
}

/** DVD drives have no identity but their place: a declared place finds its own, the others pair in order. */
function matchDvds(
  dvds: Observed["dvds"],
  desired: readonly DesiredDvd[],
): [DesiredDvd, Observed["dvds"][number] | undefined][] {
  const left = [...dvds];
  const take = (at: number) => (at < 0 ? undefined : left.splice(at, 1)[0]);
  const declared = (wanted: DesiredDvd) => wanted.controllerNumber !== undefined && wanted.controllerLocation !== undefined;
  const found = new Map<DesiredDvd, Observed["dvds"][number] | undefined>();
  for (const wanted of desired.filter(declared))
    found.set(
      wanted,
      take(
        left.findIndex(
          (dvd) =>
            dvd.controllerNumber === wanted.controllerNumber && dvd.controllerLocation === wanted.controllerLocation,
        ),
      ),
    );
  return desired.map((wanted) => [wanted, found.get(wanted) ?? take(0)]);
}
