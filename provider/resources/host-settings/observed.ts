import { z } from "zod";
import { MigrationAuthenticationType, VMMigrationPerformance } from "../../calls/cmdlets.generated";
import type { Seen } from "../definition";
import { answerOf } from "../definition";

export const recorded = z.object({
  name: z.string(),
  /** Whether the provider's nodes are in no cluster. */
  standalone: z.literal(true).optional(),
  virtualMachinePath: z.string(),
  virtualHardDiskPath: z.string(),
  macAddressMinimum: z.string(),
  macAddressMaximum: z.string(),
  numaSpanningEnabled: z.boolean(),
  enableEnhancedSessionMode: z.boolean(),
  resourceMeteringSaveInterval: z.number(),
  fibreChannelWwnn: z.string(),
  fibreChannelWwpnMinimum: z.string(),
  fibreChannelWwpnMaximum: z.string(),
  migration: z.object({
    enabled: z.boolean(),
    virtualMachineMigrationAuthenticationType: z.enum(MigrationAuthenticationType),
    virtualMachineMigrationPerformanceOption: z.enum(VMMigrationPerformance),
    maximumVirtualMachineMigrations: z.number(),
    maximumStorageMigrations: z.number(),
    useAnyNetworkForMigration: z.boolean(),
    networks: z.array(z.object({ subnet: z.string(), priority: z.number().nullable() })),
  }),
});

export type Observed = z.output<typeof recorded>;

const host = z.object({
  Name: z.string(),
  VirtualMachinePath: z.string(),
  VirtualHardDiskPath: z.string(),
  MacAddressMinimum: z.string(),
  MacAddressMaximum: z.string(),
  NumaSpanningEnabled: z.boolean(),
  EnableEnhancedSessionMode: z.boolean(),
  ResourceMeteringSaveInterval: z.string(),
  FibreChannelWwnn: z.string(),
  FibreChannelWwpnMinimum: z.string(),
  FibreChannelWwpnMaximum: z.string(),
  VirtualMachineMigrationEnabled: z.boolean(),
  VirtualMachineMigrationAuthenticationType: z.enum(MigrationAuthenticationType),
  VirtualMachineMigrationPerformanceOption: z.enum(VMMigrationPerformance),
  MaximumVirtualMachineMigrations: z.number(),
  MaximumStorageMigrations: z.number(),
  UseAnyNetworkForMigration: z.boolean(),
});

export const hostProperties = Object.fromEntries(Object.keys(host.shape).map((property) => [property, null]));

const network = z.object({ Subnet: z.string(), Priority: z.number().nullish() });

export function parse({ answers, standalone }: Seen): Observed {
  const seen = host.parse(answerOf(answers, "host")[0]);
  return {
    name: seen.Name,
    ...(standalone && { standalone }),
    virtualMachinePath: seen.VirtualMachinePath,
    virtualHardDiskPath: seen.VirtualHardDiskPath,
    macAddressMinimum: seen.MacAddressMinimum,
    macAddressMaximum: seen.MacAddressMaximum,
    numaSpanningEnabled: seen.NumaSpanningEnabled,
    enableEnhancedSessionMode: seen.EnableEnhancedSessionMode,
    resourceMeteringSaveInterval: secondsIn(seen.ResourceMeteringSaveInterval),
    fibreChannelWwnn: seen.FibreChannelWwnn,
    fibreChannelWwpnMinimum: seen.FibreChannelWwpnMinimum,
    fibreChannelWwpnMaximum: seen.FibreChannelWwpnMaximum,
    migration: {
      enabled: seen.VirtualMachineMigrationEnabled,
      virtualMachineMigrationAuthenticationType: seen.VirtualMachineMigrationAuthenticationType,
      virtualMachineMigrationPerformanceOption: seen.VirtualMachineMigrationPerformanceOption,
      maximumVirtualMachineMigrations: seen.MaximumVirtualMachineMigrations,
      maximumStorageMigrations: seen.MaximumStorageMigrations,
      useAnyNetworkForMigration: seen.UseAnyNetworkForMigration,
      networks: network
        .array()
        .parse(answerOf(answers, "networks"))
        .map(({ Subnet, Priority }) => ({ subnet: Subnet, priority: Priority ?? null })),
    },
  };
}

/** A TimeSpan as it reads: `1.00:00:00`. */
export function secondsIn(text: string): number {
  const read = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text);
  if (!read) throw new Error(`"${text}" is no time.`);
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = read;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** The same as a TimeSpan reads: to PowerShell a number alone would be of ticks. */
export function timeSpanOf(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${Math.floor(seconds / 86400)}.${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
