import { z } from "zod";
import { adapterSettings } from "./network-adapters";
import { recordedSettings, selected, shown } from "./property";
import { recordedVlan, shownVlan, vlanSelect } from "./vlan";

export const recordedAdapter = z.object({
  /** `Microsoft:<machine>\<adapter>`: names may repeat on a host. */
  id: z.string(),
  name: z.string(),
  isLegacy: z.boolean(),
  switchName: z.string().optional(),
  macAddress: z.string(),
  dynamicMacAddress: z.boolean(),
  vlan: recordedVlan,
  /** Whether it has a VLAN by the other family of cmdlets, `Set-VMNetworkAdapterIsolation`. */
  isolatedByVlan: z.literal(true).optional(),
  settings: recordedSettings<typeof adapterSettings>(),
  ipAddresses: z.array(z.string()),
});

export type ObservedAdapter = z.output<typeof recordedAdapter>;

export const adapterSelect = {
  Id: null,
  Name: null,
  SwitchName: null,
  Connected: null,
  MacAddress: null,
  DynamicMacAddressEnabled: null,
  IPAddresses: null,
  IsLegacy: null,
  VlanSetting: vlanSelect,
  IsolationSetting: { IsolationMode: null },
  ...selected(adapterSettings),
};

export const shownAdapter = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  SwitchName: z.string().nullish(),
  Connected: z.boolean(),
  MacAddress: z.string(),
  DynamicMacAddressEnabled: z.boolean(),
  IPAddresses: z.array(z.string()).nullish(),
  IsLegacy: z.boolean().nullish(),
  VlanSetting: shownVlan,
  IsolationSetting: z.object({ IsolationMode: z.string().nullish() }).nullish(),
});

export function readAdapter(adapter: z.output<typeof shownAdapter>): ObservedAdapter {
  return {
    id: adapter.Id,
    name: adapter.Name,
    isLegacy: adapter.IsLegacy ?? false,
    switchName: (adapter.Connected && adapter.SwitchName) || undefined,
    macAddress: adapter.MacAddress,
    dynamicMacAddress: adapter.DynamicMacAddressEnabled,
    vlan: adapter.VlanSetting,
    ...(adapter.IsolationSetting?.IsolationMode === "Vlan" && { isolatedByVlan: true as const }),
    settings: shown(adapterSettings, adapter),
    ipAddresses: [...(adapter.IPAddresses ?? [])].sort(),
  };
}
