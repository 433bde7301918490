import { z } from "zod";
import type { Question } from "../../calls";
import { VMSwitchType } from "../../calls/cmdlets.generated";
import type { Desired } from "./schema";

export const observation = z.object({
  Id: z.string(),
  Name: z.string(),
  SwitchType: z.enum(VMSwitchType),
  AllowManagementOS: z.boolean(),
  Notes: z.string().nullish(),
  EmbeddedTeamingEnabled: z.boolean().nullish(),
  NetAdapterInterfaceGuid: z.array(z.string()).nullish(),
  NetAdapterInterfaceDescriptions: z.array(z.string()).nullish(),
});

export const hostAdapter = z.object({ Name: z.string(), InterfaceGuid: z.string() });

export interface Observed {
  id: string;
  name: string;
  switchType: Desired["switchType"];
  allowManagementOS: boolean;
  notes: string;
  teamed: boolean;
  netAdapterNames: string[];
  interfaceDescriptions: string[];
  /** Adapters that could carry a switch; a state of an earlier release has none. */
  hostAdapterNames?: string[];
}

export const switchProperties = {
  Id: null,
  Name: null,
  SwitchType: null,
  AllowManagementOS: null,
  Notes: null,
  EmbeddedTeamingEnabled: null,
  NetAdapterInterfaceGuid: null,
  NetAdapterInterfaceDescriptions: null,
};

export const hostAdapters: Question = { cmdlet: "Get-NetAdapter", select: { Name: null, InterfaceGuid: null } };

/** The host's own adapters on switches carry none; Windows names them so in every language. */
export function carriers(adapters: readonly z.output<typeof hostAdapter>[]): string[] {
  return adapters.map(({ Name }) => Name).filter((name) => !name.startsWith("vEthernet ("));
}

/** Get-NetAdapter writes guids in braces and capitals, the switch without. */
export function bare(guid: string): string {
  return guid.replace(/[{}]/g, "").toLowerCase();
}
