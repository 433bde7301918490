import assert from "node:assert/strict";
import { type Declared, engineSuite, Stack } from "./stack";

engineSuite("a resource option that dynamic providers never see", () => {
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

  it("--continue-on-error says of what is skipped on what it depends, and touches none of it", async () => {
    const program = (path: string): Declared[] => [
      { kind: "VirtualHardDisk", name: "disk", args: { path, sizeBytes: 2 ** 30 } },
      {
        kind: "VirtualMachine",
        name: "web",
        args: { hardDiskDrives: [{ path: { $of: "disk", property: "path" } }] },
      },
      { kind: "Checkpoint", name: "before", args: { vmId: { $of: "web", property: "id" } } },
      ...lan({}),
    ];
    const failed = await stack.declare(program("Q:\\a.vhdx")).up("--continue-on-error");
    assert.notEqual(failed.code, 0);
    assert.match(
      failed.output,
      /VirtualMachine \(web\):\s+warning: Skipped: it depends on "disk", which failed or was skipped/,
    );
    assert.match(failed.output, /Checkpoint \(before\):\s+warning: Skipped: it depends on "web"/);
    assert.doesNotMatch(failed.output, /must name one of path and diskNumber/);
    assert.equal(failed.ops["VirtualSwitch lan"], "create");
    const made = await stack.declare(program("D:\\a.vhdx")).up();
    assert.equal(made.code, 0, made.output);
    const before = await stack.resources();
    // the disk cannot go where there is no drive
    const again = await stack.declare(program("Q:\\a.vhdx")).up("--continue-on-error");
    assert.notEqual(again.code, 0);
    assert.match(again.output, /Skipped: it depends on "disk"/);
    const machine = (all: typeof before) => all.find(({ type }) => type.endsWith(":VirtualMachine"));
    assert.deepEqual(machine(await stack.resources())?.inputs, machine(before)?.inputs);
    const back = await stack.declare(program("D:\\a.vhdx")).up();
    assert.equal(back.code, 0, back.output);
  });
});
