import assert from "node:assert/strict";
import { hasQuorum } from "../../provider/simulator/cluster/quorum";
import { Simulator } from "../../provider/simulator/simulator";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { on, running, volume } from "./cluster-steps";
import { fails, isAt, returns, set } from "./failover-steps";
import { cluster, GiB } from "./worlds";

const noCluster = (node: string): Step => on(node, refuses("Get-ClusterGroup", {}, { category: "ConnectionError" }));

const claims: Case[] = [
  {
    title: "moves and a stopped cluster service do not count as failures",
    steps: [
      ...running("web"),
      ...set("web", "FailoverThreshold", 0),
      does("Move-ClusterVirtualMachineRole", { Name: "web", Node: "HV02" }),
      does("Stop-ClusterNode", { Name: "HV02" }),
      isAt("web", "HV01", "Online", "HV01"),
      fails("HV01"),
      isAt("web", "HV03", "Failed", "HV03"),
    ],
  },
  {
    title: "a node that dies and returns before anybody looks has lost its roles all the same",
    steps: [...running("web"), fails("HV01"), returns("HV01"), isAt("web", "HV02")],
  },
  {
    title: "a stopped node gives its roles away and keeps what is no role running",
    steps: [
      ...running("web"),
      does("New-VM", { Name: "local", Path: volume }),
      does("Start-VM", { Name: "local" }),
      on("HV02", shows("Stop-ClusterNode", { Name: "HV01" }, { Name: "HV01", State: "Down" })),
      isAt("web", "HV02"),
      shows("Get-VM", {}, { Name: "local", State: "Running" }),
      noCluster("HV01"),
      on("HV02", refuses("Stop-ClusterNode", { Name: "HV01" })),
      shows("Start-ClusterNode", {}, { State: "Up" }),
      isAt("web", "HV02"),
    ],
  },
  {
    title: "on a dead node nothing runs, and its own machines are off when it comes back",
    steps: [
      does("New-VM", { Name: "local" }),
      does("Start-VM", { Name: "local" }),
      fails("HV01"),
      on("HV02", does("Get-VM", {}, { count: 0 })),
      refuses("Get-VM", {}),
      returns("HV01"),
      shows("Get-VM", {}, { Name: "local", State: "Off" }),
    ],
  },
  {
    title: "a dead node's disks on the shared volume are free",
    steps: [
      ...running("web", { NewVHDPath: `${volume}\\web.vhdx`, NewVHDSizeBytes: GiB }),
      on("HV02", refuses("Get-VHD", { Path: `${volume}\\web.vhdx` })),
      fails("HV01"),
      isAt("web", "HV02"),
      on("HV02", shows("Get-VHD", { Path: `${volume}\\web.vhdx` }, { Attached: true })),
    ],
  },
  {
    title: "a guest that comes up after a node has died is that of the restarted machine",
    steps: [
      ...running("web"),
      fails("HV01"),
      { world: { guest: "web", boots: true } },
      on("HV02", shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "OkApplicationsUnknown" })),
    ],
  },
  {
    title: "nodes that die one after the other leave a cluster, as votes are counted anew",
    steps: [
      ...running("web"),
      fails("HV01"),
      on("HV02", does("Get-ClusterNode", {}, { count: 3 })),
      fails("HV02"),
      isAt("web", "HV03", "Online", "HV03"),
    ],
  },
  {
    title: "nodes that die together leave none: Hyper-V works on, and the roles come up with the next node",
    steps: [
      ...running("web"),
      ...running("here", {}, "HV03"),
      fails("HV01"),
      fails("HV02"),
      noCluster("HV03"),
      on("HV03", shows("Get-VM", {}, { Name: "here", State: "Running" })),
      on("HV03", does("New-VMSwitch", { Name: "lan", SwitchType: "Private" })),
      returns("HV02"),
      isAt("web", "HV02"),
      isAt("here", "HV03"),
    ],
  },
  {
    title: "a cluster without its votes can be forced",
    steps: [
      ...running("web"),
      fails("HV01"),
      fails("HV02"),
      noCluster("HV03"),
      on("HV03", does("Start-ClusterNode", {})),
      noCluster("HV03"),
      on("HV03", does("Start-ClusterNode", { ForceQuorum: true })),
      isAt("web", "HV03", "Online", "HV03"),
    ],
  },
];

describe("failover in a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));

  it("where guests boot by themselves, they boot again after a failover", () =>
    runCase(
      {
        title: "",
        steps: [
          ...running("web", { NewVHDPath: `${volume}\\web.vhdx`, NewVHDSizeBytes: GiB }),
          fails("HV01"),
          on("HV02", shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" })),
        ],
      },
      { ...cluster, guestsBoot: true },
    ));

  it("leaves no copy of a machine behind, whatever dies and returns", async () => {
    const simulator = Simulator.inMemory(structuredClone(cluster));
    await simulator.run("HV01", [
      { cmdlet: "New-VM", parameters: { Name: "web", Path: volume } },
      { cmdlet: "Start-VM", parameters: { Name: "web" } },
      { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMName: "web" } },
    ]);
    for (const event of [{ fail: "HV01" }, { return: "HV01" }, { fail: "HV02" }, { fail: "HV01" }, { return: "HV02" }])
      await simulator.happen(event);
    await simulator.run("HV02", [{ cmdlet: "Get-Cluster" }]);
    const { nodes } = await simulator.world();
    assert.deepEqual(
      nodes.flatMap(({ name, up, machines }) => machines.map(({ state }) => ({ name, up, state }))),
      [{ name: "HV02", up: true, state: "Running" }],
    );
  });
});

describe("quorum", () => {
  for (const [voters, alive, expected] of [
    ["abc", "ab", true],
    ["abc", "a", false],
    ["ab", "b", true],
    ["a", "", false],
    ["abcd", "cd", true],
    ["abcd", "d", false],
    ["ab", "c", false],
  ] as const)
    it(`of ${voters} with ${alive || "none"} alive is ${expected ? "kept" : "lost"}`, () =>
      assert.equal(hasQuorum({ voters: [...voters], quorum: "NodeMajority", properties: {} }, [...alive]), expected));
});
