import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const nat = does("New-NetNat", { Name: "lab", InternalIPInterfaceAddressPrefix: "192.168.100.0/24" });
const mapping = {
  NatName: "lab",
  Protocol: "TCP",
  ExternalIPAddress: "0.0.0.0",
  ExternalPort: 8080,
  InternalIPAddress: "192.168.100.10",
  InternalPort: 80,
};
const asks = { idStartsWith: "InvalidOperation,", category: "InvalidOperation" };

const claims: Case[] = [
  {
    title: "a host has one NAT, with a prefix",
    steps: [
      refuses("New-NetNat", { Name: "lab", InternalIPInterfaceAddressPrefix: "192.168.100" }),
      refuses("New-NetNat", { Name: "lab" }),
      nat,
      refuses(
        "New-NetNat",
        { Name: "LAB", InternalIPInterfaceAddressPrefix: "10.0.0.0/24" },
        { id: "Windows System Error 52,New-NetNat" },
      ),
      refuses(
        "New-NetNat",
        { Name: "other", InternalIPInterfaceAddressPrefix: "10.0.0.0/24" },
        { id: "Windows System Error 87,New-NetNat" },
      ),
      does("Get-NetNat", {}, { count: 1 }),
    ],
  },
  {
    title: "its timeouts are set and read",
    steps: [
      nat,
      does("Set-NetNat", { Name: "lab", TcpEstablishedConnectionTimeout: 60, UdpInboundRefresh: true }),
      shows("Get-NetNat", {}, { TcpEstablishedConnectionTimeout: 60, UdpInboundRefresh: true, IcmpQueryTimeout: 30 }),
      refuses(
        "Set-NetNat",
        { Name: "none", IcmpQueryTimeout: 5 },
        { id: "CmdletizationQuery_NotFound_Name,Set-NetNat" },
      ),
      refuses("Get-NetNat", { Name: "none" }, { id: "CmdletizationQuery_NotFound_Name,Get-NetNat" }),
      does("Get-NetNat", { Name: "none*" }, { count: 0 }),
    ],
  },
  {
    title: "an external port leads to one place for each protocol",
    steps: [
      nat,
      does("Add-NetNatStaticMapping", mapping),
      refuses(
        "Add-NetNatStaticMapping",
        { ...mapping, InternalPort: 81 },
        { idStartsWith: "Windows System Error 52," },
      ),
      refuses("Add-NetNatStaticMapping", { ...mapping, NatName: "none" }, { idStartsWith: "Windows System Error 2," }),
      does("Add-NetNatStaticMapping", { ...mapping, Protocol: "UDP" }),
      does("Get-NetNatStaticMapping", { NatName: "lab" }, { count: 2 }),
    ],
  },
  {
    title: "what is removed is asked about, and nobody answers",
    steps: [
      nat,
      does("Add-NetNatStaticMapping", mapping, {}, "mapping"),
      does("New-NetIPAddress", { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.5", PrefixLength: 24 }),
      refuses("Remove-NetNatStaticMapping", { NatName: "lab" }, asks),
      refuses("Remove-NetNat", { Name: "lab" }, asks),
      refuses("Remove-NetIPAddress", { IPAddress: "10.0.0.5" }, asks),
      does("Remove-NetNatStaticMapping", { InputObject: { $ref: "mapping" }, Confirm: false }),
      refuses("Remove-NetNatStaticMapping", { StaticMappingID: 999, Confirm: false }, { category: "ObjectNotFound" }),
      does("Get-NetNatStaticMapping", {}, { count: 0 }),
    ],
  },
  {
    title: "an address is on one interface, and of its family",
    steps: [
      does("New-NetIPAddress", { InterfaceAlias: "ethernet", IPAddress: "10.0.0.5", PrefixLength: 24 }),
      refuses(
        "New-NetIPAddress",
        { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.5", PrefixLength: 24 },
        { id: "Windows System Error 87,New-NetIPAddress", category: "InvalidArgument" },
      ),
      does("New-VMSwitch", { Name: "lan", SwitchType: "Internal" }),
      refuses(
        "New-NetIPAddress",
        { InterfaceAlias: "vEthernet (lan)", IPAddress: "10.0.0.5", PrefixLength: 24 },
        { id: "Windows System Error 5010,New-NetIPAddress" },
      ),
      refuses("New-NetIPAddress", { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.256", PrefixLength: 24 }),
      refuses("New-NetIPAddress", { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.6", PrefixLength: 33 }),
      does("New-NetIPAddress", { InterfaceAlias: "Ethernet", IPAddress: "fd00::1", PrefixLength: 64 }),
      shows("Get-NetIPAddress", { AddressFamily: "IPv6" }, { IPAddress: "fd00::1", InterfaceAlias: "Ethernet" }),
      does("Get-NetIPAddress", { InterfaceAlias: "Eth*" }, { count: 2 }),
    ],
  },
  {
    title: "a new address is told once for each store, and is there at the next look",
    steps: [
      does(
        "New-NetIPAddress",
        { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.5", PrefixLength: 24 },
        { values: [{ Store: "ActiveStore", AddressState: "Tentative" }, { Store: "PersistentStore" }] },
      ),
      shows("Get-NetIPAddress", { IPAddress: "10.0.0.5" }, { AddressState: "Preferred" }),
    ],
  },
  {
    title: "addresses and the way out move to the host's adapter when a switch takes the physical one, and go with it",
    steps: [
      does("New-NetIPAddress", {
        InterfaceAlias: "Ethernet",
        IPAddress: "10.0.0.5",
        PrefixLength: 24,
        DefaultGateway: "10.0.0.1",
      }),
      does("Get-NetAdapter", { Name: "Ethernet" }, { count: 1 }, "card"),
      does("New-VMSwitch", { Name: "ext", NetAdapterName: "Ethernet" }),
      shows("Get-NetRoute", { DestinationPrefix: "0.0.0.0/0" }, { InterfaceAlias: "vEthernet (ext)" }),
      shows("Get-VMNetworkAdapter", { ManagementOS: true }, { MacAddress: "3CFDFE000101" }),
      does("Rename-VMNetworkAdapter", { ManagementOS: true, Name: "ext", NewName: "mgmt" }),
      shows("Get-NetRoute", { NextHop: "10.0.0.1" }, { InterfaceAlias: "vEthernet (mgmt)" }),
      does("Rename-VMNetworkAdapter", { ManagementOS: true, Name: "mgmt", NewName: "ext" }),
      shows("Get-NetIPAddress", { IPAddress: "10.0.0.5" }, { InterfaceAlias: "vEthernet (ext)" }),
      refuses("New-NetIPAddress", { InterfaceAlias: "Ethernet", IPAddress: "10.0.0.6", PrefixLength: 24 }),
      does("Remove-VMNetworkAdapter", { ManagementOS: true, Name: "ext" }),
      refuses("Get-NetRoute", { DestinationPrefix: "0.0.0.0/0" }, { category: "ObjectNotFound" }),
    ],
  },
];

describe("NAT and addresses of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
