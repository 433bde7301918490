import assert from "node:assert/strict";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;
const path = "D:\\a.vhdx";

async function world() {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "disk" });
  const disks = new Lifecycle("VirtualHardDisk", simulator);
  const machines = new Lifecycle("VirtualMachine", simulator);
  const checkpoints = new Lifecycle("Checkpoint", simulator);
  return { simulator, disks, machines, checkpoints };
}

describe("growing a virtual hard disk", () => {
  const advised =
    /does not grow while checkpoints stand in front of it or children are based on it: remove the checkpoints first/;

  for (const state of ["Off", "Running"])
    it(`with a checkpoint of a machine that is ${state} says that checkpoints go first, and works then`, async () => {
      const { disks, machines, checkpoints } = await world();
      const disk = await disks.create({ path, sizeBytes: GiB });
      const { id } = await machines.create({ name: "web", state, hardDiskDrives: [{ path }] });
      const checkpoint = await checkpoints.create({ vmId: id, name: "before" });
      await assert.rejects(disks.update(disk, { path, sizeBytes: 2 * GiB }), advised);
      await checkpoints.delete(checkpoint);
      await disks.update(disk, { path, sizeBytes: 2 * GiB });
    });

  it("with children says to grow these", async () => {
    const { disks } = await world();
    const parent = await disks.create({ path, sizeBytes: GiB });
    await disks.create({ path: "D:\\child.vhdx", parentPath: path });
    await assert.rejects(disks.update(parent, { path, sizeBytes: 2 * GiB }), advised);
    await assert.rejects(disks.update(parent, { path, sizeBytes: 2 * GiB }), /, or grow the children\./);
  });

  it("on a volume that is full still says that it is full", async () => {
    const { simulator, disks } = await world();
    const disk = await disks.create({ path, sizeBytes: GiB });
    await simulator.order({ cmdlet: "Resize-VHD", effect: { kind: "fail", hresult: 0x80070070 | 0 } });
    await assert.rejects(disks.update(disk, { path, sizeBytes: 2 * GiB }), /Free space on the volume/);
  });
});

describe("a virtual hard disk to be taken over that is not there", () => {
  for (const [inputs, message] of [
    [{ path }, /: sizeBytes is required, unless the disk has a parentPath or a sourcePath\.$/],
    [{ path, vhdType: "Differencing" }, /: parentPath is required for a Differencing disk\.$/],
  ] as const)
    it(`is one clear problem: ${message}`, async () => {
      const { simulator, disks } = await world();
      await assert.rejects(disks.create({ ...inputs, adopt: true }), message);
      assert.deepEqual(
        Object.keys((await simulator.world()).nodes[0]?.files ?? {}).filter((file) => file.endsWith(".vhdx")),
        [],
      );
    });

  it("is made when the program says all that it takes", async () => {
    const { disks } = await world();
    const { outputs } = await disks.create({ path, sizeBytes: GiB, adopt: true });
    assert.equal(outputs.__made, undefined);
  });
});

describe("a fixed disk, which has no blocks", () => {
  const MiB = 2 ** 20;
  it("may have a block size in the program: none is asked for, and a change of it changes nothing", async () => {
    const { simulator, disks } = await world();
    const inputs = { path, sizeBytes: GiB, vhdType: "Fixed", blockSizeBytes: 2 * MiB };
    const made = await disks.create(inputs);
    const call = disks.calls.find((one) => "cmdlet" in one && one.cmdlet === "New-VHD");
    assert.deepEqual(call && "parameters" in call && call.parameters, { Path: path, SizeBytes: GiB, Fixed: true });
    assert.equal(disks.diff(made, inputs).changes, false);
    const read = await disks.read(made);
    assert.deepEqual(read?.inputs, inputs);
    const before = await simulator.world();
    const after = await disks.update(made, { ...inputs, blockSizeBytes: MiB });
    assert.deepEqual(await simulator.world(), before);
    assert.deepEqual((await disks.read(after))?.inputs, { ...inputs, blockSizeBytes: MiB });
    assert.deepEqual(disks.diff(after, { path, sizeBytes: GiB, vhdType: "Fixed" }).replaces, []);
  });

  it("is replaced by one that has blocks", async () => {
    const { disks } = await world();
    const inputs = { path, sizeBytes: GiB, blockSizeBytes: MiB };
    const made = await disks.create({ ...inputs, vhdType: "Fixed" });
    assert.deepEqual(disks.diff(made, { ...inputs, vhdType: "Dynamic" }).replaces, ["vhdType"]);
    const dynamic = await disks.create({ ...inputs, path: "D:\\blocks.vhdx" });
    assert.deepEqual(disks.diff(dynamic, { ...inputs, path: "D:\\blocks.vhdx", blockSizeBytes: 2 * MiB }).replaces, [
      "blockSizeBytes",
    ]);
  });
});
