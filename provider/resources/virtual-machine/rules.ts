import type { Problem, Surroundings } from "../../schema";
import { same } from "../definition";
import type { Desired } from "./schema";
import { slotKey } from "./slots";

type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

const problem = (path: (string | number)[], reason: string): Problem => ({ path, reason });

/** One rule each: what is unknown in a preview ends one and not the others. */
export const rules: readonly Rule[] = [
  ({ memory }) => {
    const { dynamicMemoryEnabled, minimumBytes, startupBytes } = memory ?? {};
    if (!dynamicMemoryEnabled || minimumBytes === undefined || startupBytes === undefined) return [];
    return minimumBytes > startupBytes
      ? [problem(["memory", "minimumBytes"], `must be at most startupBytes, ${startupBytes}; it is ${minimumBytes}`)]
      : [];
  },
  ({ memory }) => {
    const { dynamicMemoryEnabled, maximumBytes, startupBytes } = memory ?? {};
    if (!dynamicMemoryEnabled || maximumBytes === undefined || startupBytes === undefined) return [];
    return maximumBytes < startupBytes
      ? [problem(["memory", "maximumBytes"], `must be at least startupBytes, ${startupBytes}; it is ${maximumBytes}`)]
      : [];
  },
  ({ memory }) =>
    memory && !memory.dynamicMemoryEnabled
      ? (["minimumBytes", "maximumBytes", "buffer"] as const)
          .filter((key) => memory[key] !== undefined)
          .map((key) =>
            problem(["memory", key], "is only for dynamic memory: set dynamicMemoryEnabled: true, or leave it out"),
          )
      : [],
  ({ generation, processor }) =>
    generation === 1 && (processor?.count ?? 1) > 64
      ? [problem(["processor", "count"], `must be at most 64 on generation 1; it is ${processor?.count}`)]
      : [],
  ({ generation, firmware }) =>
    generation === 1 && firmware !== undefined
      ? [problem(["firmware"], "is only for generation 2: a generation 1 machine has a BIOS")]
      : [],
  ({ networkAdapters }) =>
    repeated(
      networkAdapters ?? [],
      ({ name }) => name.toLowerCase(),
      (first, index) =>
        problem(
          ["networkAdapters", index, "name"],
          `is the name of networkAdapters[${first}] too; names tell adapters apart`,
        ),
    ),
  ({ hardDiskDrives }) =>
    repeated(
      hardDiskDrives ?? [],
      ({ path }) => path.toLowerCase(),
      (first, index) =>
        problem(
          ["hardDiskDrives", index, "path"],
          `is the path of hardDiskDrives[${first}] too; a disk is attached once`,
        ),
    ),
  ({ generation, hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap((disk, index) =>
      generation === 2 && disk.controllerType === "IDE"
        ? [problem(["hardDiskDrives", index, "controllerType"], "must be SCSI on generation 2, which has no IDE")]
        : [],
    ),
  ({ generation, hardDiskDrives }) =>
    (hardDiskDrives ?? []).flatMap((disk, index) =>
      generation === 2 && /\.vhd$/i.test(disk.path)
        ? [problem(["hardDiskDrives", index, "path"], "must be a .vhdx on generation 2, which takes no .vhd")]
        : [],
    ),
  ({ generation, hardDiskDrives, dvdDrives }) => [
    ...(hardDiskDrives ?? []).flatMap((disk, index) =>
      disk.controllerType === "IDE" || (generation === 1 && index === 0 && disk.controllerType === undefined)
        ? ideBounds(disk, ["hardDiskDrives", index])
        : [],
    ),
    ...(dvdDrives ?? []).flatMap((dvd, index) => (generation === 1 ? ideBounds(dvd, ["dvdDrives", index]) : [])),
  ],
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
  ({ generation, hardDiskDrives, dvdDrives }) => {
    if (generation !== 1) return [];
    const ide = (hardDiskDrives ?? []).filter(({ controllerType }) => controllerType === "IDE").length;
    const needed = ide + (dvdDrives ?? []).length;
    return needed > 4
      ? [problem(["dvdDrives"], `and the disks on IDE need ${needed} places, and generation 1 has 4`)]
      : [];
  },
  ({ dvdDrives }) =>
    (dvdDrives ?? []).flatMap((dvd, index) =>
      dvd.path !== undefined && !/\.iso$/i.test(dvd.path)
        ? [problem(["dvdDrives", index, "path"], `must be an .iso file; it is "${dvd.path}"`)]
        : [],
    ),
  ({ firmware }) =>
    repeated(
      firmware?.bootOrder ?? [],
      (device) => JSON.stringify(device).toLowerCase(),
      (first, index) => problem(["firmware", "bootOrder", index], `is firmware.bootOrder[${first}] again`),
    ),
  ({ firmware, hardDiskDrives, networkAdapters, dvdDrives }) =>
    (firmware?.bootOrder ?? []).flatMap((device, index) => {
      const named = [device.hardDiskDrive, device.networkAdapter, device.dvdDrive].filter(
        (value) => value !== undefined,
      );
      const at = ["firmware", "bootOrder", index];
      if (named.length !== 1)
        return [problem(at, "must name exactly one of hardDiskDrive, networkAdapter and dvdDrive")];
      const known =
        (device.hardDiskDrive !== undefined &&
          (hardDiskDrives ?? []).some(({ path }) => same(path, device.hardDiskDrive ?? ""))) ||
        (device.networkAdapter !== undefined &&
          (networkAdapters ?? []).some(({ name }) => same(name, device.networkAdapter ?? ""))) ||
        (device.dvdDrive !== undefined && device.dvdDrive < (dvdDrives ?? []).length);
      return known ? [] : [problem(at, `names ${JSON.stringify(named[0])}, which the machine does not have`)];
    }),
];

function repeated<T>(
  items: readonly T[],
  key: (item: T) => string,
  report: (first: number, index: number) => Problem,
): Problem[] {
  const keys = items.map(key);
  return keys.flatMap((own, index) => {
    const first = keys.indexOf(own);
    return first < index ? [report(first, index)] : [];
  });
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
