import { z } from "zod";
import { CacheAttributes } from "../../calls/cmdlets.generated";
import { hot, off, path } from "../../schema";

const slot = {
  /**
   * Number of the controller: IDE 0 and 1, SCSI 0 to 3; the first with a free place if not given. Changes between SCSI
   * controllers that are there while the machine runs; one that has to be added needs it off.
   */
  controllerNumber: hot(z.int().min(0).max(3).optional(), "Set-VMHardDiskDrive", "ToControllerNumber"),
  /**
   * Place on the controller: IDE 0 and 1, SCSI 0 to 63; the first free one if not given. Changes on SCSI while the machine
   * runs, on IDE with it off.
   */
  controllerLocation: hot(z.int().min(0).max(63).optional(), "Set-VMHardDiskDrive", "ToControllerLocation"),
};

/** What `Set-VMHardDiskDrive` sets, one parameter each. */
export const diskSettings = {
  /** Most operations a second, in units of 8 KB; 0 for no limit. Changes while the machine runs. @default 0 */
  maximumIOPS: hot(z.int().min(0).default(0), "Set-VMHardDiskDrive", "MaximumIOPS"),
  /**
   * Operations a second, in units of 8 KB, below which Hyper-V raises an event; at most `maximumIOPS`; 0 for none. Changes
   * while the machine runs.
   * @default 0
   */
  minimumIOPS: hot(z.int().min(0).default(0), "Set-VMHardDiskDrive", "MinimumIOPS"),
  /** GUID of a storage QoS policy of the cluster. Changes while the machine runs. @default none */
  qosPolicyId: hot(
    z
      .string()
      .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "must be a GUID")
      .default("00000000-0000-0000-0000-000000000000"),
    "Set-VMHardDiskDrive",
    "QoSPolicyID",
  ),
  /**
   * Whether several machines share the disk, as a guest cluster does: a VHD Set (`.vhds`) or VHDX on a cluster's shared volume
   * or a file share, on SCSI, and not the disk that the machine boots from (the first in `firmware.bootOrder`, else the
   * first drive). Preview refuses a disk that two machines of a program name without it. `Set-VMHardDiskDrive
   * -SupportPersistentReservations`. Hyper-V takes no checkpoint of a machine with such a disk. Needs the machine off.
   * @default false
   */
  supportPersistentReservations: off(
    z.boolean().default(false),
    "Set-VMHardDiskDrive",
    "SupportPersistentReservations",
  ),
  /** How writes are hardened, against what the disk says of itself. Needs the machine off. @default "Default" */
  overrideCacheAttributes: off(
    z.enum(CacheAttributes).default("Default"),
    "Set-VMHardDiskDrive",
    "OverrideCacheAttributes",
    "WriteHardeningMethod",
  ),
};

/** A drive as Hyper-V makes it. */
export const usualDisk: Readonly<Record<string, unknown>> = z.strictObject(diskSettings).parse({});

export const hardDiskDrive = z.strictObject({
  /**
   * Path of the `.vhdx`, `.vhds` or `.vhd` file: what tells drives apart, also while checkpoints have put other files in
   * front of it; then it moves to another place with all of them, and is not detached: what was written since would stay
   * behind. Either this or `diskNumber`. Added and removed while the machine runs on SCSI, with it off on IDE. Where one path
   * replaces another the drive stays, and the file in it is exchanged in one call: on SCSI while the machine runs, but not while
   * it is saved or paused. A file that does not exist, or is in use elsewhere, costs the machine nothing: it is looked at first.
   */
  path: hot(path().optional(), "Add-VMHardDiskDrive", "Path"),
  /**
   * Number of a physical disk of the host, which must be offline there: instead of `path`. Numbers can change when the host
   * restarts. Added and removed while the machine runs on SCSI.
   */
  diskNumber: hot(z.int().min(0).max(4294967294).optional(), "Add-VMHardDiskDrive", "DiskNumber"),
  /**
   * `SCSI`, or `IDE` on generation 1. Needs the machine off.
   * @default "IDE" for the first drive of a generation 1 machine, which boots from there; else "SCSI"
   */
  controllerType: off(z.enum(["IDE", "SCSI"]).optional(), "Set-VMHardDiskDrive", "ToControllerType"),
  ...slot,
  ...diskSettings,
});

export const dvdDrive = z.strictObject({
  /**
   * Path of the `.iso` file in the drive; empty without. Changes while the machine runs, not while it is saved or paused.
   */
  path: hot(path().optional(), "Set-VMDvdDrive", "Path"),
  /** Number of the controller: IDE on generation 1, SCSI on generation 2. Needs the machine off. */
  controllerNumber: off(z.int().min(0).max(3).optional(), "Set-VMDvdDrive", "ToControllerNumber"),
  /** Place on the controller. Needs the machine off. */
  controllerLocation: off(z.int().min(0).max(63).optional(), "Set-VMDvdDrive", "ToControllerLocation"),
});

/** A place on a controller. */
export interface Slot {
  controllerType: "IDE" | "SCSI";
  controllerNumber: number;
  controllerLocation: number;
}

export type DesiredDisk = z.input<typeof hardDiskDrive>;
export type DesiredDvd = z.input<typeof dvdDrive>;

/** As Hyper-V makes a machine. */
export function usualDvds(generation: 1 | 2 | undefined): DesiredDvd[] {
  return generation === 1 ? [{}] : [];
}

/** What is in a drive: a file, or a disk of the host. */
export interface Medium {
  path?: string | undefined;
  diskNumber?: number | undefined;
}

export function sameMedium(one: Medium, other: Medium): boolean {
  return mediumKey(one) === mediumKey(other);
}

/** Empty for a drive in which nothing is. */
export function mediumKey({ path, diskNumber }: Medium): string {
  return path !== undefined ? path.toLowerCase() : diskNumber !== undefined ? `disk ${diskNumber}` : "";
}

export function mediumText({ path, diskNumber }: Medium): string {
  return path ?? (diskNumber === undefined ? "nothing" : `physical disk ${diskNumber}`);
}

/** Whether a place is one that the program allows. */
export function fits({ controllerNumber, controllerLocation }: DesiredDisk | DesiredDvd, slot: Slot): boolean {
  return (
    (controllerNumber ?? slot.controllerNumber) === slot.controllerNumber &&
    (controllerLocation ?? slot.controllerLocation) === slot.controllerLocation
  );
}
