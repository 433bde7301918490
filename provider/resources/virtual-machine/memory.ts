import { result } from "../../calls";
import type { Block, Change } from "./change";
import type { Observed } from "./observed";
import type { Desired } from "./schema";

const MiB = 2 ** 20;
const TiB = 2 ** 40;

/**
 * Static memory has a size and nothing else that counts. Dynamic memory has bounds, of which the running machine takes
 * a lower minimum, a higher maximum and another buffer; everything else is one call while it is off, with the whole
 * order in it: minimum, startup and maximum must fit together after every call.
 */
export const memory: Block = (observed, desired) => {
  const wanted = wantedMemory(observed, desired);
  if (!wanted) return [];
  const { memory: is } = observed;
  if (!wanted.dynamicMemoryEnabled && !is.dynamicMemoryEnabled) {
    if (wanted.startupBytes === is.startupBytes) return [];
    // configuration version 8.0 is the first whose machines take it while they run (documented, hyper-v.md 2.3)
    return [
      change("memory.startupBytes", Number.parseFloat(observed.version) >= 8 ? "hot" : "off", {
        StartupBytes: wanted.startupBytes,
      }),
    ];
  }
  if (!wanted.dynamicMemoryEnabled)
    return [
      change("memory.dynamicMemoryEnabled", "off", { DynamicMemoryEnabled: false, StartupBytes: wanted.startupBytes }),
    ];

  const bounds = {
    DynamicMemoryEnabled: true,
    MinimumBytes: wanted.minimumBytes,
    StartupBytes: wanted.startupBytes,
    MaximumBytes: wanted.maximumBytes,
  };
  const buffer = wanted.buffer !== is.buffer ? [change("memory.buffer", "hot", { Buffer: wanted.buffer })] : [];
  const cold =
    (!is.dynamicMemoryEnabled && "memory.dynamicMemoryEnabled") ||
    (wanted.startupBytes !== is.startupBytes && "memory.startupBytes") ||
    (wanted.minimumBytes > is.minimumBytes && "memory.minimumBytes") ||
    (wanted.maximumBytes < is.maximumBytes && "memory.maximumBytes");
  if (cold) return [change(cold, "off", { ...bounds, Buffer: wanted.buffer })];
  return [
    ...(wanted.minimumBytes < is.minimumBytes
      ? [change("memory.minimumBytes", "hot", { MinimumBytes: wanted.minimumBytes })]
      : []),
    ...(wanted.maximumBytes > is.maximumBytes
      ? [change("memory.maximumBytes", "hot", { MaximumBytes: wanted.maximumBytes })]
      : []),
    ...buffer,
  ];
};

/** The program's memory with what it leaves open: the host's own, or Hyper-V's defaults fitted to the startup size. */
export function wantedMemory(observed: Observed, { memory: desired, adopt }: Desired): Observed["memory"] | undefined {
  if (!desired) return undefined;
  const { memory: is } = observed;
  const startupBytes = desired.startupBytes ?? is.startupBytes;
  const fallback = adopt
    ? is
    : { minimumBytes: Math.min(512 * MiB, startupBytes), maximumBytes: Math.max(TiB, startupBytes), buffer: 20 };
  return {
    startupBytes,
    dynamicMemoryEnabled: desired.dynamicMemoryEnabled ?? is.dynamicMemoryEnabled,
    minimumBytes: desired.minimumBytes ?? Math.min(fallback.minimumBytes, startupBytes),
    maximumBytes: desired.maximumBytes ?? Math.max(fallback.maximumBytes, startupBytes),
    buffer: desired.buffer ?? fallback.buffer,
  };
}

interface MemoryParameters {
  DynamicMemoryEnabled?: boolean;
  StartupBytes?: number;
  MinimumBytes?: number;
  MaximumBytes?: number;
  Buffer?: number;
}

function change(property: string, when: Change["when"], parameters: MemoryParameters): Change {
  return {
    does: "set the memory",
    property,
    when,
    calls: [{ cmdlet: "Set-VMMemory", parameters: { VM: result("vm"), ...parameters } }],
  };
}
