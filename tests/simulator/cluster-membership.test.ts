import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on, role, running } from "./cluster-steps";
import { servers, wide } from "./worlds";

const made = { Name: "HVC2", Node: ["HV01", "HV02"], StaticAddress: "10.0.0.50", NoStorage: true };
const none = (node: string): Step => on(node, refuses("Get-Cluster", {}, { category: "ConnectionError" }));
const asking = {
  id: "InvalidHandle,Microsoft.FailoverClusters.PowerShell.NewClusterCommand",
  category: "InvalidArgument",
};

/** Whether the hive of the cluster is loaded, and its file there. */
const trace = (node: string, hive: boolean, file: boolean): Step[] => [
  on(node, does("Test-Path", { LiteralPath: "HKLM:\\Cluster" }, { values: [hive] })),
  on(node, does("Test-Path", { Path: "C:\\Windows\\Cluster\\CLUSDB" }, { values: [file] })),
];

const founding: Case[] = [
  {
    title: "a name has up to 15 characters and is nobody's, nodes are named once, an address is near and free",
    steps: [
      refuses("New-Cluster", { ...made, Name: "a-name-of-17-char" }, { idStartsWith: "New-Cluster," }),
      refuses("New-Cluster", { ...made, Name: "hv03" }, { idStartsWith: "New-Cluster," }),
      refuses("New-Cluster", { ...made, Node: ["HV01,HV02"] }, asking),
      refuses("New-Cluster", { ...made, Node: ["HV01", "hv01"] }, asking),
      refuses("New-Cluster", { ...made, Node: ["HV01", "HV09"] }, { category: "ConnectionError" }),
      refuses("New-Cluster", { ...made, StaticAddress: "10.9.0.50" }, { idStartsWith: "New-Cluster," }),
      refuses("New-Cluster", { ...made, StaticAddress: "10.0.0.11" }, { idStartsWith: "New-Cluster," }),
      { world: { fail: "HV02" } },
      refuses("New-Cluster", made, { idStartsWith: "ClusterNodeNotReachable," }),
      none("HV01"),
    ],
  },
  {
    title: "without nodes this one is the cluster, without an address it asks for one",
    steps: [
      shows("New-Cluster", { Name: "ONE" }, { Name: "ONE", ClusterFunctionalLevel: 11, Domain: "corp.example" }),
      shows("Get-ClusterNode", {}, { Name: "HV01", Id: "1" }),
      does("Get-ClusterResource", { Name: "Cluster IP Address" }, {}, "address"),
      shows("Get-ClusterParameter", { InputObject: { $ref: "address" }, Name: "EnableDhcp" }, { Value: 1 }),
      // three of the disks have a file system
      does("Get-ClusterAvailableDisk", {}, { count: 0 }),
      shows("Get-ClusterGroup", { Name: "Available Storage" }, { State: "Online", IsCoreGroup: true }),
      none("HV02"),
    ],
  },
  {
    title: "an address for each network is a resource that the name depends on",
    steps: [
      does("New-Cluster", { ...made, StaticAddress: ["10.0.0.50", "10.0.1.50"] }),
      shows(
        "Get-ClusterResourceDependency",
        { Resource: "Cluster Name" },
        { DependencyExpression: "([Cluster IP Address]) and ([IP Address 10.0.1.50])" },
      ),
    ],
  },
  {
    title: "a cluster without an access point has no name to be reached by",
    steps: [
      does("New-Cluster", { ...made, AdministrativeAccessPoint: "None" }),
      shows("Get-Cluster", {}, { AdministrativeAccessPoint: "None" }),
      refuses("Get-ClusterResource", { Name: "Cluster Name" }, { hresult: -2147019889 }),
    ],
  },
  {
    title: "disks keep their data when their cluster goes, and machines stay",
    steps: [
      does("New-Cluster", { ...made, NoStorage: false }),
      does("Add-ClusterSharedVolume", { Name: "Cluster Disk 2" }),
      ...role("web"),
      does("New-Item", { Path: "C:\\ClusterStorage\\Volume1\\a.txt", ItemType: "File" }),
      refuses("Remove-Cluster", {}, { category: "InvalidOperation" }),
      does("Remove-Cluster", { Force: true }),
      none("HV01"),
      none("HV02"),
      does("Test-Path", { LiteralPath: "C:\\ClusterStorage\\Volume1\\a.txt" }, { values: [false] }),
      shows("Get-VM", { Name: "web" }, { IsClustered: false }),
      on("HV02", does("New-Cluster", { ...made, NoStorage: false })),
      does("Add-ClusterSharedVolume", { Name: "Cluster Disk 2" }),
      on("HV02", does("Test-Path", { LiteralPath: "C:\\ClusterStorage\\Volume1\\a.txt" }, { values: [true] })),
    ],
  },
];

const joining: Case[] = [
  {
    title: "a server joins by the cluster's name as well, with the first free number",
    steps: [
      on("HV04", does("Add-ClusterNode", { Name: "HV04", Cluster: "HVC1" })),
      on("HV04", shows("Get-ClusterNode", { Name: "HV04" }, { Id: "4", State: "Up" })),
      does("Get-ClusterAvailableDisk", {}, { count: 0 }),
      refuses("Add-ClusterNode", { Name: "HV04" }, { idStartsWith: "Add-ClusterNode," }),
      refuses("Add-ClusterNode", { Name: "HV09" }, { idStartsWith: "Add-ClusterNode,", category: "NotSpecified" }),
    ],
  },
  {
    title: "a node that is removed leaves its roles to the others, and is in no list",
    steps: [
      ...running("web", {}, "HV03"),
      does("Get-ClusterGroup", { Name: "web" }, {}, "group"),
      does("Set-ClusterOwnerNode", { InputObject: { $ref: "group" }, Owners: ["HV03", "HV02"] }),
      refuses("Remove-ClusterNode", { Name: "HV03" }, { category: "InvalidOperation" }),
      does("Remove-ClusterNode", { Name: "HV03", Force: true }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online", OwnerNode: { Name: "HV02" } }),
      shows("Get-ClusterOwnerNode", { Group: "web" }, { OwnerNodes: [{ Name: "HV02" }] }),
      none("HV03"),
      on("HV03", does("Test-Path", { LiteralPath: "C:\\ClusterStorage\\Volume1" }, { values: [false] })),
      does("Remove-ClusterNode", { Name: "HV02", Force: true }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online", OwnerNode: { Name: "HV01" } }),
      refuses("Remove-ClusterNode", { Name: "HV01", Force: true }, { idStartsWith: "Remove-ClusterNode," }),
      refuses("Remove-ClusterNode", { Name: "HV03", Force: true }, { hresult: -2147019854 }),
    ],
  },
  {
    title: "a node that was removed while it was down takes itself for one until it is cleaned",
    steps: [
      { world: { fail: "HV03" } },
      does("Remove-ClusterNode", { Name: "HV03", Force: true }),
      { world: { return: "HV03" } },
      none("HV03"),
      ...trace("HV03", false, true),
      refuses("Add-ClusterNode", { Name: "HV03" }, { idStartsWith: "Add-ClusterNode," }),
      on("HV03", refuses("New-Cluster", { Name: "OWN" }, { idStartsWith: "New-Cluster," })),
      refuses("Clear-ClusterNode", { Name: "HV03" }, { category: "InvalidOperation" }),
      refuses("Clear-ClusterNode", { Name: "HV02", Force: true }, { idStartsWith: "Clear-ClusterNode," }),
      does("Clear-ClusterNode", { Name: "HV03", Force: true }),
      ...trace("HV03", false, false),
      does("Add-ClusterNode", { Name: "HV03" }),
      on("HV03", shows("Get-ClusterNode", { Name: "HV03" }, { State: "Up" })),
      ...trace("HV03", true, true),
      { world: { stopService: "clussvc", on: "HV03" } },
      ...trace("HV03", false, true),
    ],
  },
  {
    title: "a cluster is renamed to a name that can be one, and found by it",
    steps: [
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("Name", "cluster", "a-name-of-17-char", "ExceptionWhenSetting"),
      assigns("Name", "cluster", "HV02", "ExceptionWhenSetting"),
      assigns("Name", "cluster", "PROD"),
      on("HV02", shows("Get-Cluster", { Name: "PROD" }, { Name: "PROD" })),
      on("HV04", refuses("Get-Cluster", { Name: "HVC1" }, { idStartsWith: "ClusterRpcConnection," })),
    ],
  },
  {
    title: "the whole cluster stops and starts with what ran on it",
    steps: [
      ...running("web"),
      does("Stop-Cluster", { Force: true }),
      none("HV02"),
      does("Start-Cluster", {}),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
    ],
  },
  {
    title: "a functional level is raised when all nodes are new",
    steps: [
      shows("Get-Cluster", {}, { ClusterFunctionalLevel: 9 }),
      refuses("Update-ClusterFunctionalLevel", {}, { category: "InvalidOperation" }),
      shows("Update-ClusterFunctionalLevel", { Force: true }, { ClusterFunctionalLevel: 9 }),
      does("Remove-ClusterNode", { Name: "HV03", Force: true }),
      shows("Get-Cluster", {}, { ClusterFunctionalLevel: 9 }),
      shows("Update-ClusterFunctionalLevel", { Force: true }, { ClusterFunctionalLevel: 11 }),
      refuses("Add-ClusterNode", { Name: "HV03" }, { idStartsWith: "Add-ClusterNode," }),
    ],
  },
];

describe("nodes of a cluster of the simulator", () => {
  for (const claim of founding) it(claim.title, () => runCase(claim, servers));
  for (const claim of joining.slice(0, -1)) it(claim.title, () => runCase(claim, wide));
  for (const claim of joining.slice(-1))
    it(claim.title, () => {
      const nodes = wide.nodes.map((node) => (node.name === "HV03" ? { ...node, windowsBuild: 14393 } : node));
      return runCase(claim, { ...wide, nodes });
    });

  it("are asked for their domain, or for none", async () => {
    const steps = [
      refuses("New-Cluster", made, { idStartsWith: "New-Cluster," }),
      none("HV01"),
      shows(
        "New-Cluster",
        { ...made, AdministrativeAccessPoint: "Dns" },
        { AdministrativeAccessPoint: "Dns", Domain: "" },
      ),
      refuses("Add-ClusterNode", { Name: "HV04" }),
      does("Set-ClusterQuorum", { NoWitness: true }),
    ];
    await runCase({ title: "", steps }, { ...servers, domain: null });
  });

  it("move machines live in a workgroup from Windows Server 2025 on", async () => {
    const move: Step = does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02", MigrationType: "Live" });
    const old = { ...move, expect: { error: { hresult: -2146893042 } } } as Step;
    const quick = does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02", MigrationType: "Quick" });
    await runCase({ title: "", steps: [...running("web"), old, quick] }, { ...wide, domain: null });
    const nodes = wide.nodes.map((node) => ({ ...node, windowsBuild: 26100 }));
    await runCase({ title: "", steps: [...running("web"), move] }, { ...wide, nodes, domain: null });
  });

  it("are not reached over a second hop, and every cmdlet warns of remote sessions", () =>
    runCase(
      {
        title: "",
        steps: [
          { ...does("Get-ClusterNode", {}, { count: 3 }), expect: { count: 3, warnings: 1 } } as Step,
          does("Get-ClusterNode", { Cluster: "." }, { count: 3, warnings: 1 }),
          refuses("Get-ClusterNode", { Cluster: "HVC1" }, { hresult: -2147024891 }),
          refuses("Add-ClusterNode", { Name: "HV04" }, { idStartsWith: "Add-ClusterNode,", hresult: -2147024891 }),
          does("Get-ClusterNode", {}, { count: 3 }),
        ],
      },
      { ...wide, session: "remote" },
    ));
});
