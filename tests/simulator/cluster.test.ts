import { type Case, does, refuses, runCase, shows } from "./cases";
import { assigns, gone, on, role, running } from "./cluster-steps";
import { cluster, host } from "./worlds";

const endpoint = { idStartsWith: "ClusterEndpointNotRegistered,", category: "ConnectionError", hresult: -2147023143 };

const claims: Case[] = [
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
