import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };
const invalidState = { idStartsWith: "InvalidState,", category: "InvalidOperation" };
const notFound = { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound" };
const twice = { idStartsWith: "InvalidOperation,", category: "InvalidOperation" };
const web = does("New-VM", { Name: "web", Generation: 2 });
const lan = does("New-VMSwitch", { Name: "lan", SwitchType: "Private" });

const addresses: [written: string, why: string][] = [
  ["01155D010203", "multicast"],
  ["00:15-5D:01:02:03", "mixed separators"],
  ["00155D0102", "too short"],
  ["00155D01020G", "no digit"],
];

const vlans: [parameters: Record<string, string | number | boolean>, why: string][] = [
  [{ VlanId: 5 }, "no mode"],
  [{ Access: true, Untagged: true, VlanId: 5 }, "two modes"],
  [{ Access: true }, "an access mode without an id"],
  [{ Untagged: true, VlanId: 5 }, "an id without a mode for it"],
  [{ Trunk: true, AllowedVlanIdList: "1-10" }, "a trunk without its native id"],
  [{ Trunk: true, NativeVlanId: 1, AllowedVlanIdList: "10-1" }, "a range from high to low"],
  [{ Trunk: true, NativeVlanId: 1, AllowedVlanIdList: "1-4095" }, "an id that is none"],
  [{ Trunk: true, NativeVlanId: 1, AllowedVlanIdList: "one" }, "a list that is none"],
  [{ Isolated: true, PrimaryVlanId: 5 }, "a private one without its second id"],
  [{ Promiscuous: true, PrimaryVlanId: 0, SecondaryVlanIdList: "5" }, "a primary id of zero"],
];

const settings: [parameter: string, value: number][] = [
  ["VmqWeight", 101],
  ["IovWeight", 101],
  ["IovQueuePairsRequested", 0],
  ["MinimumBandwidthWeight", 101],
  ["VirtualSubnetId", 4095],
  ["VirtualSubnetId", 16_777_216],
  ["MaximumBandwidth", -8],
];

const claims: Case[] = [
  ...addresses.map(
    ([written, why]): Case => ({
      title: `${written} is no address of an adapter: ${why}`,
      steps: [
        web,
        refuses("Set-VMNetworkAdapter", { VMName: "web", StaticMacAddress: written, DhcpGuard: "On" }, invalid),
        refuses("Add-VMNetworkAdapter", { VMName: "web", StaticMacAddress: written }, invalid),
        shows("Get-VMNetworkAdapter", { VMName: "web" }, { DynamicMacAddressEnabled: true, DhcpGuard: "Off" }),
      ],
    }),
  ),
  ...vlans.map(
    ([parameters, why]): Case => ({
      title: `a VLAN is refused with ${why}`,
      steps: [
        web,
        refuses("Set-VMNetworkAdapterVlan", { VMName: "web", ...parameters }, invalid),
        shows("Get-VMNetworkAdapterVlan", { VMName: "web" }, { OperationMode: "Untagged" }),
      ],
    }),
  ),
  ...settings.map(
    ([parameter, value]): Case => ({
      title: `${parameter} ${value} is out of range`,
      steps: [web, refuses("Set-VMNetworkAdapter", { VMName: "web", [parameter]: value })],
    }),
  ),
  {
    title: "a private VLAN shows its kind, and going back clears what it had",
    steps: [
      web,
      does("Set-VMNetworkAdapterVlan", { VMName: "web", Community: true, PrimaryVlanId: 10, SecondaryVlanId: 11 }),
      shows(
        "Get-VMNetworkAdapterVlan",
        { VMName: "web" },
        { OperationMode: "Private", PrivateVlanMode: "Community", PrimaryVlanId: 10, SecondaryVlanId: 11 },
      ),
      does("Set-VMNetworkAdapterVlan", {
        VMName: "web",
        Promiscuous: true,
        PrimaryVlanId: 10,
        SecondaryVlanIdList: "11-13,15",
      }),
      shows(
        "Get-VMNetworkAdapterVlan",
        { VMName: "web" },
        {
          PrivateVlanMode: "Promiscuous",
          SecondaryVlanIdList: [11, 12, 13, 15],
          SecondaryVlanIdListString: "11-13,15",
          SecondaryVlanId: 0,
        },
      ),
    ],
  },
  {
    title: "all VLANs with native 0 are a trunk for everything",
    steps: [
      web,
      does("Set-VMNetworkAdapterVlan", { VMName: "web", Trunk: true, NativeVlanId: 0, AllowedVlanIdList: "0-4094" }),
      shows("Get-VMNetworkAdapterVlan", { VMName: "web" }, { AllowedVlanIdListString: "0-4094" }),
    ],
  },
  {
    title: "VLAN and isolation are one thing, changed by the family of cmdlets that set it",
    steps: [
      web,
      does("Set-VMNetworkAdapterIsolation", { VMName: "web", IsolationMode: "Vlan", DefaultIsolationID: 5 }),
      shows("Get-VMNetworkAdapterIsolation", { VMName: "web" }, { IsolationMode: "Vlan", DefaultIsolationID: 5 }),
      refuses("Set-VMNetworkAdapterVlan", { VMName: "web", Access: true, VlanId: 6 }, invalid),
      does("Set-VMNetworkAdapterIsolation", { VMName: "web", IsolationMode: "None" }),
      does("Set-VMNetworkAdapterVlan", { VMName: "web", Access: true, VlanId: 6 }),
      refuses("Set-VMNetworkAdapterIsolation", { VMName: "web", IsolationMode: "Vlan" }, invalid),
      shows(
        "Get-VMNetworkAdapter",
        { VMName: "web" },
        { CurrentIsolationMode: "Vlan", VlanSetting: { AccessVlanId: 6 } },
      ),
    ],
  },
  {
    title: "the VLAN of the host's adapter is set as a machine's",
    steps: [
      does("New-VMSwitch", { Name: "host", SwitchType: "Internal" }),
      does("Set-VMNetworkAdapterVlan", { ManagementOS: true, VMNetworkAdapterName: "host", Access: true, VlanId: 9 }),
      shows("Get-VMNetworkAdapterVlan", { ManagementOS: true }, { OperationMode: "Access", AccessVlanId: 9 }),
      refuses(
        "Set-VMNetworkAdapterVlan",
        { ManagementOS: true, VMNetworkAdapterName: "none", Untagged: true },
        notFound,
      ),
    ],
  },
  {
    title: "names of adapters take no wildcards where they change something",
    steps: [
      web,
      does("Add-VMNetworkAdapter", { VMName: "web", Name: "back" }),
      refuses("Remove-VMNetworkAdapter", { VMName: "web", Name: "*" }, notFound),
      refuses("Rename-VMNetworkAdapter", { VMName: "web", Name: "b*", NewName: "x" }, notFound),
      does("Get-VMNetworkAdapter", { VMName: "web", Name: "b*" }, { count: 1 }),
      does("Add-VMNetworkAdapter", { VMName: "web", Name: "back" }),
      does("Remove-VMNetworkAdapter", { VMName: "web", Name: "back" }),
      shows("Get-VMNetworkAdapter", { VMName: "web" }, { Name: "Network Adapter" }),
    ],
  },
  {
    title: "a machine's name that fits two is refused where one is meant",
    steps: [
      web,
      web,
      refuses("Set-VMNetworkAdapter", { VMName: "web", DhcpGuard: "On" }, twice),
      does("Get-VM", { Name: "web" }, {}, "both"),
      does("Connect-VMNetworkAdapter", { VMName: "web", SwitchName: "lan" }, { error: invalid }),
      lan,
      does("Connect-VMNetworkAdapter", { VMName: "web", SwitchName: "lan" }),
      shows("Get-VMNetworkAdapter", { VMName: "web" }, { Connected: true }, { Connected: true }),
    ],
  },
  {
    title: "a switch name that fits two is refused, and the object is taken",
    steps: [
      web,
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }, {}, "first"),
      lan,
      refuses("Add-VMNetworkAdapter", { VMName: "web", SwitchName: "lan" }, twice),
      refuses("Connect-VMNetworkAdapter", { VMName: "web", SwitchName: "lan" }, twice),
      does("Get-VMNetworkAdapter", { VMName: "web" }, { count: 1 }, "nic"),
      does("Connect-VMNetworkAdapter", { VMNetworkAdapter: { $ref: "nic" }, VMSwitch: { $ref: "first" } }),
      shows("Get-VMNetworkAdapter", { VMName: "web" }, { SwitchName: "lan", Connected: true }),
    ],
  },
  {
    title: "legacy adapters are of generation 1, and four at most",
    steps: [
      does("New-VM", { Name: "old" }),
      web,
      refuses("Add-VMNetworkAdapter", { VMName: "web", IsLegacy: true }, invalid),
      ...[1, 2, 3, 4].map((number) =>
        does("Add-VMNetworkAdapter", { VMName: "old", IsLegacy: true, Name: `l${number}` }),
      ),
      refuses("Add-VMNetworkAdapter", { VMName: "old", IsLegacy: true }, invalid),
      does("Get-VMNetworkAdapter", { VMName: "old", IsLegacy: true }, { count: 4 }),
      does("Get-VMNetworkAdapter", { VMName: "old", IsLegacy: false }, { count: 1 }),
    ],
  },
  {
    title: "of several machines none gets an adapter when one cannot",
    steps: [
      does("New-VM", { Name: "old" }),
      web,
      does("Start-VM", { Name: "old" }),
      refuses("Add-VMNetworkAdapter", { VMName: ["web", "old"], Name: "x" }, invalidState),
      does("Get-VMNetworkAdapter", { VMName: "web" }, { count: 1 }),
    ],
  },
  {
    title: "an adapter can be added with its switch and its address",
    steps: [
      web,
      lan,
      does("Add-VMNetworkAdapter", {
        VMName: "web",
        Name: "back",
        SwitchName: "lan",
        StaticMacAddress: "00-15-5d-aa-bb-cc",
      }),
      shows(
        "Get-VMNetworkAdapter",
        { VMName: "web", Name: "back" },
        { MacAddress: "00155DAABBCC", DynamicMacAddressEnabled: false, SwitchName: "lan", Connected: true },
      ),
    ],
  },
  {
    title: "a minimum is of the switch's mode, and bandwidth a multiple of 8 bits",
    steps: [
      does("New-VMSwitch", { Name: "a", SwitchType: "Private", MinimumBandwidthMode: "Absolute" }),
      does("New-VM", { Name: "web", SwitchName: "a" }),
      refuses("Set-VMNetworkAdapter", { VMName: "web", MinimumBandwidthWeight: 10, MaximumBandwidth: 8 }, invalid),
      does("Set-VMNetworkAdapter", { VMName: "web", MinimumBandwidthAbsolute: 1001, MaximumBandwidth: 2009 }),
      shows(
        "Get-VMNetworkAdapter",
        { VMName: "web" },
        { BandwidthSetting: { MinimumBandwidthAbsolute: 1000, MaximumBandwidth: 2008, MinimumBandwidthWeight: 0 } },
      ),
    ],
  },
  {
    title: "hardware of the adapter changes only while the machine is off, its protection at any time",
    steps: [
      web,
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMNetworkAdapter", { VMName: "web", NumaAwarePlacement: false, DhcpGuard: "On" }, invalidState),
      does("Set-VMNetworkAdapter", { VMName: "web", VmmqEnabled: true, IovInterruptModeration: "High", StormLimit: 5 }),
      shows(
        "Get-VMNetworkAdapter",
        { VMName: "web" },
        { DhcpGuard: "Off", VmmqEnabledRequested: true, IovInterruptModeration: "High", StormLimit: 5 },
      ),
    ],
  },
  {
    title: "an object of a removed adapter finds nothing",
    steps: [
      web,
      does("Get-VMNetworkAdapter", { VMName: "web" }, {}, "nic"),
      does("Remove-VMNetworkAdapter", { VMNetworkAdapter: { $ref: "nic" } }),
      refuses("Set-VMNetworkAdapter", { VMNetworkAdapter: { $ref: "nic" }, DhcpGuard: "On" }, notFound),
      shows("Get-VMFirmware", { VMName: "web" }, { BootOrder: [] }),
    ],
  },
  {
    title: "the host's adapter has no static address of a machine's, and is renamed with its interface",
    steps: [
      does("New-VMSwitch", { Name: "host", SwitchType: "Internal" }),
      does("New-NetIPAddress", { InterfaceAlias: "vEthernet (host)", IPAddress: "10.0.0.1", PrefixLength: 24 }),
      does("Get-VMNetworkAdapter", { ManagementOS: true }, {}, "nic"),
      refuses("Set-VMNetworkAdapter", { VMNetworkAdapter: { $ref: "nic" }, StaticMacAddress: "00155D010203" }, invalid),
      does("Rename-VMNetworkAdapter", { ManagementOS: true, Name: "host", NewName: "core" }),
      does("Get-NetAdapter", { Name: "vEthernet (core)" }, { count: 1 }),
      shows("Get-NetIPAddress", { IPAddress: "10.0.0.1" }, { InterfaceAlias: "vEthernet (core)" }),
      shows("Get-VMSwitch", {}, { Name: "host", SwitchType: "Internal" }),
    ],
  },
];

describe("network adapters of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
