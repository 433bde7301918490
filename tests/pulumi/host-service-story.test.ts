import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { engineSuite, Stack } from "./stack";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";
const setting = "hyperv-host-service:inService";

engineSuite("a host that a pipeline services", () => {
  let stack: Stack;
  after(() => stack?.remove());

  const placed = async () =>
    (await stack.world()).nodes.map(({ name, machines }) => [name, machines.map((machine) => machine.name).sort()]);
  const up = async () => {
    const done = await stack.up();
    assert.equal(done.code, 0, done.output);
    return done.output;
  };

  it("is paused with everything moved off it, comes back with it, and is left as it is at the end", async () => {
    stack = await Stack.make(
      { nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" } },
      { example: resolve(__dirname, "../../examples/06-host-service"), nodes },
    );
    for (const name of ["db", "web"])
      for (const line of [
        `New-VM -Name ${name} -Path ${volume} -NoVHD -Generation 2`,
        `Add-ClusterVirtualMachineRole -VMName ${name}`,
        `Start-VM -Name ${name}`,
      ])
        await stack.run(parseLine(line), "HV01");
    await up();

    stack.setConfig(setting, "HV01");
    const preview = await stack.preview();
    assert.match(preview.output, /Drains HV01: moves 2 machines live\./);
    assert.match(await up(), /Drains HV01: moves 2 machines live\./);
    assert.deepEqual(await placed(), [
      ["HV01", []],
      ["HV02", ["db", "web"]],
    ]);
    const again = await stack.preview("--expect-no-changes");
    assert.equal(again.code, 0, again.output);

    // while it restarts, neither it nor the next one is touched
    await stack.run(parseLine("Stop-ClusterNode -Name HV01"), "HV02");
    stack.setConfig(setting, "HV02");
    const early = await stack.up();
    assert.notEqual(early.code, 0);
    assert.match(early.output, /cannot become "(Paused" while HV01 is down|Up": HV01 is down)/);
    assert.deepEqual(await placed(), [
      ["HV01", []],
      ["HV02", ["db", "web"]],
    ]);
    await stack.run(parseLine("Start-ClusterNode -Name HV01"), "HV02");

    stack.setConfig(setting, "none");
    assert.match(await up(), /Resumes HV01, and what was drained from it comes back at once\./);
    assert.deepEqual(await placed(), [
      ["HV01", ["db", "web"]],
      ["HV02", []],
    ]);

    stack.setConfig(setting, "HV01");
    await up();
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.output);
    const { cluster } = await stack.world();
    assert.deepEqual(
      cluster?.nodes.map(({ name, paused }) => [name, paused]),
      [
        ["HV01", true],
        ["HV02", false],
      ],
    );
  });
});
