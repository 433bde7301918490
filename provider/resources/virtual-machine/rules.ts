import { problem } from "../../schema";
import { same } from "../definition";
import { driveRules } from "./drive-rules";
import { networkAdapterRules } from "./network-adapter-rules";
import { type Rule, repeated } from "./rule";
import { sharedDiskRules } from "./shared-disk-rules";

const TiB = 2 ** 40;
const memorySizes = ["startupBytes", "minimumBytes", "maximumBytes"] as const;

const memoryRules: readonly Rule[] = [
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
];

const processorRules: readonly Rule[] = [
  ({ generation, processor }) =>
    generation === 1 && (processor?.count ?? 1) > 64
      ? [problem(["processor", "count"], `must be at most 64 on generation 1; it is ${processor?.count}`)]
      : [],
  ({ processor }) => {
    const { reserve = 0, maximum = 100 } = processor ?? {};
    return reserve > maximum
      ? [problem(["processor", "reserve"], `must be at most maximum, ${maximum}; it is ${reserve}`)]
      : [];
  },
];

/** What only one generation has. */
const generationRules: readonly Rule[] = [
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
];

const waitForRules: readonly Rule[] = [
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
];

const bootOrderRules: readonly Rule[] = [
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

/** One rule each: what is unknown in a preview ends one and not the others. */
export const rules: readonly Rule[] = [
  ...memoryRules,
  ...processorRules,
  ...generationRules,
  ...networkAdapterRules,
  ...waitForRules,
  ...driveRules,
  ...sharedDiskRules,
  ...bootOrderRules,
];
