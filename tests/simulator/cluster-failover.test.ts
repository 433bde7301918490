import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on, role, running } from "./cluster-steps";
import { fails, isAt, returns, set } from "./failover-steps";
import { cluster, GiB } from "./worlds";

const owners = (name: string, ...Owners: string[]): Step => does("Set-ClusterOwnerNode", { Group: name, Owners });

const claims: Case[] = [
  {
    title: "the preferred owners come first and in their order, and then the node with most room",
    steps: [
      ...running("web"),
      ...running("db"),
      owners("web", "HV03", "HV02"),
      fails("HV01"),
      isAt("web", "HV03"),
      isAt("db", "HV02"),
    ],
  },
  {
    title: "the high priority gets the memory, and what has no room is failed until there is some",
    steps: [
      ...running("low", { MemoryStartupBytes: 20 * GiB }),
      ...running("high", { MemoryStartupBytes: 30 * GiB }),
      ...running("there", { MemoryStartupBytes: 60 * GiB }, "HV02"),
      ...set("low", "Priority", 1000),
      ...set("high", "Priority", 3000),
      fails("HV01"),
      isAt("high", "HV03"),
      on(
        "HV02",
        shows("Get-ClusterGroup", { Name: "low" }, { State: "Failed", StatusInformation: "PhysicalResourcesLacking" }),
      ),
      returns("HV01"),
      isAt("low", "HV01"),
      isAt("high", "HV03"),
      on("HV02", shows("Get-ClusterGroup", { Name: "low" }, { StatusInformation: "0" })),
    ],
  },
  {
    title: "what was off or saved goes over as it is, and what has no priority does not start by itself",
    steps: [
      ...role("off"),
      ...running("saved"),
      does("Save-VM", { Name: "saved" }),
      ...running("manual"),
      ...set("manual", "Priority", 0),
      fails("HV01"),
      isAt("off", "HV02", "Offline"),
      isAt("saved", "HV02", "Offline"),
      isAt("manual", "HV02", "Offline"),
      on("HV02", shows("Get-VM", {}, { State: "Off" }, { State: "Saved" }, { State: "Off" })),
      returns("HV01"),
      isAt("manual", "HV02", "Offline"),
    ],
  },
  {
    title: "a node that is paused gets nothing",
    steps: [...running("web"), does("Suspend-ClusterNode", { Name: "HV02" }), fails("HV01"), isAt("web", "HV03")],
  },
  {
    title: "roles are kept apart by force when the cluster enforces it",
    steps: [
      ...running("one"),
      ...running("two", {}, "HV02"),
      ...running("three", {}, "HV03"),
      does("Get-ClusterGroup", {}, {}, "groups"),
      assigns("AntiAffinityClassNames", "groups", ["web"]),
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("ClusterEnforcedAntiAffinity", "cluster", 1),
      fails("HV01"),
      on(
        "HV02",
        shows(
          "Get-ClusterGroup",
          { Name: "one" },
          { State: "Offline", StatusInformation: "OfflineAntiAffinityConflict" },
        ),
      ),
      returns("HV01"),
      isAt("one", "HV01"),
    ],
  },
  {
    title: "without force they share a node when there is no other",
    steps: [
      ...running("one"),
      ...running("two", {}, "HV02"),
      does("Suspend-ClusterNode", { Name: "HV03" }),
      does("Get-ClusterGroup", {}, {}, "groups"),
      assigns("AntiAffinityClassNames", "groups", ["web"]),
      fails("HV01"),
      isAt("one", "HV02"),
    ],
  },
  {
    title: "a role that only its dead node may own waits for it",
    steps: [
      ...running("web"),
      does("Set-ClusterOwnerNode", { Resource: "Virtual Machine web", Owners: ["HV01"] }),
      fails("HV01"),
      isAt("web", "HV01", "Failed"),
      on("HV02", refuses("Start-ClusterGroup", { Name: "web" }, { hresult: -2147019846 })),
      returns("HV01"),
      isAt("web", "HV01"),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
    ],
  },
  {
    title: "or for another possible owner",
    steps: [
      ...running("web"),
      does("Set-ClusterOwnerNode", { Resource: "Virtual Machine web", Owners: ["HV01"] }),
      fails("HV01"),
      isAt("web", "HV01", "Failed"),
      on("HV02", does("Set-ClusterOwnerNode", { Resource: "Virtual Machine web", Owners: ["HV01", "HV02"] })),
      isAt("web", "HV02"),
    ],
  },
  {
    title: "beyond its threshold a role stays failed, until somebody starts it",
    steps: [
      ...running("web"),
      ...set("web", "FailoverThreshold", 1),
      fails("HV01"),
      isAt("web", "HV02"),
      returns("HV01"),
      fails("HV02"),
      isAt("web", "HV01", "Failed", "HV01"),
      returns("HV02"),
      isAt("web", "HV01", "Failed"),
      does("Start-ClusterGroup", { Name: "web" }),
      fails("HV01"),
      isAt("web", "HV02"),
    ],
  },
  {
    title: "a role goes back to the node that it prefers if it may, and not while it has a window",
    steps: [
      ...["web", "stays", "waits"].flatMap((name) => [...running(name), owners(name, "HV01")]),
      ...set("web", "AutoFailbackType", 1),
      ...set("waits", "AutoFailbackType", 1),
      ...set("waits", "FailbackWindowStart", 22),
      ...running("free"),
      ...set("free", "AutoFailbackType", 1),
      fails("HV01"),
      isAt("web", "HV02"),
      { world: { guest: "web", boots: true } },
      returns("HV01"),
      isAt("web", "HV01"),
      isAt("stays", "HV02"),
      isAt("waits", "HV02"),
      isAt("free", "HV02"),
      shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" }),
    ],
  },
  {
    title: "a role starts again where a switch of the same name is",
    steps: [
      ...["HV01", "HV03"].map((node) => on(node, does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }))),
      ...running("web", { SwitchName: "lan" }),
      fails("HV01"),
      isAt("web", "HV03"),
      on("HV03", shows("Get-VMNetworkAdapter", { VMName: "web" }, { SwitchName: "lan", Connected: true })),
    ],
  },
];

describe("failover in a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));
});
