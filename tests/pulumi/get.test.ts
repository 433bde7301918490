import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { engineSuite, Stack } from "./stack";

engineSuite("get by name, through the engine,", () => {
  let stack: Stack;
  let id: string | undefined;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    const { simulator } = stack;
    for (const line of ["New-VM -Name web -NoVHD", "New-VMSwitch -Name lan -SwitchType Private"])
      for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined);
    id = await simulator.look(({ nodes }) => nodes[0]?.machines[0]?.id);
  });
  afterEach(() => stack?.remove());

  it("gives the true id in preview and up, to what depends on it, and goes on so", async () => {
    stack.declare([
      { kind: "VirtualSwitch", name: "lan", get: { name: "lan" } },
      { kind: "VirtualMachine", name: "web", get: { name: "WEB" } },
      { kind: "Checkpoint", name: "before", args: { vmId: { $of: "web", property: "id" } } },
    ]);
    const preview = await stack.preview();
    assert.equal(preview.code, 0, preview.output);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.equal((await stack.outputs()).web, id);
    const refreshed = await stack.refresh();
    assert.equal(refreshed.code, 0, refreshed.output);
    const again = await stack.preview("--expect-no-changes");
    assert.equal(again.code, 0, again.output);
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.equal((await stack.world()).nodes[0]?.machines.length, 1);
  });

  it("says in one sentence that an id is none, and that nobody has the name", async () => {
    const named = await stack.declare([{ kind: "VirtualMachine", name: "web", get: "web" }]).preview();
    assert.notEqual(named.code, 0);
    assert.match(
      named.output,
      /its id must be a GUID\. To look it up by its name: VirtualMachine\.get\("\.\.\.", \{ name: "web" \}\)/,
    );
    const gone = await stack.declare([{ kind: "VirtualMachine", name: "web", get: { name: "gone" } }]).preview();
    assert.match(
      gone.output,
      /Unable to get virtual machine "gone": no virtual machine has this name on the simulated host\. Check/,
    );
    assert.doesNotMatch(gone.output, /\n +at /);
  });
});
