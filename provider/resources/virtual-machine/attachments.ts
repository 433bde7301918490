import { result } from "../../calls";
import { isShared } from "../definition";
import { type Change, joined } from "./change";
import { dvdAt, heat, thatDisk } from "./drive-references";
import type { Slot } from "./drives";
import { type DesiredDisk, diskSettings, type Medium, mediumText } from "./drives";
import type { Need } from "./looks";
import type { ObservedDisk, ObservedDvd } from "./observed-drives";
import { differences } from "./property";
import type { Observed } from "./recorded";
import { slotKey } from "./slots";

export function detachDisk(drive: ObservedDisk): Change {
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

export function removeDvd(drive: ObservedDvd): Change {
  return {
    does: `remove the DVD drive at ${slotKey(drive)}`,
    properties: ["dvdDrives"],
    when: heat(drive),
    takes: drive.path !== undefined,
    calls: [{ cmdlet: "Remove-VMDvdDrive", parameters: { VMDvdDrive: dvdAt(drive) } }],
  };
}

export function diskNeed({ path, supportPersistentReservations }: DesiredDisk, index: number): Need[] {
  if (path === undefined) return [];
  const kind = supportPersistentReservations ? "shared disk" : "disk";
  return [{ kind, name: path, property: `hardDiskDrives[${index}].path` }];
}

export function discNeed({ path }: Medium, index: number): Need[] {
  return path === undefined ? [] : [{ kind: "image", name: path, property: `dvdDrives[${index}].path` }];
}

export function attachDisk(observed: Observed, wanted: DesiredDisk, at: Slot, index: number): Change {
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

export function addDvd(observed: Observed, wanted: Medium, at: Slot, index: number): Change {
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
export function medium(
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
