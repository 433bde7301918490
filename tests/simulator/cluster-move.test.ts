import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on, role, running, volume } from "./cluster-steps";
import { cluster, GiB } from "./worlds";

const move = (name: string, to: string, type = "Live"): Step =>
  does("Move-ClusterVirtualMachineRole", { Name: name, Node: to, MigrationType: type });
const refusesMove = (name: string, to: string, error: object = {}, type = "Live"): Step =>
  refuses("Move-ClusterVirtualMachineRole", { Name: name, Node: to, MigrationType: type }, error);
const isAt = (name: string, node: string, state = "Online"): Step =>
  shows("Get-ClusterGroup", { Name: name }, { OwnerNode: { Name: node }, State: state });
const lan = (node: string): Step => on(node, does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }));

const claims: Case[] = [
  {
    title: "a live migration needs a running machine, anything else moves as it is",
    steps: [
      ...role("web"),
      refusesMove("web", "HV02", { hresult: -2147019873 }),
      isAt("web", "HV01", "Offline"),
      does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02" }),
      isAt("web", "HV02", "Offline"),
      refusesMove("web", "HV09", { hresult: -2147019854 }, "Quick"),
    ],
  },
  {
    title:
      "a running machine goes only where a switch of the same name is, one that is off goes and does not start there",
    steps: [
      lan("HV01"),
      lan("HV02"),
      ...running("web", { SwitchName: "lan" }),
      refusesMove("web", "HV03"),
      isAt("web", "HV01"),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
      move("web", "HV02"),
      on("HV02", shows("Get-VMSwitch", { Name: "lan" }, { Name: "lan" })),
      on("HV02", does("Get-VMSwitch", { Name: "lan" }, {}, "there")),
      on("HV02", shows("Get-VMNetworkAdapter", { VMName: "web" }, { SwitchName: "lan", Connected: true })),
      on("HV02", does("Stop-VM", { Name: "web", TurnOff: true, Force: true })),
      move("web", "HV03", "Quick"),
      on("HV03", refuses("Start-VM", { Name: "web" })),
      refuses("Start-ClusterGroup", { Name: "web" }),
      move("web", "HV02", "Quick"),
      on("HV02", does("Start-VM", { Name: "web" })),
      isAt("web", "HV02"),
    ],
  },
  {
    title: "what a node cannot take is refused with its code, and nothing has changed",
    steps: [
      ...running("big", { MemoryStartupBytes: 40 * GiB }),
      refusesMove("big", "HV03", { hresult: -2147024882 }),
      refusesMove("big", "HV03", { hresult: -2147024882 }, "Quick"),
      does("Suspend-ClusterNode", { Name: "HV02" }),
      refusesMove("big", "HV02", { hresult: -2147019860 }),
      { world: { fail: "HV02" } },
      refusesMove("big", "HV02", { hresult: -2147019846 }),
      { world: { return: "HV02" } },
      shows("Get-ClusterNode", { Name: "HV02" }, { State: "Paused" }),
      does("Resume-ClusterNode", { Name: "HV02" }),
      does("Set-ClusterOwnerNode", { Resource: "Virtual Machine big", Owners: ["HV01", "HV03"] }),
      refusesMove("big", "HV02", { hresult: -2147019880 }),
      refuses("Move-ClusterGroup", { Name: "big" }, { hresult: -2147019860 }),
      isAt("big", "HV01"),
      shows("Get-VM", { Name: "big" }, { State: "Running" }),
    ],
  },
  {
    title: "live and quick keep the guest, the others begin it anew",
    steps: [
      ...running("web"),
      { world: { guest: "web", boots: true } },
      move("web", "HV02"),
      on("HV02", shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" })),
      move("web", "HV01", "Quick"),
      shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "OkApplicationsUnknown" }),
      move("web", "HV02", "Shutdown"),
      on("HV02", shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "NoContact" })),
      refusesMove("web", "HV01", {}, "ShutdownForce"),
      isAt("web", "HV02"),
      move("web", "HV01", "TurnOff"),
      shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "NoContact" }),
    ],
  },
  {
    title: "a move without a node goes to the best other one",
    steps: [
      ...running("web"),
      does("Move-ClusterGroup", { Name: "web" }),
      isAt("web", "HV02"),
      does("Set-ClusterOwnerNode", { Group: "web", Owners: ["HV03"] }),
      does("Move-ClusterVirtualMachineRole", { Name: "web" }),
      isAt("web", "HV03"),
    ],
  },
  {
    title: "the resource says how a role moves when nobody does",
    steps: [
      ...running("web"),
      { world: { guest: "web", boots: true } },
      does("Get-ClusterResource", { Name: "Virtual Machine web" }, {}, "machine"),
      does("Set-ClusterParameter", { InputObject: { $ref: "machine" }, Name: "DefaultMoveType", Value: 0 }),
      does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02" }),
      on("HV02", shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "NoContact" })),
    ],
  },
  {
    title: "a local key protector does not open elsewhere, so its machine stays",
    steps: [
      ...role("safe"),
      does("Set-VMKeyProtector", { VMName: "safe", NewLocalKeyProtector: true }),
      does("Enable-VMTPM", { VMName: "safe" }),
      does("Start-VM", { Name: "safe" }),
      refusesMove("safe", "HV02"),
      refusesMove("safe", "HV02", {}, "Quick"),
      isAt("safe", "HV01"),
    ],
  },
  {
    title: "enforced anti-affinity keeps a running role from a node",
    steps: [
      ...running("one"),
      ...running("two", {}, "HV02"),
      does("Get-ClusterGroup", {}, {}, "groups"),
      assigns("AntiAffinityClassNames", "groups", ["web"]),
      move("one", "HV02"),
      move("one", "HV01"),
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("ClusterEnforcedAntiAffinity", "cluster", 1),
      refusesMove("one", "HV02"),
      move("one", "HV03"),
    ],
  },
  {
    title: "there is never a move to cancel",
    steps: [
      ...running("web"),
      refuses("Move-ClusterVirtualMachineRole", { Name: "web", Cancel: true }),
      isAt("web", "HV01"),
    ],
  },
  {
    title: "a drain moves live from the threshold on, saves below it and turns off what has no priority",
    steps: [
      ...running("high"),
      ...running("low"),
      ...running("none"),
      ...role("idle"),
      ...["high", "low", "none"].map((guest): Step => ({ world: { guest, boots: true } })),
      does("Get-ClusterGroup", { Name: "low" }, {}, "low"),
      assigns("Priority", "low", 1000),
      does("Get-ClusterGroup", { Name: "none" }, {}, "none"),
      assigns("Priority", "none", 0),
      on("HV02", does("Suspend-ClusterNode", { Name: "HV01", Drain: true, Wait: true, TargetNode: "HV03" })),
      shows(
        "Get-ClusterNode",
        { Name: "HV01" },
        { State: "Paused", DrainStatus: "Completed", StatusInformation: "DrainCompleted" },
      ),
      isAt("high", "HV03"),
      isAt("low", "HV03"),
      isAt("none", "HV03", "Offline"),
      isAt("idle", "HV03", "Offline"),
      on("HV03", shows("Get-VM", { Name: "low" }, { State: "Running", Heartbeat: "OkApplicationsUnknown" })),
      on("HV03", shows("Get-VM", { Name: "none" }, { State: "Off" })),
      does("Resume-ClusterNode", { Name: "HV01", Failback: "Immediate" }),
      isAt("high", "HV01"),
      isAt("low", "HV01"),
      isAt("none", "HV01", "Offline"),
      isAt("idle", "HV01", "Offline"),
      shows("Get-ClusterNode", { Name: "HV01" }, { State: "Up", DrainStatus: "NotInitiated" }),
    ],
  },
  {
    title: "a drain that has nowhere to go with a role fails, and the role runs on",
    steps: [
      ...running("big", { MemoryStartupBytes: 40 * GiB }),
      ...running("web"),
      does("Suspend-ClusterNode", { Name: "HV02" }),
      does("Suspend-ClusterNode", { Name: "HV01", Drain: true }, { warnings: 1 }),
      shows("Get-ClusterNode", { Name: "HV01" }, { State: "Paused", DrainStatus: "Failed" }),
      isAt("big", "HV01"),
      isAt("web", "HV03"),
      does("Resume-ClusterNode", { Name: "HV01" }),
      isAt("web", "HV03"),
    ],
  },
  {
    title: "a drain is not sent to a node that cannot take anything",
    steps: [
      ...running("web"),
      refuses("Suspend-ClusterNode", { Name: "HV01", Drain: true, TargetNode: "HV01" }),
      refuses("Suspend-ClusterNode", { Name: "HV01", Drain: true, TargetNode: "HV09" }),
      { world: { fail: "HV03" } },
      refuses("Suspend-ClusterNode", { Name: "HV01", Drain: true, TargetNode: "HV03" }),
      refuses("Suspend-ClusterNode", { Name: "HV03" }, { hresult: -2147019846 }),
      shows("Get-ClusterNode", { Name: "HV01" }, { State: "Up" }),
    ],
  },
  {
    title: "a configuration that others cannot read is warned of",
    steps: [
      ...role("web"),
      does("Update-ClusterVirtualMachineConfiguration", { Name: "web", Cluster: "." }, { warnings: 0 }),
      does("New-VHD", { Path: "D:\\web.vhdx", SizeBytes: GiB }),
      refuses("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\web.vhdx" }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\web.vhdx", AllowUnverifiedPaths: true }),
      does("Update-ClusterVirtualMachineConfiguration", { Name: "Virtual Machine Configuration web" }, { warnings: 1 }),
      refuses("Update-ClusterVirtualMachineConfiguration", { Name: "nobody" }),
      refusesMove("web", "HV02", { hresult: -2147018951 }, "Quick"),
    ],
  },
  {
    title: "a disk on the shared volume follows its machine with its checkpoints",
    steps: [
      ...running("web", { NewVHDPath: `${volume}\\web.vhdx`, NewVHDSizeBytes: GiB }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "before" }),
      move("web", "HV02"),
      on("HV02", shows("Get-VMSnapshot", { VMName: "web" }, { Name: "before" })),
      on("HV02", does("Remove-VMSnapshot", { VMName: "web", Confirm: false })),
      on("HV02", shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: `${volume}\\web.vhdx` })),
    ],
  },
];

describe("moves within a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));
});
