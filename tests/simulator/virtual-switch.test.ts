import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, shows } from "./cases";

const port = { interfaceDescription: "Port", macAddress: "3CFDFE000101", linkSpeedBps: 10_000_000_000 };
const host: WorldDescription = {
  nodes: [
    {
      name: "HV01",
      netAdapters: [
        { ...port, name: "Ethernet" },
        { ...port, name: "Ethernet 2", interfaceDescription: "Port #2" },
        { ...port, name: "Slow", interfaceDescription: "Slow port", linkSpeedBps: 1_000_000_000 },
        { ...port, name: "Wi-Fi", interfaceDescription: "Radio", wireless: true },
      ],
    },
  ],
  seed: "test",
};

const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };
const unbindable = { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound", hresult: -2147023728 };
const several = { idStartsWith: "InvalidOperation,", category: "InvalidOperation" };
const id = "b5f1c1de-7a10-4c2e-9f3b-0d6a4a1e2c01";

const claims: Case[] = [
  {
    title: "a new switch shows every property that it was made with",
    steps: [
      shows(
        "New-VMSwitch",
        { Name: "lan", SwitchType: "Private", Notes: "for the lab", MinimumBandwidthMode: "Absolute" },
        { Notes: "for the lab", BandwidthReservationMode: "Absolute", IovEnabled: false, PacketDirectEnabled: false },
      ),
      shows(
        "New-VMSwitch",
        { Name: "san", SwitchType: "Internal", EnableIov: true },
        { BandwidthReservationMode: "None" },
      ),
      shows(
        "New-VMSwitch",
        { Name: "wan", NetAdapterName: "ethernet", MinimumBandwidthMode: "Absolute" },
        { DefaultFlowMinimumBandwidthAbsolute: 1_000_000_000, SwitchType: "External", Extensions: { $count: 2 } },
      ),
      shows(
        "New-VMSwitch",
        { Name: "man", NetAdapterInterfaceDescription: "Port #2", AllowManagementOS: false },
        { BandwidthReservationMode: "Weight", DefaultFlowMinimumBandwidthWeight: 1, SoftwareRscEnabled: true },
      ),
    ],
  },
  {
    title: "what does not go together is refused, and nothing of it is made",
    steps: [
      refuses("New-VMSwitch", { Name: "a", SwitchType: "External" }, { category: "InvalidData" }),
      refuses(
        "New-VMSwitch",
        { Name: "a", NetAdapterName: "Ethernet", EnableIov: true, EnablePacketDirect: true },
        invalid,
      ),
      refuses(
        "New-VMSwitch",
        { Name: "a", NetAdapterName: ["Ethernet", "Ethernet 2"], EnablePacketDirect: true },
        invalid,
      ),
      refuses(
        "New-VMSwitch",
        { Name: "a", NetAdapterName: ["Ethernet", "Ethernet 2"], EnableEmbeddedTeaming: false },
        invalid,
      ),
      refuses("New-VMSwitch", { Name: "a", NetAdapterName: ["Ethernet", "Slow"] }, invalid),
      refuses("New-VMSwitch", { Name: "a", NetAdapterName: ["Ethernet", "ETHERNET"] }, invalid),
      refuses("New-VMSwitch", { Name: "a", NetAdapterName: ["Ethernet", "Wi-Fi"] }, unbindable),
      refuses("New-VMSwitch", { Name: "a", SwitchType: "Private", Id: "no guid" }, invalid),
      does("Get-VMSwitch", {}, { count: 0 }),
    ],
  },
  {
    title: "an id that a switch has is not given to another",
    steps: [
      does("New-VMSwitch", { Name: "a", SwitchType: "Private", Id: id }),
      refuses("New-VMSwitch", { Name: "b", SwitchType: "Private", Id: id.toUpperCase() }, invalid),
      does("Get-VMSwitch", {}, { count: 1 }),
      refuses(
        "Get-VMSwitch",
        { Id: [id, "00000000-0000-0000-0000-000000000001"] },
        { idStartsWith: "ObjectNotFound," },
      ),
    ],
  },
  {
    title: "the host's own adapter cannot carry a switch",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Internal" }),
      refuses("New-VMSwitch", { Name: "nested", NetAdapterName: "vEthernet (lan)" }, unbindable),
      does("Get-VMSwitch", {}, { count: 1 }),
    ],
  },
  {
    title: "a pattern means every switch that it matches, and none is no error",
    steps: [
      does("New-VMSwitch", { Name: "lan 1", SwitchType: "Private" }),
      does("New-VMSwitch", { Name: "lan 2", SwitchType: "Private" }),
      does("New-VMSwitch", { Name: "[odd]", SwitchType: "Private" }),
      does("Get-VMSwitch", { Name: "none*" }, { count: 0 }),
      does("Set-VMSwitch", { Name: "lan*", Notes: "both" }),
      shows("Get-VMSwitch", { Name: "LAN ?" }, { Notes: "both" }, { Notes: "both" }),
      shows("Get-VMSwitch", { Name: "`[odd`]" }, { Name: "[odd]", Notes: "" }),
      refuses("Rename-VMSwitch", { Name: "lan*", NewName: "x" }, several),
      does("Remove-VMSwitch", { Name: "lan*", Force: true }),
      shows("Get-VMSwitch", {}, { Name: "[odd]" }),
    ],
  },
  {
    title: "conversion to External shares the adapter unless told otherwise",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }),
      does("Set-VMSwitch", { Name: "lan", NetAdapterName: "Ethernet" }),
      shows("Get-VMSwitch", { Name: "lan" }, { SwitchType: "External", AllowManagementOS: true }),
      does("Get-NetAdapter", { Name: "vEthernet (lan)" }, { count: 1 }),
    ],
  },
  {
    title: "a type that contradicts the share, or lacks its adapter, changes nothing",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }),
      refuses("Set-VMSwitch", { Name: "lan", SwitchType: "External" }, invalid),
      refuses("Set-VMSwitch", { Name: "lan", SwitchType: "Internal", AllowManagementOS: false }, invalid),
      refuses("Set-VMSwitch", { Name: "lan", AllowManagementOS: true }, invalid),
      refuses("Set-VMSwitch", { Name: "lan", NetAdapterName: "Wi-Fi", Notes: "x" }, unbindable),
      refuses(
        "Set-VMSwitch",
        { Name: "lan", SwitchType: "Internal", DefaultFlowMinimumBandwidthAbsolute: 8, Notes: "x" },
        invalid,
      ),
      shows("Get-VMSwitch", { Name: "lan" }, { SwitchType: "Private", Notes: "" }),
    ],
  },
  {
    title: "the default flow has the switch's own mode, absolute in multiples of 8 bits",
    steps: [
      does("New-VMSwitch", { Name: "w", SwitchType: "Private" }),
      does("New-VMSwitch", { Name: "a", SwitchType: "Private", MinimumBandwidthMode: "Absolute" }),
      does("Set-VMSwitch", { Name: "w", DefaultFlowMinimumBandwidthWeight: 20 }),
      does("Set-VMSwitch", { Name: "a", DefaultFlowMinimumBandwidthAbsolute: 1001 }),
      refuses("Set-VMSwitch", { Name: "a", DefaultFlowMinimumBandwidthWeight: 20 }, invalid),
      shows("Get-VMSwitch", { Name: "w" }, { DefaultFlowMinimumBandwidthWeight: 20 }),
      shows("Get-VMSwitch", { Name: "a" }, { DefaultFlowMinimumBandwidthAbsolute: 1000 }),
    ],
  },
  {
    title: "what is asked of the default queue is read as requested",
    steps: [
      does("New-VMSwitch", { Name: "ext", NetAdapterName: "Ethernet" }),
      does("Set-VMSwitch", { Name: "ext", DefaultQueueVmmqEnabled: true, EnableSoftwareRsc: false }),
      shows("Get-VMSwitch", { Name: "ext" }, { DefaultQueueVmmqEnabledRequested: true, SoftwareRscEnabled: false }),
    ],
  },
  {
    title: "a team keeps one member, takes like ones, and has no description of its own",
    steps: [
      does("New-VMSwitch", { Name: "set", NetAdapterName: "Ethernet", EnableEmbeddedTeaming: true }, {}, "set"),
      shows("Get-VMSwitch", { Name: "set" }, { NetAdapterInterfaceDescription: "Teamed-Interface" }),
      refuses("Set-VMSwitch", { Name: "set", NetAdapterName: "Ethernet 2" }, invalid),
      refuses("Add-VMSwitchTeamMember", { VMSwitchName: "set", NetAdapterName: "Slow" }, invalid),
      refuses("Add-VMSwitchTeamMember", { VMSwitchName: "set", NetAdapterName: "Ethernet" }, unbindable),
      refuses("Remove-VMSwitchTeamMember", { VMSwitchName: "set", NetAdapterName: "Ethernet" }, invalid),
      refuses("Remove-VMSwitchTeamMember", { VMSwitchName: "set", NetAdapterName: "Ethernet 2" }),
      does("Set-VMSwitchTeam", { VMSwitch: { $ref: "set" }, NetAdapterName: ["Ethernet", "Ethernet 2"] }),
      does("Remove-VMSwitchTeamMember", { VMSwitch: { $ref: "set" }, NetAdapterName: "Ethernet" }),
      shows("Get-VMSwitchTeam", { VMSwitch: { $ref: "set" } }, { NetAdapterInterfaceDescription: ["Port #2"] }),
      does("New-VMSwitch", { Name: "free again", NetAdapterName: "Ethernet" }),
      refuses("Get-VMSwitchTeam", { Name: "free again" }, invalid),
      does("Get-VMSwitchTeam", {}, { count: 1 }),
    ],
  },
  {
    title: "the last adapter of the host that leaves an internal switch leaves it private",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Internal" }),
      does("Remove-VMNetworkAdapter", { ManagementOS: true, Name: "lan" }),
      shows("Get-VMSwitch", { Name: "lan" }, { SwitchType: "Private", AllowManagementOS: false }),
      does("Add-VMNetworkAdapter", { ManagementOS: true, SwitchName: "lan", Name: "back" }),
      shows("Get-VMSwitch", { Name: "lan" }, { SwitchType: "Internal", AllowManagementOS: true }),
    ],
  },
  {
    title: "a switch that was asked for without -Force stays, as nobody answers the question",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }),
      refuses("Remove-VMSwitch", { Name: "lan" }, several),
      does("Get-VMSwitch", {}, { count: 1 }),
    ],
  },
  {
    title: "of several switches to remove none goes when a running machine uses one",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }),
      does("New-VMSwitch", { Name: "san", SwitchType: "Private" }),
      does("New-VM", { Name: "web", SwitchName: "san" }),
      does("Start-VM", { Name: "web" }),
      refuses("Remove-VMSwitch", { Name: ["lan", "san"], Force: true }),
      does("Get-VMSwitch", {}, { count: 2 }),
      does("Save-VM", { Name: "web" }),
      does("Remove-VMSwitch", { Name: ["lan", "san"], Force: true }),
      shows("Get-VMNetworkAdapter", { VMName: "web" }, { Connected: false }),
    ],
  },
  {
    title: "the host's network stack sees physical adapters and its own on switches",
    steps: [
      does("New-VMSwitch", { Name: "lan", SwitchType: "Internal" }),
      shows("Get-NetAdapter", { Name: "Eth*" }, { LinkSpeed: "10 Gbps" }, { LinkSpeed: "10 Gbps" }),
      does("Get-NetAdapter", {}, { count: 5 }),
      does("Get-NetAdapter", { Physical: true }, { count: 4 }),
      shows("Get-NetAdapter", { Name: "vethernet (lan)" }, { Virtual: true }),
      refuses("Get-NetAdapter", { Name: "Ethernet 9" }, { id: "CmdletizationQuery_NotFound_Name,Get-NetAdapter" }),
      refuses("Get-NetAdapter", { InterfaceDescription: "nothing" }, { category: "ObjectNotFound" }),
    ],
  },
];

describe("virtual switches of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
