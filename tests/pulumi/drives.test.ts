import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;
const shutdown = { timeoutSeconds: 30, onTimeout: "TurnOff" };

engineSuite("a running machine whose program names what cannot be had", () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }], guestsBoot: true });
    await stack.simulator.happen({ touch: "D:\\one.iso", sizeBytes: 2 ** 20 });
    for (const line of [
      "New-VMSwitch -Name lan -SwitchType Private",
      "New-VHD -Path D:\\b.vhdx -SizeBytes 1GB",
      "New-VHD -Path D:\\used.vhdx -SizeBytes 1GB",
      "New-VM -Name other -Generation 2 -VHDPath D:\\used.vhdx",
      "Start-VM -Name other",
    ])
      await stack.run(parseLine(line));
  });
  afterEach(() => stack?.remove());

  /** A disk that the program makes, and the machine that has it, or what the machine is to have instead. */
  const program = (changes: Record<string, unknown> = {}): Declared[] => [
    { kind: "VirtualHardDisk", name: "disk", args: { path: "D:\\a.vhdx", sizeBytes: GiB } },
    {
      kind: "VirtualMachine",
      name: "web",
      args: { hardDiskDrives: [{ path: { $of: "disk", property: "path" } }], shutdown, state: "Running", ...changes },
      dependsOn: ["disk"],
    },
  ];
  const web = async () => {
    const machines = (await stack.world()).nodes.flatMap((node) => node.machines);
    return machines.find(({ name }) => name.startsWith("web")) ?? assert.fail();
  };

  /** The up fails with one error, the machine is as it was, and the next up, of a program that was put back, has nothing to do. */
  async function fails(before: Record<string, unknown>, changes: Record<string, unknown>, says: RegExp): Promise<void> {
    succeeded(await stack.declare(program(before)).up());
    const was = await web();
    const run = await stack.declare(program({ ...before, ...changes })).up();
    assert.notEqual(run.code, 0, run.output);
    assert.match(run.output, says);
    assert.equal(run.output.match(/Unable to update/g)?.length, 1, run.output);
    assert.deepEqual(await web(), was);
    succeeded(await stack.declare(program(before)).up());
    assert.deepEqual(await web(), was);
    succeeded(await stack.preview("--expect-no-changes"));
  }

  it("keeps its disk where the new one's file does not exist", async () => {
    await fails(
      {},
      { hardDiskDrives: [{ path: "D:\\typo.vhdx" }] },
      /Unable to update virtual machine "web.*" on .*: could not find D:\\typo\.vhdx: hardDiskDrives\[0\]\.path names D:\\typo\.vhdx, which does not exist\. Nothing was taken from the machine\./,
    );
  });

  it("keeps its disk, and its power, where that is on IDE", async () => {
    await fails(
      { generation: 1, allowRestart: true },
      { hardDiskDrives: [{ path: "D:\\typo.vhdx" }] },
      /hardDiskDrives\[0\]\.path names D:\\typo\.vhdx, which does not exist/,
    );
  });

  it("keeps its disk where another machine has the new one", async () => {
    await fails(
      {},
      { hardDiskDrives: [{ path: "D:\\used.vhdx" }] },
      /hardDiskDrives\[0\]\.path names D:\\used\.vhdx, which is in use by another machine/,
    );
  });

  it("keeps its disc where the new one's file does not exist", async () => {
    await fails(
      { dvdDrives: [{ path: "D:\\one.iso" }] },
      { dvdDrives: [{ path: "D:\\typo.iso" }] },
      /Unable to update virtual machine "web.*" on .*: could not put D:\\typo\.iso into the DVD drive/,
    );
  });

  it("stays connected where the new switch does not exist", async () => {
    await fails(
      { networkAdapters: [{ name: "front", switchName: "lan" }] },
      { networkAdapters: [{ name: "front", switchName: "typo" }] },
      /networkAdapters\["front"\]\.switchName names the virtual switch "typo", which .* does not have/,
    );
  });

  it("gets what can be had: another disk in the same drive, and disks that change places", async () => {
    const at = (path: string, controllerLocation: number) => ({ path, controllerNumber: 0, controllerLocation });
    succeeded(await stack.declare(program()).up());
    const [drive] = (await web()).drives;
    succeeded(await stack.declare(program({ hardDiskDrives: [{ path: "D:\\b.vhdx" }] })).previewedUp());
    assert.deepEqual((await web()).drives, [{ ...drive, path: "D:\\b.vhdx" }]);
    succeeded(await stack.declare(program({ hardDiskDrives: [at("D:\\b.vhdx", 0), at("D:\\a.vhdx", 1)] })).up());
    succeeded(
      await stack.declare(program({ hardDiskDrives: [at("D:\\b.vhdx", 1), at("D:\\a.vhdx", 0)] })).previewedUp(),
    );
    const { drives, state } = await web();
    assert.deepEqual(
      [state, ...drives.map(({ controllerLocation, path }) => `${controllerLocation} ${path}`).sort()],
      ["Running", "0 D:\\a.vhdx", "1 D:\\b.vhdx"],
    );
    succeeded(await stack.preview("--expect-no-changes"));
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
