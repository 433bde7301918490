import type { Problem } from "../../schema";
import { problem } from "../../schema";
import { mediumKey, usualDvds } from "./drives";
import { type Rule, repeated } from "./rule";
import { layout, NoRoomError, slotKey } from "./slots";

export const driveRules: readonly Rule[] = [
  ({ scsiControllerCount, hardDiskDrives, dvdDrives, generation }) => {
    if (scsiControllerCount === undefined) return [];
    const numbers = [...(hardDiskDrives ?? []), ...(generation === 2 ? (dvdDrives ?? []) : [])].flatMap((drive) =>
      "controllerType" in drive && drive.controllerType === "IDE" ? [] : (drive.controllerNumber ?? []),
    );
    const needed = Math.max(-1, ...numbers) + 1;
    return scsiControllerCount < needed
      ? [
          problem(
            ["scsiControllerCount"],
            `must be at least ${needed}, as a drive is on SCSI controller ${needed - 1}; it is ${scsiControllerCount}`,
          ),
        ]
      : [];
  },
  ({ hardDiskDrives }) =>
    repeated(hardDiskDrives ?? [], mediumKey, (first, index) =>
      problem(["hardDiskDrives", index], `is the disk of hardDiskDrives[${first}] too`),
    ),
  ({ hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap(({ path, diskNumber }, index) =>
      (path === undefined) === (diskNumber === undefined)
        ? [problem(["hardDiskDrives", index], "must name one of path and diskNumber")]
        : [],
    ),
  ({ hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap(({ minimumIOPS = 0, maximumIOPS = 0 }, index) =>
      maximumIOPS > 0 && minimumIOPS > maximumIOPS
        ? [
            problem(
              ["hardDiskDrives", index, "minimumIOPS"],
              `must be at most maximumIOPS, ${maximumIOPS}; it is ${minimumIOPS}`,
            ),
          ]
        : [],
    ),
  ({ generation, hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap(({ supportPersistentReservations, controllerType, path }, index) =>
      supportPersistentReservations &&
      (controllerType === "IDE" || (generation === 1 && index === 0 && controllerType === undefined))
        ? [
            problem(
              ["hardDiskDrives", index, "supportPersistentReservations"],
              `is only for SCSI, and ${path} is on IDE: set controllerType: "SCSI"`,
            ),
          ]
        : [],
    ),
  ({ generation, hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap((disk, index) =>
      generation === 2 && disk.controllerType === "IDE"
        ? [problem(["hardDiskDrives", index, "controllerType"], "must be SCSI on generation 2, which has no IDE")]
        : [],
    ),
  ({ hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap(({ path }, index) =>
      path === undefined || /\.vhd[xs]?$/i.test(path)
        ? []
        : [problem(["hardDiskDrives", index, "path"], `must end in .vhdx, .vhds or .vhd; it is "${path}"`)],
    ),
  ({ generation, hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap((disk, index) =>
      generation === 2 && /\.vhd$/i.test(disk.path ?? "")
        ? [problem(["hardDiskDrives", index, "path"], "must be a .vhdx on generation 2, which takes no .vhd")]
        : [],
    ),
  ({ generation, hardDiskDrives, dvdDrives, adopt }) => {
    const beyond = [
      ...(hardDiskDrives ?? []).flatMap((disk, index) =>
        disk.controllerType === "IDE" || (generation === 1 && index === 0 && disk.controllerType === undefined)
          ? ideBounds(disk, ["hardDiskDrives", index])
          : [],
      ),
      ...(dvdDrives ?? []).flatMap((dvd, index) => (generation === 1 ? ideBounds(dvd, ["dvdDrives", index]) : [])),
    ];
    if (beyond.length > 0 || generation === undefined) return beyond;
    const drives = { hardDiskDrives, dvdDrives: dvdDrives ?? (adopt ? [] : usualDvds(generation)) };
    return roomProblems({ generation, ...drives });
  },
  ({ generation, hardDiskDrives, dvdDrives }) => {
    const drives = [
      ...(hardDiskDrives ?? []).map((drive, index) => ({
        at: `hardDiskDrives[${index}]`,
        path: ["hardDiskDrives", index] as const,
        type: drive.controllerType ?? (generation === 1 && index === 0 ? ("IDE" as const) : ("SCSI" as const)),
        drive,
      })),
      ...(dvdDrives ?? []).map((drive, index) => ({
        at: `dvdDrives[${index}]`,
        path: ["dvdDrives", index] as const,
        type: generation === 1 ? ("IDE" as const) : ("SCSI" as const),
        drive,
      })),
    ].flatMap(({ at, path, type, drive: { controllerNumber, controllerLocation } }) =>
      controllerNumber === undefined || controllerLocation === undefined
        ? []
        : [{ at, path, slot: slotKey({ controllerType: type, controllerNumber, controllerLocation }) }],
    );
    return drives.flatMap(({ path, slot }, index) => {
      const first = drives.slice(0, index).find((other) => other.slot === slot);
      return first ? [problem([...path], `is at ${slot}, where ${first.at} is already`)] : [];
    });
  },
  ({ dvdDrives }) =>
    (dvdDrives ?? []).flatMap((dvd, index) =>
      dvd.path !== undefined && !/\.iso$/i.test(dvd.path)
        ? [problem(["dvdDrives", index, "path"], `must be an .iso file; it is "${dvd.path}"`)]
        : [],
    ),
];

/** Whether all drives find a place in a machine on whose controllers nothing is yet. */
function roomProblems(desired: Parameters<typeof layout>[1] & { generation: 1 | 2 }): Problem[] {
  try {
    layout({ generation: desired.generation, scsiControllers: 1, drives: [], dvds: [] }, desired);
    return [];
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    return [problem([error.property], error.message)];
  }
}

function ideBounds(
  { controllerNumber = 0, controllerLocation = 0 }: { controllerNumber?: number; controllerLocation?: number },
  path: (string | number)[],
): Problem[] {
  return [
    ...(controllerNumber > 1
      ? [problem([...path, "controllerNumber"], `must be 0 or 1 on IDE; it is ${controllerNumber}`)]
      : []),
    ...(controllerLocation > 1
      ? [problem([...path, "controllerLocation"], `must be 0 or 1 on IDE; it is ${controllerLocation}`)]
      : []),
  ];
}
