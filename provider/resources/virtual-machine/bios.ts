import { z } from "zod";
import { type Call, result } from "../../calls";
import { off } from "../../schema";
import type { Block, Change } from "./change";

const bootDevices = ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"] as const;

export const bios = z.strictObject({
  /**
   * Kinds of devices in the order in which they are tried: all four, `CD`, `IDE`, `LegacyNetworkAdapter` and `Floppy`. Needs
   * the machine off.
   * @default ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"]
   */
  startupOrder: off(
    z
      .array(z.enum(bootDevices))
      .refine(
        (order) => new Set(order).size === bootDevices.length && order.length === bootDevices.length,
        `must name each of ${bootDevices.join(", ")} once`,
      )
      .default([...bootDevices]),
    "Set-VMBios",
    "StartupOrder",
  ),
  /** Whether num lock is on at the start. Needs the machine off. @default false */
  numLockEnabled: off(z.boolean().default(false), "Set-VMBios", "EnableNumLock"),
});

export const recordedBios = z.object({ startupOrder: z.array(z.string()), numLockEnabled: z.boolean() });
export type ObservedBios = z.output<typeof recordedBios>;

export const biosSelect = { StartupOrder: null, NumLockEnabled: null };
export const shownBios = z
  .object({ StartupOrder: z.array(z.string()), NumLockEnabled: z.boolean() })
  .transform((said): ObservedBios => ({ startupOrder: said.StartupOrder, numLockEnabled: said.NumLockEnabled }));

interface Observed {
  bios?: ObservedBios | undefined;
}

interface Desired {
  bios?: z.input<typeof bios> | undefined;
}

export const changeBios: Block<Observed, Desired> = ({ bios: is }, { bios: wanted }) => {
  if (!wanted || !is) return [];
  const change = (property: keyof ObservedBios, call: Call): Change => ({
    does: `set bios.${property}`,
    properties: [`bios.${property}`],
    when: "off",
    calls: [call],
    joins: true,
  });
  const vm = { VM: result("vm") };
  const { startupOrder, numLockEnabled } = wanted;
  return [
    ...(startupOrder !== undefined && startupOrder.join() !== is.startupOrder.join()
      ? [change("startupOrder", { cmdlet: "Set-VMBios", parameters: { ...vm, StartupOrder: startupOrder } })]
      : []),
    ...(numLockEnabled !== undefined && numLockEnabled !== is.numLockEnabled
      ? [
          change("numLockEnabled", {
            cmdlet: "Set-VMBios",
            parameters: numLockEnabled ? { ...vm, EnableNumLock: true } : { ...vm, DisableNumLock: true },
          }),
        ]
      : []),
  ];
};

/** The BIOS as the program would write it. */
export function reflectBios({ bios: is }: Observed): Desired["bios"] {
  if (!is) return undefined;
  return { ...is, startupOrder: z.array(z.enum(bootDevices)).safeParse(is.startupOrder).data ?? [...bootDevices] };
}
