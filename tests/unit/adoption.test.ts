import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const volume = "C:\\ClusterStorage\\Volume1";
const GiB = 2 ** 30;

async function must(simulator: Simulator, calls: Call[], node?: string): Promise<void> {
  const failed = (await simulator.run(node, calls)).find(({ error }) => error);
  if (failed) throw new Error(JSON.stringify(failed.error));
}

describe("a machine that was there before", () => {
  it("keeps what the program does not declare, also when the program no longer says adopt", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "adoption" });
    await must(simulator, [
      { cmdlet: "New-VMSwitch", parameters: { Name: "lan", SwitchType: "Private" } },
      { cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } },
      { cmdlet: "New-VM", parameters: { Name: "web", Generation: 2, SwitchName: "lan", VHDPath: "D:\\a.vhdx" } },
      { cmdlet: "Start-VM", parameters: { Name: "web" } },
    ]);
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const adopted = await lifecycle.create({ name: "web", adopt: true });
    const before = await simulator.world();
    let state = adopted;
    assert.deepEqual(
      await lifecycle.changesDuring(async () => {
        state = await lifecycle.update(adopted, { name: "web" });
      }),
      [],
    );
    state = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(lifecycle.diff(state, { name: "web" }).changes, false);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, { name: "web", notes: "x" })), [
      "Set-VM",
    ]);
    await lifecycle.delete(state);
    const [machine] = (await simulator.world()).nodes.flatMap(({ machines }) => machines);
    assert.deepEqual({ ...machine, notes: "" }, before.nodes[0]?.machines[0]);
  });

  for (const byId of [false, true])
    it(`is found on whatever node it runs, by its ${byId ? "id" : "name"}`, async () => {
      const nodes = ["HV01", "HV02"];
      const simulator = Simulator.inMemory({
        nodes: nodes.map((name) => ({ name })),
        cluster: { name: "LAB" },
        seed: "adoption",
      });
      await must(simulator, [{ cmdlet: "New-VM", parameters: { Name: "web", Generation: 2, Path: volume } }], "HV02");
      const machines = async () => (await simulator.world()).nodes.flatMap((node) => node.machines);
      const id = (await machines())[0]?.id;
      const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
      const { id: adopted } = await lifecycle.create({ name: "web", node: "HV01", adopt: byId ? id : true });
      assert.equal(adopted, id);
      assert.equal((await machines()).length, 1);
    });

  it("is one of two on two nodes, which is told without naming one of them", async () => {
    const nodes = ["HV01", "HV02"];
    const simulator = Simulator.inMemory({
      nodes: nodes.map((name) => ({ name })),
      cluster: { name: "LAB" },
      seed: "two",
    });
    for (const node of nodes)
      await must(simulator, [{ cmdlet: "New-VM", parameters: { Name: "web", Path: volume } }], node);
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator, nodes).create({ name: "web", node: "HV01", adopt: true }),
      /^Unable to create virtual machine "web": adopt takes over the one virtual machine of this name, and there are 2: \S+, \S+\. Set it/,
    );
  });
});
