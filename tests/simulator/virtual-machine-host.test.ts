import type { Value } from "../../provider/calls";
import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { cluster, GiB, host } from "./worlds";

const invalid = { category: "InvalidArgument" };
const set = (parameters: Record<string, Value>): Step => does("Set-VMHost", parameters);
const refused = (parameters: Record<string, Value>): Step => refuses("Set-VMHost", parameters, invalid);

const claims: Case[] = [
  {
    title: "a bad value of a host's setting changes none of those beside it",
    steps: [
      refused({ VirtualMachinePath: "D:\\none", MaximumStorageMigrations: 9 }),
      refused({ VirtualHardDiskPath: "relative" }),
      refused({ MacAddressMinimum: "00155D" }),
      refused({ MacAddressMinimum: "00155D0000FF", MacAddressMaximum: "00155D000000" }),
      refused({ FibreChannelWwnn: "C003FF" }),
      refused({ FibreChannelWwpnMinimum: "C003FF000000FFFF", FibreChannelWwpnMaximum: "C003FF0000000000" }),
      refused({ ResourceMeteringSaveInterval: "00:59:59" }),
      shows("Get-VMHost", {}, { MaximumStorageMigrations: 2, MacAddressMinimum: "00155D000100" }),
    ],
  },
  {
    title: "folders go back to those that Hyper-V has made",
    steps: [
      { world: { folder: "D:\\VMs" } },
      does("Get-VMHost", {}, {}, "before"),
      set({ VirtualMachinePath: "D:\\VMs\\", VirtualHardDiskPath: "D:\\VMs" }),
      shows("Get-VMHost", {}, { VirtualMachinePath: "D:\\VMs", VirtualHardDiskPath: "D:\\VMs" }),
      set({ VirtualMachinePath: "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V" }),
      shows("Get-VMHost", {}, { VirtualMachinePath: "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V" }),
    ],
  },
  {
    title: "a range of two addresses serves two adapters",
    steps: [
      set({ MacAddressMinimum: "00-15-5D-00-00-01", MacAddressMaximum: "00155D000002" }),
      does("New-VM", { Name: "one" }),
      does("New-VM", { Name: "two" }),
      does("New-VM", { Name: "three" }),
      does("Start-VM", { Name: "one" }),
      does("Start-VM", { Name: "two" }),
      shows("Get-VMNetworkAdapter", { VMName: "two" }, { MacAddress: "00155D000002" }),
      refuses("Start-VM", { Name: "three" }),
    ],
  },
  {
    title: "a host has one NUMA node of all its memory",
    steps: [
      shows("Get-VMHostNumaNode", {}, { NodeId: 0, MemoryTotal: 65536, ProcessorsAvailability: { $count: 16 } }),
      refuses("Get-VMHostNumaNode", { Id: 1 }, invalid),
      shows("Get-VMHost", {}, { FullyQualifiedDomainName: "HV01.corp.example", HostNumaStatus: [{ NodeId: 0 }] }),
    ],
  },
  {
    title: "a subnet of a migration network is an address or a network, once in the list",
    steps: [
      does("Add-VMMigrationNetwork", { Subnet: "10.0.0.0/24", Passthru: true }, { values: [{ Priority: null }] }),
      refuses("Add-VMMigrationNetwork", { Subnet: "10.0.0.0/24" }, invalid),
      refuses("Add-VMMigrationNetwork", { Subnet: "10.0.0.0/33" }, invalid),
      refuses("Add-VMMigrationNetwork", { Subnet: "LAN" }, invalid),
      does("Add-VMMigrationNetwork", { Subnet: "10.0.1.0/24" }),
      refuses("Set-VMMigrationNetwork", { Subnet: "10.0.0.0/24", NewSubnet: "10.0.1.0/24" }, invalid),
      refuses("Set-VMMigrationNetwork", { Subnet: "10.*", NewSubnet: "10.0.2.0/24" }, invalid),
      does("Set-VMMigrationNetwork", { Subnet: "10.*", NewPriority: 7 }),
      does("Get-VMMigrationNetwork", { Priority: 7 }, { count: 2 }),
      refuses("Remove-VMMigrationNetwork", { Subnet: "10.0.9.0/24" }, { category: "ObjectNotFound" }),
      does("Remove-VMMigrationNetwork", { Subnet: "192.*" }),
      does("Remove-VMMigrationNetwork", { Subnet: "*" }),
      does("Get-VMMigrationNetwork", {}, { count: 0 }),
    ],
  },
  {
    title: "what is metered is reported, until nothing is metered",
    steps: [
      does("New-VM", { Name: "web", MemoryStartupBytes: GiB, NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: 4 * GiB }),
      refuses("Measure-VM", { Name: "web" }, { idStartsWith: "InvalidState," }),
      does("Reset-VMResourceMetering", { VMName: "web" }),
      refuses("Measure-VM", { Name: "web" }),
      does("Enable-VMResourceMetering", { VMName: "web" }),
      shows("Measure-VM", { Name: "web" }, { AverageMemoryUsage: 1024, TotalDiskAllocation: 4096 }),
      does("Reset-VMResourceMetering", { VMName: "web" }),
      shows("Get-VM", { Name: "web" }, { ResourceMeteringEnabled: true }),
    ],
  },
];

const client: WorldDescription = { nodes: [{ name: "PC", windowsBuild: 22631 }], seed: "test" };
const old: WorldDescription = { nodes: [{ name: "HV01", windowsBuild: 17763 }], seed: "test" };

describe("hosts of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));

  it("Windows 11 allows enhanced sessions, a server does not", async () => {
    const shown = (value: boolean): Case => ({
      title: "",
      steps: [shows("Get-VMHost", {}, { EnableEnhancedSessionMode: value })],
    });
    await runCase(shown(true), client);
    await runCase(shown(false), host);
  });

  it("the folder of disks was another one before 2022", () =>
    runCase(
      {
        title: "",
        steps: [
          shows("Get-VMHost", {}, { VirtualHardDiskPath: "C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks" }),
        ],
      },
      old,
    ));

  it("a cluster writes its number of live migrations over that of its nodes", () =>
    runCase(
      {
        title: "",
        steps: [
          set({ MaximumVirtualMachineMigrations: 8 }),
          shows("Get-VMHost", {}, { MaximumVirtualMachineMigrations: 1, VirtualMachineMigrationEnabled: true }),
        ],
      },
      cluster,
    ));
});
