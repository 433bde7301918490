import assert from "node:assert/strict";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { must } from "./must";

const GiB = 2 ** 30;

describe("power", () => {
  const running = {
    name: "web",
    processor: { count: 2 },
    memory: { startupBytes: GiB },
    hardDiskDrives: [{ path: "D:\\a.vhdx" }],
    state: "Running",
  };
  async function machine(more: Record<string, unknown> = {}, guestsBoot = true) {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot, seed: "power" });
    await must(simulator, [{ cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } }]);
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    return { simulator, lifecycle, state: await lifecycle.create({ ...running, ...more }) };
  }
  const stateOf = async (simulator: Simulator) => (await simulator.world()).nodes[0]?.machines[0]?.state;

  it("is not cycled without leave: preview and up refuse what needs the machine off, and name the property", async () => {
    const { lifecycle, state } = await machine();
    const wanted = { ...running, processor: { count: 4 }, automaticStopAction: "TurnOff" };
    const refusal = (error: Error) => {
      assert.match(
        error.message,
        /processor\.count changes only while the machine is off, and it is Running\. Set allowRestart: true/,
      );
      assert.match(error.message, /automaticStopAction changes only/);
      return true;
    };
    assert.throws(() => lifecycle.diff(state, wanted), refusal);
    const changes = await lifecycle.changesDuring(() => assert.rejects(lifecycle.update(state, wanted), refusal));
    assert.deepEqual(changes, []);
  });

  it("is cycled once for all that needs it, and hot changes are made before", async () => {
    const { lifecycle, state } = await machine({ allowRestart: true });
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.update(state, {
        ...running,
        allowRestart: true,
        notes: "x",
        processor: { count: 4 },
        automaticStopAction: "TurnOff",
      }),
    );
    assert.deepEqual(changes, ["Set-VM", "Stop-VM", "Set-VM", "Set-VMProcessor", "Start-VM"]);
  });

  it("is not cycled for an adapter of the boot order that gets another name", async () => {
    const named = (name: string) => ({
      ...running,
      networkAdapters: [{ name }, { name: "back" }],
      firmware: { bootOrder: [{ networkAdapter: name }] },
    });
    const { lifecycle, state } = await machine(named("front"));
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, named("first"))), [
      "Rename-VMNetworkAdapter",
    ]);
  });

  it("is cycled once when it boots from the empty one of two DVD drives, and the other gets a medium", async () => {
    const { simulator, lifecycle, state } = await machine({
      allowRestart: true,
      dvdDrives: [{ controllerLocation: 40 }],
      firmware: { bootOrder: [{ dvdDrive: 0 }] },
    });
    await must(simulator, [
      { cmdlet: "New-Item", parameters: { Path: "D:\\a.iso", ItemType: "File" } },
      { cmdlet: "Add-VMDvdDrive", parameters: { VMName: "web" } },
    ]);
    await simulator.happen({ touch: "D:\\a.iso", sizeBytes: 2 ** 20 });
    const wanted = {
      ...running,
      allowRestart: true,
      shutdown: { timeoutSeconds: 10, onTimeout: "TurnOff" },
      dvdDrives: [{ path: "D:\\a.iso" }, {}],
      firmware: { secureBoot: "Off", bootOrder: [{ dvdDrive: 1 }] },
    };
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, wanted));
    assert.equal(changes.filter((name) => name === "Start-VM").length, 1, changes.join(" "));
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, wanted)), []);
  });

  it("is not touched by a refresh that finds a difference which would need a restart", async () => {
    const { simulator, lifecycle, state } = await machine({ allowRestart: true });
    await must(simulator, [
      { cmdlet: "Stop-VM", parameters: { Name: "web", TurnOff: true, Force: true } },
      { cmdlet: "Set-VMProcessor", parameters: { VMName: "web", Count: 8 } },
      { cmdlet: "Start-VM", parameters: { Name: "web" } },
    ]);
    const read = await lifecycle.read(state);
    const news = { ...running, allowRestart: false };
    const compared = { id: state.id, olds: read?.outputs ?? {}, news };
    assert.equal(lifecycle.handlers.diff({ ...compared, by: "refresh" }).changes, true);
    assert.throws(() => lifecycle.handlers.diff({ ...compared, by: "program" }), /changes only while the machine is/);
  });

  it("goes off gracefully, or stays on when the guest does not answer and nobody said otherwise", async () => {
    const { simulator, lifecycle, state } = await machine({}, false);
    await assert.rejects(
      lifecycle.update(state, { ...running, state: "Off", shutdown: { timeoutSeconds: 30 } }),
      /Unable to update virtual machine "web" on .*: could not shut the machine down: the guest did not shut down within 30 seconds/,
    );
    assert.equal(await stateOf(simulator), "Running");
    await lifecycle.update(state, { ...running, state: "Off", shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" } });
    assert.equal(await stateOf(simulator), "Off");
  });

  it("becomes a matter of policy when a running machine refuses a change that should be hot", async () => {
    const { simulator, lifecycle, state } = await machine({}, false);
    const wanted = { ...running, memory: { startupBytes: 2 * GiB } };
    await simulator.order({
      cmdlet: "Set-VMMemory",
      effect: { kind: "fail", errorId: "InvalidState", category: "InvalidOperation" },
    });
    await assert.rejects(lifecycle.update(state, wanted), /memory\.startupBytes changes only while the machine is off/);
    await simulator.order({
      cmdlet: "Set-VMMemory",
      effect: { kind: "fail", errorId: "InvalidState", category: "InvalidOperation" },
    });
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.update(state, { ...wanted, allowRestart: true, shutdown: { timeoutSeconds: 5, onTimeout: "TurnOff" } }),
    );
    assert.deepEqual(changes, ["Set-VMMemory", "Stop-VM", "Stop-VM", "Set-VMMemory", "Start-VM"]);
  });
});
