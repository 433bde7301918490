import { z } from "zod";
import { type Answers, isCheckpointFile } from "../definition";
import { diskSettings, type Slot } from "./drives";
import { recordedSettings, selected, shown } from "./property";

const slot = {
  controllerType: z.enum(["IDE", "SCSI"]),
  controllerNumber: z.int(),
  controllerLocation: z.int(),
};

export const recordedDisk = z.object({
  ...slot,
  id: z.string(),
  /** The file that was attached: under checkpoints not the one that is open now. */
  path: z.string().optional(),
  /** Whether a checkpoint's file stands in front of it, which holds all that was written since. */
  underCheckpoint: z.literal(true).optional(),
  /** Of a physical disk of the host. */
  diskNumber: z.number().optional(),
  settings: recordedSettings<typeof diskSettings>(),
});

export const recordedDvd = z.object({ ...slot, id: z.string(), path: z.string().optional() });

export type ObservedDisk = z.output<typeof recordedDisk>;
export type ObservedDvd = z.output<typeof recordedDvd>;

const slotSelect = { ControllerType: null, ControllerNumber: null, ControllerLocation: null };
export const diskSelect = { Id: null, Path: null, DiskNumber: null, ...slotSelect, ...selected(diskSettings) };
export const dvdSelect = { Id: null, Path: null, ...slotSelect };

const shownSlot = {
  ControllerType: z.enum(["IDE", "SCSI"]),
  ControllerNumber: z.int(),
  ControllerLocation: z.int(),
};

export const shownDisk = z.looseObject({
  Id: z.string(),
  Path: z.string().nullish(),
  DiskNumber: z.number().nullish(),
  ...shownSlot,
});
export const shownDvd = z.object({ Id: z.string(), Path: z.string().nullish(), ...shownSlot });
const shownFile = z.object({ Path: z.string(), ParentPath: z.string().nullish() });

export function readDisk(
  { Id, Path, DiskNumber, ...drive }: z.output<typeof shownDisk>,
  parents: ReadonlyMap<string, string>,
): ObservedDisk {
  // unset is null or the largest uint32 (S, hyper-v.md 1.4); a physical disk has a text for people as its path
  const diskNumber = DiskNumber === 4294967295 ? undefined : (DiskNumber ?? undefined);
  const file = Path && diskNumber === undefined ? Path : undefined;
  return {
    id: Id,
    path: file && bottom(file, parents),
    ...(file && isCheckpointFile(file) && { underCheckpoint: true as const }),
    diskNumber,
    settings: shown(diskSettings, drive),
    ...readSlot(drive),
  };
}

export function readDvd({ Id, Path, ...place }: z.output<typeof shownDvd>): ObservedDvd {
  return { id: Id, path: Path || undefined, ...readSlot(place) };
}

function readSlot(place: {
  ControllerType: "IDE" | "SCSI";
  ControllerNumber: number;
  ControllerLocation: number;
}): Slot {
  return {
    controllerType: place.ControllerType,
    controllerNumber: place.ControllerNumber,
    controllerLocation: place.ControllerLocation,
  };
}

/** Of files that were asked for, the files that they stand on. */
export function parentsIn(answers: Answers): Map<string, string> {
  return new Map(
    Object.values(answers)
      .flatMap(({ values }) => shownFile.safeParse(values[0]).data ?? [])
      .flatMap(({ Path, ParentPath }) => (ParentPath ? [[Path.toLowerCase(), ParentPath] as const] : [])),
  );
}

/** Down the chain of checkpoint files, as far as it is known. */
export function bottom(path: string, parents: ReadonlyMap<string, string>): string {
  const parent = isCheckpointFile(path) ? parents.get(path.toLowerCase()) : undefined;
  return parent === undefined ? path : bottom(parent, parents);
}
