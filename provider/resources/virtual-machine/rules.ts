import type { Problem, Surroundings } from "../../schema";
import { same } from "../definition";
import { mediumKey, usualDvds } from "./drives";
import { type DesiredAdapter, syntheticDefaults } from "./network-adapters";
import type { Desired } from "./schema";
import { layout, NoRoomError, slotKey } from "./slots";

type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

const problem = (path: (string | number)[], reason: string): Problem => ({ path, reason });

const TiB = 2 ** 40;
const memorySizes = ["startupBytes", "minimumBytes", "maximumBytes"] as const;

const syntheticOnly = Object.keys(syntheticDefaults) as (keyof typeof syntheticDefaults)[];

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
  ({ generation, memory }) =>
    generation === 1
      ? memorySizes
          .filter((key) => (memory?.[key] ?? 0) > TiB)
          .map((key) =>
            problem(["memory", key], `must be at most ${TiB} (1 TiB) on generation 1; it is ${memory?.[key]}`),
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
  ({ generation, security }) =>
    generation === 1 && security !== undefined
      ? [problem(["security"], "is only for generation 2: a generation 1 machine has no virtual TPM")]
      : [],
  ({ generation, bios }) =>
    generation === 2 && bios !== undefined
      ? [problem(["bios"], "is only for generation 1: a generation 2 machine has firmware")]
      : [],
  ({ processor }) => {
    const { reserve = 0, maximum = 100 } = processor ?? {};
    return reserve > maximum
      ? [problem(["processor", "reserve"], `must be at most maximum, ${maximum}; it is ${reserve}`)]
      : [];
  },
  ({ generation, networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ isLegacy }, index) =>
      generation === 2 && isLegacy ? [problem(["networkAdapters", index, "isLegacy"], "is only for generation 1")] : [],
    ),
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap((adapter, index) =>
      adapter.isLegacy
        ? syntheticOnly
            .filter((key) => adapter[key] !== undefined)
            .map((key) => problem(["networkAdapters", index, key], "is not for a legacy adapter"))
        : [],
    ),
  ({ networkAdapters }) => [
    ...tooMany("network adapters", 64, networkAdapters ?? [], ({ isLegacy }) => !isLegacy),
    ...tooMany("legacy network adapters", 4, networkAdapters ?? [], ({ isLegacy }) => isLegacy === true),
  ],
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ vlan, vlanTrunk, privateVlan }, index) => {
      const given = Object.entries({ vlan, vlanTrunk, privateVlan }).filter(([, value]) => value !== undefined);
      return given.length > 1
        ? [problem(["networkAdapters", index], `must have one of ${given.map(([key]) => key).join(" and ")}`)]
        : [];
    }),
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ privateVlan }, index) => {
      if (!privateVlan) return [];
      const { mode, secondaryVlanId, secondaryVlanIdList } = privateVlan;
      const [needed, other] =
        mode === "Promiscuous"
          ? (["secondaryVlanIdList", "secondaryVlanId"] as const)
          : (["secondaryVlanId", "secondaryVlanIdList"] as const);
      const at = ["networkAdapters", index, "privateVlan"];
      const has = { secondaryVlanId, secondaryVlanIdList };
      return [
        ...(has[needed] === undefined ? [problem([...at, needed], `is required in mode ${mode}`)] : []),
        ...(has[other] !== undefined ? [problem([...at, other], `is not for mode ${mode}, which has ${needed}`)] : []),
      ];
    }),
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
  ({ waitFor, state }) =>
    waitFor !== undefined && state !== "Running"
      ? [problem(["waitFor"], 'is only for a machine that is kept running: set state: "Running"')]
      : [],
  ({ waitFor, integrationServices }) =>
    waitFor?.heartbeat && integrationServices?.heartbeat === false
      ? [problem(["waitFor", "heartbeat"], "needs integrationServices.heartbeat, which is false")]
      : [],
  ({ waitFor, integrationServices }) =>
    (waitFor?.ipAddress || waitFor?.tcpPort !== undefined) && integrationServices?.keyValuePairExchange === false
      ? [
          problem(
            ["waitFor", waitFor.ipAddress ? "ipAddress" : "tcpPort"],
            "needs integrationServices.keyValuePairExchange, which is false: the guest reports its addresses by it",
          ),
        ]
      : [],
  ({ waitFor, networkAdapters }) => {
    const name = waitFor?.ipAddress?.networkAdapter;
    return name !== undefined && networkAdapters && !networkAdapters.some((adapter) => same(adapter.name, name))
      ? [problem(["waitFor", "ipAddress", "networkAdapter"], `is "${name}", which the machine does not have`)]
      : [];
  },
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
          (hardDiskDrives ?? []).some(({ path }) => same(path ?? "", device.hardDiskDrive ?? ""))) ||
        (device.networkAdapter !== undefined &&
          (networkAdapters ?? []).some(({ name }) => same(name, device.networkAdapter ?? ""))) ||
        (device.dvdDrive !== undefined && device.dvdDrive < (dvdDrives ?? []).length);
      return known ? [] : [problem(at, `names ${JSON.stringify(named[0])}, which the machine does not have`)];
    }),
];

function tooMany(
  what: string,
  most: number,
  adapters: readonly DesiredAdapter[],
  counts: (adapter: DesiredAdapter) => boolean,
): Problem[] {
  const count = adapters.flatMap((adapter) => (counts(adapter) ? [adapter] : [])).length;
  return count > most ? [problem(["networkAdapters"], `must have at most ${most} ${what}; it has ${count}`)] : [];
}

function repeated<T>(
  items: readonly T[],
  key: (item: T) => string,
  report: (first: number, index: number) => Problem,
): Problem[] {
  const keys = items.flatMap((item, index) => [{ own: key(item), index }]);
  return keys.flatMap(({ own, index }) => {
    const first = keys.find((other) => other.own === own)?.index ?? index;
    return first < index ? [report(first, index)] : [];
  });
}

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
