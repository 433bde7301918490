import { z } from "zod";
import { result, withParameters } from "../../calls";
import { hot, off } from "../../schema";
import { type Block, type Change, join } from "./change";
import { differences, recordedSettings } from "./property";

const percent = () => z.int().min(0).max(100);

export const processor = z.strictObject({
  /**
   * Number of virtual processors, at least 1; the host sets the upper bound, at most its logical processors. Needs the
   * machine off.
   * @default 1
   */
  count: off(z.int().min(1).max(2048).default(1), "Set-VMProcessor", "Count"),
  /**
   * Percent of each virtual processor that the host keeps ready for the machine, 0 to 100, at most `maximum`. Changes
   * while the machine runs.
   * @default 0
   */
  reserve: hot(percent().default(0), "Set-VMProcessor", "Reserve"),
  /** Percent of each virtual processor that the machine may use, 0 to 100. Changes while it runs. @default 100 */
  maximum: hot(percent().default(100), "Set-VMProcessor", "Maximum"),
  /**
   * Share of the processors beside other machines when they are short, 1 to 10000. Changes while the machine runs.
   * @default 100
   */
  relativeWeight: hot(z.int().min(1).max(10_000).default(100), "Set-VMProcessor", "RelativeWeight"),
  /**
   * Whether the guest may be a hypervisor itself. Its network wants `macAddressSpoofing` on the adapters, and its memory
   * cannot be resized while it runs. Needs the machine off.
   * @default false
   */
  exposeVirtualizationExtensions: off(z.boolean().default(false), "Set-VMProcessor", "ExposeVirtualizationExtensions"),
  /**
   * Whether the guest sees only what older processors of the same maker have too, so that it can move between hosts of
   * different generations while it runs. Needs the machine off.
   * @default false
   */
  compatibilityForMigrationEnabled: off(
    z.boolean().default(false),
    "Set-VMProcessor",
    "CompatibilityForMigrationEnabled",
  ),
  /** Whether the guest sees a processor that very old systems know. Needs the machine off. @default false */
  compatibilityForOlderOperatingSystemsEnabled: off(
    z.boolean().default(false),
    "Set-VMProcessor",
    "CompatibilityForOlderOperatingSystemsEnabled",
  ),
  /**
   * Hardware threads of each virtual core: 1, 2, or 0 for as many as the host's cores have, which Windows Server 2019 and
   * configuration version 9.0 know. Hyper-V's own choice if not given. Needs the machine off.
   */
  hwThreadCountPerCore: off(z.int().min(0).max(2).optional(), "Set-VMProcessor", "HwThreadCountPerCore"),
  /** Virtual processors of one virtual NUMA node, at least 1. The host's choice if not given. Needs the machine off. */
  maximumCountPerNumaNode: off(z.int().min(1).max(2048).optional(), "Set-VMProcessor", "MaximumCountPerNumaNode"),
  /** Virtual NUMA nodes of one virtual socket, at least 1. The host's choice if not given. Needs the machine off. */
  maximumCountPerNumaSocket: off(z.int().min(1).max(256).optional(), "Set-VMProcessor", "MaximumCountPerNumaSocket"),
  /**
   * Whether a guest that uses far more of the host than its share is held back. Changes while the machine runs.
   * @default false
   */
  enableHostResourceProtection: hot(z.boolean().default(false), "Set-VMProcessor", "EnableHostResourceProtection"),
});

export const recordedProcessor = recordedSettings<typeof processor.shape>();

interface Observed {
  processor: z.output<typeof recordedProcessor>;
}

interface Desired {
  processor?: z.input<typeof processor> | undefined;
}

export const changeProcessor: Block<Observed, Desired> = (observed, { processor: desired }) => {
  const found = differences(processor.shape, {
    at: "processor.",
    target: { VM: result("vm") },
    desired,
    observed: observed.processor,
  });
  const bounds = found.filter(({ key }) => key === "reserve" || key === "maximum");
  const others = found.filter((change) => !bounds.includes(change));
  const count = desired?.count ?? observed.processor.count;
  return [
    // the reserve must be at most the maximum after each call
    ...bounds.slice(1).reduce<Change[]>(([first], next) => [first ? join(first, next) : next], bounds.slice(0, 1)),
    // newer builds refuse some of these without the count (microsoft/lisa#3746)
    ...others.map((change) => (change.when === "off" ? along(change, { Count: count }) : change)),
  ];
};

function along(change: Change, parameters: Readonly<Record<string, unknown>>): Change {
  return {
    ...change,
    calls: change.calls.map((call) =>
      "cmdlet" in call ? withParameters(call, Object.assign({}, parameters, call.parameters)) : call,
    ),
  };
}
