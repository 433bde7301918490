import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { host, succeeded } from "./machine-on-a-host";
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

  it("two stacks at once on one simulator leave each other's machines alone", async () => {
    await made(host);
    const other = await Stack.make(host, { config: { "hyperv:simulator": stack.worldFile } });
    try {
      const names = (kind: string) => [1, 2, 3, 4, 5].map((number) => `${kind}${number}`);
      const declared = (kind: string, notes: string): Declared[] =>
        names(kind).flatMap((name): Declared[] => [
          { kind: "VirtualHardDisk", name: `${name}-disk`, args: { path: `D:\\${name}.vhdx`, sizeBytes: GiB } },
          {
            kind: "VirtualMachine",
            name,
            args: { notes, hardDiskDrives: [{ path: { $of: `${name}-disk`, property: "path" } }] },
          },
        ]);
      for (const notes of ["one", "two"]) {
        stack.declare(declared("a", notes));
        other.declare(declared("b", notes));
        for (const run of await Promise.all([stack.up(), other.up()])) succeeded(run);
        assert.deepEqual(
          (await machines()).map((found) => [found.name, found.notes, found.drives.length]).sort(),
          [...names("a"), ...names("b")].map((name) => [name, notes, 1]),
        );
      }
      for (const run of await Promise.all([stack, other].map((one) => one.preview("--expect-no-changes"))))
        succeeded(run);
      for (const run of await Promise.all([stack.destroy(), other.refresh("--expect-no-changes")])) succeeded(run);
      assert.deepEqual((await machines()).map(({ name }) => name).sort(), names("b"));
      succeeded(await other.destroy());
      assert.deepEqual(await machines(), []);
    } finally {
      other.remove();
    }
  });

  it("get reads what is managed elsewhere, and says what is missing", async () => {
    await made(host);
    await stack.run(parseLine("New-VM -Name web -Generation 2"));
    const [{ id = "" } = {}] = await machines();
    const read: Declared = { kind: "VirtualMachine", name: "web", get: id };
    const copy: Declared = {
      kind: "VirtualMachine",
      name: "copy",
      args: {
        name: "copy",
        notes: { $of: "web", property: "name" },
        generation: { $of: "web", property: "generation" },
      },
    };
    succeeded(await stack.declare([read, copy]).up());
    assert.deepEqual(
      (await machines()).map(({ name, notes }) => [name, notes]),
      [
        ["web", ""],
        ["copy", "web"],
      ],
    );
    succeeded(await stack.destroy());
    assert.deepEqual(
      (await machines()).map(({ name }) => name),
      ["web"],
    );
    const missing = await stack.declare([{ ...read, get: "6f1d2c3b-0000-4000-8000-00000000dead" }]).preview();
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /Unable to get virtual machine 6f1d2c3b-0000-4000-8000-00000000dead: it is not there/);
  });

  it("get reads every kind", async () => {
    await made({ nodes: [{ name: "HV01" }], cluster: { name: "LAB" } }, { nodes: ["HV01"] });
    for (const line of [
      "New-VM -Name web -Generation 2 -NoVHD -Path C:\\ClusterStorage\\Volume1",
      "Add-ClusterVirtualMachineRole -VMName web",
      "New-VMSwitch -Name lan -SwitchType Private",
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
    ])
      await stack.run(parseLine(line), "HV01");
    const { nodes } = await stack.world();
    const id = nodes[0]?.machines[0]?.id ?? "";
    succeeded(
      await stack
        .declare([
          { kind: "VirtualSwitch", name: "lan", get: nodes[0]?.switches[0]?.id },
          { kind: "VirtualHardDisk", name: "a", get: "D:\\a.vhdx" },
          { kind: "VirtualMachine", name: "web", get: id },
          { kind: "ClusterVirtualMachineRole", name: "role", get: id },
        ])
        .up(),
    );
  });
});
