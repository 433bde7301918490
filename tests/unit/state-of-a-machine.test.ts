import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { unknown } from "../../provider/lifecycle/values";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { must } from "./must";

const GiB = 2 ** 30;
const TiB = 2 ** 40;
const volume = "C:\\ClusterStorage\\Volume1";

describe("the state of a machine", () => {
  const lifecycle = () =>
    new Lifecycle("VirtualMachine", Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "state" }));
  const inputs = { name: "it", networkAdapters: [{ name: "front" }, { name: "back", vlan: 5 }] };

  it("holds what the program says, and no default", async () => {
    const { outputs } = await lifecycle().create(inputs);
    const { addresses: _1, runsOn: _2, configurationVersion: _3, __observed: observed, ...rest } = outputs;
    assert.deepEqual(rest, inputs);
    assert.equal(typeof observed, "string");
  });

  it("keeps the program's words after a read, beside what somebody changed", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(inputs);
    assert.deepEqual((await hosted.read(made))?.inputs, inputs);
    await must(hosted.simulator, [
      { cmdlet: "Set-VM", parameters: { Name: "it", Notes: "by hand" } },
      { cmdlet: "Set-VMNetworkAdapter", parameters: { VMName: "it", Name: "front", DhcpGuard: "On" } },
    ]);
    const read = await hosted.read(made);
    const [front, back] = inputs.networkAdapters;
    assert.deepEqual(read?.inputs, {
      ...inputs,
      notes: "by hand",
      networkAdapters: [{ ...front, dhcpGuard: "On" }, back],
    });
    const mended = await hosted.update(read ?? assert.fail(), inputs);
    assert.deepEqual((await hosted.read(mended))?.inputs, inputs);
  });

  it("shows what the program leaves out and the next up would change back", async () => {
    const simulator = Simulator.inMemory({
      nodes: [{ name: "HV01" }, { name: "HV02" }],
      cluster: { name: "LAB" },
      seed: "left out",
    });
    const machines = new Lifecycle("VirtualMachine", simulator, ["HV01", "HV02"]);
    const roles = new Lifecycle("ClusterVirtualMachineRole", simulator, ["HV01", "HV02"]);
    const program = { name: "it", path: volume, memory: { dynamicMemoryEnabled: true, startupBytes: GiB } };
    const machine = await machines.create(program);
    const role = await roles.create({ vmId: machine.id });
    for (const line of [
      "Set-VMMemory it -MaximumBytes 2TB -Buffer 30",
      "(Get-ClusterGroup it).FailoverThreshold = 9",
      "(Get-ClusterGroup it).AntiAffinityClassNames = 'a', 'b'",
    ])
      await must(simulator, parseLine(line));
    assert.deepEqual((await machines.read(machine))?.inputs, {
      ...program,
      memory: { ...program.memory, maximumBytes: 2 * TiB, buffer: 30 },
    });
    assert.deepEqual((await roles.read(role))?.inputs, {
      vmId: machine.id,
      antiAffinityClassNames: ["a", "b"],
      failoverThreshold: 9,
    });
  });

  it("says the same at each refresh, also of memory that somebody has made dynamic", async () => {
    const hosted = lifecycle();
    const made = await hosted.create({ name: "it", memory: { startupBytes: GiB } });
    await must(hosted.simulator, parseLine("Set-VMMemory it -DynamicMemoryEnabled $true -MaximumBytes 2GB"));
    const read = (await hosted.read(made)) ?? assert.fail();
    assert.deepEqual(read.inputs.memory, { startupBytes: GiB, dynamicMemoryEnabled: true, maximumBytes: 2 * GiB });
    assert.deepEqual(await hosted.read(read), { ...read, isAsRecorded: true });
  });

  it("is compared with what is not known yet", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(inputs);
    for (const networkAdapters of [
      unknown,
      [unknown],
      [
        { name: "front", switchName: unknown },
        { name: "back", vlan: unknown },
      ],
    ])
      assert.deepEqual(hosted.diff(made, { ...inputs, networkAdapters }), {
        changes: true,
        replaces: [],
        deleteBeforeReplace: true,
      });
  });

  it("has every property of one that is only read", async () => {
    const hosted = lifecycle();
    const { id } = await hosted.create({ name: "old", generation: 1 });
    const read = await hosted.handlers.read(id, { __get: true }, hosted.surroundings);
    assert.deepEqual(read?.inputs, {});
    const { bios, firmware, processor, allowRestart } = (read?.outputs ?? {}) as Record<string, unknown>;
    assert.ok(bios);
    assert.equal(firmware, undefined);
    assert.equal((processor as Record<string, unknown>).maximum, 100);
    assert.equal(allowRestart, undefined, "a policy is the program's own");
  });
});
