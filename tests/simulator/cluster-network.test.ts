import { type Case, does, refuses, runCase, shows } from "./cases";
import { assigns, on, running } from "./cluster-steps";
import { cluster, wide } from "./worlds";

const first = { Name: "Cluster Network 1" };
const second = { Name: "Cluster Network 2" };

const claims: Case[] = [
  {
    title: "a network shows its subnet, and numbers that the cluster has chosen",
    steps: [
      shows(
        "Get-ClusterNetwork",
        {},
        { ...first, Address: "10.0.0.0", AddressMask: "255.255.255.0", Role: "ClusterAndClient", Metric: 70240 },
        { ...second, Address: "10.0.1.0", AddressMask: "255.255.255.0", Role: "Cluster", Metric: 30240 },
      ),
      does("Get-ClusterNetwork", second, { count: 1 }, "network"),
      does("Get-ClusterNetwork", { InputObject: { $ref: "network" } }, { count: 1 }),
      does("Get-ClusterNetworkInterface", { InputObject: { $ref: "network" } }, { count: 3 }),
    ],
  },
  {
    title: "a network of another name is not found, by whatever pattern",
    steps: [
      refuses("Get-ClusterNetwork", { Name: "Cluster Network 9" }, { hresult: -2147019851 }),
      refuses("Get-ClusterNetwork", { Name: "Cluster*" }, { hresult: -2147019851 }),
      refuses("Get-ClusterNetworkInterface", { Name: "HV01 - Nothing" }, { hresult: -2147019849 }),
      refuses("Get-ClusterNetworkInterface", { Node: "HV09" }, { hresult: -2147019854 }),
      refuses("Get-ClusterNetworkInterface", { Network: "Nothing" }, { hresult: -2147019851 }),
      refuses("Get-ClusterNetwork", { InputObject: null }, { idStartsWith: "PSArgument," }),
    ],
  },
  {
    title: "of a node that is down the interface is not available, and the network is up for the others",
    steps: [
      { world: { fail: "HV03" } },
      shows(
        "Get-ClusterNetworkInterface",
        { Network: "Cluster Network 1" },
        { Name: "HV01 - Ethernet", State: "Up" },
        { Name: "HV02 - Ethernet", State: "Up" },
        { Name: "HV03 - Ethernet", State: "Unavailable" },
      ),
      shows("Get-ClusterNetwork", first, { State: "Up" }),
    ],
  },
  {
    title: "a name is one network's, a subnet nobody sets, and one network stays for the nodes",
    steps: [
      does("Get-ClusterNetwork", first, {}, "first"),
      does("Get-ClusterNetwork", second, {}, "second"),
      assigns("Name", "second", "cluster network 1", "ExceptionWhenSetting"),
      assigns("Name", "second", "", "ExceptionWhenSetting"),
      assigns("Address", "second", "10.0.2.0", "PropertyAssignmentException"),
      assigns("Speed", "second", 1, "PropertyAssignmentException"),
      assigns("Role", "second", 4, "ExceptionWhenSetting"),
      assigns("Role", "second", "None"),
      assigns("Role", "first", "None", "ExceptionWhenSetting"),
      assigns("AutoMetric", "second", false),
      shows("Get-ClusterNetwork", second, { Role: "None", AutoMetric: false, Metric: 30240 }),
      assigns("Metric", "second", 0x10000000, "ExceptionWhenSetting"),
      assigns("Metric", "second", 0x0fffffff),
      assigns("AutoMetric", "second", 1),
      shows("Get-ClusterNetwork", second, { Metric: 30240, AutoMetric: true }),
    ],
  },
  {
    title: "a subnet that comes is a network, with the role for new ones, and goes with its last address",
    steps: [
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("DefaultNetworkRole", "cluster", 0),
      does("New-NetIPAddress", { InterfaceAlias: "Ethernet 2", IPAddress: "192.168.7.1", PrefixLength: 28 }),
      shows(
        "Get-ClusterNetwork",
        { Name: "Cluster Network 3" },
        { Address: "192.168.7.0", AddressMask: "255.255.255.240", Role: "None" },
      ),
      does("Remove-NetIPAddress", { IPAddress: "192.168.7.1", Confirm: false }),
      does("Get-ClusterNetwork", {}, { count: 2 }),
    ],
  },
  {
    title: "the cluster's address is on the adapter of the node that has its group",
    steps: [
      shows("Get-NetIPAddress", { IPAddress: "10.0.0.50" }, { InterfaceAlias: "Ethernet", PrefixOrigin: "Manual" }),
      does("Move-ClusterGroup", { Name: "Cluster Group", Node: "HV02" }),
      refuses("Get-NetIPAddress", { IPAddress: "10.0.0.50" }),
      on("HV02", does("Get-NetIPAddress", { IPAddress: "10.0.0.50" }, { count: 1 })),
      { world: { fail: "HV02" } },
      shows("Get-ClusterGroup", { Name: "Cluster Group" }, { OwnerNode: { Name: "HV01" }, State: "Online" }),
      does("Get-NetIPAddress", { IPAddress: "10.0.0.50" }, { count: 1 }),
    ],
  },
  {
    title: "machines move live while a network is left for it",
    steps: [
      ...running("web"),
      does("Get-ClusterNetwork", {}, { values: [{ Id: "$any" }, { Id: "$any" }] }, "networks"),
      does("Get-ClusterResourceType", { Name: "virtual machine" }, { count: 1 }, "type"),
      does("Get-ClusterNetwork", first, {}, "first"),
      does("Set-ClusterParameter", {
        InputObject: { $ref: "type" },
        Name: "MigrationExcludeNetworks",
        Value: { $ref: "first", property: "Id" },
      }),
      does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02", MigrationType: "Live" }),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "type" }, Name: "MigrationNetworks", Value: "" }),
    ],
  },
];

describe("networks of a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));

  it("are none where nodes tell no addresses", () =>
    runCase({ title: "", steps: [does("Get-ClusterNetwork", {}, { count: 0 })] }, cluster));
});
