import { changeOf } from "../../schema";
import { type Likeness, paired } from "../pairing";
import { type DesiredDisk, diskSettings, fits, sameMedium } from "./drives";
import type { ObservedDisk } from "./observed-drives";
import { alike } from "./property";
import type { Observed } from "./recorded";

/** What decides whether one disk may take another one's place. */
export type Swappable = Pick<Observed, "drives"> & Partial<Pick<Observed, "state">>;

/**
 * Pairs each disk that is to come with a drive whose own disk is to go, so that one call exchanges them and neither is missing
 * in between. A place that is declared finds the drive that is there; the others take what is left, in order. `type` is the
 * kind of controller that a new disk would go to.
 */
export function swapped(
  { drives, state }: Swappable,
  disks: readonly DesiredDisk[],
  type: (wanted: DesiredDisk, index: number) => "IDE" | "SCSI",
  refused: ReadonlySet<string>,
): (ObservedDisk | undefined)[] {
  // under checkpoints a file belongs to their tree, and is not exchanged (K)
  if (drives.some(({ underCheckpoint }) => underCheckpoint)) return disks.map(() => undefined);
  const leaving = drives.filter(
    (drive) => !drive.settings.supportPersistentReservations && !disks.some((wanted) => sameMedium(drive, wanted)),
  );
  const coming = disks.map((wanted, index) => ({
    wanted,
    type: type(wanted, index),
    // a disk that machines share is attached as such, and not put in later
    mayBePutIn:
      !drives.some((drive) => sameMedium(drive, wanted)) &&
      !wanted.supportPersistentReservations &&
      !refused.has(swapProperty(index, wanted)),
  }));
  const suits: Likeness<(typeof coming)[number], ObservedDisk> = (drive, { wanted, type, mayBePutIn }) =>
    mayBePutIn && drive.controllerType === type && fits(wanted, drive);
  const { pairs } = paired(
    coming,
    leaving,
    (drive, one) => suits(drive, one) && isPlaced(one.wanted),
    // what only a machine that is off takes would cost it a restart, where another place does not
    (drive, one) =>
      suits(drive, one) && (isOff(state) || drive.controllerType === "IDE" || coldAlike(drive, one.wanted)),
  );
  return pairs.map(({ now }) => now);
}

const isOff = (state: string | undefined) => state === undefined || state === "Off";

const isPlaced = ({ controllerNumber, controllerLocation }: DesiredDisk) =>
  controllerNumber !== undefined && controllerLocation !== undefined;

function coldAlike({ settings }: ObservedDisk, wanted: DesiredDisk): boolean {
  return Object.entries(diskSettings).every(([key, schema]) => {
    if (changeOf(schema) !== "off") return true;
    const usual = schema.parse(undefined);
    return alike(wanted[key as keyof DesiredDisk] ?? usual, settings[key as keyof typeof settings] ?? usual);
  });
}

/** As messages name it. */
export function swapProperty(index: number, { path }: DesiredDisk): string {
  return `hardDiskDrives[${index}].${path === undefined ? "diskNumber" : "path"}`;
}
