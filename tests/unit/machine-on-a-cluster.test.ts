import assert from "node:assert/strict";
import type { State } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { must } from "./must";

const GiB = 2 ** 30;
const volume = "C:\\ClusterStorage\\Volume1";

describe("a machine on a cluster", () => {
  const nodes = ["HV01", "HV02"];
  const cluster = () =>
    Simulator.inMemory({
      nodes: nodes.map((name) => ({ name })),
      cluster: { name: "LAB" },
      guestsBoot: true,
      seed: "cluster",
    });
  const inputs = {
    name: "web",
    node: "HV01",
    path: volume,
    networkAdapters: [],
    memory: { startupBytes: GiB },
    state: "Running",
  };

  it("is the same machine after a live migration, and is changed where it is", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [
      { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } },
      { cmdlet: "Move-ClusterVirtualMachineRole", parameters: { VMId: state.id, Node: "HV02", MigrationType: "Live" } },
    ]);
    const read = await lifecycle.read(state);
    assert.equal(read?.outputs.runsOn, "HV02");
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, { ...inputs, notes: "moved" }));
    assert.deepEqual(changes, ["Set-VM"]);
    const { nodes: after } = await simulator.world();
    assert.deepEqual(
      after.map(({ machines }) => machines.map(({ notes }) => notes)),
      [[], ["moved"]],
    );
  });

  it("is found on the node to which it failed over, while its own is down", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [{ cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } }]);
    await simulator.happen({ fail: "HV01" });
    const read = await lifecycle.read(state);
    assert.equal(read?.outputs.runsOn, "HV02");
    assert.equal(lifecycle.diff(read, inputs).changes, false);
  });

  it("that is no role is unreachable while its node is down, and not gone", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await simulator.happen({ fail: "HV01" });
    await assert.rejects(lifecycle.read(state), /Unable to read virtual machine "web"/);
  });

  it("that is to be made on no node in particular is not while one does not answer, and the message says how it is", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const { node: _node, ...anywhere } = inputs;
    await simulator.happen({ fail: "HV01" });
    await assert.rejects(
      lifecycle.create(anywhere),
      /on HV01: HV01 does not answer\.\n .* Set node, or run the command again/,
    );
    await lifecycle.create({ ...inputs, node: "HV02" });
  });

  it("is gone when every node answers and none has it", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create({ ...inputs, state: "Off" });
    await must(simulator, [{ cmdlet: "Remove-VM", parameters: { Name: "web", Force: true } }]);
    assert.equal(await lifecycle.read(state), undefined);
  });

  it("is not removed while it is a role", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [{ cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } }]);
    const read = await lifecycle.read(state);
    await assert.rejects(lifecycle.delete(read as State), /is still a role of the cluster/);
  });
});
