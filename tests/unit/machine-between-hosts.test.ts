import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { Cluster } from "../../provider/host/cluster";
import { Run } from "../../provider/lifecycle/work/run";
import { connectSimulated, simulatedHost } from "../../provider/simulated-hosts";
import { Simulator } from "../../provider/simulator";
import type { WorldDescription } from "../../provider/simulator/world/world";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;
const nodes = ["HV01", "HV02"];
const volumes = [
  { root: "C:\\", sizeBytes: 500 * GiB },
  { root: "D:\\", sizeBytes: 2000 * GiB },
];
const pair: WorldDescription = {
  nodes: nodes.map((name) => ({ name, volumes })),
  session: "remote",
  guestsBoot: true,
};
const disk = "D:\\disks\\web.vhdx";
const machine = {
  name: "web",
  node: "HV01",
  path: "D:\\machines",
  networkAdapters: [{ name: "front" }],
  hardDiskDrives: [{ path: disk }],
};

/** Two hosts that share nothing and allow each other's machines, with one machine on the first. */
class Pair {
  readonly simulator: Simulator;
  readonly run = new Run();
  readonly machines: Lifecycle;
  readonly disks: Lifecycle;

  constructor(description: WorldDescription = pair, isClustered = false) {
    this.simulator = Simulator.inMemory(description);
    const lifecycle = (kind: string) =>
      new Lifecycle(kind, this.simulator, nodes, connectSimulated(this.simulator, nodes, isClustered), this.run);
    this.machines = lifecycle("VirtualMachine");
    this.disks = lifecycle("VirtualHardDisk");
  }

  async on(node: string, cmdlet: string, parameters: Record<string, unknown> = {}, select?: object) {
    const [result] = (await this.simulator.run(node, [{ cmdlet, parameters, select } as Call])).slice(-1);
    assert.equal(result?.error, undefined);
    return result?.values ?? [];
  }

  async allow(...hosts: readonly string[]) {
    for (const node of hosts) {
      await this.on(node, "Set-VMHost", {
        VirtualMachineMigrationAuthenticationType: "Kerberos",
        UseAnyNetworkForMigration: true,
      });
      await this.on(node, "Enable-VMMigration");
    }
  }

  async made(extra: object = {}) {
    await this.allow(...nodes);
    const made = await this.disks.create({ path: disk, node: "HV01", sizeBytes: 10 * GiB });
    return { disk: made, machine: await this.machines.create({ ...machine, ...extra }) };
  }

  async where(id: string) {
    const found: string[] = [];
    for (const node of nodes) {
      const all = (await this.on(node, "Get-VM", {}, { Id: null, State: null })) as { Id: string; State: string }[];
      found.push(...all.filter(({ Id }) => Id.toLowerCase() === id).map(({ State }) => `${node} ${State}`));
    }
    return found;
  }

  async has(node: string, path: string) {
    return (await this.on(node, "Test-Path", { LiteralPath: path }, {}))[0];
  }
}

describe("a machine between hosts that share nothing", () => {
  for (const state of ["Running", "Off"] as const)
    it(`moves with its disks where its node changes, while it is ${state}, and keeps its id`, async () => {
      const world = new Pair();
      const made = await world.made({ state });
      const there = { ...machine, state, node: "HV02" };
      assert.equal(world.machines.diff(made.machine, there).changes, true);
      const moved = await world.machines.update(made.machine, there);
      assert.deepEqual(await world.where(moved.id), [`HV02 ${state}`]);
      assert.equal(await world.has("HV01", disk), false);
      assert.equal(await world.has("HV02", disk), true);
      assert.equal(moved.outputs.runsOn, "HV02");
      assert.equal(world.machines.diff(moved, there).changes, false);
      assert.deepEqual(await world.machines.changesDuring(() => world.machines.update(moved, there)), []);
    });

  it("says in preview where it goes, and what happens to it", async () => {
    const world = new Pair();
    const made = await world.made({ state: "Running" });
    await world.machines.difference(made.machine, { ...machine, state: "Running", node: "HV02" });
    assert.deepEqual(world.machines.told, ["Moves the machine live with its disks from HV01 to HV02."]);
  });

  it("is changed further once it is there, in the same run", async () => {
    const world = new Pair();
    const made = await world.made();
    const there = { ...machine, node: "HV02", notes: "moved", processor: { count: 2 } };
    const moved = await world.machines.update(made.machine, there);
    const [shown] = await world.on("HV02", "Get-VM", { Name: "web" }, { Notes: null, ProcessorCount: null });
    assert.deepEqual(shown, { Notes: "moved", ProcessorCount: 2 });
    assert.equal(world.machines.diff(moved, there).changes, false);
  });

  it("stays where somebody has moved it, until the program names another node", async () => {
    const world = new Pair();
    const made = await world.made();
    await world.on("HV01", "Move-VM", {
      Name: "web",
      DestinationHost: "HV02",
      IncludeStorage: true,
      DestinationStoragePath: "D:\\elsewhere",
    });
    const read = (await world.machines.read(made.machine)) ?? assert.fail();
    assert.equal(read.outputs.runsOn, "HV02");
    assert.equal(read.inputs.node, "HV01");
    const { steps } = {
      steps: await world.machines.changesDuring(() =>
        world.machines.update(read, { ...machine, hardDiskDrives: read.inputs.hardDiskDrives, path: read.inputs.path }),
      ),
    };
    assert.ok(!steps.includes("Move-VM"), steps.join());
  });

  it("stays on its host, running, where the other one lacks its switch, and says what to do", async () => {
    const world = new Pair();
    await world.on("HV01", "New-VMSwitch", { Name: "lan", SwitchType: "Internal" });
    const networkAdapters = [{ name: "front", switchName: "lan" }];
    const made = await world.made({ state: "Running", networkAdapters });
    const there = { ...machine, state: "Running", networkAdapters, node: "HV02" };
    const failure = await world.machines.update(made.machine, there).then(
      () => assert.fail(),
      (error: Error & { id: string; outputs: Record<string, unknown> }) => error,
    );
    assert.match(failure.message, /HV02 cannot take the machine, which stays on HV01/);
    assert.match(failure.message, /'lan'.*Create a virtual switch of that name there/);
    assert.doesNotMatch(failure.message, /migration operation/);
    assert.deepEqual(await world.where(made.machine.id), ["HV01 Running"]);
    // what was not moved is still to go, also after a refresh
    const state = { id: failure.id, outputs: failure.outputs };
    assert.equal(world.machines.diff(state, there).changes, true);
    const read = (await world.machines.read(state)) ?? assert.fail();
    await world.on("HV02", "New-VMSwitch", { Name: "lan", SwitchType: "Internal" });
    const moved = await world.machines.update(read, there);
    assert.deepEqual(await world.where(moved.id), ["HV02 Running"]);
  });

  it("stays where live migration is off, and is told which setting", async () => {
    const world = new Pair();
    const made = await world.made({ state: "Running" });
    await world.on("HV02", "Disable-VMMigration");
    await assert.rejects(
      world.machines.update(made.machine, { ...machine, state: "Running", node: "HV02" }),
      /not configured for live migration[\s\S]*Enable-VMMigration, or HostSettings/,
    );
    assert.deepEqual(await world.where(made.machine.id), ["HV01 Running"]);
  });

  it("with checkpoints is refused before anything is done", async () => {
    const world = new Pair();
    const made = await world.made();
    await world.on("HV01", "Checkpoint-VM", { Name: "web" });
    const read = (await world.machines.read(made.machine)) ?? assert.fail();
    await assert.rejects(
      world.machines.difference(read, { ...machine, node: "HV02" }),
      /node cannot change while the machine has checkpoints/,
    );
  });

  it("takes its disks' resources along: they find their files where the machine is", async () => {
    const world = new Pair();
    const made = await world.made();
    const there = { path: disk, node: "HV02", sizeBytes: 10 * GiB };
    assert.deepEqual(
      (await world.disks.difference(made.disk, there)).replaces,
      [],
      "attached, it goes with the machine",
    );
    const updated = await world.disks.update(made.disk, there);
    await world.machines.update(made.machine, { ...machine, node: "HV02" });
    const read = (await world.disks.read(updated)) ?? assert.fail();
    assert.equal(read.outputs.diskIdentifier, made.disk.outputs.diskIdentifier);
    assert.deepEqual((await world.disks.difference(read, there)).replaces, []);
  });

  for (const [fault, drop] of [
    ["before it is done", { kind: "drop", effectDone: false }],
    ["after it is done", { kind: "drop", effectDone: true }],
  ] as const)
    it(`is on one host, whole, where the connection is lost in the move ${fault}`, async () => {
      const world = new Pair();
      const made = await world.made({ state: "Running" });
      await world.simulator.order({ effect: drop, cmdlet: "Move-VM" });
      const moved = await world.machines.update(made.machine, { ...machine, state: "Running", node: "HV02" });
      assert.deepEqual(await world.where(moved.id), ["HV02 Running"]);
    });

  it("moves where the provider knows its hosts by addresses that begin alike", async () => {
    const simulator = Simulator.inMemory(pair);
    const names: Record<string, string> = { "10.0.0.11": "HV01", "10.0.0.12": "HV02" };
    const hosts = new Cluster(
      Object.entries(names).map(([name, node]) => ({
        name,
        host: { ...simulatedHost(simulator, node), address: name },
      })),
      false,
    );
    const lifecycle = new Lifecycle("VirtualMachine", simulator, Object.keys(names), hosts);
    const made = await lifecycle.create({ name: "web", node: "10.0.0.11" });
    const { outputs } = (await lifecycle.read(made)) ?? assert.fail();
    assert.equal(lifecycle.diff({ id: made.id, outputs }, { name: "web", node: "10.0.0.11" }).changes, false);
    await lifecycle.difference(made, { name: "web", node: "10.0.0.12" });
    assert.deepEqual(lifecycle.told, ["Moves the machine with its disks from HV01 to 10.0.0.12."]);
    // nor is one that the provider names no longer taken for another
    await assert.rejects(hosts.run({ node: "10.0.0.13" }, []), /the provider has no node "10\.0\.0\.13"/);
  });

  it("of a cluster without a role is told to become one", async () => {
    const world = new Pair({ ...pair, nodes: pair.nodes, cluster: { name: "CL1" } }, true);
    const made = await world.machines.create({ name: "web", node: "HV01" });
    const { replaces } = await world.machines.difference(made, { name: "web", node: "HV02" });
    assert.deepEqual(replaces, []);
    assert.deepEqual(world.machines.told, [
      "The machine stays on HV01, though node names HV02: in a cluster a machine moves as a role. Create a ClusterVirtualMachineRole for it, and set its ownerNode.",
    ]);
    const moved = await world.machines.update(made, { name: "web", node: "HV02" });
    assert.equal(moved.outputs.runsOn, "HV01");
  });

  it("is in no cluster: a role is refused", () => {
    const world = new Pair();
    const roles = new Lifecycle("ClusterVirtualMachineRole", world.simulator, nodes);
    const { problems } = roles.handlers.check({ vmId: "5e0d1a0b-6a52-4c0e-a9a5-2f1f8c4bb0c1" }, nodes, false);
    assert.deepEqual(problems, [
      "it belongs to a failover cluster, and the provider's nodes are in none: it has clustered: false",
    ]);
  });
});
