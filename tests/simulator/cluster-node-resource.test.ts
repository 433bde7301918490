import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import type { Ran } from "../../provider/host/host";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { Run } from "../../provider/lifecycle/work/run";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const volume = "C:\\ClusterStorage\\Volume1";
const GiB = 2 ** 30;

/** Three nodes, with running roles of these priorities on the first, and a process of a provider there. */
async function cluster(priorities: readonly number[] = [], memoryBytes = 64 * GiB) {
  const nodes = ["HV01", "HV02", "HV03"];
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name, memoryBytes: name === "HV01" ? 64 * GiB : memoryBytes })),
    cluster: { name: "LAB" },
    seed: "nodes",
  });
  const does = async (line: string) => {
    const results = await simulator.run("HV01", parseLine(line));
    for (const { error } of results) assert.equal(error, undefined, line);
    return results.at(-1)?.values ?? [];
  };
  for (const [index, priority] of priorities.entries()) {
    await does(`New-VM -Name vm${index} -Path ${volume} -NoVHD -Generation 2 -MemoryStartupBytes 8GB`);
    await does(`Add-ClusterVirtualMachineRole -VMName vm${index}`);
    await does(`(Get-ClusterGroup -Name vm${index}).Priority = ${priority}`);
    await does(`Start-VM -Name vm${index}`);
  }
  const run = new Run();
  const program = (kind = "ClusterNode", hosts = connectSimulated(simulator, nodes)) => {
    const lifecycle = new Lifecycle(kind, simulator, nodes, hosts, run);
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    return Object.assign(lifecycle, { told });
  };
  const on = async (node: string) =>
    (await simulator.world()).nodes.find(({ name }) => name === node)?.machines.map(({ name }) => name) ?? [];
  const stateOf = async (node: string) =>
    (
      await simulator.run("HV01", [
        { cmdlet: "Get-ClusterNode", parameters: { Name: node }, select: { State: null, DrainStatus: null } },
      ])
    )[0]?.values[0];
  return { simulator, does, program, on, stateOf };
}

const urn = (name: string) => `dev::tests::*::${name}`;

describe("a node that is paused", () => {
  it("is drained: what ran on it runs elsewhere, and preview says how each goes", async () => {
    const { program, on, stateOf } = await cluster([3000, 2000, 1000, 0]);
    const lifecycle = program();
    const up = await lifecycle.create({ node: "hv01", state: "Up" });
    const paused = { node: "hv01", state: "Paused" };
    await lifecycle.difference(up, paused);
    assert.deepEqual(lifecycle.told, [
      "Drains HV01: moves 2 machines live, saves 1 machine of low priority and resumes them elsewhere, turns off 1 machine of priority 0.",
    ]);
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.update(up, paused);
      assert.equal(state.outputs.state, "Paused");
      assert.equal(lifecycle.diff(state, paused).changes, false);
      assert.deepEqual((await lifecycle.read(state))?.inputs, paused);
    });
    assert.deepEqual(changes, ["Suspend-ClusterNode"]);
    assert.deepEqual(await on("HV01"), []);
    assert.deepEqual(await stateOf("HV01"), { State: "Paused", DrainStatus: "Completed" });
    assert(lifecycle.reported.includes("drain HV01: 4 of 4 machines moved"), lifecycle.reported.join("\n"));
  });

  it("comes back with what was drained from it, or without", async () => {
    for (const [failback, there] of [
      ["Immediate", ["vm0", "vm1"]],
      ["NoFailback", []],
      [undefined, []],
    ] as const) {
      const { program, on } = await cluster([2000, 2000]);
      const lifecycle = program();
      const paused = await lifecycle.create({ node: "HV01", state: "Paused" });
      const up = { node: "HV01", state: "Up", ...(failback && { failback }) };
      await lifecycle.difference(paused, up);
      assert.match(lifecycle.told[0] ?? "", /^Resumes HV01, and /);
      const changes = await lifecycle.changesDuring(() => lifecycle.update(paused, up));
      assert.deepEqual(changes, ["Resume-ClusterNode"]);
      assert.deepEqual((await on("HV01")).sort(), there);
    }
  });

  it("says how far its drain is, and at its deadline which machines are still there", async () => {
    const { simulator, program } = await cluster([2000, 2000, 2000]);
    const hosts = connectSimulated(simulator, ["HV01", "HV02", "HV03"]);
    const slow = { looks: 0, gone: 0 };
    const send = hosts.run.bind(hosts);
    // a host drains for a while: the simulated one is done at once
    hosts.run = async (...given: Parameters<typeof hosts.run>) => {
      const ran = (await send(...given)) as Ran;
      if (slow.looks === 0 && !given[1].some((call) => "cmdlet" in call && call.cmdlet === "Suspend-ClusterNode"))
        return ran;
      slow.looks += 1;
      slow.gone = Math.min(2, Math.floor((slow.looks - 1) / 2));
      for (const { values } of ran.results)
        for (const value of values as Record<string, unknown>[]) {
          if (value.DrainStatus === "Completed") value.DrainStatus = "InProgress";
          const number = /^vm(\d)$/.exec(String(value.Name))?.[1];
          if (number !== undefined && Number(number) >= slow.gone)
            Object.assign(value, { OwnerNode: { Name: "HV01" }, StatusInformation: "Queued" });
        }
      return ran;
    };
    const lifecycle = program("ClusterNode", hosts);
    const failure = await lifecycle.create({ node: "HV01", state: "Paused", drainTimeoutSeconds: 60 }).then(
      () => assert.fail("it was not late"),
      (error: Error) => error.message,
    );
    assert.match(
      failure,
      /2 of 3 machines moved within 60 seconds\. Still on HV01: vm2 \(Online, Queued\)\. The drain goes on/,
    );
    for (const count of [0, 1, 2])
      assert.equal(lifecycle.reported.filter((text) => text === `drain HV01: ${count} of 3 machines moved`).length, 1);
  });

  it("fails with the reason why a machine stays, keeps what has moved, and goes on from there", async () => {
    // each of the others has room for one
    const { simulator, program, on, does, stateOf } = await cluster([2000, 2000, 2000], 14 * GiB);
    const lifecycle = program();
    const up = await lifecycle.create({ node: "HV01", state: "Up" });
    const paused = { node: "HV01", state: "Paused" };
    const failure = await lifecycle.update(up, paused).then(
      () => assert.fail("there was room"),
      (error: Error) => error.message,
    );
    assert.match(failure, /could not move vm2 to HV02, which the drain has left on HV01; HV01 stays paused: .*memory/);
    assert.deepEqual(await on("HV01"), ["vm2"]);
    assert.deepEqual(await stateOf("HV01"), { State: "Paused", DrainStatus: "Failed" });
    // somebody makes room
    const away = (await on("HV02"))[0] ?? assert.fail();
    await simulator.run("HV02", parseLine(`Stop-VM -Name ${away} -TurnOff -Force`));
    const read = (await lifecycle.read(up)) ?? assert.fail();
    assert.equal(lifecycle.diff(read, paused).changes, true);
    await lifecycle.update(read, paused);
    assert.deepEqual(await on("HV01"), []);
    await does("Get-ClusterNode");
  });

  it("is waited for where the session is lost after the host has begun", async () => {
    const { simulator, program, on } = await cluster([2000]);
    const lifecycle = program();
    const up = await lifecycle.create({ node: "HV01", state: "Up" });
    await simulator.order({ cmdlet: "Suspend-ClusterNode", times: 1, effect: { kind: "drop", effectDone: true } });
    const changes = await lifecycle.changesDuring(() => lifecycle.update(up, { node: "HV01", state: "Paused" }));
    assert.deepEqual(changes, []);
    assert.deepEqual(await on("HV01"), []);
  });

  it("by hand and not drained, is drained; and drift is put back", async () => {
    const { does, program, on } = await cluster([2000]);
    await does("Suspend-ClusterNode -Name HV01");
    const lifecycle = program();
    const inputs = { node: "HV01", state: "Paused" };
    const state = await lifecycle.create(inputs);
    assert.deepEqual(await on("HV01"), []);
    await does("Resume-ClusterNode -Name HV01");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(read.inputs.state, "Up");
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, inputs));
    assert.deepEqual(changes, ["Suspend-ClusterNode"]);
  });

  it("is forgotten at destroy: nothing is resumed, and nobody evicted", async () => {
    const { program, stateOf } = await cluster();
    const lifecycle = program();
    const state = await lifecycle.create({ node: "HV01", state: "Paused" });
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), []);
    assert.deepEqual(await stateOf("HV01"), { State: "Paused", DrainStatus: "Completed" });
  });

  it("stays as it is, where the program no longer says in which state it is", async () => {
    const { program, stateOf } = await cluster();
    const lifecycle = program();
    const state = await lifecycle.create({ node: "HV01", state: "Paused" });
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, { node: "HV01" })), []);
    assert.deepEqual(await stateOf("HV01"), { State: "Paused", DrainStatus: "Completed" });
  });
});

describe("nodes that are paused together", () => {
  const paused = (name: string, more: object = {}) => ({
    node: name,
    state: "Paused",
    __urn: urn(name.toLowerCase()),
    ...more,
  });

  it("are refused in preview, whichever comes first, unless both resources allow it", async () => {
    const { program } = await cluster();
    const { handlers, nodes } = program();
    assert.deepEqual(handlers.check(paused("HV01"), nodes).problems, []);
    assert.deepEqual(handlers.check(paused("HV02", { allowTogether: true }), nodes).problems, [
      'state is "Paused", and the resource "hv01" pauses HV01 at the same time. Pause one after the other, or set allowTogether: true on both',
    ]);
    assert.equal(handlers.check(paused("HV01", { allowTogether: true }), nodes).problems.length, 0);
    assert.equal(handlers.check({ ...paused("HV02"), state: "Up" }, nodes).problems.length, 0);
    assert.equal(handlers.check(paused("HV01"), nodes).problems.length, 0);
  });

  it("are refused on the cluster: another one is paused, or down, and nothing is drained", async () => {
    for (const line of ["Suspend-ClusterNode -Name HV02 -Drain", "Stop-ClusterNode -Name HV02"]) {
      const { does, program, on } = await cluster([2000]);
      const lifecycle = program();
      const up = await lifecycle.create({ node: "HV01", state: "Up" });
      await does(line);
      // the state knows nothing of it, and up looks again
      const changes = await lifecycle.changesDuring(() =>
        assert.rejects(
          lifecycle.update(up, { node: "HV01", state: "Paused" }),
          /cannot become "Paused" while HV02 is (paused|down)\. Bring that back first/,
        ),
      );
      assert.deepEqual(changes, []);
      assert.deepEqual(await on("HV01"), ["vm0"]);
      const read = (await lifecycle.read(up)) ?? assert.fail();
      await assert.rejects(
        lifecycle.difference(read, { node: "HV01", state: "Paused" }),
        /while HV02 is (paused|down)/,
      );
      await lifecycle.update(up, { node: "HV01", state: "Paused", allowTogether: true });
      assert.deepEqual(await on("HV01"), []);
    }
  });

  it("are not held up by one that was back before the preview asked", async () => {
    const { does, program } = await cluster();
    const lifecycle = program();
    await does("Suspend-ClusterNode -Name HV02");
    const up = await lifecycle.create({ node: "HV01", state: "Up" });
    await does("Resume-ClusterNode -Name HV02");
    assert.equal((await lifecycle.difference(up, { node: "HV01", state: "Paused" })).changes, true);
  });

  it("a role is not kept on one, whichever resource comes first", async () => {
    const { program } = await cluster();
    const role = { vmId: "3f2b1c4d-0000-4000-8000-000000000001", ownerNode: "hv01.lab.example", __urn: urn("db") };
    const nodesFirst = program();
    nodesFirst.handlers.check(paused("HV01"), nodesFirst.nodes);
    const roles = program("ClusterVirtualMachineRole");
    const problem = 'ownerNode is hv01, which the resource "hv01" pauses. Name another node, or none';
    assert.deepEqual(roles.handlers.check({ ...role, ownerNode: "hv01" }, roles.nodes).problems, [problem]);
    assert.deepEqual(roles.handlers.check({ ...role, ownerNode: "HV02" }, roles.nodes).problems, []);
    assert.deepEqual(nodesFirst.handlers.check(paused("HV02"), nodesFirst.nodes).problems.slice(-1), [
      'state is "Paused", and the resource "db" keeps its machine on HV02. Give that another ownerNode, or none',
    ]);
  });
});

describe("a node that is down", () => {
  it("does not become Up by a program, and counts as paused", async () => {
    const { does, program } = await cluster();
    const lifecycle = program();
    const paused = await lifecycle.create({ node: "HV02", state: "Paused" });
    await does("Stop-ClusterNode -Name HV02");
    const read = (await lifecycle.read(paused)) ?? assert.fail();
    assert.equal(lifecycle.diff(read, { node: "HV02", state: "Paused" }).changes, false);
    await assert.rejects(
      lifecycle.update(read, { node: "HV02", state: "Up" }),
      /cannot become "Up": HV02 is down\. Start it and its cluster service/,
    );
    await does("Start-ClusterNode -Name HV02");
    await lifecycle.update(read, { node: "HV02", state: "Up" });
  });

  it("is read and imported by its name", async () => {
    const { does, program } = await cluster();
    const lifecycle = program();
    await does("(Get-ClusterNode -Name HV02).NodeWeight = 0");
    const read = await lifecycle.read({ id: "hv02", outputs: { [getMarker]: true } });
    assert.deepEqual([read?.outputs.node, read?.outputs.state, read?.outputs.nodeWeight], ["HV02", "Up", false]);
    const found = await lifecycle.handlers.list(lifecycle.surroundings);
    assert.deepEqual(found.map(({ id }) => id).sort(), ["HV01", "HV02", "HV03"]);
    const imported = await lifecycle.handlers.imported(found[0] ?? assert.fail(), lifecycle.surroundings);
    assert.deepEqual(imported.inputs, { node: found[0]?.id, state: "Up", nodeWeight: found[0]?.id !== "HV02" });
  });
});
