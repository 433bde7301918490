import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;

engineSuite("what lies elsewhere than where the program has it", () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }], guestsBoot: true });
  });
  afterEach(() => stack?.remove());
  const types = async (...lines: string[]) => {
    for (const line of lines) await stack.run(parseLine(line));
  };

  it("a machine that an administrator has moved goes back at the next up with a refresh, while it runs", async () => {
    await types("New-Item -Path D:\\machines -ItemType Directory");
    stack.declare([{ kind: "VirtualMachine", name: "web", args: { path: "D:\\machines", state: "Running" } }]);
    succeeded(await stack.up());
    await types("Move-VMStorage -VMName web -DestinationStoragePath D:\\elsewhere");
    const refreshed = succeeded(await stack.preview("--refresh", "--diff"));
    assert.match(refreshed.output, /path *: "D:/);
    assert.match(succeeded(await stack.up("--refresh")).output, /~ 1 updated/);
    const [machine] = (await stack.world()).nodes[0]?.machines ?? [];
    assert.deepEqual([machine?.path, machine?.state], ["D:\\machines\\web", "Running"]);
    succeeded(await stack.refresh("--expect-no-changes"));
  });

  it("a source that is named for a disk that is there makes no copy of it, nor does a change of the source", async () => {
    await types("New-VHD -Path D:\\golden.vhdx -SizeBytes 1GB", "New-VHD -Path D:\\other.vhdx -SizeBytes 1GB");
    const disk = (args: object): Declared[] => [
      { kind: "VirtualHardDisk", name: "disk", args: { path: "D:\\disk.vhdx", sizeBytes: GiB, ...args } },
    ];
    succeeded(await stack.declare(disk({})).up());
    const before = (await stack.world()).nodes[0]?.files;
    for (const sourcePath of ["D:\\golden.vhdx", "D:\\other.vhdx"]) {
      succeeded(await stack.declare(disk({ sourcePath })).up());
      succeeded(await stack.refresh("--expect-no-changes"));
      succeeded(await stack.preview("--expect-no-changes"));
      assert.deepEqual((await stack.world()).nodes[0]?.files, before);
    }
    const grown = succeeded(await stack.declare(disk({ sourcePath: "D:\\golden.vhdx", sizeBytes: 2 * GiB })).up());
    assert.equal(grown.ops["VirtualHardDisk disk"], "update");
    const changed = succeeded(await stack.declare(disk({ sourcePath: "D:\\other.vhdx", sizeBytes: 2 * GiB })).up());
    assert.notEqual(changed.ops["VirtualHardDisk disk"], "replace");
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
