import { z } from "zod";
import { result } from "../../calls";
import { bytes, hot, off } from "../../schema";
import type { Block, Change } from "./change";
import { differences } from "./property";

const MiB = 2 ** 20;
const TiB = 2 ** 40;

/** Memory comes in steps of 2 MiB (recorded: "must be properly aligned", hyper-v.md 2.9). */
const memoryBytes = () =>
  bytes()
    .min(32 * MiB)
    .multipleOf(2 * MiB);

export const memory = z.strictObject({
  /**
   * Memory that the machine starts with, in bytes; a multiple of 2 MiB, at least 32 MiB. With static memory it changes while
   * a guest of Windows 10, Windows Server 2016, a recent Linux or later runs; with dynamic memory it needs the machine off.
   * @default 512 MiB
   */
  startupBytes: hot(memoryBytes().default(512 * MiB), "Set-VMMemory", "StartupBytes", "Startup"),
  /**
   * Whether Hyper-V moves the memory between `minimumBytes` and `maximumBytes`. Needs the machine off.
   * @default false
   */
  dynamicMemoryEnabled: off(z.boolean().default(false), "Set-VMMemory", "DynamicMemoryEnabled"),
  /**
   * Least memory while it runs, in bytes; at most `startupBytes`. Only with dynamic memory. Falls while the machine runs,
   * rises with it off.
   * @default 512 MiB, or `startupBytes` if that is less
   */
  minimumBytes: hot(memoryBytes().optional(), "Set-VMMemory", "MinimumBytes", "Minimum"),
  /**
   * Most memory while it runs, in bytes; at least `startupBytes`; may exceed the host's. Only with dynamic memory. Rises
   * while the machine runs, falls with it off.
   * @default 1 TiB, or `startupBytes` if that is more
   */
  maximumBytes: hot(memoryBytes().optional(), "Set-VMMemory", "MaximumBytes", "Maximum"),
  /**
   * Percent of memory that is kept free for growth, 5 to 2000. Only with dynamic memory. Changes while the machine runs.
   * @default 20
   */
  buffer: hot(z.int().min(5).max(2000).optional(), "Set-VMMemory", "Buffer"),
  /** Which machine gets memory first when it is short, 0 to 100. Changes while the machine runs. @default 50 */
  priority: hot(z.int().min(0).max(100).default(50), "Set-VMMemory", "Priority"),
  /**
   * Most memory of one virtual NUMA node, in bytes; a multiple of 2 MiB. The host's choice if not given. Needs the machine
   * off.
   */
  maximumAmountPerNumaNodeBytes: off(
    memoryBytes().optional(),
    "Set-VMMemory",
    "MaximumAmountPerNumaNodeBytes",
    // set in bytes, read in MiB (hyper-v.md 2.3): see `shownMemory`
    "MaximumPerNumaNode",
  ),
});

export const recordedMemory = z.object({
  startupBytes: z.number(),
  dynamicMemoryEnabled: z.boolean(),
  minimumBytes: z.number(),
  maximumBytes: z.number(),
  buffer: z.number(),
  priority: z.number().optional(),
  maximumAmountPerNumaNodeBytes: z.number().optional(),
});
type ObservedMemory = z.output<typeof recordedMemory>;

export const memorySelect = {
  Startup: null,
  DynamicMemoryEnabled: null,
  Minimum: null,
  Maximum: null,
  Buffer: null,
  Priority: null,
  MaximumPerNumaNode: null,
};

export const shownMemory = z
  .object({
    Startup: z.number(),
    DynamicMemoryEnabled: z.boolean(),
    Minimum: z.number(),
    Maximum: z.number(),
    Buffer: z.number(),
    Priority: z.number().nullish(),
    MaximumPerNumaNode: z.number().nullish(),
  })
  .transform(
    ({ Priority, MaximumPerNumaNode, ...said }): ObservedMemory => ({
      startupBytes: said.Startup,
      dynamicMemoryEnabled: said.DynamicMemoryEnabled,
      minimumBytes: said.Minimum,
      maximumBytes: said.Maximum,
      buffer: said.Buffer,
      ...(Priority != null && { priority: Priority }),
      // set in bytes, read in MiB (hyper-v.md 2.3)
      ...(MaximumPerNumaNode != null && { maximumAmountPerNumaNodeBytes: MaximumPerNumaNode * 2 ** 20 }),
    }),
  );

interface Observed {
  /** Of its configuration. */
  version: string;
  state: string;
  memory: ObservedMemory;
}

interface Desired {
  memory?: z.input<typeof memory> | undefined;
  adopt?: boolean | string | undefined;
}

/** Properties that stand apart from the order of minimum, startup and maximum. */
const { priority, maximumAmountPerNumaNodeBytes } = memory.shape;

/**
 * Static memory has a size and nothing else that counts. Dynamic memory has bounds, of which the running machine takes
 * a lower minimum, a higher maximum and another buffer; everything else is one call while it is off, with the whole
 * order in it: minimum, startup and maximum must fit together after every call.
 */
export const changeMemory: Block<Observed, Desired> = (observed, desired, refused) => [
  ...changeSizes(observed, desired, refused),
  ...differences(
    { priority, maximumAmountPerNumaNodeBytes },
    { at: "memory.", target: { VM: result("vm") }, desired: desired.memory, observed: observed.memory },
  ),
];

const changeSizes: Block<Observed, Desired> = (observed, desired, refused) => {
  const wanted = wantedMemory(observed, desired);
  if (!wanted) return [];
  const { memory: is } = observed;
  if (!wanted.dynamicMemoryEnabled && !is.dynamicMemoryEnabled) {
    if (wanted.startupBytes === is.startupBytes) return [];
    // configuration version 8.0 is the first whose machines take it while they run (documented, hyper-v.md 2.3)
    return [
      change(["startupBytes"], Number.parseFloat(observed.version) >= 8 ? "hot" : "off", {
        StartupBytes: wanted.startupBytes,
      }),
    ];
  }
  if (!wanted.dynamicMemoryEnabled)
    return [
      change(["dynamicMemoryEnabled"], "off", { DynamicMemoryEnabled: false, StartupBytes: wanted.startupBytes }),
    ];

  const bounds = {
    DynamicMemoryEnabled: true,
    MinimumBytes: wanted.minimumBytes,
    StartupBytes: wanted.startupBytes,
    MaximumBytes: wanted.maximumBytes,
  };
  const differing = (
    ["startupBytes", "dynamicMemoryEnabled", "minimumBytes", "maximumBytes", "buffer"] as const
  ).filter((key) => wanted[key] !== is[key]);
  const isCold = {
    startupBytes: true,
    dynamicMemoryEnabled: true,
    minimumBytes: wanted.minimumBytes > is.minimumBytes,
    maximumBytes: wanted.maximumBytes < is.maximumBytes,
    buffer: false,
  };
  const cold = differing.filter((key) => isCold[key] || refused.has(`memory.${key}`));
  if (cold.length > 0) return [change(cold, "off", { ...bounds, Buffer: wanted.buffer })];
  if (differing.length > 0 && observed.state === "Off")
    return [change(differing, "hot", { ...bounds, Buffer: wanted.buffer })];
  return [
    ...(wanted.minimumBytes < is.minimumBytes
      ? [change(["minimumBytes"], "hot", { MinimumBytes: wanted.minimumBytes })]
      : []),
    ...(wanted.maximumBytes > is.maximumBytes
      ? [change(["maximumBytes"], "hot", { MaximumBytes: wanted.maximumBytes })]
      : []),
    ...(wanted.buffer !== is.buffer ? [change(["buffer"], "hot", { Buffer: wanted.buffer })] : []),
  ];
};

/** Hyper-V's own bounds, fitted to the startup size. */
const usualBounds = (startupBytes: number) => ({
  minimumBytes: Math.min(512 * MiB, startupBytes),
  maximumBytes: Math.max(TiB, startupBytes),
  buffer: 20,
});

/** The memory with the bounds that the program leaves open; they count once it is dynamic. */
export function withUsualBounds(desired: Desired["memory"]): Desired["memory"] {
  return desired?.startupBytes === undefined ? desired : { ...usualBounds(desired.startupBytes), ...desired };
}

type Sizes = Pick<ObservedMemory, "startupBytes" | "dynamicMemoryEnabled" | "minimumBytes" | "maximumBytes" | "buffer">;

/** The program's memory with what it leaves open: the host's own, or Hyper-V's defaults fitted to the startup size. */
export function wantedMemory(
  observed: Pick<Observed, "memory">,
  { memory: desired, adopt }: Desired,
): Sizes | undefined {
  if (!desired) return undefined;
  const { memory: is } = observed;
  const startupBytes = desired.startupBytes ?? is.startupBytes;
  const fallback = adopt ? is : usualBounds(startupBytes);
  return {
    startupBytes,
    dynamicMemoryEnabled: desired.dynamicMemoryEnabled ?? is.dynamicMemoryEnabled,
    minimumBytes: desired.minimumBytes ?? Math.min(fallback.minimumBytes, startupBytes),
    maximumBytes: desired.maximumBytes ?? Math.max(fallback.maximumBytes, startupBytes),
    buffer: desired.buffer ?? fallback.buffer,
  };
}

/** The memory as the program would write it. */
export function reflectMemory(observed: Observed, desired: Desired): NonNullable<Desired["memory"]> {
  const { memory: is } = observed;
  // static memory still reports bounds, which mean nothing (recorded, hyper-v.md 1.6)
  const { minimumBytes, maximumBytes, buffer } = is.dynamicMemoryEnabled ? is : (desired.memory ?? {});
  return { ...is, minimumBytes, maximumBytes, buffer };
}

interface MemoryParameters {
  DynamicMemoryEnabled?: boolean;
  StartupBytes?: number;
  MinimumBytes?: number;
  MaximumBytes?: number;
  Buffer?: number;
}

function change(properties: readonly string[], when: Change["when"], parameters: MemoryParameters): Change {
  return {
    does: "set the memory",
    properties: properties.map((key) => `memory.${key}`),
    when,
    calls: [{ cmdlet: "Set-VMMemory", parameters: { VM: result("vm"), ...parameters } }],
    joins: true,
  };
}
