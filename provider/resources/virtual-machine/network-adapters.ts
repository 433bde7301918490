import { z } from "zod";
import { type Call, literal, type Reference, result } from "../../calls";
import {
  IovInterruptModerationValue,
  OnOffState,
  VMNetworkAdapterPortMirroringMode,
} from "../../calls/cmdlets.generated";
import { hot, name, off } from "../../schema";
import { type LookUp, same } from "../definition";
import { type Block, type Change, joined } from "./change";
import type { Need } from "./looks";
import type { Observed, ObservedAdapter } from "./observed";
import { differences } from "./property";
import type { Desired } from "./schema";
import { keptVlan, noIsolation, reflectVlan, sameVlan, vlan, vlanCall } from "./vlan";

const onOff = () => z.enum(OnOffState);
/** A whole multiple of 8, to which Hyper-V rounds (documented, hyper-v.md 3). */
const bitsPerSecond = () => z.int().min(0).multipleOf(8);

/** What `Set-VMNetworkAdapter` sets, one parameter each, on any adapter. */
const common = {
  /** Whether the guest may send from other addresses than its own, as nested machines do. Changes while it runs. @default "Off" */
  macAddressSpoofing: hot(onOff().default("Off"), "Set-VMNetworkAdapter", "MacAddressSpoofing"),
  /** Whether the guest's answers as a DHCP server are dropped. Changes while the machine runs. @default "Off" */
  dhcpGuard: hot(onOff().default("Off"), "Set-VMNetworkAdapter", "DhcpGuard"),
  /** Whether the guest's router advertisements and redirects are dropped. Changes while the machine runs. @default "Off" */
  routerGuard: hot(onOff().default("Off"), "Set-VMNetworkAdapter", "RouterGuard"),
  /**
   * Whether traffic is copied from here (`Source`), or to here from the sources on the switch (`Destination`). Changes while
   * the machine runs.
   * @default "None"
   */
  portMirroring: hot(
    z.enum(VMNetworkAdapterPortMirroringMode).default("None"),
    "Set-VMNetworkAdapter",
    "PortMirroring",
    "PortMirroringMode",
  ),
  /** Whether the guest's priority tags are kept. Changes while the machine runs. @default "Off" */
  ieeePriorityTag: hot(onOff().default("Off"), "Set-VMNetworkAdapter", "IeeePriorityTag"),
  /** Whether the guest may make a team of this adapter and others. Changes while the machine runs. @default "Off" */
  allowTeaming: hot(onOff().default("Off"), "Set-VMNetworkAdapter", "AllowTeaming"),
  /**
   * Most traffic, in bits per second, a multiple of 8; 0 for no limit. Changes while the machine runs.
   * @default 0
   */
  maximumBandwidth: hot(
    bitsPerSecond().default(0),
    "Set-VMNetworkAdapter",
    "MaximumBandwidth",
    "BandwidthSetting.MaximumBandwidth",
  ),
  /**
   * Traffic that is kept for the adapter, in bits per second, a multiple of 8; 0 for none. Only on a switch whose bandwidth
   * mode is Absolute. Changes while the machine runs.
   * @default 0
   */
  minimumBandwidthAbsolute: hot(
    bitsPerSecond().default(0),
    "Set-VMNetworkAdapter",
    "MinimumBandwidthAbsolute",
    "BandwidthSetting.MinimumBandwidthAbsolute",
  ),
  /**
   * Share of the traffic that is kept for the adapter, 0 to 100; 0 for none. Only on a switch whose bandwidth mode is Weight.
   * Changes while the machine runs.
   * @default 0
   */
  minimumBandwidthWeight: hot(
    z.int().min(0).max(100).default(0),
    "Set-VMNetworkAdapter",
    "MinimumBandwidthWeight",
    "BandwidthSetting.MinimumBandwidthWeight",
  ),
};

/** What a legacy adapter, which the host plays for the guest, does not have. */
const synthetic = {
  /** Whether the guest sees the adapter's name as a property of its device. Needs the machine off. @default "Off" */
  deviceNaming: off(onOff().optional(), "Set-VMNetworkAdapter", "DeviceNaming"),
  /** Weight of the adapter's claim to a hardware queue, 0 to 100; 0 for none. Changes while the machine runs. @default 100 */
  vmqWeight: hot(z.int().min(0).max(100).optional(), "Set-VMNetworkAdapter", "VmqWeight", "VMQWeight"),
  /**
   * Weight of the adapter's claim to a virtual function (SR-IOV), 0 to 100; 0 for none. Needs a switch with SR-IOV. Changes
   * while the machine runs.
   * @default 0
   */
  iovWeight: hot(z.int().min(0).max(100).optional(), "Set-VMNetworkAdapter", "IovWeight"),
  /** Queue pairs of the virtual function that are asked for, at least 1. Changes while the machine runs. @default 1 */
  iovQueuePairsRequested: hot(
    z.int().min(1).max(4294967295).optional(),
    "Set-VMNetworkAdapter",
    "IovQueuePairsRequested",
  ),
  /** How the virtual function gathers its interrupts. Changes while the machine runs. @default "Default" */
  iovInterruptModeration: hot(
    z.enum(IovInterruptModerationValue).optional(),
    "Set-VMNetworkAdapter",
    "IovInterruptModeration",
  ),
  /** Most IPsec associations that the hardware handles for the guest; 0 for none. Changes while it runs. @default 512 */
  ipsecOffloadMaximumSecurityAssociation: hot(
    z.int().min(0).max(4294967295).optional(),
    "Set-VMNetworkAdapter",
    "IPsecOffloadMaximumSecurityAssociation",
    "IPsecOffloadMaxSA",
  ),
};

export const adapterSettings = { ...common, ...synthetic };

/** Defaults of what only a synthetic adapter has. */
export const syntheticDefaults = {
  deviceNaming: "Off",
  vmqWeight: 100,
  iovWeight: 0,
  iovQueuePairsRequested: 1,
  iovInterruptModeration: "Default",
  ipsecOffloadMaximumSecurityAssociation: 512,
} as const;

export const networkAdapter = z.strictObject({
  /**
   * Name of the adapter, unique in the machine: what tells adapters apart. `Add-VMNetworkAdapter -Name`. When one name
   * replaces another, the adapter is renamed and keeps its address.
   */
  name: hot(name(), "Rename-VMNetworkAdapter", "NewName"),
  /**
   * Whether it is a legacy adapter, which old systems know and boot from; only on generation 1. A change makes another
   * adapter, with another address. Needs the machine off.
   * @default false
   */
  isLegacy: off(z.boolean().default(false), "Add-VMNetworkAdapter", "IsLegacy"),
  /**
   * Name of the virtual switch that it is connected to; not connected without. Changes while the machine runs, and the
   * adapter stays the same one.
   */
  switchName: hot(z.string().min(1).optional(), "Connect-VMNetworkAdapter", "SwitchName"),
  /**
   * Static MAC address, 12 hexadecimal digits, also as `00-15-5D-01-02-03` or with colons; without, Hyper-V gives one at
   * the first start. Needs the machine off.
   */
  macAddress: off(
    z
      .string()
      .regex(
        /^([0-9a-f]{12}|[0-9a-f]{2}(-[0-9a-f]{2}){5}|[0-9a-f]{2}(:[0-9a-f]{2}){5})$/i,
        "must be 12 hexadecimal digits, such as 00155D010203",
      )
      .refine((value) => (Number.parseInt(value.slice(0, 2), 16) & 1) === 0, "must not be a multicast address")
      .refine((value) => /[1-9a-f]/i.test(value), "must not be all zeros, which is no address")
      .optional(),
    "Set-VMNetworkAdapter",
    "StaticMacAddress",
  ),
  ...vlan,
  ...common,
  ...synthetic,
});

export type DesiredAdapter = z.input<typeof networkAdapter>;

/**
 * Adapters are matched by name. One that is left over takes the name of one that is missing: removing and adding would
 * make a new adapter, and the guest would lose its address with the old.
 */
export const changeNetworkAdapters: Block = (observed, { networkAdapters: desired, adopt }) => {
  if (!desired) return [];
  // generation 1 gains and loses adapters only while it is off (documented, hyper-v.md 3)
  const cold = observed.generation === 1 ? "off" : "hot";
  const { pairs, extra } = match(observed.adapters, desired);
  return [
    ...pairs.flatMap(([wanted, adapter]) =>
      adapter ? changeAdapter(adapter, adopt ? withKept(adapter, wanted) : wanted) : [addition(wanted, cold)],
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

/** Pairs each wanted adapter with the one on the host, if there is one for it: of the same kind, which is fixed. */
export function match(
  adapters: readonly ObservedAdapter[],
  desired: readonly DesiredAdapter[],
): { pairs: [DesiredAdapter, ObservedAdapter | undefined][]; extra: ObservedAdapter[] } {
  const left = [...adapters];
  const take = (fits: (adapter: ObservedAdapter) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const alike = (adapter: ObservedAdapter, { isLegacy }: DesiredAdapter) =>
    isLegacy === undefined || adapter.isLegacy === isLegacy;
  const pairs = desired.map((wanted): [DesiredAdapter, ObservedAdapter | undefined] => [
    wanted,
    take((adapter) => same(adapter.name, wanted.name) && alike(adapter, wanted)),
  ]);
  for (const pair of pairs) pair[1] ??= take((adapter) => alike(adapter, pair[0]));
  return { pairs, extra: left };
}

/** Of an adapter that is adopted, what the program leaves open is as it is. */
function withKept(adapter: ObservedAdapter, wanted: DesiredAdapter): DesiredAdapter {
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

function sameMac(adapter: ObservedAdapter, { macAddress }: DesiredAdapter): boolean {
  if (macAddress === undefined) return adapter.dynamicMacAddress;
  return !adapter.dynamicMacAddress && adapter.macAddress === bareMac(macAddress);
}

/** As Hyper-V writes it: capitals, nothing between. */
function bareMac(address: string): string {
  return address.replace(/[-:]/g, "").toUpperCase();
}

/** The adapters as the program would write them. */
export function reflectAdapters(
  observed: Observed,
  { networkAdapters: desired = [], adopt }: Desired,
): DesiredAdapter[] {
  const { pairs, extra } = match(observed.adapters, desired);
  const shown = pairs.flatMap(([wanted, adapter]) => {
    if (!adapter) return [];
    return [adopt ? asFarAs(wanted, adapter) : reflectAdapter(adapter, wanted)];
  });
  return [...shown, ...extra.map((adapter) => reflectAdapter(adapter, undefined))];
}

/** An adapter that is adopted, as far as the program says anything of it. */
function asFarAs(wanted: DesiredAdapter, adapter: ObservedAdapter): DesiredAdapter {
  const kept = withKept(adapter, wanted);
  const { vlan: access, vlanTrunk, privateVlan, ...shown } = reflectAdapter(adapter, kept);
  const tagged = sameVlan(adapter.vlan, kept) ? wanted : { vlan: access, vlanTrunk, privateVlan };
  const said = Object.entries(shown).filter(([key]) => wanted[key as keyof DesiredAdapter] !== undefined);
  return {
    ...Object.fromEntries(said),
    name: adapter.name,
    ...(tagged.vlan !== undefined && { vlan: tagged.vlan }),
    ...(tagged.vlanTrunk && { vlanTrunk: tagged.vlanTrunk }),
    ...(tagged.privateVlan && { privateVlan: tagged.privateVlan }),
  };
}

/** Of an adapter that the program has, what the program says of it and its VLAN; of another what is not as usual. */
function reflectAdapter(adapter: ObservedAdapter, wanted: DesiredAdapter | undefined): DesiredAdapter {
  const macAddress = adapter.dynamicMacAddress ? undefined : adapter.macAddress;
  const written = wanted && sameMac(adapter, wanted) ? wanted.macAddress : macAddress;
  const switchName =
    wanted && same(adapter.switchName ?? "", wanted.switchName ?? "") ? wanted.switchName : adapter.switchName;
  const usual: Readonly<Record<string, unknown>> = { ...usualSettings, ...syntheticDefaults };
  const settings = Object.fromEntries(
    Object.entries(adapter.settings).filter(([key, value]) =>
      wanted ? wanted[key as keyof DesiredAdapter] !== undefined : value !== usual[key],
    ),
  );
  return {
    name: adapter.name,
    ...(wanted?.isLegacy === undefined ? adapter.isLegacy && { isLegacy: true } : { isLegacy: adapter.isLegacy }),
    ...(switchName !== undefined && { switchName }),
    ...(written !== undefined && { macAddress: written }),
    ...reflectVlan(adapter.vlan, wanted),
    ...settings,
  };
}

const usualSettings: Readonly<Record<string, unknown>> = z.strictObject(common).parse({});
