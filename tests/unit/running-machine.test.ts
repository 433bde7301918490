import assert from "node:assert/strict";
import type { Call, Where } from "../../provider/calls";
import type { Hosts, RunOptions } from "../../provider/host/host";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { recorded } from "../../provider/resources/virtual-machine/recorded";
import { type Fault, Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;
const inputs = { name: "web", hardDiskDrives: [{ path: "D:\\a.vhdx" }], allowRestart: true, processor: { count: 1 } };
const more = { ...inputs, processor: { count: 4 } };

/** A machine whose program says nothing of its state, and that somebody has started. */
async function running(): Promise<{ lifecycle: Lifecycle; simulator: Simulator; made: State }> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "restart" });
  await simulator.run(undefined, [{ cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } }]);
  const lifecycle = new Lifecycle("VirtualMachine", simulator);
  const made = await lifecycle.create(inputs);
  await simulator.run(undefined, [{ cmdlet: "Start-VM", parameters: { Name: "web" } }]);
  return { lifecycle, simulator, made: (await lifecycle.read(made)) ?? assert.fail() };
}

async function machineOf(simulator: Simulator): Promise<{ state: string; count: number }> {
  const [machine] = (await simulator.world()).nodes.flatMap(({ machines }) => machines);
  return { state: machine?.state ?? "", count: machine?.processor.count ?? 0 };
}

/** What is left of an update that fails, or its outcome. */
async function updated(
  lifecycle: Lifecycle,
  state: State,
  wanted: Record<string, unknown>,
): Promise<State & { failed: boolean }> {
  try {
    return { ...(await lifecycle.update(state, wanted)), failed: false };
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    return { id: error.id, outputs: error.outputs, failed: true };
  }
}

describe("a machine that is restarted for a change", () => {
  const effects: Fault["effect"][] = [
    { kind: "drop", effectDone: false },
    { kind: "drop", effectDone: true },
    { kind: "fail", errorId: "Unspecified" },
  ];
  for (const effect of effects)
    it(`runs again, whichever call meets ${JSON.stringify(effect)}`, async () => {
      const whole = await running();
      const before = whole.lifecycle.calls.length;
      await whole.lifecycle.update(whole.made, more);
      for (let after = 0; after < whole.lifecycle.calls.length - before; after += 1) {
        const { lifecycle, simulator, made } = await running();
        await simulator.order({ after, effect });
        const first = await updated(lifecycle, made, more);
        const then = await machineOf(simulator);
        // a lost session fails nothing: it is looked again
        assert(effect.kind === "fail" || !first.failed, `call ${after}`);
        if (!first.failed) assert.deepEqual(then, { state: "Running", count: 4 }, `call ${after}`);
        await simulator.clearFaults();
        assert.equal(lifecycle.diff(first, more).changes, first.failed && then.count !== 4, `call ${after}`);
        const second = await updated(lifecycle, first, more);
        assert.deepEqual(await machineOf(simulator), { state: "Running", count: 4 }, `call ${after}`);
        assert(!("__owed" in second.outputs));
      }
    });

  it("runs again where the host refuses the change, which is told", async () => {
    const { lifecycle, simulator, made } = await running();
    await assert.rejects(lifecycle.update(made, { ...inputs, processor: { count: 64 } }), /Set-VMProcessor/);
    assert.deepEqual(await machineOf(simulator), { state: "Running", count: 1 });
  });

  it("runs again after the refusal also where it is busy then", async () => {
    const { lifecycle, simulator, made } = await running();
    const { hosts } = lifecycle.surroundings;
    const run = hosts.run.bind(hosts);
    hosts.run = (async (where: Where, calls: readonly Call[], options?: RunOptions) => {
      const ran = await run(where, calls, options);
      if (ran.results.some(({ error }) => error))
        await simulator.happen({ machine: "web", status: "BackingUpVirtualMachine", seconds: 20 });
      return ran;
    }) as Hosts["run"];
    await assert.rejects(lifecycle.update(made, { ...inputs, processor: { count: 64 } }), /Set-VMProcessor/);
    assert.deepEqual(await machineOf(simulator), { state: "Running", count: 1 });
  });

  it("is started by the next up where it could not be, also if the program was put back", async () => {
    for (const wanted of [more, inputs]) {
      const { lifecycle, simulator, made } = await running();
      await simulator.order({ cmdlet: "Start-VM", times: 2, effect: { kind: "fail" } });
      const first = await updated(lifecycle, made, more);
      assert(first.failed);
      assert.equal((await machineOf(simulator)).state, "Off");
      const refreshed = (await lifecycle.read(first)) ?? assert.fail();
      for (const state of [first, refreshed]) assert.equal(lifecycle.diff(state, wanted).changes, true);
      const { outputs } = await lifecycle.update(refreshed, wanted);
      assert.deepEqual(await machineOf(simulator), { state: "Running", count: wanted.processor.count });
      assert(!("__owed" in outputs));
    }
  });

  it("stays as it is where the program says so in the meantime", async () => {
    const { lifecycle, simulator, made } = await running();
    await simulator.order({ cmdlet: "Start-VM", times: 2, effect: { kind: "fail" } });
    const first = await updated(lifecycle, made, more);
    await lifecycle.update(first, { ...more, state: "Off" });
    assert.deepEqual(await machineOf(simulator), { state: "Off", count: 4 });
  });

  it("is not started where it is only half made", async () => {
    const { lifecycle, simulator, made } = await running();
    await lifecycle.delete(made);
    await simulator.order({ cmdlet: "Set-VMProcessor", effect: { kind: "fail" } });
    await assert.rejects(lifecycle.create({ ...more, state: "Running" }));
    assert.equal((await machineOf(simulator)).state, "Off");
  });
});

describe("a session that is lost while a machine is looked at", () => {
  for (const verb of ["read", "delete"] as const)
    it(`fails no ${verb}, at whichever call`, async () => {
      const whole = await running();
      const before = whole.lifecycle.calls.length;
      await whole.lifecycle[verb](whole.made);
      for (let after = 0; after < whole.lifecycle.calls.length - before; after += 1)
        for (const effectDone of [false, true]) {
          const { lifecycle, simulator, made } = await running();
          await simulator.order({ after, effect: { kind: "drop", effectDone } });
          await lifecycle[verb](made);
          assert.equal((await simulator.world()).nodes[0]?.machines.length, verb === "read" ? 1 : 0, `call ${after}`);
        }
    });
});

describe("a machine that refers to what is not there", () => {
  it("is told so, and not that the host does not answer", async () => {
    const { lifecycle, simulator, made } = await running();
    await simulator.run(undefined, [{ cmdlet: "Checkpoint-VM", parameters: { Name: "web" } }]);
    const files = Object.keys((await simulator.world()).nodes[0]?.files ?? {});
    await simulator.happen({ delete: files.find((path) => path.endsWith(".avhdx")) ?? assert.fail() });
    const read = lifecycle.read(made);
    await assert.rejects(read, /Get-VHD: (?!.*is unknown, and)/s);
  });
});

describe("what a program no longer declares", () => {
  it("is left alone, by a refresh too", async () => {
    const { lifecycle, simulator, made } = await running();
    const declared = await lifecycle.update(made, { ...inputs, state: "Running" });
    assert.equal(lifecycle.diff(declared, inputs).changes, true);
    const left = await lifecycle.update(declared, inputs);
    assert.equal(lifecycle.diff(left, inputs).changes, false);
    await simulator.run(undefined, [{ cmdlet: "Stop-VM", parameters: { Name: "web", Force: true } }]);
    assert.deepEqual((await lifecycle.read(left))?.inputs, inputs);
  });
});

describe("a network adapter that somebody has given a VLAN with Set-VMNetworkAdapterIsolation", () => {
  it("gets the program's own again, which the other cmdlet alone refuses", async () => {
    const { lifecycle, simulator, made } = await running();
    const wanted = { ...inputs, networkAdapters: [{ name: "front", vlan: 5 }] };
    const state = await lifecycle.update(made, wanted);
    const setting = { VMName: ["web"], VMNetworkAdapterName: "front" };
    const results = await simulator.run(undefined, [
      { cmdlet: "Set-VMNetworkAdapterVlan", parameters: { ...setting, Untagged: true } },
      {
        cmdlet: "Set-VMNetworkAdapterIsolation",
        parameters: { ...setting, IsolationMode: "Vlan", DefaultIsolationID: 7 },
      },
    ]);
    assert(results.every(({ error }) => !error));
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal((read.inputs.networkAdapters as { vlan?: number }[])[0]?.vlan, undefined);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, wanted));
    assert.deepEqual(changes, ["Set-VMNetworkAdapterIsolation", "Set-VMNetworkAdapterVlan"]);
    const [adapter] = (await simulator.world()).nodes[0]?.machines[0]?.adapters ?? [];
    assert.deepEqual([adapter?.isolation.mode, adapter?.vlan.accessVlanId], ["None", 5]);
  });
});

describe("a change that needs the machine off", () => {
  it("is refused for a state that may have changed since it was recorded", async () => {
    const { made } = await running();
    const observed = recorded.parse(observedIn(made.id, made.outputs));
    const { refusals } = virtualMachine.change.plan(observed, { ...more, allowRestart: false });
    assert.deepEqual(
      refusals.map(({ path, passing }) => [path.join("."), passing]),
      [["processor.count", true]],
    );
  });
});

describe("a refusal for a power state that nobody could ask for", () => {
  it("says that it is what was read last, and not the program's fault", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "silent" });
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const state = await lifecycle.create({ name: "web", state: "Running" });
    const wanted = { name: "web", state: "Running", processor: { count: 2 } };
    await assert.rejects(lifecycle.difference(state, wanted), (error: Error) => {
      assert.match(error.message, /it is Running\. Set allowRestart/);
      assert.doesNotMatch(error.message, /last read/);
      return true;
    });
    await simulator.happen({ fail: "HV01" });
    const asked = new Lifecycle("VirtualMachine", simulator);
    await assert.rejects(
      asked.difference(state, wanted),
      /Set allowRestart.*\n {2}This is how it was when it was last read, and its host does not answer now\./s,
    );
  });
});
