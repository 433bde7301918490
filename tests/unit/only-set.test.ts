import assert from "node:assert/strict";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { unknown } from "../../provider/lifecycle/values";
import { Run } from "../../provider/lifecycle/work/run";
import type { AnyDefinition } from "../../provider/resources/definition";
import { Simulator } from "../../provider/simulator";
import { nodeSettings } from "../another-resource/only-set";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const urn = (name: string) => `dev::tests::*::${name}`;

/** The same where there is none: the cluster's cmdlets do not tell that from a cluster that does not answer. */
const absent: AnyDefinition = {
  ...nodeSettings,
  read: {
    ...nodeSettings.read,
    observe: () => ({ node: { cmdlet: "Get-VMSwitch", parameters: { Name: "none" }, select: { Name: null } } }),
  },
  gone: {
    inventory: () => [{ cmdlet: "Get-ClusterNode", select: { Name: null } }],
    listed: (id) => id === "HV01",
  },
};

/** A cluster, and what a provider's process does there in one run. */
function cluster() {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "set",
  });
  const assign = async (node: string, property: string, value: string | number) => {
    const find = { cmdlet: "Get-ClusterNode", parameters: { Name: node }, as: "node" } as const;
    const results = await simulator.run("HV01", [find, { assign: property, target: { $ref: "node" }, value }]);
    for (const { error } of results) assert.equal(error, undefined);
  };
  const seen = async (node: string) => {
    const select = { Description: null, NodeWeight: null };
    const find = { cmdlet: "Get-ClusterNode", parameters: { Name: node }, select } as const;
    return (await simulator.run("HV01", [find]))[0]?.values[0];
  };
  const run = (definition: AnyDefinition = nodeSettings) =>
    new Lifecycle(definition, simulator, nodes, undefined, new Run());
  return { simulator, assign, seen, run };
}

describe("a thing that is only set", () => {
  it("is created by setting what the program names, and nothing else", async () => {
    const { assign, seen, run } = cluster();
    await assign("HV01", "NodeWeight", 0);
    const lifecycle = run();
    const changes = await lifecycle.changesDuring(async () => {
      const { id, outputs } = await lifecycle.create({ node: "hv01", description: "rack 4" });
      assert.equal(id, "HV01");
      assert.deepEqual([outputs.node, outputs.description, outputs.nodeWeight], ["hv01", "rack 4", undefined]);
      assert.equal(outputs.__made, undefined);
    });
    assert.deepEqual(changes, ["assign Description"]);
    assert.deepEqual(await seen("HV01"), { Description: "rack 4", NodeWeight: 0 });
  });

  it("has nothing to do where it is as the program wants it", async () => {
    const { assign, run } = cluster();
    await assign("HV01", "Description", "rack 4");
    const inputs = { node: "HV01", description: "rack 4" };
    const lifecycle = run();
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(inputs);
      assert.equal(lifecycle.diff(state, inputs).changes, false);
      assert.deepEqual(await lifecycle.update(state, inputs), state);
    });
    assert.deepEqual(changes, []);
  });

  it("is changed, and its drift is repaired", async () => {
    const { assign, seen, run } = cluster();
    const inputs = { node: "HV01", description: "rack 4" };
    const state = await run().create(inputs);
    await run().update(state, { ...inputs, description: "rack 5" });
    assert.deepEqual(await seen("HV01"), { Description: "rack 5", NodeWeight: 1 });
    await assign("HV01", "Description", "by hand");
    const read = (await run().read(state)) ?? assert.fail();
    assert.equal(read.inputs.description, "by hand");
    assert.equal(run().diff(read, inputs).changes, true);
    await run().update(read, inputs);
    assert.deepEqual(await seen("HV01"), { Description: "rack 4", NodeWeight: 1 });
  });

  it("keeps the value of a property that the program no longer names, and nobody compares it then", async () => {
    const { assign, seen, run } = cluster();
    const state = await run().create({ node: "HV01", description: "rack 4", nodeWeight: 0 });
    const left = { node: "HV01", nodeWeight: 0 };
    const lifecycle = run();
    assert.equal(lifecycle.diff(state, left).changes, true);
    const changes = await lifecycle.changesDuring(async () => {
      const updated = await lifecycle.update(state, left);
      assert.equal(updated.outputs.description, undefined);
      await assign("HV01", "Description", "by hand");
      const read = (await lifecycle.read(updated)) ?? assert.fail();
      assert.equal(read.inputs.description, undefined);
      assert.equal(lifecycle.diff(read, left).changes, false);
    });
    assert.deepEqual(changes, []);
    assert.deepEqual(await seen("HV01"), { Description: "by hand", NodeWeight: 0 });
  });

  it("is forgotten at the end: nothing is called", async () => {
    const { seen, run } = cluster();
    const state = await run().create({ node: "HV01", description: "rack 4" });
    const lifecycle = run();
    await lifecycle.delete(state);
    assert.deepEqual(lifecycle.calls, []);
    assert.deepEqual(await seen("HV01"), { Description: "rack 4", NodeWeight: 1 });
  });

  it("is replaced where another one is meant: that one is set, and this one stays as it is", async () => {
    const { run } = cluster();
    const state = await run().create({ node: "HV01", description: "rack 4" });
    const lifecycle = run();
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const { replaces, deleteBeforeReplace } = await lifecycle.difference(state, {
      node: "HV02",
      description: "rack 4",
    });
    assert.deepEqual([replaces, deleteBeforeReplace], [["node"], false]);
    assert.deepEqual(told, ["Sets another one, and leaves the one before as it is, for node."]);
    assert.equal(lifecycle.diff(state, { node: "hv01", description: "rack 4" }).replaces.length, 0);
  });

  it("is read by its name, whole", async () => {
    const { assign, run } = cluster();
    await assign("HV02", "Description", "rack 4");
    const read = await run().read({ id: "hv02", outputs: { [getMarker]: true } });
    assert.deepEqual([read?.outputs.node, read?.outputs.description, read?.outputs.nodeWeight], ["HV02", "rack 4", 1]);
    await assert.rejects(
      run(absent).read({ id: "HV03", outputs: { [getMarker]: true } }),
      /^Unable to get cluster node settings HV03: it is not there\./,
    );
  });

  it("is imported as it is, and managed from then on", async () => {
    const { assign, run } = cluster();
    await assign("HV02", "NodeWeight", 0);
    const lifecycle = run();
    const found = await lifecycle.handlers.list(lifecycle.surroundings);
    assert.deepEqual(found.map(({ id }) => id).sort(), nodes);
    const second = found.find(({ id }) => id === "HV02") ?? assert.fail();
    const { id, inputs, outputs, problems } = await lifecycle.handlers.imported(second, lifecycle.surroundings);
    assert.deepEqual(inputs, { node: "HV02", description: "", nodeWeight: 0 });
    assert.deepEqual(problems, []);
    assert.equal(lifecycle.diff({ id, outputs }, inputs).changes, false);
  });

  it("that is not there is not created, and the message says so", async () => {
    const { run } = cluster();
    await assert.rejects(run(absent).create({ node: "HV02", description: "rack 4" }), (error: Error) => {
      assert(!(error instanceof PartialFailure), "nothing is kept of it");
      assert.match(error.message, /^Unable to create cluster node settings "HV02" on HV01: /);
      assert.match(error.message, /sets what is there, and creates nothing\. Check the name/);
      return true;
    });
  });

  it("is read as gone where it is, or another one is in its place", async () => {
    const { run } = cluster();
    const state = await run().create({ node: "HV01", description: "rack 4" });
    const other = { id: "HV09", outputs: { node: "HV01", description: "rack 4" } };
    assert.equal(await run().read(other), undefined);
    assert.equal(await run(absent).read(other), undefined);
    await assert.rejects(run(absent).read(state), /nothing was removed from Pulumi's state/);
  });

  it("is kept in the state where only a part of it could be set", async () => {
    const { simulator, run } = cluster();
    const inputs = { node: "HV01", description: "rack 4", nodeWeight: 0 };
    const { hosts } = run().surroundings;
    const send = hosts.run.bind(hosts);
    const lifecycle = new Lifecycle(nodeSettings, simulator, nodes, hosts, new Run());
    let isFirst = true;
    const failing = lifecycle.surroundings.hosts;
    failing.run = (async (...[where, calls, options]: Parameters<typeof send>) => {
      const ran = await send(where, calls, options);
      if (!isFirst || !calls.some((call) => "assign" in call)) return ran;
      isFirst = false;
      const error = { id: "Denied", category: "PermissionDenied", exception: "System.Exception", message: "no" };
      return { ...ran, results: [...ran.results.slice(0, -1), { ...ran.results.at(-1), error }] };
    }) as typeof failing.run;
    const failure = await lifecycle.create(inputs).then(
      () => assert.fail("it was set"),
      (error: unknown) => error,
    );
    assert(failure instanceof PartialFailure, String(failure));
    assert.match(failure.message, /^Unable to create cluster node settings "HV01" on HV01: /);
    assert.equal(failure.id, "HV01");
    const state = await run().update({ id: failure.id, outputs: failure.outputs }, inputs);
    assert.equal(run().diff(state, inputs).changes, false);
  });

  describe("and that two resources of a program declare", () => {
    const inputs = (name: string, more = {}) => ({ node: "HV01", ...more, __urn: urn(name) });
    const twice = (verb: string, name: string) =>
      new RegExp(
        `^Unable to ${verb} cluster node settings "HV01"( on HV01)?: the resource "${name}" of this program declares it as well\\. Declare it once\\.$`,
      );

    it("is refused the second one, with the first one's name", async () => {
      const lifecycle = cluster().run();
      const both = ["first", "second"].map((name) => lifecycle.create(inputs(name, { description: name })));
      const [first, second] = await Promise.allSettled(both);
      assert.equal(first?.status, "fulfilled");
      assert.match(String(second?.status === "rejected" && second.reason.message), twice("create", "first"));
    });

    it("is refused the new one where the other is in the state, and the other where the new one was first", async () => {
      const { run } = cluster();
      const state = await run().create(inputs("first"));
      const one = run();
      one.diff(state, inputs("first"));
      await assert.rejects(one.create(inputs("second")), { message: twice("create", "first") });
      const other = run();
      await other.create(inputs("second"));
      assert.throws(() => other.diff(state, inputs("first")), { message: twice("update", "second") });
    });

    it("is set by a renamed resource, and the old one forgets it, also after a refresh", async () => {
      const { run } = cluster();
      const state = await run().create(inputs("old", { description: "rack 4" }));
      const lifecycle = run();
      lifecycle.handlers.diff({ id: state.id, olds: state.outputs, news: inputs("old"), by: "refresh" });
      await lifecycle.create(inputs("new", { description: "rack 4" }));
      const calls = lifecycle.calls.length;
      await lifecycle.delete(state);
      assert.equal(lifecycle.calls.length, calls);
    });

    it("may be exchanged between two resources", async () => {
      const { run } = cluster();
      const before = run();
      const one = await before.create(inputs("one"));
      const two = await before.create(inputs("two", { node: "HV02" }));
      const lifecycle = run();
      assert.deepEqual(lifecycle.diff(one, inputs("one", { node: "HV02" })).replaces, ["node"]);
      const moved = await lifecycle.create(inputs("one", { node: "HV02" }));
      assert.deepEqual(lifecycle.diff(two, inputs("two", { node: "HV01" })).replaces, ["node"]);
      assert.deepEqual([moved.id, (await lifecycle.create(inputs("two"))).id], ["HV02", "HV01"]);
    });
  });

  describe("in a preview that verifies", () => {
    const previewed = async (lifecycle: Lifecycle, news: Record<string, unknown>) => {
      const told: string[] = [];
      lifecycle.surroundings.tell = (message) => told.push(message);
      return { problems: await lifecycle.handlers.verify({}, news, lifecycle.surroundings), told };
    };

    it("shows what its creation does to running things, and does nothing", async () => {
      const lifecycle = cluster().run();
      const changes = await lifecycle.changesDuring(async () => {
        const { problems, told } = await previewed(lifecycle, { node: "HV01", nodeWeight: 0 });
        assert.deepEqual([problems, told], [[], ["Takes the node's vote in the quorum."]]);
      });
      assert.deepEqual(changes, []);
    });

    it("is refused where another resource of the program declares it, or it is not there", async () => {
      const { run } = cluster();
      const lifecycle = run();
      const of = (name: string) => previewed(lifecycle, { node: "HV01", __urn: urn(name) });
      assert.deepEqual((await of("first")).problems, []);
      assert.match((await of("second")).problems.join(), /the resource "first" of this program declares it as well/);
      const { problems } = await previewed(run(absent), { node: "HV02" });
      assert.match(problems.join(), /sets what is there, and creates nothing/);
    });

    it("is left alone while nobody knows which one is meant", async () => {
      const lifecycle = cluster().run();
      assert.deepEqual(await previewed(lifecycle, { node: unknown, nodeWeight: 0 }), { problems: [], told: [] });
      assert.deepEqual(lifecycle.calls, []);
    });
  });
});
