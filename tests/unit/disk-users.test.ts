import assert from "node:assert/strict";
import type { State } from "../../provider/lifecycle/handlers";
import { DiskWorld } from "../disk-world";

const GiB = 2 ** 30;
const path = "D:\\a.vhdx";
const inputs = { path, sizeBytes: GiB };
const smaller = { ...inputs, blockSizeBytes: 2 ** 20 };
const machine = "New-VM -Name web -Generation 2 -NoVHD";
const attach = `Add-VMHardDiskDrive -VMName web -Path ${path}`;
const start = "Start-VM -Name web";
const checkpoint = "Checkpoint-VM -Name web -SnapshotName before";
const child = `New-VHD -Path D:\\child.vhdx -ParentPath ${path} -Differencing`;

async function prepared(...lines: readonly string[]) {
  const world = await DiskWorld.make();
  const state = await world.disks.create(inputs);
  await world.types(...lines);
  return { world, state };
}

async function refreshed(world: DiskWorld, { id, outputs }: State): Promise<State> {
  const read = (await world.disks.read({ id, outputs })) ?? assert.fail();
  return { id, outputs: read.outputs };
}

/** Who has it, what a message says of that, and what lets it go. */
const users = [
  ["a machine that is off", [machine, attach], /virtual machine "web"\./, ["Remove-VM -Name web -Force"]],
  [
    "a machine that runs",
    [machine, attach, start],
    /virtual machine "web"\./,
    ["Stop-VM -Name web -TurnOff -Force", "Remove-VM -Name web -Force"],
  ],
  [
    "a machine that is saved",
    [machine, attach, start, "Save-VM -Name web"],
    /virtual machine "web"\./,
    ["Remove-VM -Name web -Force"],
  ],
  [
    "a checkpoint",
    [machine, attach, checkpoint],
    /checkpoint "before" of virtual machine "web", virtual machine "web"\./,
    ["Remove-VMSnapshot -VMName web -Confirm:$false", "Remove-VM -Name web -Force"],
  ],
  ["a child", [child], /virtual hard disk D:\\child\.vhdx\./, ["Remove-Item -LiteralPath D:\\child.vhdx"]],
  [
    "a child of a machine",
    [child, machine, attach.replace(path, "D:\\child.vhdx")],
    /virtual hard disk D:\\child\.vhdx, virtual machine "web"\./,
    ["Remove-VM -Name web -Force", "Remove-Item -LiteralPath D:\\child.vhdx"],
  ],
] as const;

describe("a virtual hard disk that is used", () => {
  for (const [who, lines, named, frees] of users)
    it(`by ${who} is not deleted, says by whom, and is once that is gone`, async () => {
      const { world, state } = await prepared(...lines);
      const before = await world.files();
      await assert.rejects(world.disks.delete(state), (error: Error) => {
        assert.match(error.message, /could not check that nothing uses it: after 60 seconds it is still used by/);
        assert.match(error.message, named);
        return true;
      });
      assert.deepEqual(await world.files(), before);
      await world.types(...frees);
      await world.disks.delete(state);
      assert.deepEqual(await world.paths(), []);
    });

  it("by a machine that is on its way out waits for it", async () => {
    const { world, state } = await prepared(machine, attach);
    const { pause } = world.disks.surroundings.hosts;
    world.disks.surroundings.hosts.pause = async (milliseconds) => {
      world.disks.surroundings.hosts.pause = pause;
      await world.types("Remove-VM -Name web -Force");
      return pause.call(world.disks.surroundings.hosts, milliseconds);
    };
    await world.disks.delete(state);
    assert.deepEqual(await world.paths(), []);
  });

  for (const [who, lines, named] of users.slice(1, 4))
    it(`by ${who} is not replaced, in preview and in an up`, async () => {
      const { world, state } = await prepared(...lines);
      const before = await world.files();
      const known = await refreshed(world, state);
      const difference = world.disks.difference(known, smaller);
      await assert.rejects(difference, (error: Error) => {
        assert.match(error.message, /: blockSizeBytes would replace the disk, and its data is used by/);
        assert.match(error.message, /virtual machine "web"/);
        return true;
      });
      // one who has not refreshed is told in the up
      assert.deepEqual(world.disks.diff(state, smaller).replaces, ["blockSizeBytes"]);
      await assert.rejects(world.disks.delete(state), (error: Error) => {
        assert.match(error.message, /it is to be replaced, and its data is used by/);
        assert.match(error.message, new RegExp(named.source.slice(0, -2)));
        return true;
      });
      assert.deepEqual(await world.files(), before);
    });

  it("by a machine that is off gives way to another one in its place", async () => {
    const { world, state } = await prepared(machine, attach);
    const known = await refreshed(world, state);
    assert.deepEqual(world.disks.diff(known, smaller).replaces, ["blockSizeBytes"]);
    await world.disks.delete(known);
    assert.deepEqual(await world.paths(), []);
  });

  it("is asked for once more before a preview refuses: the machine may be off by now", async () => {
    const { world, state } = await prepared(machine, attach, start);
    const known = await refreshed(world, state);
    await world.types("Stop-VM -Name web -TurnOff -Force");
    const { replaces } = await world.disks.difference(known, smaller);
    assert.deepEqual(replaces, ["blockSizeBytes"]);
  });

  it("by any machine does not change its type", async () => {
    const { world, state } = await prepared(machine, attach);
    const known = await refreshed(world, state);
    await assert.rejects(
      world.disks.difference(known, { ...inputs, vhdType: "Fixed" }),
      /: vhdType cannot change while the disk is attached to virtual machine "web", .*Convert-VHD/,
    );
  });

  it("is no difference, whoever uses it", async () => {
    for (const [, lines] of users) {
      const { world, state } = await prepared(...lines);
      const known = await refreshed(world, state);
      assert.equal(world.disks.diff(known, inputs).changes, false);
      assert.deepEqual((await world.disks.read(known))?.inputs, inputs);
    }
  });

  it("is refreshed beside others by one listing of the machines", async () => {
    const world = await DiskWorld.make();
    const states: State[] = [];
    for (let number = 0; number < 5; number += 1)
      states.push(await world.disks.create({ path: `D:\\disk${number}.vhdx`, sizeBytes: GiB }));
    const before = world.disks.calls.length;
    await Promise.all(states.map((state) => world.disks.read(state)));
    const calls = world.disks.calls.slice(before).map((call) => ("cmdlet" in call ? call.cmdlet : ""));
    assert.deepEqual(
      calls.filter((cmdlet) => cmdlet !== "Get-VHD"),
      ["Get-VM"],
    );
  });
});

describe("a golden image with children", () => {
  const children = ["D:\\b.vhdx", "D:\\children\\c.vhdx"];
  const to = "D:\\images\\golden.vhdx";

  async function family(...lines: readonly string[]) {
    const world = await DiskWorld.make();
    const parent = await world.disks.create(inputs);
    const states: State[] = [];
    for (const child of children) states.push(await world.disks.create({ path: child, parentPath: path }));
    await world.types(...lines);
    return { world, parent, states };
  }
  const onC = ["New-VM -Name web -Generation 2 -NoVHD", `Add-VMHardDiskDrive -VMName web -Path ${children[1]}`];

  for (const target of [to, "E:\\golden.vhdx"])
    it(`moves to ${target} and its children with their links, none of which is another disk`, async () => {
      const { world, parent, states } = await family(...onC);
      const before = await world.files();
      assert.deepEqual(world.disks.diff(parent, { ...inputs, path: target }).replaces, []);
      for (const [index, child] of children.entries()) {
        const state = states[index] ?? assert.fail();
        const { replaces } = world.disks.diff(state, { path: child, parentPath: target });
        assert.deepEqual(replaces, []);
      }
      await world.disks.update(parent, { ...inputs, path: target });
      for (const [index, child] of children.entries()) {
        const state = states[index] ?? assert.fail();
        const wanted = { path: child, parentPath: target };
        const followed = await world.disks.update(state, wanted);
        assert.equal(world.disks.diff(followed, wanted).changes, false);
      }
      const { [path]: identifier, ...others } = before;
      assert.deepEqual(await world.files(), { ...others, [target]: identifier });
      await world.types("Start-VM -Name web", ...children.map((one) => `Test-VHD -Path ${one}`));
    });

  it("stays while a machine runs on one of them, and says on which", async () => {
    const { world, parent } = await family(...onC, start);
    const before = await world.files();
    await assert.rejects(
      world.disks.update(parent, { ...inputs, path: to }),
      /: path cannot change while the disk is used by virtual machine "web"\. It uses children/,
    );
    assert.deepEqual(await world.files(), before);
  });

  for (const target of [to, "E:\\golden.vhdx"])
    for (const effectDone of [false, true])
      it(`moves to ${target} with them also where the session is lost ${effectDone ? "after" : "before"} any call`, async () => {
        const whole = await family(...onC);
        const asked = whole.world.disks.calls.length;
        await whole.world.disks.update(whole.parent, { ...inputs, path: target });
        const calls = whole.world.disks.calls.length - asked + 4;
        for (let at = 0; at < calls; at += 1)
          for (const times of [1, 9]) {
            const { world, parent } = await family(...onC);
            await world.simulator.order({ after: at, times, effect: { kind: "drop", effectDone } });
            let [state, failed] = [parent, true];
            for (let attempt = 0; failed; attempt += 1) {
              assert(attempt < 9, `call ${at}`);
              ({ state, failed } = await world.update(state, { ...inputs, path: target }));
            }
            assert.deepEqual((await world.paths()).sort(), [...children, target].sort(), `call ${at}`);
            // what is still to be lost is lost by others
            for (let left = 20; left > 0; left -= 1) await world.types("Get-VM").catch(() => {});
            await world.types("Start-VM -Name web", ...children.map((one) => `Get-VHD -Path ${one}`));
          }
      });
});

describe("a child whose parent has moved without it", () => {
  it("is told by its next update where that is, and is not told of another disk", async () => {
    const world = await DiskWorld.make(["New-VHD -Path D:\\other.vhdx -SizeBytes 1GB"]);
    const parent = await world.disks.create(inputs);
    const childInputs = { path: "D:\\far\\away\\child.vhdx", parentPath: path };
    const state = await world.disks.create(childInputs);
    await world.disks.update(parent, { ...inputs, path: "D:\\images\\a.vhdx" });
    const other = { ...childInputs, parentPath: "D:\\other.vhdx" };
    await assert.rejects(world.disks.update(state, other), /cannot read it/);
    const wanted = { ...childInputs, parentPath: "D:\\images\\a.vhdx" };
    const followed = await world.disks.update(state, wanted);
    assert.equal(world.disks.diff(followed, wanted).changes, false);
    await world.types("Test-VHD -Path D:\\far\\away\\child.vhdx");
  });
});
