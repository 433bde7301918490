import assert from "node:assert/strict";
import { single } from "../../provider/host/cluster";
import { traced } from "../../provider/host/session/trace";
import { simulatedHost } from "../../provider/simulated-hosts";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

/** What the engine gives where any of the inputs is a secret: it does not say which. */
const secret = { __secret: true };

function lifecycleOf(kind: string) {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "secret" });
  const lifecycle = new Lifecycle(kind, simulator);
  let trace = "";
  const host = traced(simulatedHost(simulator, undefined), (text) => {
    trace += text;
  });
  return { simulator, lifecycle, surroundings: { ...lifecycle.surroundings, hosts: single(host) }, trace: () => trace };
}

describe("a resource with a secret among its inputs", () => {
  it("is checked without a value in what is wrong with it", () => {
    const { lifecycle } = lifecycleOf("VirtualMachine");
    const inputs = {
      name: "web",
      generation: 1,
      notes: 4711,
      comPort1: "s3cr3t",
      processor: { count: 65 },
      memory: { startupBytes: 2 ** 30, minimumBytes: 2 ** 31, dynamicMemoryEnabled: true },
      dvdDrives: [{ path: "D:\\s3cr3t.img" }],
    };
    const problems = lifecycle.handlers.check({ ...inputs, ...secret }, []).problems.join("\n");
    assert.match(problems, /notes must be a text$/m);
    assert.match(problems, /processor\.count must be at most 64/);
    assert.match(problems, /memory\.minimumBytes must be at most startupBytes/);
    assert.doesNotMatch(problems, /s3cr3t|4711|1073741824|2147483648|\b65\b/);
    assert.match(lifecycle.handlers.check(inputs, []).problems.join("\n"), /it is 4711/);
  });

  it("is traced without its values, and with what is done to which id", async () => {
    const { lifecycle, surroundings, trace } = lifecycleOf("VirtualMachine");
    const { id } = await lifecycle.handlers.create({ name: "web", notes: "s3cr3t", ...secret }, surroundings);
    assert.doesNotMatch(trace(), /s3cr3t/);
    assert.match(trace(), /Hyper-V\\Set-VM -VM \$vm .*-Notes '\*{8}'/);
    assert.ok(trace().includes(id));
    await lifecycle.handlers.create({ name: "other", notes: "shown" }, surroundings);
    assert.match(trace(), /-Notes 'shown'/);
  });

  it("fails without a value in the message or the trace, whoever says it", async () => {
    const { simulator, lifecycle, surroundings, trace } = lifecycleOf("VirtualMachine");
    const state = await lifecycle.handlers.create({ name: "web", notes: "before", ...secret }, surroundings);
    const message = "The text 's3cr3t' does not please.";
    await simulator.order({ cmdlet: "Set-VM", effect: { kind: "fail", errorId: "OperationFailed", message } });
    const news = { name: "web", notes: "s3cr3t", ...secret };
    await assert.rejects(lifecycle.handlers.update(state.id, state.outputs, news, surroundings), (thrown: Error) => {
      assert.match(thrown.message, /Unable to update virtual machine "web".*The text '\*{8}' does not please/);
      return true;
    });
    assert.doesNotMatch(trace(), /s3cr3t/);
  });

  it("has no input again in a computed output in clear", async () => {
    const { lifecycle, surroundings } = lifecycleOf("VirtualMachine");
    const inputs = { name: "web", networkAdapters: [{ name: "front", macAddress: "02-AA-BB-CC-DD-EE" }] };
    const { outputs } = await lifecycle.handlers.create({ ...inputs, ...secret }, surroundings);
    assert.ok("4dabf18193072939515e22adb298388d" in Object(outputs.addresses), JSON.stringify(outputs.addresses));
    assert.equal(outputs.runsOn, "HV01");
  });

  it("is refused a change without a value in the refusal", async () => {
    const { lifecycle } = lifecycleOf("VirtualHardDisk");
    const state = await lifecycle.create({ path: "D:\\a.vhdx", sizeBytes: 2 ** 33 });
    const smaller = { path: "D:\\a.vhdx", sizeBytes: 2 ** 32, ...secret };
    assert.throws(
      () => lifecycle.diff(state, smaller),
      /sizeBytes would shrink the disk from \*{8} bytes \(\*{8}\) to \*{8} bytes \(\*{8}\)/,
    );
  });
});
