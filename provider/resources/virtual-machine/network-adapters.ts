import { z } from "zod";
import {
  IovInterruptModerationValue,
  OnOffState,
  VMNetworkAdapterPortMirroringMode,
} from "../../calls/cmdlets.generated";
import { hot, name, off } from "../../schema";
import { vlan } from "./vlan";

const onOff = () => z.enum(OnOffState);
/** A whole multiple of 8, to which Hyper-V rounds (documented, hyper-v.md 3). */
const bitsPerSecond = () => z.int().min(0).multipleOf(8);

/** What `Set-VMNetworkAdapter` sets, one parameter each, on any adapter. */
export const common = {
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
      .refine((value) => /[1-9a-f]/i.test(value), "must not be all zeros, which is not an address")
      .optional(),
    "Set-VMNetworkAdapter",
    "StaticMacAddress",
  ),
  ...vlan,
  ...common,
  ...synthetic,
});

export type DesiredAdapter = z.input<typeof networkAdapter>;
