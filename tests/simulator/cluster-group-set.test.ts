import { type Case, does, refuses, runCase, shows } from "./cases";
import { on, role, running } from "./cluster-steps";
import { wide } from "./worlds";

const missing = (cmdlet: string) => ({ id: `CmdletizationQuery_NotFound_Name,${cmdlet}`, category: "ObjectNotFound" });
const failed = (cmdlet: string, hresult: number) => ({
  id: `HRESULT 0x${(hresult >>> 0).toString(16)},${cmdlet}`,
  category: "NotSpecified",
  hresult,
});
const exists = -2147019886;
const inList = -2147019885;

const claims: Case[] = [
  {
    title: "a name is a pattern, and a plain one that nothing has is an error",
    steps: [
      does("New-ClusterGroupSet", { Name: "data" }),
      does("New-ClusterGroupSet", { Name: "front", Providers: ["data"] }),
      refuses("New-ClusterGroupSet", { Name: "DATA" }, failed("New-ClusterGroupSet", exists)),
      refuses("Get-ClusterGroupSet", { Name: "none" }, missing("Get-ClusterGroupSet")),
      refuses("Set-ClusterGroupSet", { Name: "none", StartupDelay: 1 }, missing("Set-ClusterGroupSet")),
      does("Get-ClusterGroupSet", { Name: "none*" }, { count: 0 }),
      shows("Get-ClusterGroupSet", { Name: "f*" }, { Name: "front", ProviderNames: ["data"] }),
      does("Set-ClusterGroupSet", { Name: "*", StartupDelay: 5, PassThru: true }, { count: 2 }),
      does("Get-ClusterGroupSet", { Name: "data" }, {}, "set"),
      does("Set-ClusterGroupSet", { InputObject: { $ref: "set" }, IsGlobal: true }),
      shows("Get-ClusterGroupSet", { IsGlobal: true }, { Name: "data", StartupDelay: 5 }),
      does("Get-ClusterGroupSet", { IsGlobal: false }, { count: 1 }),
    ],
  },
  {
    title: "sets do not need each other in a circle, themselves, or what is not there",
    steps: [
      ...["a", "b", "c"].map((Name) => does("New-ClusterGroupSet", { Name })),
      does("Add-ClusterGroupSetDependency", { Name: "b", Provider: "a" }),
      does("Add-ClusterGroupSetDependency", { Name: "c", Provider: "b" }),
      refuses("Add-ClusterGroupSetDependency", { Name: "a", Provider: "c" }),
      refuses("Add-ClusterGroupSetDependency", { Name: "a", Provider: "a" }),
      refuses("Add-ClusterGroupSetDependency", { Name: "b", Provider: "a" }),
      refuses("Add-ClusterGroupSetDependency", { Name: "a", Provider: "none" }),
      refuses("Remove-ClusterGroupSetDependency", { Name: "a", Provider: "b" }),
      refuses("Remove-ClusterGroupSet", { Name: "a" }),
      shows("Get-ClusterGroupSetDependency", { Name: "c" }, { Name: "b" }),
      shows("Get-ClusterGroupSetDependency", { Provider: "a" }, { Name: "b" }),
      does("Remove-ClusterGroupSet", { Name: "*" }),
      does("Get-ClusterGroupSet", {}, { count: 0 }),
    ],
  },
  {
    title: "a group that is renamed or removed is so in its set",
    steps: [
      ...running("web"),
      does("New-ClusterGroupSet", { Name: "front", Group: ["web"] }),
      refuses("New-ClusterGroupSet", { Name: "back", Group: ["web"] }, failed("New-ClusterGroupSet", inList)),
      refuses("Add-ClusterGroupToSet", { Name: "front", Group: "none" }),
      refuses("Remove-ClusterGroupFromSet", { Name: "front", Group: "Cluster Group" }),
      does("Get-ClusterGroup", { Name: "web" }, {}, "group"),
      { call: { assign: "Name", target: { $ref: "group" }, value: "www" } },
      shows("Get-ClusterGroupSet", { Name: "front" }, { GroupNames: ["www"] }),
      does("Remove-ClusterGroup", { Name: "www", RemoveResources: true, Force: true }),
      shows("Get-ClusterGroupSet", { Name: "front" }, { GroupNames: [] }),
    ],
  },
  {
    title: "a group waits for a set that has to be online, and comes up with it",
    steps: [
      ...role("db", { MemoryStartupBytes: 60 * 2 ** 30 }),
      ...running("other", { MemoryStartupBytes: 30 * 2 ** 30 }),
      does("Set-ClusterOwnerNode", { Resource: "Virtual Machine db", Owners: ["HV01"] }),
      ...role("web", {}, "HV02"),
      does("New-ClusterGroupSet", { Name: "data", Group: ["db"] }),
      does("New-ClusterGroupSet", { Name: "front", Group: ["web"], Providers: ["data"] }),
      does("Set-ClusterGroupSet", { Name: "data", StartupDelayTrigger: "Online", StartupCount: 1 }),
      does("Start-ClusterGroup", { Name: "web" }, { warnings: "$some" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Pending", StatusInformation: "WaitingForDependencies" }),
      shows("Get-ClusterGroup", { Name: "db" }, { State: "Failed" }),
      does("Stop-VM", { Name: "other", TurnOff: true }),
      does("Start-ClusterGroup", { Name: "db" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online", StatusInformation: "0" }),
      does("Stop-ClusterGroup", { Name: "db" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
    ],
  },
  {
    title: "a global set comes before every other",
    steps: [
      ...role("dc"),
      ...role("web"),
      ...role("alone"),
      does("New-ClusterGroupSet", { Name: "first", Group: ["dc"] }),
      does("Set-ClusterGroupSet", { Name: "first", IsGlobal: true }),
      does("New-ClusterGroupSet", { Name: "front", Group: ["web"] }),
      does("Start-ClusterGroup", { Name: "alone" }),
      shows("Get-ClusterGroup", { Name: "dc" }, { State: "Offline" }),
      does("Start-ClusterGroup", { Name: "web" }),
      shows("Get-ClusterGroup", { Name: "dc" }, { State: "Online" }),
    ],
  },
  {
    title: "what died comes up again in the order of its sets",
    steps: [
      ...running("db", {}, "HV03"),
      ...running("web", {}, "HV03"),
      does("New-ClusterGroupSet", { Name: "data", Group: ["db"] }),
      does("New-ClusterGroupSet", { Name: "front", Group: ["web"], Providers: ["data"] }),
      does("Set-ClusterGroupSet", { Name: "data", StartupDelayTrigger: "Online" }),
      { world: { fail: "HV03" } },
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Online" }),
      shows("Get-ClusterGroup", { Name: "db" }, { State: "Online" }),
    ],
  },
  {
    title: "sets are asked of a node of a cluster",
    steps: [
      on("HV04", refuses("Get-ClusterGroupSet", {}, { category: "ConnectionError" })),
      { world: { stopService: "clussvc", on: "HV02" } },
      on("HV02", refuses("New-ClusterGroupSet", { Name: "data" }, { category: "ConnectionError" })),
    ],
  },
];

describe("sets of groups of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));
});
