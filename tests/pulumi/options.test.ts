import assert from "node:assert/strict";
import { type Declared, engineSuite, Stack } from "./stack";

engineSuite("a resource option that dynamic providers never see", function () {
  this.timeout(120_000);
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
  });
  afterEach(() => stack?.remove());

  const lan = (options: Record<string, unknown>, switchType = "Private"): Declared[] => [
    { kind: "VirtualSwitch", name: "lan", args: { switchType }, options },
  ];

  it("import is refused in one sentence, without a stack trace", async () => {
    const { code, output } = await stack.declare(lan({ import: "08995118-bf4e-4d4b-82f0-c7c708d461f4" })).preview();
    assert.notEqual(code, 0);
    assert.match(output, /VirtualSwitch "lan": the option import does not reach dynamic providers\. Set adopt: true/);
    assert.doesNotMatch(output, /\n +at /);
  });

  it("replaceOnChanges is warned of, and changes nothing", async () => {
    const options = { replaceOnChanges: ["switchType"] };
    const made = await stack.declare(lan(options)).up();
    assert.equal(made.code, 0, made.output);
    assert.match(
      made.output,
      /warning: The option replaceOnChanges has no effect: the provider itself says which changes replace/,
    );
    const changed = await stack.declare(lan(options, "Internal")).up();
    assert.equal(changed.ops["VirtualSwitch lan"], "update", changed.output);
  });
});
