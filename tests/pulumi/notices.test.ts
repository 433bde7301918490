import assert from "node:assert/strict";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

engineSuite("a preview says what happens to running things, on the resource's row and in the diagnostics", () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }], guestsBoot: true });
  });
  afterEach(() => stack?.remove());

  const machine = (args: Record<string, unknown>): Declared => ({
    kind: "VirtualMachine",
    name: "web",
    args: { state: "Running", allowRestart: true, shutdown: { timeoutSeconds: 5, onTimeout: "TurnOff" }, ...args },
  });
  const program = (args: Record<string, unknown>, switchType = "Private"): Declared[] => [
    {
      kind: "VirtualSwitch",
      name: "lan",
      args: { switchType, ...(switchType === "External" && { netAdapterNames: ["Ethernet"] }) },
    },
    machine(args),
  ];
  const said = /(Restarts|Shuts|Deletes|The host's network)/;

  it("in preview and in up, and not where nothing of it happens, or in a refresh", async () => {
    const made = succeeded(await stack.declare(program({})).up());
    assert.doesNotMatch(made.output, said);
    const later = program({ processor: { count: 2 }, notes: "hot" }, "External");
    for (const run of [await stack.declare(later).preview(), await stack.up()]) {
      const { output } = succeeded(run);
      assert.match(output, /VirtualMachine \(web\):\n +Restarts the machine, for processor\.count\.\n/);
      assert.match(
        output,
        /VirtualSwitch \(lan\):\n +The host's network drops for 5 to 15 seconds, for switchType, netAdapterNames\.\n/,
      );
    }
    for (const run of [await stack.preview(), await stack.refresh(), await stack.up()])
      assert.doesNotMatch(succeeded(run).output, said);
    const replaced = succeeded(
      await stack.declare(program({ processor: { count: 2 }, generation: 1 }, "External")).preview(),
    );
    assert.match(replaced.output, /Deletes the virtual machine and creates it again, for generation\./);
    const off = succeeded(
      await stack.declare(program({ processor: { count: 2 }, state: "Off" }, "External")).preview(),
    );
    assert.match(off.output, /Shuts the machine down\./);
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
