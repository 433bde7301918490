import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { on, role, running } from "./cluster-steps";
import { wide } from "./worlds";

const rule = (Name: string, RuleType: string, Groups: string[]): Step[] => [
  does("New-ClusterAffinityRule", { Name, RuleType }),
  does("Add-ClusterGroupToAffinityRule", { Name, Groups }),
  does("Set-ClusterAffinityRule", { Name, Enabled: 1 }),
];
const at = (Name: string, node: string): Step =>
  shows("Get-ClusterGroup", { Name }, { State: "Online", OwnerNode: { Name: node } });

const claims: Case[] = [
  {
    title: "a rule has its name alone, takes groups once, and switches that are 0 or 1",
    steps: [
      ...role("web"),
      does("New-ClusterAffinityRule", { Name: "apart", RuleType: 4 }),
      refuses("New-ClusterAffinityRule", { Name: "Apart", RuleType: 1 }, { hresult: -2147019886 }),
      refuses(
        "Get-ClusterAffinityRule",
        { Name: "none" },
        { id: "CmdletizationQuery_NotFound_Name,Get-ClusterAffinityRule" },
      ),
      does("Add-ClusterGroupToAffinityRule", { Name: "apart", Groups: ["web"] }),
      refuses("Add-ClusterGroupToAffinityRule", { Name: "apart", Groups: ["web"] }, { hresult: -2147019885 }),
      refuses("Add-ClusterGroupToAffinityRule", { Name: "apart", Groups: ["none"] }, { hresult: -2147019883 }),
      refuses("Set-ClusterAffinityRule", { Name: "apart", Enabled: 2 }, { hresult: -2147024809 }),
      does("Set-ClusterAffinityRule", {
        Name: "a*",
        Enabled: 1,
        SoftAntiAffinity: 1,
        RuleType: "DifferentFaultDomain",
      }),
      shows(
        "Get-ClusterAffinityRule",
        {},
        { Name: "apart", RuleType: "DifferentFaultDomain", Enabled: 1, SoftAntiAffinity: 1, Groups: ["web"] },
      ),
      does("Remove-ClusterGroup", { Name: "web", RemoveResources: true, Force: true }),
      shows("Get-ClusterAffinityRule", { Name: "apart" }, { Groups: [] }),
    ],
  },
  {
    title: "a rule that is no wish keeps a role from starting and from coming back on the other's node",
    steps: [
      ...running("web1"),
      ...role("web2"),
      ...rule("apart", "DifferentNode", ["web1", "web2"]),
      refuses("Start-ClusterGroup", { Name: "web2" }, { idStartsWith: "Start-ClusterGroup," }),
      does("Start-ClusterGroup", { Name: "web2", IgnoreAffinityRule: true }, { warnings: 1 }),
      does("Move-ClusterVirtualMachineRole", { Name: "web2", MigrationType: "Live", Node: "HV02" }),
      { world: { fail: "HV03" } },
      at("web1", "HV01"),
      { world: { fail: "HV02" } },
      shows(
        "Get-ClusterGroup",
        { Name: "web2" },
        { State: "Offline", StatusInformation: "OfflineAntiAffinityConflict" },
      ),
      { world: { return: "HV03" } },
      at("web2", "HV03"),
    ],
  },
  {
    title: "a wish to be apart counts where there is a choice",
    steps: [
      ...running("web1"),
      ...running("web2", {}, "HV02"),
      ...rule("apart", "DifferentNode", ["web1", "web2"]),
      does("Set-ClusterAffinityRule", { Name: "apart", SoftAntiAffinity: 1 }),
      does("Suspend-ClusterNode", { Name: "HV02", Drain: true }),
      at("web2", "HV03"),
      does("Move-ClusterVirtualMachineRole", { Name: "web2", MigrationType: "Live", Node: "HV01" }),
      at("web2", "HV01"),
    ],
  },
  {
    title: "companions come along, also those of companions, unless rules are ignored",
    steps: [
      ...running("app"),
      ...running("cache"),
      ...running("log"),
      ...rule("near", "SameNode", ["app", "cache"]),
      ...rule("nearer", "SameNode", ["cache", "log"]),
      does("Move-ClusterGroup", { Name: "app", Node: "HV02" }),
      at("log", "HV02"),
      at("cache", "HV02"),
      does("Move-ClusterGroup", { Name: "app", Node: "HV03", IgnoreAffinityRule: true }, { warnings: 1 }),
      at("cache", "HV02"),
      does("Suspend-ClusterNode", { Name: "HV02", Drain: true }),
      at("cache", "HV03"),
      at("log", "HV03"),
    ],
  },
  {
    title: "sites keep roles together or apart",
    steps: [
      does("New-ClusterFaultDomain", { Name: "North", FaultDomainType: "Site" }),
      does("New-ClusterFaultDomain", { Name: "Rack 1", FaultDomainType: "Rack", FaultDomain: "North" }),
      does("Set-ClusterFaultDomain", { Name: "HV01", FaultDomain: "Rack 1" }),
      does("Set-ClusterFaultDomain", { Name: "HV02", FaultDomain: "North" }),
      shows("Get-ClusterNode", { Name: "HV01" }, { FaultDomain: ["Rack:Rack 1", "Site:North"] }),
      ...running("app"),
      ...running("cache", {}, "HV02"),
      ...rule("site", "SameFaultDomain", ["app", "cache"]),
      does("Move-ClusterGroup", { Name: "app", Node: "HV02" }),
      at("cache", "HV02"),
      does("Set-ClusterAffinityRule", { Name: "site", RuleType: "DifferentFaultDomain" }),
      refuses("Move-ClusterGroup", { Name: "app", Node: "HV01" }),
      does("Move-ClusterGroup", { Name: "app", Node: "HV03" }),
    ],
  },
  {
    title: "a volume in a rule shows as its id, and leaves it",
    steps: [
      does("New-ClusterAffinityRule", { Name: "data", RuleType: "SameNode" }),
      does("Add-ClusterSharedVolumeToAffinityRule", { Name: "data", ClusterSharedVolumes: ["Volume1"] }),
      shows("Get-ClusterAffinityRule", { Name: "data" }, { Groups: [{ $matches: "^[0-9a-f-]{36}$" }] }),
      refuses("Add-ClusterSharedVolumeToAffinityRule", { Name: "data", ClusterSharedVolumes: ["Volume9"] }),
      does("Remove-ClusterSharedVolumeFromAffinityRule", { Name: "data", ClusterSharedVolumes: ["Volume1"] }),
      shows("Get-ClusterAffinityRule", { Name: "data" }, { Groups: [] }),
      on("HV04", refuses("Get-ClusterAffinityRule", {}, { category: "ConnectionError" })),
    ],
  },
];

describe("affinity rules of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));

  it("came with Windows Server 2022, and names of classes before", () => {
    const nodes = wide.nodes.map((node) => ({ ...node, windowsBuild: 17763 }));
    const steps = [
      ...running("web"),
      refuses("New-ClusterAffinityRule", { Name: "apart" }, { id: "CommandNotFoundException" }),
      refuses("Get-ClusterAffinityRule", {}, { category: "ObjectNotFound" }),
      refuses(
        "Move-ClusterGroup",
        { Name: "web", Node: "HV02", IgnoreAffinityRule: true },
        { idStartsWith: "NamedParameterNotFound," },
      ),
      does("New-ClusterGroupSet", { Name: "front", Group: ["web"] }),
    ];
    return runCase({ title: "", steps }, { ...wide, nodes });
  });
});
