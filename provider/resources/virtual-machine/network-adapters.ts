import { type Call, type Reference, result } from "../../calls";
import { literal, same } from "../definition";
import type { Block, Change } from "./change";
import type { Observed, ObservedAdapter } from "./observed";
import type { DesiredAdapter } from "./schema";

/**
 * Adapters are matched by name. One that is left over takes the name of one that is missing: removing and adding would
 * make a new adapter, and the guest would lose its address with the old.
 */
export const networkAdapters: Block = (observed, { networkAdapters: desired }) => {
  if (!desired) return [];
  // generation 1 gains and loses adapters only while it is off (documented, hyper-v.md 3)
  const cold = observed.generation === 1 ? "off" : "hot";
  const { pairs, extra } = match(observed.adapters, desired);
  return [
    ...extra.map(
      (adapter): Change => ({
        does: `remove the network adapter "${adapter.name}"`,
        property: "networkAdapters",
        when: cold,
        calls: [{ cmdlet: "Remove-VMNetworkAdapter", parameters: { VMNetworkAdapter: existing(adapter) } }],
      }),
    ),
    ...pairs.flatMap(([wanted, adapter]) => (adapter ? differences(adapter, wanted) : [addition(wanted, cold)])),
  ];
};

/** Pairs each wanted adapter with the one on the host, if there is one for it. */
export function match(
  adapters: readonly ObservedAdapter[],
  desired: readonly DesiredAdapter[],
): { pairs: [DesiredAdapter, ObservedAdapter | undefined][]; extra: ObservedAdapter[] } {
  const left = [...adapters];
  const take = (at: number) => (at < 0 ? undefined : left.splice(at, 1)[0]);
  const pairs = desired.map((wanted): [DesiredAdapter, ObservedAdapter | undefined] => [
    wanted,
    take(left.findIndex(({ name }) => same(name, wanted.name))),
  ]);
  for (const pair of pairs) pair[1] ??= take(0);
  return { pairs, extra: left };
}

function differences(adapter: ObservedAdapter, wanted: DesiredAdapter): Change[] {
  const changes: Change[] = [];
  const own = (property: string) => `networkAdapters["${wanted.name}"].${property}`;
  const change = (does: string, property: string, when: Change["when"], ...calls: Call[]) =>
    changes.push({ does: `${does} of network adapter "${wanted.name}"`, property: own(property), when, calls });
  const reference = existing(adapter);

  if (adapter.name !== wanted.name)
    change("set the name", "name", "hot", {
      cmdlet: "Rename-VMNetworkAdapter",
      parameters: { VMNetworkAdapter: reference, NewName: wanted.name },
    });
  if (!same(adapter.switchName ?? "", wanted.switchName ?? ""))
    change("change the switch", "switchName", "hot", ...connection(reference, wanted.switchName));
  if (!sameMac(adapter, wanted))
    change("set the MAC address", "macAddress", "off", {
      cmdlet: "Set-VMNetworkAdapter",
      parameters:
        wanted.macAddress === undefined
          ? { VMNetworkAdapter: reference, DynamicMacAddress: true }
          : { VMNetworkAdapter: reference, StaticMacAddress: bareMac(wanted.macAddress) },
    });
  if (!sameVlan(adapter, wanted)) change("set the VLAN", "vlan", "hot", vlan(reference, wanted.vlan));
  return changes;
}

function addition(wanted: DesiredAdapter, when: "hot" | "off"): Change {
  const added = result("adapter");
  return {
    does: `add the network adapter "${wanted.name}"`,
    property: "networkAdapters",
    when,
    calls: [
      {
        cmdlet: "Add-VMNetworkAdapter",
        parameters: {
          VM: result("vm"),
          Name: wanted.name,
          Passthru: true,
          ...(wanted.macAddress !== undefined && { StaticMacAddress: bareMac(wanted.macAddress) }),
        },
        as: "adapter",
      },
      ...(wanted.switchName === undefined ? [] : connection(added, wanted.switchName)),
      ...(wanted.vlan === undefined ? [] : [vlan(added, wanted.vlan)]),
    ],
  };
}

function existing(adapter: ObservedAdapter): Reference {
  return result("vm", "NetworkAdapters", { Id: adapter.id });
}

/** By the switch's object: -SwitchName would take a name with brackets for a pattern. */
function connection(adapter: Reference, switchName: string | undefined): Call[] {
  if (switchName === undefined)
    return [{ cmdlet: "Disconnect-VMNetworkAdapter", parameters: { VMNetworkAdapter: adapter } }];
  return [
    { cmdlet: "Get-VMSwitch", parameters: { Name: literal(switchName) }, as: "switch" },
    {
      cmdlet: "Connect-VMNetworkAdapter",
      parameters: { VMNetworkAdapter: adapter, VMSwitch: result("switch") },
    },
  ];
}

function vlan(adapter: Reference, id: number | undefined): Call {
  return {
    cmdlet: "Set-VMNetworkAdapterVlan",
    parameters:
      id === undefined
        ? { VMNetworkAdapter: adapter, Untagged: true }
        : { VMNetworkAdapter: adapter, Access: true, VlanId: id },
  };
}

function sameVlan({ vlan: is }: ObservedAdapter, { vlan: wanted }: DesiredAdapter): boolean {
  return wanted === undefined ? is.mode === "Untagged" : is.mode === "Access" && is.accessVlanId === wanted;
}

function sameMac(adapter: ObservedAdapter, { macAddress }: DesiredAdapter): boolean {
  if (macAddress === undefined) return adapter.dynamicMacAddress;
  return !adapter.dynamicMacAddress && adapter.macAddress === bareMac(macAddress);
}

/** As Hyper-V writes it: capitals, nothing between. */
function bareMac(address: string): string {
  return address.replace(/[-:]/g, "").toUpperCase();
}

/** The adapters as the program would write them. */
export function reflectAdapters(observed: Observed, desired: readonly DesiredAdapter[]): DesiredAdapter[] {
  const { pairs, extra } = match(observed.adapters, desired);
  const shown = pairs.flatMap(([wanted, adapter]) => (adapter ? [reflectAdapter(adapter, wanted)] : []));
  return [...shown, ...extra.map((adapter) => reflectAdapter(adapter, undefined))];
}

function reflectAdapter(adapter: ObservedAdapter, wanted: DesiredAdapter | undefined): DesiredAdapter {
  const macAddress = adapter.dynamicMacAddress ? undefined : adapter.macAddress;
  const written = wanted && sameMac(adapter, wanted) ? wanted.macAddress : macAddress;
  const switchName =
    wanted && same(adapter.switchName ?? "", wanted.switchName ?? "") ? wanted.switchName : adapter.switchName;
  return {
    name: adapter.name,
    ...(switchName !== undefined && { switchName }),
    ...(written !== undefined && { macAddress: written }),
    ...(adapter.vlan.mode === "Access" && { vlan: adapter.vlan.accessVlanId }),
  };
}
