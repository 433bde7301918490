import { type Case, does, refuses, runCase, shows } from "./cases";
import { assigns, gone, on, role, running } from "./cluster-steps";
import { cluster } from "./worlds";

const claims: Case[] = [
  {
    title: "the calls that a role is planned with",
    steps: [
      does("New-VM", { Name: "web", Generation: 2, Path: "C:\\ClusterStorage\\Volume1" }, {}, "vm"),
      refuses("Get-ClusterGroup", { VMId: { $ref: "vm", property: "Id" }, Cluster: "." }, { hresult: -2147019883 }),
      shows("Add-ClusterVirtualMachineRole", { VMId: { $ref: "vm", property: "Id" }, Cluster: "." }, { Name: "web" }),
      does("Get-ClusterGroup", { VMId: { $ref: "vm", property: "Id" }, Cluster: "." }, { count: 1 }, "group"),
      does("Set-ClusterOwnerNode", { InputObject: { $ref: "group" }, Owners: ["HV02", "hv01"] }),
      shows(
        "Get-ClusterOwnerNode",
        { InputObject: { $ref: "group" } },
        { OwnerNodes: [{ Name: "HV02" }, { Name: "HV01" }] },
      ),
      does("Set-ClusterOwnerNode", { InputObject: { $ref: "group" }, Owners: [""] }),
      shows("Get-ClusterOwnerNode", { InputObject: { $ref: "group" } }, { OwnerNodes: { $count: 0 } }),
      assigns("AntiAffinityClassNames", "group", ["web", "front"]),
      shows("Get-ClusterGroup", { Name: "web" }, { AntiAffinityClassNames: ["web", "front"] }),
      shows("Get-Cluster", {}, { Name: "HVC1" }),
      does("Move-ClusterVirtualMachineRole", {
        VMId: { $ref: "vm", property: "Id" },
        Node: "HV02",
        MigrationType: "Quick",
        Cluster: ".",
      }),
      shows("Get-ClusterGroup", { Name: "web" }, { OwnerNode: { Name: "HV02" }, State: "Offline" }),
      shows("Get-VM", { ClusterObject: { $ref: "group" } }, { Name: "web", ComputerName: "HV02" }),
      does("Remove-ClusterGroup", {
        VMId: { $ref: "vm", property: "Id" },
        RemoveResources: true,
        Force: true,
        Cluster: ".",
      }),
      gone("web"),
      on("HV02", shows("Get-VM", { Name: "web" }, { IsClustered: false })),
    ],
  },
  {
    title: "a role needs its configuration and disks on a shared volume, and only warns of an image",
    steps: [
      does("New-VM", { Name: "local", Generation: 2 }),
      refuses("Add-ClusterVirtualMachineRole", { VMName: "local" }, { hresult: -2147018951 }),
      shows("Get-VM", { Name: "local" }, { IsClustered: false }),
      does("New-VM", {
        Name: "disk",
        Path: "C:\\ClusterStorage\\Volume1",
        NewVHDPath: "D:\\disk.vhdx",
        NewVHDSizeBytes: 2 ** 30,
      }),
      refuses("Add-ClusterVirtualMachineRole", { VMName: "disk" }, { hresult: -2147018951 }),
      gone("disk"),
      { world: { touch: "D:\\setup.iso", sizeBytes: 1024 } },
      does("New-VM", { Name: "iso", Path: "C:\\ClusterStorage\\Volume1" }),
      does("Set-VMDvdDrive", { VMName: "iso", Path: "D:\\setup.iso" }),
      does("Add-ClusterVirtualMachineRole", { VMName: "iso" }, { warnings: 1 }),
      refuses("Move-ClusterVirtualMachineRole", { Name: "iso", Node: "HV02" }, { hresult: -1069940716 }),
    ],
  },
  {
    title: "a group is not removed without being told so twice",
    steps: [
      ...role("web"),
      refuses("Remove-ClusterGroup", { Name: "web", RemoveResources: true }, { category: "InvalidOperation" }),
      refuses("Remove-ClusterGroup", { Name: "web", Force: true }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Offline" }),
    ],
  },
  {
    title: "a role outlives its machine, and is then removed by the machine's id",
    steps: [
      ...role("web"),
      does("Get-VM", { Name: "web" }, {}, "vm"),
      does("Remove-VM", { Name: "web", Force: true }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Offline", OwnerNode: { Name: "HV01" } }),
      refuses("Start-ClusterGroup", { Name: "web" }),
      does("Remove-ClusterGroup", { VMId: { $ref: "vm", property: "Id" }, RemoveResources: true, Force: true }),
      gone("web"),
    ],
  },
  {
    title: "private properties are read and set on the machine's resource, all or none",
    steps: [
      ...role("web"),
      does("Get-ClusterResource", { Name: "Virtual Machine web" }, {}, "machine"),
      shows("Get-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "OfflineAction" }, { Value: 1 }),
      shows(
        "Get-ClusterParameter",
        { InputObject: { $ref: "machine" }, Name: "DefaultMoveType" },
        { Value: 4294967295 },
      ),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "OfflineAction", Value: 9 }),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "Offline", Value: 0 }),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "VmId", Value: "x" }),
      refuses("Set-ClusterParameter", {
        InputObject: { $ref: "machine" },
        Multiple: { OfflineAction: 0, CheckHeartbeat: 7 },
      }),
      shows("Get-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "OfflineAction" }, { Value: 1 }),
      does("Set-ClusterParameter", {
        InputObject: { $ref: "machine" },
        Multiple: { OfflineAction: 0, CheckHeartbeat: 0 },
      }),
      shows(
        "Get-ClusterParameter",
        { InputObject: { $ref: "machine" }, Name: ["OfflineAction", "CheckHeartbeat"] },
        { Value: 0 },
        { Value: 0 },
      ),
    ],
  },
  {
    title: "possible owners are nodes, and the present owner is one of them",
    steps: [
      ...role("web"),
      refuses("Set-ClusterOwnerNode", { Group: "web", Owners: ["HV02", "HV09"] }, { hresult: -2147019854 }),
      refuses("Set-ClusterOwnerNode", { Resource: "Virtual Machine web", Owners: ["HV02"] }),
      refuses("Set-ClusterOwnerNode", { Resource: "Virtual Machine web", Owners: [""] }),
      shows("Get-ClusterOwnerNode", { Group: "web" }, { OwnerNodes: { $count: 0 } }),
      shows("Get-ClusterOwnerNode", { Resource: "Virtual Machine web" }, { OwnerNodes: { $count: 3 } }),
    ],
  },
  {
    title: "a resource is stopped alone, which leaves the configuration online, or with what depends on it",
    steps: [
      ...running("web"),
      does("Stop-ClusterResource", { Name: "Virtual Machine web" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "PartialOnline" }),
      shows("Get-ClusterResource", { Name: "Virtual Machine Configuration web" }, { State: "Online" }),
      shows("Get-VM", { Name: "web" }, { State: "Saved" }),
      does("Start-ClusterResource", { Name: "Virtual Machine web" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
      does("Stop-ClusterResource", { Name: "Virtual Machine Configuration web" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Offline" }),
      does("Start-VM", { Name: "web" }),
      shows("Get-ClusterResource", { Name: "Virtual Machine web" }, { State: "Online" }),
    ],
  },
  {
    title: "a role whose machine does not start is failed, until it starts or is stopped",
    steps: [
      ...role("big", { MemoryStartupBytes: 40 * 2 ** 30 }),
      ...running("other", { MemoryStartupBytes: 40 * 2 ** 30 }),
      refuses("Start-ClusterGroup", { Name: "big" }, { hresult: -2147467259 }),
      shows("Get-ClusterGroup", { Name: "big" }, { State: "Failed" }),
      shows("Get-ClusterResource", { Name: "Virtual Machine big" }, { State: "Failed" }),
      does("Stop-ClusterGroup", { Name: "big" }),
      shows("Get-ClusterGroup", { Name: "big" }, { State: "Offline" }),
      does("Start-ClusterGroup", { Name: "big", ChooseBestNode: true }),
      shows("Get-ClusterGroup", { Name: "big" }, { State: "Online", OwnerNode: { Name: "HV02" } }),
    ],
  },
  {
    title: "a suspended machine keeps its role online, and a stopped role saves it",
    steps: [
      ...running("web"),
      does("Suspend-VM", { Name: "web" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
      on("HV02", does("Stop-ClusterGroup", { Name: "web" })),
      shows("Get-VM", { Name: "web" }, { State: "Saved" }),
    ],
  },
];

describe("a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));
});
