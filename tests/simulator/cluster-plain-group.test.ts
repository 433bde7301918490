import assert from "node:assert/strict";
import { Simulator } from "../../provider/simulator";
import { worldIn } from "../../provider/simulator/world/world-file";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, role, running } from "./cluster-steps";
import { cluster, wide } from "./worlds";

const broker = "Virtual Machine Replication Broker";

const made: Step[] = [
  does("Add-ClusterGroup", { Name: "HVRB", GroupType: "VMReplicaBroker" }),
  does("Add-ClusterResource", { Name: "IP", ResourceType: "IP Address", Group: "HVRB" }, {}, "ip"),
  does("Add-ClusterResource", { Name: "HVRB", ResourceType: "Network Name", Group: "HVRB" }, {}, "name"),
  does("Add-ClusterResource", { Name: broker, ResourceType: broker, Group: "HVRB" }),
];

const claims: Case[] = [
  {
    title: "a broker comes online after the name and the address that it depends on",
    steps: [
      ...made,
      shows(
        "Get-ClusterGroup",
        { Name: "HVRB" },
        { GroupType: "VMReplicaBroker", State: "Offline", IsCoreGroup: false },
      ),
      refuses("Start-ClusterGroup", { Name: "HVRB" }, { idStartsWith: "Start-ClusterGroup,", hresult: -2147467259 }),
      shows("Get-ClusterGroup", { Name: "HVRB" }, { State: "Failed" }),
      does("Set-ClusterParameter", {
        InputObject: { $ref: "ip" },
        Multiple: { Address: "10.0.0.60", SubnetMask: "255.255.255.0", Network: "Cluster Network 1" },
      }),
      does("Set-ClusterParameter", { InputObject: { $ref: "name" }, Multiple: { Name: "HVRB", DnsName: "HVRB" } }),
      does("Add-ClusterResourceDependency", { Resource: "HVRB", Provider: "IP" }),
      does("Add-ClusterResourceDependency", { Resource: broker, Provider: "HVRB" }),
      does("Start-ClusterGroup", { Name: "HVRB" }),
      shows("Get-ClusterGroup", { Name: "HVRB" }, { State: "Online" }),
      does("Get-NetIPAddress", { IPAddress: "10.0.0.60" }, { count: 1 }),
      does(
        "Set-ClusterParameter",
        { InputObject: { $ref: "ip" }, Name: "Address", Value: "10.0.0.61" },
        { warnings: 1 },
      ),
      does("Stop-ClusterResource", { Name: "IP" }),
      shows("Get-ClusterResource", { Name: broker }, { State: "Offline" }),
      does("Start-ClusterResource", { Name: broker }),
      shows("Get-ClusterGroup", { Name: "HVRB" }, { State: "Online" }),
      { world: { fail: "HV01" } },
      { on: "HV02", ...shows("Get-ClusterGroup", { Name: "HVRB" }, { State: "Online", OwnerNode: { Name: "HV02" } }) },
    ],
  },
  {
    title: "an address is a client network's, and nobody else's",
    steps: [
      ...made,
      ...["10.0.1.60", "10.0.0.50", "10.0.0.12", "9.9.9.9", "10.0.0"].flatMap((Value) => [
        does("Set-ClusterParameter", { InputObject: { $ref: "ip" }, Name: "Address", Value }),
        refuses("Start-ClusterResource", { Name: "IP" }, { hresult: -2147467259 }),
      ]),
    ],
  },
  {
    title: "dependencies are within a group, once, and in no circle",
    steps: [
      ...made,
      does("Add-ClusterResourceDependency", { Resource: "HVRB", Provider: "IP" }),
      refuses("Add-ClusterResourceDependency", { Resource: "HVRB", Provider: "IP" }, { hresult: -2147019893 }),
      refuses("Add-ClusterResourceDependency", { Resource: "IP", Provider: "HVRB" }, { hresult: -2147023837 }),
      refuses("Add-ClusterResourceDependency", { Resource: "IP", Provider: "Cluster Name" }, { hresult: -2147019827 }),
      refuses("Remove-ClusterResourceDependency", { Resource: "IP", Provider: "HVRB" }, { hresult: -2147019894 }),
      does("Set-ClusterResourceDependency", { Resource: broker, Dependency: "[HVRB] and [IP]" }),
      shows(
        "Get-ClusterResourceDependency",
        { Resource: broker },
        { DependencyExpression: "([IP]) and ([HVRB])", Resource: { Name: broker } },
      ),
      refuses("Remove-ClusterResource", { Name: "IP", Force: true }, { hresult: -2147019895 }),
      does("Remove-ClusterResourceDependency", { Resource: broker, Provider: "IP" }),
      ...role("web"),
      shows(
        "Get-ClusterResourceDependency",
        { Resource: "Virtual Machine web" },
        { DependencyExpression: "([Virtual Machine Configuration web])" },
      ),
    ],
  },
  {
    title: "names are taken once, types are known ones, and machines' groups are theirs",
    steps: [
      ...role("web"),
      refuses("Add-ClusterGroup", { Name: "WEB" }, { hresult: -2147019886 }),
      does("Add-ClusterGroup", { Name: "free" }),
      shows("Get-ClusterGroup", { Name: "free" }, { GroupType: "Unknown", VMId: null }),
      refuses("Add-ClusterResource", { Name: "x", ResourceType: "Nothing", Group: "free" }, { hresult: -2147019818 }),
      refuses("Add-ClusterResource", { Name: "x", ResourceType: "Generic Service", Group: "web" }),
      refuses("Add-ClusterResource", { Name: "Cluster Name", ResourceType: "Generic Service", Group: "free" }),
      refuses("Move-ClusterVirtualMachineRole", { Name: "free" }),
      refuses("Get-ClusterResourceType", { Name: "Nothing" }, { hresult: -2147019818 }),
      does("New-VM", { Name: "free", Generation: 2, Path: "C:\\ClusterStorage\\Volume1" }),
      refuses("Add-ClusterVirtualMachineRole", { VMName: "free" }, { hresult: -2147019886 }),
    ],
  },
  {
    title: "the cluster's own groups stay, and what they hold",
    steps: [
      refuses(
        "Remove-ClusterGroup",
        { Name: "Cluster Group", RemoveResources: true, Force: true },
        { hresult: -2147019870 },
      ),
      refuses("Remove-ClusterResource", { Name: "Cluster Name", Force: true }, { hresult: -2147019870 }),
      refuses("Remove-ClusterResource", { Name: "Cluster Name" }, { category: "InvalidOperation" }),
      does("Move-ClusterGroup", { Name: "Cluster Group" }),
      shows("Get-ClusterGroup", { Name: "Cluster Group" }, { OwnerNode: { Name: "HV02" } }),
      does("Suspend-ClusterNode", { Name: "HV02", Drain: true }),
      shows("Get-ClusterGroup", { Name: "Cluster Group" }, { OwnerNode: { Name: "HV01" } }),
      refuses("Move-ClusterGroup", { Name: "Cluster Group", Node: "HV02" }, { hresult: -2147019860 }),
    ],
  },
  {
    title: "a guest is watched while it answers, and told by its machine or its role",
    steps: [
      ...running("web"),
      refuses("Add-ClusterVMMonitoredItem", { VirtualMachine: "web", Service: "spooler" }),
      { world: { guest: "web", boots: true } },
      refuses("Add-ClusterVMMonitoredItem", { VirtualMachine: "web" }),
      refuses("Add-ClusterVMMonitoredItem", { VirtualMachine: "web", EventLog: "System" }),
      does("Add-ClusterVMMonitoredItem", { VirtualMachine: "web", Service: ["spooler", "w32time"] }, { count: 2 }),
      refuses("Add-ClusterVMMonitoredItem", { VirtualMachine: "web", Service: "Spooler" }),
      does("Add-ClusterVMMonitoredItem", {
        VirtualMachine: "web",
        EventLog: "System",
        EventSource: "disk",
        EventId: 7,
      }),
      does("Get-ClusterGroup", { Name: "web" }, {}, "group"),
      assigns("Name", "group", "www"),
      does("Get-ClusterVMMonitoredItem", { VirtualMachine: "web" }, { count: 3 }),
      does("Get-ClusterVMMonitoredItem", { VirtualMachine: "www" }, { count: 3 }, "items"),
      refuses("Get-ClusterVMMonitoredItem", { VirtualMachine: "none" }, { hresult: -2147019883 }),
      refuses("Remove-ClusterVMMonitoredItem", { VirtualMachine: "web", Service: "none" }),
      does("Remove-ClusterVMMonitoredItem", { VirtualMachine: "web", Service: "w32time" }),
      does("Move-ClusterVirtualMachineRole", { Name: "www", Node: "HV02", MigrationType: "Live" }),
      does("Get-ClusterVMMonitoredItem", { InputObject: { $ref: "group" } }, { count: 2 }),
      does("Stop-VM", { Name: "web", TurnOff: true }, { error: {} }),
      does("Stop-ClusterGroup", { Name: "www" }),
      refuses("Get-ClusterVMMonitoredItem", { VirtualMachine: "web" }),
    ],
  },
];

describe("groups of a cluster of the simulator that have no machine", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));

  it("are there in worlds that were saved before there were any", async () => {
    const world = await Simulator.inMemory(structuredClone(cluster)).world();
    assert(world.cluster);
    delete world.cluster.plainGroups;
    delete world.sharedDisks;
    for (const volume of world.cluster.sharedVolumes) {
      delete volume.id;
      delete volume.diskId;
    }
    const read = worldIn(JSON.stringify(world));
    assert("world" in read);
    const simulator = Simulator.inMemory(read.world);
    const answers = await simulator.run("HV01", [
      { cmdlet: "Get-ClusterGroup", select: { Name: null } },
      { cmdlet: "Remove-ClusterSharedVolume", parameters: { Name: "Volume1" } },
      { cmdlet: "Add-ClusterSharedVolume", parameters: { Name: "Volume1" }, select: { Name: null } },
    ]);
    assert.deepEqual(
      answers.map(({ values, error }) => error?.id ?? values),
      [[{ Name: "Cluster Group" }, { Name: "Available Storage" }], [], [{ Name: "Volume1" }]],
    );
  });
});
