import assert from "node:assert/strict";
import { host, machine, succeeded } from "./machine-on-a-host";
import { type Declared, engineSuite, Stack } from "./stack";

const GiB = 2 ** 30;

engineSuite("through the real engine", () => {
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());
  const machines = async () => (await stack.world()).nodes.flatMap((node) => node.machines);

  it("a replaced disk takes its machine's slot without the machine being replaced", async () => {
    await made(host);
    const program = (blockSizeBytes: number): Declared[] => [
      { kind: "VirtualHardDisk", name: "disk", args: { path: "D:\\a.vhdx", sizeBytes: GiB, blockSizeBytes } },
      machine({ hardDiskDrives: [{ path: { $of: "disk", property: "path" } }] }),
    ];
    succeeded(await stack.declare(program(2 ** 20)).up());
    const run = await stack.declare(program(2 ** 21)).up();
    succeeded(run);
    assert.deepEqual(run.ops, { "VirtualHardDisk disk": "replace", "VirtualMachine web": "same" });
    assert.equal((await machines()).length, 1);
  });

  it("a golden image that is replaced in its place takes its children with it, and their machines stay", async () => {
    await made(host);
    const program = (blockSizeBytes: number): Declared[] => [
      { kind: "VirtualHardDisk", name: "golden", args: { path: "D:\\golden.vhdx", sizeBytes: GiB, blockSizeBytes } },
      {
        kind: "VirtualHardDisk",
        name: "child",
        args: { path: "D:\\child.vhdx", parentPath: { $of: "golden", property: "path" } },
      },
      machine({ hardDiskDrives: [{ path: { $of: "child", property: "path" } }] }),
    ];
    succeeded(await stack.declare(program(2 ** 20)).up());
    const [before] = await machines();
    const run = await stack.declare(program(2 ** 21)).previewedUp();
    succeeded(run);
    assert.deepEqual(run.ops, {
      "VirtualHardDisk child": "replace",
      "VirtualHardDisk golden": "replace",
      "VirtualMachine web": "same",
    });
    assert.deepEqual(await machines(), [before]);
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a clustered machine is replaced with its role, which is gone before it", async () => {
    const nodes = ["HV01", "HV02"];
    await made({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, guestsBoot: true }, { nodes });
    const program = (generation: number): Declared[] => [
      machine({ generation, node: "HV01", path: "C:\\ClusterStorage\\Volume1" }),
      { kind: "ClusterVirtualMachineRole", name: "role", args: { vmId: { $of: "web", property: "id" } } },
    ];
    succeeded(await stack.declare(program(2)).up());
    const said = await stack.declare(program(1)).preview();
    assert.deepEqual(said.ops, { "ClusterVirtualMachineRole role": "replace", "VirtualMachine web": "replace" });
    const run = await stack.up();
    succeeded(run);
    assert.deepEqual(run.ops, said.ops);
    const world = await stack.world();
    assert.equal(world.cluster?.groups.length, 1);
    assert.deepEqual(
      (await machines()).map(({ generation }) => generation),
      [1],
    );
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a machine whose replacement the user orders goes before the new one is made", async () => {
    await made(host);
    const switches = machine({ networkAdapters: [{ name: "front", switchName: { $of: "lan", property: "name" } }] });
    stack.declare([{ kind: "VirtualSwitch", name: "lan", args: { switchType: "Private" } }, switches]);
    succeeded(await stack.up());
    const [before] = await machines();
    const { urn } = (await stack.resources()).find(({ urn: one }) => one.endsWith("::web")) ?? assert.fail();
    const run = await stack.up("--replace", urn);
    succeeded(run);
    assert.deepEqual(run.ops, { "VirtualMachine web": "replace", "VirtualSwitch lan": "same" });
    const [after, ...others] = await machines();
    assert.deepEqual(others, []);
    assert.notEqual(after?.id, before?.id);
    succeeded(await stack.preview("--expect-no-changes"));
  });
});
