import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { Run } from "../../provider/lifecycle/work/run";
import { plan } from "../../provider/resources/cluster-settings/plan";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];

const lab = () =>
  Simulator.inMemory({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, seed: "cluster settings" });
const on = (simulator: Simulator) => new Lifecycle("ClusterSettings", simulator, nodes, undefined, new Run());

async function propertiesOf(simulator: Simulator): Promise<unknown> {
  return (await simulator.world()).cluster?.properties;
}

describe("settings of a cluster", () => {
  it("are set one by one, and nothing else is", async () => {
    const simulator = lab();
    const lifecycle = on(simulator);
    const inputs = { drainOnShutdown: false, maximumParallelMigrations: 4, description: "rack 4", autoBalancerMode: 2 };
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(inputs);
      assert.deepEqual([state.id, state.outputs.clusterName], ["LAB", "LAB"]);
      assert.equal(lifecycle.diff(state, inputs).changes, false);
      assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
    });
    assert.deepEqual(changes, ["assign Description", "assign MaximumParallelMigrations", "assign DrainOnShutdown"]);
    assert.deepEqual(await propertiesOf(simulator), {
      Description: "rack 4",
      MaximumParallelMigrations: 4,
      DrainOnShutdown: 0,
    });
  });

  it("that a cluster refuses are named, and those before them are set and known", async () => {
    const simulator = lab();
    const inputs = { description: "rack 4", preferredSite: "nowhere" };
    const failure = await on(simulator)
      .create(inputs)
      .then(
        () => assert.fail("it was set"),
        (error: unknown) => error,
      );
    assert(failure instanceof PartialFailure);
    assert.match(failure.message, /^Unable to create cluster settings "LAB" on .*: could not set preferredSite: /);
    assert.deepEqual(await propertiesOf(simulator), { Description: "rack 4" });
    const state = await on(simulator).update({ id: failure.id, outputs: failure.outputs }, { description: "rack 4" });
    assert.equal(on(simulator).diff(state, { description: "rack 4" }).changes, false);
  });

  it("that drift are seen and put back", async () => {
    const simulator = lab();
    const inputs = { sameSubnetThreshold: 30, clusterEnforcedAntiAffinity: true };
    const state = await on(simulator).create(inputs);
    for (const line of ["(Get-Cluster).ClusterEnforcedAntiAffinity = 0", "(Get-Cluster).QuarantineThreshold = 9"])
      for (const { error } of await simulator.run("HV02", parseLine(line))) assert.equal(error, undefined);
    const read = (await on(simulator).read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, { sameSubnetThreshold: 30, clusterEnforcedAntiAffinity: false });
    const lifecycle = on(simulator);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, inputs));
    assert.deepEqual(changes, ["assign ClusterEnforcedAntiAffinity"]);
  });

  it("of an older Windows are refused before anything is done", () => {
    const old = { name: "LAB", properties: { sameSubnetDelay: 1000 } };
    const { steps, refusals } = plan(old, { sameSubnetDelay: 2000, autoAssignNodeSite: true });
    assert.deepEqual(
      steps.map(({ does }) => does),
      ["set sameSubnetDelay"],
    );
    assert.deepEqual(
      refusals.map(({ path, reason }) => [path, reason.slice(0, 38)]),
      [[["autoAssignNodeSite"], "is not a property of this cluster: its"]],
    );
  });

  it("have the ranges that a cluster has", () => {
    const { handlers } = on(lab());
    assert.deepEqual(
      handlers.check({ sameSubnetDelay: 100, crossSubnetThreshold: 121, blockCacheSize: -1 }, nodes).problems,
      [
        "sameSubnetDelay must be from 250 to 2000; it is 100",
        "crossSubnetThreshold must be from 3 to 120; it is 121",
        "blockCacheSize must be from 0 to 4294967295; it is -1",
      ],
    );
    assert.deepEqual(handlers.check({}, []).problems, [
      "it belongs to a failover cluster, and needs a provider with nodes",
    ]);
  });

  it("say in preview what they mean for what runs", async () => {
    const lifecycle = on(lab());
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const state = await lifecycle.create({});
    await lifecycle.difference(state, { drainOnShutdown: false, clusterEnforcedAntiAffinity: true });
    assert.deepEqual(told, [
      "A role that finds no node for itself stays offline, for clusterEnforcedAntiAffinity.",
      "A node that shuts down takes its machines down with it, for drainOnShutdown.",
    ]);
  });

  it("are read by the cluster's name, whole, and forgotten by destroy", async () => {
    const simulator = lab();
    const read = await on(simulator).read({ id: "lab", outputs: { [getMarker]: true } });
    assert.deepEqual([read?.outputs.autoBalancerMode, read?.outputs.dynamicQuorum], [2, true]);
    await assert.rejects(on(simulator).read({ id: "other", outputs: { [getMarker]: true } }), /it is not there/);
    const state = await on(simulator).create({ description: "rack 4" });
    const lifecycle = on(simulator);
    await lifecycle.delete(state);
    assert.deepEqual(lifecycle.calls, []);
  });
});
