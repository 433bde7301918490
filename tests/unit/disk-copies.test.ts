import assert from "node:assert/strict";
import type { PartialFailure, State } from "../../provider/lifecycle/handlers";
import { DiskWorld } from "../disk-world";

const GiB = 2 ** 30;
const sourcePath = "D:\\golden.vhdx";
const path = "D:\\disks\\web.vhdx";
const source = `New-VHD -Path ${sourcePath} -SizeBytes 1GB`;

describe("a copy of a disk", () => {
  it("has an identifier of its own, and its folder is made", async () => {
    const world = await DiskWorld.make([source]);
    const { outputs } = await world.disks.create({ path, sourcePath });
    const files = await world.files();
    assert.deepEqual(Object.keys(files).sort(), [path, sourcePath]);
    assert.equal(files[path], outputs.diskIdentifier);
    assert.notEqual(files[path], files[sourcePath]);
  });

  it("of the old format keeps its source's identifier, which cannot be reset", async () => {
    const world = await DiskWorld.make(["New-VHD -Path D:\\golden.vhd -SizeBytes 1GB"]);
    await world.disks.create({ path: "D:\\web.vhd", sourcePath: "D:\\golden.vhd" });
    const files = await world.files();
    assert.equal(files["D:\\web.vhd"], files["D:\\golden.vhd"]);
  });

  it("grows to its size", async () => {
    const world = await DiskWorld.make([source]);
    const state = await world.disks.create({ path, sourcePath, sizeBytes: 2 * GiB });
    assert.equal((await world.disks.read(state))?.outputs.sizeBytes, 2 * GiB);
  });

  it("is refused where a file is in its place, and that is not touched", async () => {
    const world = await DiskWorld.make([source, `New-VHD -Path ${path} -SizeBytes 5GB`]);
    const before = await world.files();
    await assert.rejects(world.disks.create({ path, sourcePath }), /a virtual hard disk with this path already exists/);
    assert.deepEqual(await world.files(), before);
  });

  it("does not overwrite what appears in its place after the look, nor takes it for its own", async () => {
    const world = await DiskWorld.make([source]);
    const { run } = world.simulator;
    world.simulator.run = async (node, calls, options) => {
      if (!calls.some((call) => "cmdlet" in call && call.cmdlet === "Copy-Item"))
        return run.call(world.simulator, node, calls, options);
      world.simulator.run = run.bind(world.simulator);
      await world.types(`New-VHD -Path ${path} -SizeBytes 5GB`);
      return run.call(world.simulator, node, calls, options);
    };
    await assert.rejects(world.disks.create({ path, sourcePath }), /already exists/);
    const [node] = (await world.simulator.world()).nodes;
    assert.equal(node?.files[path.toLowerCase()]?.vhd?.sizeBytes, 5 * GiB);
  });

  it("is refused where there is no source, before anything is made", async () => {
    const world = await DiskWorld.make();
    await assert.rejects(
      world.disks.create({ path, sourcePath }),
      /: sourcePath names D:\\golden\.vhdx, which does not exist\. Create it first/,
    );
    assert.deepEqual(await world.paths(), []);
  });

  it("of a child is refused where its parent is not there", async () => {
    const world = await DiskWorld.make();
    await assert.rejects(
      world.disks.create({ path, parentPath: sourcePath }),
      /: parentPath names D:\\golden\.vhdx, which does not exist/,
    );
  });

  for (const effectDone of [false, true])
    it(`that loses its session ${effectDone ? "after" : "before"} any call is made by the next attempt, with nothing beside it`, async () => {
      const whole = await DiskWorld.make([source]);
      await whole.disks.create({ path, sourcePath });
      // the first look, of two paths, is asked of all hosts
      const calls = whole.disks.calls.length + 2;
      assert(calls >= 7);
      for (let at = 0; at < calls; at += 1) {
        const world = await DiskWorld.make([source]);
        await world.simulator.order({ after: at, effect: { kind: "drop", effectDone } });
        const state: State = await world.disks.create({ path, sourcePath }).catch(({ id, outputs }: PartialFailure) => {
          if (id === undefined) return world.disks.create({ path, sourcePath });
          return world.disks.update({ id, outputs }, { path, sourcePath });
        });
        assert.equal(world.disks.diff(state, { path, sourcePath }).changes, false);
        const files = await world.files();
        assert.deepEqual(Object.keys(files).sort(), [path, sourcePath], `call ${at}`);
        assert.notEqual(files[path], files[sourcePath]);
      }
    });

  it("that fails at any call is made by the next attempt, with nothing beside it", async () => {
    for (const cmdlet of ["New-Item", "Copy-Item", "Set-VHD", "Rename-Item"]) {
      const world = await DiskWorld.make([source]);
      await world.simulator.order({ cmdlet, effect: { kind: "fail", hresult: 0x80070020 | 0 } });
      await assert.rejects(world.disks.create({ path, sourcePath }), cmdlet);
      assert.deepEqual(await world.paths(), [sourcePath], cmdlet);
      await world.disks.create({ path, sourcePath });
      assert.deepEqual(await world.paths(), [path, sourcePath], cmdlet);
    }
  });

  it("that finds no room leaves no disk, and is made once there is some", async () => {
    const world = await DiskWorld.make([`New-VHD -Path ${sourcePath} -SizeBytes 1GB -Fixed`], {
      nodes: [{ name: "HV01", volumes: ["C:\\", "D:\\", "E:\\"].map((root) => ({ root, sizeBytes: 2 * GiB })) }],
    });
    await world.types("New-VHD -Path E:\\big.vhdx -SizeBytes 1500MB -Fixed");
    const inputs = { path: "E:\\web.vhdx", sourcePath };
    await assert.rejects(world.disks.create(inputs), /Free space on the volume/);
    assert(!(await world.paths()).includes(inputs.path));
    await world.types("Remove-Item -LiteralPath E:\\big.vhdx");
    await world.disks.create(inputs);
    assert.deepEqual(await world.paths(), [sourcePath, inputs.path]);
  });

  it("stays where the path of its source changes as that moves, and is another where the source is another", async () => {
    const world = await DiskWorld.make([source, "New-VHD -Path D:\\other.vhdx -SizeBytes 1GB"]);
    const state = await world.disks.create({ path, sourcePath });
    assert.deepEqual(world.disks.diff(state, { path, sourcePath: "D:\\other.vhdx" }).replaces, ["sourcePath"]);
    const golden = await world.disks.create({ path: sourcePath, adopt: true });
    const moved = { path: "D:\\images\\golden.vhdx", adopt: true };
    assert.equal(world.disks.diff(golden, moved).changes, true);
    const followed = world.disks.diff(state, { path, sourcePath: moved.path });
    assert.deepEqual(followed, { ...followed, changes: true, replaces: [] });
    await world.disks.update(golden, moved);
    const after = await world.disks.update(state, { path, sourcePath: moved.path });
    assert.equal(world.disks.diff(after, { path, sourcePath: moved.path }).changes, false);
  });

  it("is none where a source is named for a disk that is there: nothing is done, and nothing is lost by a change of it", async () => {
    const other = "D:\\other.vhdx";
    const world = await DiskWorld.make([source, `New-VHD -Path ${other} -SizeBytes 3GB`, "New-VM -Name web -NoVHD"]);
    const made = await world.disks.create({ path, sizeBytes: GiB });
    const before = await world.files();
    let state = made;
    for (const from of [sourcePath, "D:\\none.vhdx", other, undefined, other]) {
      const inputs = { path, sizeBytes: GiB, ...(from && { sourcePath: from }) };
      assert.deepEqual(world.disks.diff(state, inputs).replaces, [], from);
      assert.deepEqual(
        await world.disks.changesDuring(async () => (state = await world.disks.update(state, inputs))),
        [],
      );
      assert.equal(world.disks.diff(state, inputs).changes, false);
      assert.deepEqual((await world.disks.read(state))?.inputs, inputs);
      assert.deepEqual(await world.files(), before);
    }
    const grown = await world.disks.update(state, { path, sizeBytes: 2 * GiB, sourcePath });
    assert.deepEqual(world.disks.diff(grown, { path, sizeBytes: 2 * GiB, sourcePath: other }).replaces, []);
  });

  it("may be named anew after its source was left out, and stays what it is", async () => {
    const world = await DiskWorld.make([source, "New-VHD -Path D:\\other.vhdx -SizeBytes 1GB"]);
    const made = await world.disks.create({ path, sourcePath });
    const without = await world.disks.update(made, { path, sizeBytes: GiB });
    assert.deepEqual(world.disks.diff(without, { path, sizeBytes: GiB, sourcePath: "D:\\other.vhdx" }).replaces, []);
  });
});
