import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, Stack } from "./stack";

engineSuite("hyperv:verify, through the engine,", () => {
  let stack: Stack;
  afterEach(() => stack?.remove());

  const program = (switchName: unknown, disk = "D:\\web.vhdx"): Declared[] => [
    { kind: "VirtualSwitch", name: "lan", args: { switchType: "Private" } },
    { kind: "VirtualHardDisk", name: "disk", args: { path: disk, sizeBytes: 2 ** 30 } },
    {
      kind: "VirtualMachine",
      name: "web",
      args: {
        networkAdapters: [{ name: "front", switchName }],
        hardDiskDrives: [{ path: { $of: "disk", property: "path" } }],
      },
    },
  ];
  const made = async (config: Record<string, string> = { "hyperv:verify": "true" }) => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] }, { config });
    const { simulator } = stack;
    for (const { error } of await simulator.run("HV01", parseLine("New-VHD -Path D:\\web.vhdx -SizeBytes 1GB")))
      assert.equal(error, undefined);
  };

  it("fails the preview of what cannot be created", async () => {
    await made();
    const refused = await stack.declare(program("wan")).preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /virtual hard disk "D:\\web\.vhdx" on .*: a virtual hard disk with this path already exists/,
    );
    const machine = await stack.declare(program("wan", "D:\\other.vhdx")).preview();
    assert.match(machine.output, /names the virtual switch "wan", which .* does not have; it has none/);
  });

  it("asks nobody by default", async () => {
    await made({});
    const quiet = await stack.declare(program("wan")).preview();
    assert.equal(quiet.code, 0, quiet.output);
  });

  it("lets pass what can be, and leaves no mark in the state", async () => {
    await made();
    const of = program({ $of: "lan", property: "name" }, "D:\\other.vhdx");
    const preview = await stack.declare(of).preview();
    assert.equal(preview.code, 0, preview.output);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.doesNotMatch(JSON.stringify(await stack.resources()), /__preview/);
    const again = await stack.preview("--expect-no-changes");
    assert.equal(again.code, 0, again.output);
  });

  it("does not take what is replaced for somebody else's", async () => {
    await made();
    const fixed = (generation: number): Declared[] => [{ kind: "VirtualMachine", name: "web", args: { generation } }];
    const up = await stack.declare(fixed(2)).up();
    assert.equal(up.code, 0, up.output);
    const replaced = await stack.declare(fixed(1)).preview();
    assert.equal(replaced.code, 0, replaced.output);
    assert.match(JSON.stringify(replaced.ops), /replace/);
  });

  it("honours customTimeouts, which the engine does not tell", async () => {
    await made({});
    const options = { customTimeouts: { create: "1s" } };
    const args = { state: "Running", waitFor: { heartbeat: true, timeoutSeconds: 600 } };
    const up = await stack.declare([{ kind: "VirtualMachine", name: "web", args, options }]).up();
    assert.notEqual(up.code, 0);
    assert.match(up.output, /could not wait for a heartbeat: it did not finish within 1s \(customTimeouts\.create\)/);
    const again = await stack.declare([{ kind: "VirtualMachine", name: "web", args: { state: "Running" } }]).up();
    assert.equal(again.ops["VirtualMachine web"], "update", again.output);
  });
});
