import { type Reference, result } from "../../calls";
import type { Slot } from "./drives";
import type { ObservedDisk } from "./observed-drives";

/** IDE is cold, SCSI is hot. */
export function heat({ controllerType }: Slot): "hot" | "off" {
  return controllerType === "SCSI" ? "hot" : "off";
}

export function diskAt(slot: Slot): Reference {
  return result("vm", "HardDrives", place(slot));
}

/** The disk, and not what stands at its place by now: the file of a checkpoint that somebody has just made. */
export function thatDisk(drive: ObservedDisk): Reference {
  const { path, underCheckpoint } = drive;
  return result("vm", "HardDrives", { ...place(drive), ...(path && !underCheckpoint && { Path: path }) });
}

export function dvdAt(slot: Slot): Reference {
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
