import { type Call, literal, type Reference, result } from "../../calls";
import { type LookUp, same } from "../definition";
import { paired } from "../pairing";
import { type Block, type Change, joined } from "./change";
import type { Need } from "./looks";
import { adapterSettings, type DesiredAdapter, syntheticDefaults } from "./network-adapters";
import type { ObservedAdapter } from "./observed-network-adapters";
import { differences } from "./property";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { keptVlan, noIsolation, sameVlan, vlanCall } from "./vlan";

/**
 * Adapters are matched by name. One that is left over takes the name of one that is missing: removing and adding would
 * make a new adapter, and the guest would lose its address with the old.
 */
export const changeNetworkAdapters: Block<Observed, Desired> = (observed, { networkAdapters: desired, adopt }) => {
  if (!desired) return [];
  // generation 1 gains and loses adapters only while it is off (documented, hyper-v.md 3)
  const cold = observed.generation === 1 ? "off" : "hot";
  const { pairs, extra } = match(observed.adapters, desired);
  return [
    ...pairs.flatMap(({ wanted, now }) =>
      now ? changeAdapter(now, adopt ? withKept(now, wanted) : wanted) : [addition(wanted, cold)],
    ),
    // last, as names may repeat: what comes for it is there by then
    ...extra.map(
      (adapter): Change => ({
        does: `remove the network adapter "${adapter.name}"`,
        properties: ["networkAdapters"],
        when: cold,
        takes: adapter.switchName !== undefined,
        calls: [{ cmdlet: "Remove-VMNetworkAdapter", parameters: { VMNetworkAdapter: existing(adapter) } }],
      }),
    ),
  ];
};

/** Each wanted adapter with the one on the host: of its name, or else of the same kind, which is fixed. */
export function match(adapters: readonly ObservedAdapter[], desired: readonly DesiredAdapter[]) {
  const isAlike = (adapter: ObservedAdapter, { isLegacy }: DesiredAdapter) =>
    isLegacy === undefined || adapter.isLegacy === isLegacy;
  return paired(
    desired,
    adapters,
    (adapter, wanted) => same(adapter.name, wanted.name) && isAlike(adapter, wanted),
    isAlike,
  );
}

/** Of an adapter that is adopted, what the program leaves open is as it is. */
export function withKept(adapter: ObservedAdapter, wanted: DesiredAdapter): DesiredAdapter {
  return {
    ...wanted,
    switchName: wanted.switchName ?? adapter.switchName,
    macAddress: wanted.macAddress ?? (adapter.dynamicMacAddress ? undefined : adapter.macAddress),
    ...keptVlan(adapter.vlan, wanted),
  };
}

function changeAdapter(adapter: ObservedAdapter, wanted: DesiredAdapter): Change[] {
  const changes: Change[] = [];
  const at = `networkAdapters["${wanted.name}"].`;
  const change = (does: string, property: string, when: Change["when"], ...calls: Call[]) =>
    changes.push({ does: `${does} of network adapter "${wanted.name}"`, properties: [at + property], when, calls });
  const reference = existing(adapter);

  if (adapter.name !== wanted.name)
    change("set the name", "name", "hot", {
      cmdlet: "Rename-VMNetworkAdapter",
      parameters: { VMNetworkAdapter: reference, NewName: wanted.name },
    });
  if (!same(adapter.switchName ?? "", wanted.switchName ?? ""))
    changes.push({
      does: `change the switch of network adapter "${wanted.name}"`,
      properties: [`${at}switchName`],
      when: "hot",
      calls: [...switchCall(wanted), connection(reference, wanted)],
      looksUp: switchOf(wanted),
      needs: switchNeed(wanted),
      takes: wanted.switchName === undefined,
    });
  if (!sameVlan(adapter.vlan, wanted))
    change(
      "set the VLAN",
      vlanProperty(wanted),
      "hot",
      // what the one family of cmdlets has set refuses the other (hyper-v.md 3)
      ...(adapter.isolatedByVlan ? [noIsolation(reference)] : []),
      vlanCall(reference, wanted),
    );
  if (!sameMac(adapter, wanted))
    changes.push({
      does: `set the MAC address of network adapter "${wanted.name}"`,
      properties: [`${at}macAddress`],
      when: "off",
      calls: [
        {
          cmdlet: "Set-VMNetworkAdapter",
          parameters:
            wanted.macAddress === undefined
              ? { VMNetworkAdapter: reference, DynamicMacAddress: true }
              : { VMNetworkAdapter: reference, StaticMacAddress: bareMac(wanted.macAddress) },
        },
      ],
      joins: true,
    });
  // after the switch, whose bandwidth mode decides which minimum there can be
  const target = { VMNetworkAdapter: reference };
  return [...changes, ...differences(adapterSettings, { at, target, desired: wanted, observed: adapter.settings })];
}

function vlanProperty({ vlanTrunk, privateVlan }: DesiredAdapter): string {
  return vlanTrunk ? "vlanTrunk" : privateVlan ? "privateVlan" : "vlan";
}

/** With all its settings in as few calls as there are cmdlets. */
function addition(wanted: DesiredAdapter, when: "hot" | "off"): Change {
  const added = result("adapter");
  const at = `networkAdapters["${wanted.name}"].`;
  const target = { VMNetworkAdapter: added };
  const settings = differences(adapterSettings, { at, target, desired: wanted, observed: syntheticDefaults });
  const named = settings.find(({ key }) => key === "deviceNaming");
  const others = settings.filter(({ key }) => key !== "deviceNaming");
  return {
    does: `add the network adapter "${wanted.name}"`,
    properties: ["networkAdapters"],
    looksUp: switchOf(wanted),
    needs: switchNeed(wanted),
    when,
    calls: [
      // nothing is added for a switch that is not there
      ...switchCall(wanted),
      {
        cmdlet: "Add-VMNetworkAdapter",
        parameters: {
          VM: result("vm"),
          Name: wanted.name,
          Passthru: true,
          ...(wanted.isLegacy && { IsLegacy: true }),
          ...(wanted.macAddress !== undefined && { StaticMacAddress: bareMac(wanted.macAddress) }),
          ...(named && wanted.deviceNaming && { DeviceNaming: wanted.deviceNaming }),
        },
        as: "adapter",
      },
      ...(wanted.switchName === undefined ? [] : [connection(added, wanted)]),
      ...(sameVlan(undefined, wanted) ? [] : [vlanCall(added, wanted)]),
      ...joined(others).flatMap(({ calls }) => calls),
    ],
  };
}

function switchOf({ name }: DesiredAdapter): LookUp {
  return { noun: "virtual switch", property: `networkAdapters["${name}"].switchName` };
}

function existing(adapter: ObservedAdapter): Reference {
  return result("vm", "NetworkAdapters", { Id: adapter.id });
}

function switchNeed({ name, switchName }: DesiredAdapter): Need[] {
  if (switchName === undefined) return [];
  return [{ kind: "switch", name: switchName, property: `networkAdapters["${name}"].switchName` }];
}

function switchCall({ switchName }: DesiredAdapter): Call[] {
  if (switchName === undefined) return [];
  return [{ cmdlet: "Get-VMSwitch", parameters: { Name: literal(switchName) }, as: "switch" }];
}

/** By the switch's object: -SwitchName would take a name with brackets for a pattern. */
function connection(adapter: Reference, { switchName }: DesiredAdapter): Call {
  if (switchName === undefined)
    return { cmdlet: "Disconnect-VMNetworkAdapter", parameters: { VMNetworkAdapter: adapter } };
  return {
    cmdlet: "Connect-VMNetworkAdapter",
    parameters: { VMNetworkAdapter: adapter, VMSwitch: result("switch") },
  };
}

export function sameMac(adapter: ObservedAdapter, { macAddress }: DesiredAdapter): boolean {
  if (macAddress === undefined) return adapter.dynamicMacAddress;
  return !adapter.dynamicMacAddress && adapter.macAddress === bareMac(macAddress);
}

/** As Hyper-V writes it: capitals, nothing between. */
function bareMac(address: string): string {
  return address.replace(/[-:]/g, "").toUpperCase();
}
