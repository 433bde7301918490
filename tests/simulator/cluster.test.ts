import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on, role, running } from "./cluster-steps";
import { cluster, host } from "./worlds";

const endpoint = { idStartsWith: "ClusterEndpointNotRegistered,", category: "ConnectionError", hresult: -2147023143 };
const gone = (name: string): Step =>
  refuses("Get-ClusterGroup", { Name: name }, { category: "NotSpecified", hresult: -2147019883 });

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
    title: "a cluster is asked for by its name, a dot, or one of its nodes, and by no other name",
    steps: [
      ...["HVC1", "hvc1.corp.example", ".", "HV02"].map((Cluster) =>
        does("Get-ClusterNode", { Cluster }, { count: 3 }),
      ),
      refuses(
        "Get-ClusterNode",
        { Cluster: "HVC2" },
        { idStartsWith: "ClusterRpcConnection,", category: "ConnectionError" },
      ),
      refuses("Get-Cluster", { Name: "HVC2" }, { idStartsWith: "ClusterRpcConnection,", hresult: -2147023174 }),
      { world: { fail: "HV02" } },
      refuses("Get-ClusterNode", { Cluster: "HV02" }, { idStartsWith: "ClusterRpcConnection," }),
    ],
  },
  {
    title: "what is not in the cluster is an error with its code",
    steps: [
      gone("web"),
      gone("w*"),
      refuses("Get-ClusterResource", { Name: "web" }, { hresult: -2147019889 }),
      refuses("Get-ClusterNode", { Name: "HV09" }, { hresult: -2147019854 }),
      refuses("Start-ClusterGroup", { Name: "web" }, { hresult: -2147019883 }),
      refuses("Move-ClusterGroup", { Name: "web", Node: "HV02" }, { hresult: -2147019883 }),
      refuses("Get-ClusterSharedVolume", { Name: "Volume9" }),
      refuses("Get-ClusterGroup", { InputObject: null }, { idStartsWith: "PSArgument,", category: "InvalidArgument" }),
      refuses("Get-ClusterParameter", {}, { idStartsWith: "PSArgument,", category: "InvalidArgument" }),
    ],
  },
  {
    title: "a group is found by its id as well, and by the things that belong to it",
    steps: [
      ...role("web"),
      does("Get-ClusterGroup", { Name: "web" }, { count: 1 }, "group"),
      does("Get-ClusterGroup", { Name: { $ref: "group", property: "Id" } }, { count: 1 }),
      does("Get-ClusterResource", { Name: "Virtual Machine web" }, { count: 1 }, "machine"),
      shows("Get-ClusterGroup", { InputObject: { $ref: "machine" } }, { Name: "web" }),
      does("Get-ClusterNode", { Name: "HV01" }, { count: 1 }, "node"),
      shows(
        "Get-ClusterGroup",
        { InputObject: { $ref: "node" } },
        { Name: "Cluster Group" },
        { Name: "Available Storage" },
        { Name: "web" },
      ),
      does("Start-ClusterGroup", { Name: { $ref: "group" } }),
      does("Move-ClusterVirtualMachineRole", { Name: { $ref: "group" }, Node: "HV02" }),
      shows("Get-ClusterGroup", { Name: "web" }, { OwnerNode: { Name: "HV02" }, DefaultOwner: 2, State: "Online" }),
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
    title: "properties take their values, and nothing else",
    steps: [
      ...role("web"),
      ...role("db"),
      does("Get-ClusterGroup", { Name: "web" }, {}, "group"),
      assigns("Priority", "group", 1500, "ExceptionWhenSetting"),
      assigns("AutoFailbackType", "group", 2, "ExceptionWhenSetting"),
      assigns("FailbackWindowStart", "group", 24, "ExceptionWhenSetting"),
      assigns("FailoverPeriod", "group", 0, "ExceptionWhenSetting"),
      assigns("Name", "group", "DB", "ExceptionWhenSetting"),
      assigns("Name", "group", "", "ExceptionWhenSetting"),
      assigns("State", "group", "Online", "PropertyAssignmentException"),
      assigns("OwnerNode", "group", "HV02", "PropertyAssignmentException"),
      assigns("AntiAffinityClassNames", "group", "one"),
      assigns("FailbackWindowStart", "group", 22),
      assigns("FailbackWindowEnd", "group", 4294967295),
      assigns("FailoverThreshold", "group", 3),
      assigns("description", "group", "front"),
      shows(
        "Get-ClusterGroup",
        { Name: "web" },
        {
          Priority: 2000,
          AutoFailbackType: 0,
          FailbackWindowStart: 22,
          FailbackWindowEnd: 4294967295,
          FailoverThreshold: 3,
          FailoverPeriod: 6,
          AntiAffinityClassNames: ["one"],
          Description: "front",
          ResiliencyPeriod: 240,
        },
      ),
      assigns("AntiAffinityClassNames", "group", ""),
      shows("Get-ClusterGroup", { Name: "web" }, { AntiAffinityClassNames: { $count: 0 } }),
      does("Get-ClusterResource", { Name: "Virtual Machine web" }, {}, "machine"),
      assigns("RestartAction", "machine", 3, "ExceptionWhenSetting"),
      assigns("RestartAction", "machine", 1),
      shows("Get-ClusterResource", { Name: "Virtual Machine web" }, { RestartAction: 1, RestartPeriod: 900000 }),
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("ClusterEnforcedAntiAffinity", "cluster", 1),
      assigns("Domain", "cluster", "other", "PropertyAssignmentException"),
      on("HV03", shows("Get-Cluster", {}, { ClusterEnforcedAntiAffinity: 1, AutoBalancerMode: 2 })),
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
  {
    title:
      "a node without its cluster service answers no cluster cmdlet, and no object of the cluster can be set there",
    steps: [
      ...running("web"),
      does("Get-ClusterGroup", { Name: "web" }, {}, "group"),
      { world: { stopService: "clussvc", on: "HV01" } },
      refuses("Get-Cluster", {}, endpoint),
      refuses("Get-ClusterGroup", {}, endpoint),
      refuses("Suspend-ClusterNode", { Name: "HV02" }, endpoint),
      assigns("Priority", "group", 1000, "ExceptionWhenSetting"),
      on("HV02", shows("Get-ClusterNode", {}, { State: "Down" }, { State: "Up" }, { State: "Up" })),
      on(
        "HV02",
        shows("Get-ClusterGroup", { Name: "web" }, { State: "Online", OwnerNode: { Name: "HV02" }, Priority: 2000 }),
      ),
      does("Get-VM", {}, { count: 0 }),
      { world: { startService: "clussvc", on: "HV01" } },
      shows("Get-ClusterNode", { Name: "HV01" }, { State: "Up" }),
    ],
  },
  {
    title: "a node without its machine service finds nothing, which is an error and no empty list",
    steps: [
      ...running("web"),
      { world: { stopService: "vmms", on: "HV01" } },
      ...["Get-VM", "Get-VMSwitch", "Get-VMHost"].map((cmdlet) =>
        refuses(cmdlet, {}, { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound" }),
      ),
      refuses("New-VM", { Name: "more" }, { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
      on("HV02", refuses("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02" })),
      { world: { startService: "vmms", on: "HV01" } },
      shows("Get-VM", {}, { Name: "web", State: "Running" }),
    ],
  },
];

describe("a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));

  it("a host of no cluster refuses what belongs to one", () =>
    runCase(
      {
        title: "",
        steps: [refuses("Start-ClusterNode", {}, endpoint), refuses("Get-ClusterSharedVolume", {}, endpoint)],
      },
      host,
    ));
});
