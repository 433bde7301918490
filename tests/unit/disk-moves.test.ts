import assert from "node:assert/strict";
import fc from "fast-check";
import type { State } from "../../provider/lifecycle/handlers";
import { DiskWorld } from "../disk-world";

const GiB = 2 ** 30;
const path = "D:\\disks\\db.vhdx";
const sizeBytes = GiB;
const runs = Number(process.env.HYPERV_TEST_RUNS ?? 60);

const moves = [
  ["under another name", "D:\\disks\\web.vhdx"],
  ["to a folder that is not there yet", "D:\\fast\\new\\db.vhdx"],
  ["to another volume", "E:\\db.vhdx"],
  ["to a folder of another volume", "E:\\fast\\db.vhdx"],
] as const;

/** A disk of the program, and its machine if it has one. */
async function prepared(lines: readonly string[] = []) {
  const world = await DiskWorld.make();
  const state = await world.disks.create({ path, sizeBytes });
  await world.types(...lines);
  return { world, state };
}

const attached = (...more: string[]) => [
  "New-VM -Name db -Generation 2 -NoVHD",
  `Add-VMHardDiskDrive -VMName db -Path ${path}`,
  ...more,
];

async function moveByHand({ simulator }: DiskWorld, from: string, to: string): Promise<void> {
  const Vhds = [{ SourceFilePath: from, DestinationFilePath: to }];
  await simulator.run("HV01", [{ cmdlet: "Move-VMStorage", parameters: { Name: "db", Vhds } }]).catch(() => {});
}

describe("a virtual hard disk whose path changes", () => {
  for (const [how, to] of moves) {
    it(`moves ${how}, in place, as the same disk, and nothing else is left`, async () => {
      const { world, state } = await prepared();
      const { replaces, changes } = world.disks.diff(state, { path: to, sizeBytes });
      assert.deepEqual({ replaces, changes }, { replaces: [], changes: true });
      const moved = await world.disks.update(state, { path: to, sizeBytes });
      assert.equal(moved.id, state.id);
      assert.equal(moved.outputs.path, to);
      assert.deepEqual(await world.files(), { [to]: state.outputs.diskIdentifier });
      assert.equal(world.disks.diff(moved, { path: to, sizeBytes }).changes, false);
      assert.deepEqual((await world.disks.read(moved))?.inputs, { path: to, sizeBytes });
      const back = await world.disks.update(moved, { path, sizeBytes });
      assert.deepEqual(await world.files(), { [path]: state.outputs.diskIdentifier });
      await world.disks.delete(back);
      assert.deepEqual(await world.paths(), []);
    });

    for (const power of ["Off", "Running", "Saved", "Paused"])
      it(`moves ${how} with the machine that has it, which stays ${power}`, async () => {
        const commands = {
          Off: [],
          Running: ["Start-VM -Name db"],
          Saved: ["Start-VM -Name db", "Save-VM -Name db"],
          Paused: ["Start-VM -Name db", "Suspend-VM -Name db"],
        }[power];
        const { world, state } = await prepared(attached(...(commands ?? [])));
        const changes = await world.disks.changesDuring(() => world.disks.update(state, { path: to, sizeBytes }));
        assert.deepEqual(changes, ["Move-VMStorage"]);
        assert.deepEqual(await world.files(), { [to]: state.outputs.diskIdentifier });
        const machine = await world.machine("db");
        assert.deepEqual([machine.state, machine.drives[0]?.path], [power, to]);
      });

    for (const effectDone of [false, true])
      it(`moves ${how} also where the session is lost ${effectDone ? "after" : "before"} any call, or the process with it`, async () => {
        for (const lines of [[], attached("Start-VM -Name db")]) {
          const { world: whole, state: before } = await prepared(lines);
          const asked = whole.disks.calls.length;
          await whole.disks.update(before, { path: to, sizeBytes });
          const calls = whole.disks.calls.length - asked + 8;
          for (let at = 0; at < calls; at += 1)
            for (const times of [1, 9]) {
              const { world, state } = await prepared(lines);
              await world.simulator.order({ after: at, times, effect: { kind: "drop", effectDone } });
              let failed = true;
              let now = state;
              for (let attempt = 0; failed; attempt += 1) {
                assert(attempt < 9, `call ${at}`);
                ({ state: now, failed } = await world.update(now, { path: to, sizeBytes }));
              }
              assert.deepEqual(await world.files(), { [to]: state.outputs.diskIdentifier }, `call ${at}`);
              assert.equal(world.disks.diff(now, { path: to, sizeBytes }).changes, false, `call ${at}`);
            }
        }
      });
  }

  it("grows there, if it is to", async () => {
    const { world, state } = await prepared();
    const moved = await world.disks.update(state, { path: "E:\\db.vhdx", sizeBytes: 2 * GiB });
    assert.equal((await world.disks.read(moved))?.outputs.sizeBytes, 2 * GiB);
  });

  it("stays where it is where something is in the new place, or the volume is full or away, and says so", async () => {
    for (const [lines, to, message] of [
      [["New-VHD -Path D:\\other.vhdx -SizeBytes 1GB"], "D:\\other.vhdx", /exists/],
      [["New-VHD -Path E:\\other.vhdx -SizeBytes 1GB"], "E:\\other.vhdx", /a file already exists there/],
      [[...attached(), "New-VHD -Path E:\\other.vhdx -SizeBytes 1GB"], "E:\\other.vhdx", /0x80070050/],
      [[], "Q:\\other.vhdx", /drive|0x80070003/i],
    ] as const) {
      const { world, state } = await prepared(lines);
      const before = await world.files();
      await assert.rejects(world.disks.update(state, { path: to, sizeBytes }), message);
      assert.deepEqual(await world.files(), before);
      await world.disks.update(state, { path, sizeBytes });
      assert.deepEqual(await world.files(), before);
    }
  });

  it("keeps the old file where the copy is not whole", async () => {
    const { world, state } = await prepared();
    const { run } = world.simulator;
    world.simulator.run = async (node, calls, options) => {
      const results = await run.call(world.simulator, node, calls, options);
      if (calls.some((call) => "cmdlet" in call && call.cmdlet === "Copy-Item")) {
        const copy = (await world.paths()).find((one) => one.startsWith("E:")) ?? assert.fail();
        await world.simulator.happen({ touch: copy, sizeBytes: 5 });
      }
      return results;
    };
    await assert.rejects(world.disks.update(state, { path: "E:\\db.vhdx", sizeBytes }));
    world.simulator.run = run.bind(world.simulator);
    assert.equal((await world.files())[path], state.outputs.diskIdentifier);
    await world.disks.update(state, { path: "E:\\db.vhdx", sizeBytes });
    assert.deepEqual(await world.files(), { "E:\\db.vhdx": state.outputs.diskIdentifier });
  });

  it("is refused with another format, in preview", async () => {
    const { world, state } = await prepared();
    assert.throws(
      () => world.disks.diff(state, { path: "D:\\disks\\db.vhd", sizeBytes }),
      /: path must keep its extension \.vhdx: a move converts nothing/,
    );
  });

  it("is refused while a checkpoint stands in front of it, by its name, and nothing is moved", async () => {
    const { world, state } = await prepared(attached("Checkpoint-VM -Name db -SnapshotName before"));
    const before = await world.files();
    await assert.rejects(
      world.disks.update(state, { path: "E:\\db.vhdx", sizeBytes }),
      /: path cannot change while the disk is used by checkpoint "before" of virtual machine "db", virtual machine "db"\. .*remove the checkpoints first/,
    );
    assert.deepEqual(await world.files(), before);
  });

  it("leaves nothing where it was put, in any chain of moves by the program and by hand", async () => {
    const places = [path, "D:\\a.vhdx", "E:\\a\\b.vhdx", "E:\\b.vhdx"];
    const place = fc.constantFrom(...places);
    const move = fc.record({ by: fc.constantFrom("program", "hand", "drop"), to: place, at: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(move, { maxLength: 6 }), place, async (hasMachine, chain, last) => {
        const { world, state } = await prepared(hasMachine ? attached("Start-VM -Name db") : []);
        const identifier = String(state.outputs.diskIdentifier);
        let now: State = state;
        for (const { by, to, at } of chain) {
          const [file = ""] = await world.paths();
          if (by === "hand") {
            if (hasMachine && file !== to) await moveByHand(world, file, to);
            // a session that is still to be lost may be this one's
            const read = await world.disks.read(now).catch(() => undefined);
            if (read) now = { id: now.id, outputs: read.outputs };
          } else {
            const effect = { kind: "drop", effectDone: at % 2 === 0 } as const;
            if (by === "drop") await world.simulator.order({ after: at, times: 6, effect });
            now = (await world.update(now, { path: to, sizeBytes })).state;
          }
          assert(Object.values(await world.files()).includes(identifier));
        }
        for (let attempt = 0, failed = true; failed; attempt += 1) {
          assert(attempt < 20);
          ({ state: now, failed } = await world.update(now, { path: last, sizeBytes }));
        }
        assert.deepEqual(await world.files(), { [last]: identifier });
        assert.equal(world.disks.diff(now, { path: last, sizeBytes }).changes, false);
      }),
      { numRuns: runs },
    );
  });
});
