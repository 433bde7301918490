import assert from "node:assert/strict";
import { Run } from "../../provider/lifecycle/work/run";
import { hosts, messageOf, urn } from "./cluster-world";

const three = { name: "LAB", nodes: ["HV01", "HV02", "HV03"] };
const two = { ...three, nodes: ["HV01", "HV02"] };

/** A cluster of three that a program has made, or thinks so. */
async function cluster(members = three.nodes) {
  const world = hosts(members);
  const first = world.program();
  const { id, outputs } = await first.create({ ...three, nodes: members, adopt: true });
  const { adopt: _adopt, __made: _made, ...made } = outputs;
  return { ...world, state: { id, outputs: made } };
}

describe("the nodes of a cluster", () => {
  it("join when they are added, and leave when they are left out", async () => {
    const { membership, program, state } = await cluster();
    const lifecycle = program();
    const other = { ...three, nodes: ["HV01", "HV02", "HV04"] };
    await lifecycle.difference(state, other);
    assert.deepEqual(lifecycle.told, [
      "Adds HV04 to the cluster.",
      "Drains HV03: no machine is on it; then evicts it.",
    ]);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, other));
    // who comes is there before anybody goes
    assert.deepEqual(changes, ["Add-ClusterNode", "Suspend-ClusterNode", "Remove-ClusterNode"]);
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02", "HV04"] });
  });

  it("leave drained: what runs on one moves to others, and runs on", async () => {
    const { simulator, role, membership, places, program, state } = await cluster();
    await role("web", "HV03");
    await role("db", "HV03");
    const lifecycle = program();
    const read = (await lifecycle.read(state)) ?? assert.fail();
    await lifecycle.difference(read, two);
    assert.deepEqual(lifecycle.told, ["Drains HV03: moves 2 machines live; then evicts it."]);
    await lifecycle.update(read, two);
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
    assert(!Object.values(await places()).includes("HV03"));
    const states = await simulator.look(({ nodes }) =>
      nodes.flatMap(({ machines }) => machines.map((one) => one.state)),
    );
    assert.deepEqual(states, ["Running", "Running"]);
    assert(lifecycle.reported.includes("drain HV03: 2 of 2 machines moved"), lifecycle.reported.join("\n"));
  });

  it("stay, with what is on them, where a role cannot leave, and are resumed", async () => {
    const { does, role, membership, places, program, state } = await cluster();
    await role("web", "HV03");
    await role("pinned", "HV03");
    await does('Set-ClusterOwnerNode -Resource "Virtual Machine pinned" -Owners HV03');
    const lifecycle = program();
    assert.match(
      await messageOf(lifecycle.update(state, two)),
      /^Unable to update cluster "LAB" on HV01: could not evict HV03: pinned could not move to another node\. HV03 is not evicted: it is resumed\. Move the role, let another node own it \(possibleOwners\) or remove it/,
    );
    assert.deepEqual(await membership(), three);
    assert.equal((await places()).pinned, "HV03");
    await does('Set-ClusterOwnerNode -Resource "Virtual Machine pinned" -Owners HV01,HV03');
    await program().update(state, two);
    assert.deepEqual(await membership(), two);
  });

  it("are resumed where the cluster refuses the eviction itself", async () => {
    const { simulator, membership, program, state } = await cluster();
    await simulator.order({
      cmdlet: "Remove-ClusterNode",
      times: 1,
      effect: { kind: "fail", errorId: "Remove-ClusterNode", category: "NotSpecified" },
    });
    assert.match(await messageOf(program().update(state, two)), /could not evict HV03/);
    assert.deepEqual(await membership(), three);
  });

  it("that somebody has paused already stay paused where a role cannot leave, which is told with the reason", async () => {
    const { does, role, membership, program, state } = await cluster();
    await role("pinned", "HV03");
    await does('Set-ClusterOwnerNode -Resource "Virtual Machine pinned" -Owners HV03');
    await does("Suspend-ClusterNode -Name HV03 -Drain");
    assert.match(
      await messageOf(program().update(state, two)),
      /could not move pinned to HV0[12], .*HV03 stays paused/,
    );
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02", "HV03 paused"] });
  });

  it("that are down are evicted with a word of how they come back, and only without roles", async () => {
    const { simulator, does, membership, program, state } = await cluster();
    await simulator.happen({ fail: "HV03" });
    const lifecycle = program();
    const read = (await lifecycle.read(state)) ?? assert.fail();
    await lifecycle.difference(read, two);
    assert.match(
      lifecycle.told.join(),
      /^Evicts HV03, which is down: when it is back, run Clear-ClusterNode -Force on it/,
    );
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(read, two)), ["Remove-ClusterNode"]);
    assert.deepEqual(await membership(), two);
    // it is back, and takes itself for a member
    await simulator.happen({ return: "HV03" });
    const failure = await messageOf(program().update(await program().update(read, two), three));
    assert.match(
      failure,
      /could not add HV03 to the cluster: HV03 has the database of a cluster.*Clear-ClusterNode -Force on HV03/,
    );
    assert.deepEqual(await membership(), two);
    await does("Clear-ClusterNode -Force", "HV03");
    await program().update(read, three);
    assert.deepEqual(await membership(), three);
  });

  it("stay where too few would be left that are up: nothing is drained", async () => {
    const { simulator, membership, program, state } = await cluster();
    await simulator.happen({ stopService: "clussvc", on: "HV02" });
    const lifecycle = program();
    const changes = await lifecycle.changesDuring(async () =>
      assert.match(
        await messageOf(lifecycle.update(state, { ...three, nodes: ["HV01", "HV02"] })),
        /nodes would leave a cluster in which HV02 is down, without the majority of its nodes/,
      ),
    );
    assert.deepEqual(changes, []);
    assert.deepEqual(await membership(), three);
    // the one that is down goes first
    await program().update(state, { ...three, nodes: ["HV01"] });
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01"] });
  });

  it("can all be others, and the provider needs to name those who left no longer", async () => {
    const { membership, program, state } = await cluster(["HV01", "HV02"]);
    const others = { ...three, nodes: ["HV03", "HV04"] };
    const lifecycle = program();
    const after = await lifecycle.update(state, others);
    assert.deepEqual(await membership(), others);
    const later = program("Cluster", others.nodes);
    assert.deepEqual(await later.changesDuring(() => later.update(after, others)), []);
    assert.deepEqual((await later.read(after))?.inputs.nodes, others.nodes);
  });

  it("do not join from another cluster, under another name, or while they do not answer: the others are let in by the next up", async () => {
    const { simulator, membership, program, state } = await cluster(["HV01", "HV02"]);
    await simulator.happen({ fail: "HV04" });
    const four = { ...three, nodes: ["HV01", "HV02", "HV03", "HV04"] };
    assert.match(await messageOf(program().update(state, four)), /on HV04: could not add HV04 to the cluster/);
    assert.deepEqual(await membership(), two, "nobody was let in");
    await simulator.happen({ return: "HV04" });
    await program().update(state, four);
    assert.deepEqual(await membership(), four);
  });

  it("that somebody has added or evicted by hand are seen, and put back", async () => {
    const { does, membership, program, state } = await cluster();
    await does("Remove-ClusterNode -Name HV03 -Force");
    await does("Add-ClusterNode -Name HV04 -NoStorage");
    const lifecycle = program();
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs.nodes, ["HV01", "HV02", "HV04"]);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, three));
    assert.deepEqual(changes, ["Add-ClusterNode", "Suspend-ClusterNode", "Remove-ClusterNode"]);
    assert.deepEqual(await membership(), three);
  });

  it("join and leave once where the connection is lost, and what was drained is not left paused", async () => {
    for (const cmdlet of ["Add-ClusterNode", "Suspend-ClusterNode", "Remove-ClusterNode"] as const)
      for (const effectDone of [false, true]) {
        const { simulator, membership, program, state } = await cluster();
        await simulator.order({ cmdlet, times: 1, effect: { kind: "drop", effectDone } });
        const other = { ...three, nodes: ["HV01", "HV02", "HV04"] };
        await program().update(state, other);
        assert.deepEqual(await membership(), other, `${cmdlet} ${effectDone}`);
      }
  });

  it("are contradicted by no other resource: one that pauses a node which is left out, or keeps a machine there", async () => {
    const { program } = await cluster();
    const role = { vmId: "3f2b1c4d-0000-4000-8000-000000000001", ownerNode: "HV03", __urn: urn("db") };
    const paused = { node: "HV03", state: "Paused", __urn: urn("hv03") };
    const run = new Run();
    const [clusters, nodes, roles] = ["Cluster", "ClusterNode", "ClusterVirtualMachineRole"].map((kind) =>
      program(kind, undefined, run),
    );
    const problems = (one = clusters, inputs: object = {}) =>
      one?.handlers.check(inputs as Record<string, unknown>, one.nodes).problems;
    assert.deepEqual(problems(clusters, { ...three, __urn: urn("lab") }), []);
    assert.deepEqual(problems(nodes, paused), []);
    assert.deepEqual(problems(clusters, { ...two, __urn: urn("lab") }), [
      'nodes lacks HV03, and the resource "hv03" pauses it. Take that resource out of the program as well, or keep the node',
    ]);
    assert.deepEqual(problems(nodes, { ...paused, state: "Up" }), []);
    assert.deepEqual(problems(roles, role), [
      'ownerNode is HV03, which the resource "lab" does not have among the nodes of the cluster LAB. Name one of them',
    ]);
  });
});
