import assert from "node:assert/strict";
import { DiskWorld } from "../disk-world";

const GiB = 2 ** 30;
const volume = "C:\\ClusterStorage\\Volume1";
const path = `${volume}\\sql.vhds`;
const inputs = { path, sizeBytes: 20 * GiB };
const dataOfSet = /^C:\\ClusterStorage\\Volume1\\sql_[0-9A-F-]{36}\.avhdx$/;

const member = (name: string, file: string) => [
  `New-VM -Name ${name} -Generation 2 -NoVHD -Path ${volume}`,
  `Add-VMHardDiskDrive -VMName ${name} -Path ${file} -SupportPersistentReservations`,
];

async function cluster(): Promise<DiskWorld> {
  return DiskWorld.make([], { nodes: [{ name: "HV01" }, { name: "HV02" }], cluster: { name: "LAB" } });
}

/** Two machines on two nodes that share the disk. */
async function shared(world: DiskWorld, file: string): Promise<void> {
  await world.typesOn("HV01", ...member("one", file));
  await world.typesOn("HV02", ...member("two", file));
}

async function start(world: DiskWorld): Promise<void> {
  await world.typesOn("HV01", "Start-VM -Name one");
  await world.typesOn("HV02", "Start-VM -Name two");
}

describe("a VHD Set", () => {
  for (const vhdType of ["Dynamic", "Fixed"])
    it(`that is ${vhdType} is two files, is read as one disk, and goes whole`, async () => {
      const world = await cluster();
      const made = await world.disks.create({ ...inputs, vhdType });
      const [set, data = "", ...others] = await world.paths();
      assert.deepEqual([set, others], [path, []]);
      assert.match(data, dataOfSet);
      assert.equal(world.disks.diff(made, { ...inputs, vhdType }).changes, false);
      assert.deepEqual((await world.disks.read(made))?.inputs, { ...inputs, vhdType });
      await world.disks.delete(made);
      assert.deepEqual(await world.paths(), []);
    });

  it("grows in place while its machines run", async () => {
    const world = await cluster();
    const made = await world.disks.create(inputs);
    await shared(world, path);
    await start(world);
    const larger = { ...inputs, sizeBytes: 40 * GiB };
    const grown = await world.disks.update(made, larger);
    assert.equal(grown.outputs.sizeBytes, 40 * GiB);
    assert.equal(world.disks.diff(grown, larger).changes, false);
    assert.deepEqual([(await world.machine("one")).state, (await world.machine("two")).state], ["Running", "Running"]);
  });

  const others: [string, Record<string, unknown>, RegExp][] = [
    ["vhdType", { vhdType: "Fixed" }, /vhdType would replace the VHD Set, and its data is shared by several guests/],
    ["blockSizeBytes", { blockSizeBytes: 2 ** 20 }, /blockSizeBytes would replace the VHD Set/],
    ["logicalSectorSizeBytes", { logicalSectorSizeBytes: 4096 }, /logicalSectorSizeBytes would replace the VHD Set/],
    ["physicalSectorSizeBytes", { physicalSectorSizeBytes: 512 }, /physicalSectorSizeBytes would replace the VHD Set/],
    [
      "path",
      { path: `${volume}\\other.vhds` },
      /path cannot change: Hyper-V does not move a VHD Set\. Declare another/,
    ],
    [
      "path, to a VHDX",
      { path: `${volume}\\sql.vhdx` },
      /path must keep its extension \.vhds: a move converts nothing/,
    ],
    ["sizeBytes, to less", { sizeBytes: GiB }, /sizeBytes would shrink the disk/],
  ];
  for (const [what, change, message] of others)
    it(`is neither replaced, converted nor moved for another ${what}: preview refuses it`, async () => {
      const world = await cluster();
      const made = await world.disks.create(inputs);
      const before = await world.files();
      await assert.rejects(world.disks.difference(made, { ...inputs, ...change }), message);
      await assert.rejects(world.disks.update(made, { ...inputs, ...change }), message);
      assert.deepEqual(await world.files(), before);
    });

  it("is not made of a VHDX by a change of the path", async () => {
    const world = await cluster();
    const plain = { ...inputs, path: `${volume}\\sql.vhdx` };
    const made = await world.disks.create(plain);
    await assert.rejects(
      world.disks.difference(made, inputs),
      /must keep its extension \.vhdx: a move converts nothing/,
    );
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["on a host's own volume", { path: "D:\\sql.vhds", node: "HV01" }, /^path must be on a cluster's shared volume/],
    [
      "that is differencing",
      { vhdType: "Differencing", parentPath: `${volume}\\a.vhds` },
      /^vhdType must be Dynamic or/,
    ],
    ["with a parent", { parentPath: `${volume}\\a.vhds`, sizeBytes: undefined }, /^parentPath is not for a VHD Set/],
    ["with a source", { sourcePath: `${volume}\\a.vhds` }, /^sourcePath is not for a VHD Set/],
  ];
  for (const [what, change, message] of wrong)
    it(`${what} is refused before anything is asked`, async () => {
      const world = await cluster();
      const { problems } = world.disks.handlers.check({ ...inputs, ...change }, ["HV01", "HV02"]);
      assert.match(problems[0] ?? "", message);
      assert.deepEqual(world.disks.calls, []);
    });

  it("may be on a file share", async () => {
    const share = { ...inputs, path: "\\\\files\\vms\\sql.vhds" };
    const world = await cluster();
    assert.deepEqual(world.disks.handlers.check(share, ["HV01"]).problems, []);
  });

  it("that was there before is taken over, and left at the end with both its files", async () => {
    const world = await cluster();
    await world.types(`New-VHD -Path ${path} -SizeBytes 20GB`);
    const before = await world.files();
    const adopted = await world.disks.create({ ...inputs, adopt: true });
    await world.disks.delete(adopted);
    assert.deepEqual(await world.files(), before);
  });

  it("goes without a checkpoint's file of a disk beside it that has a similar name", async () => {
    const world = await cluster();
    const made = await world.disks.create(inputs);
    const plain = `${volume}\\sql.vhdx`;
    await world.types(
      `New-VHD -Path ${plain} -SizeBytes 1GB`,
      `New-VM -Name web -Generation 2 -NoVHD -Path ${volume}`,
      `Add-VMHardDiskDrive -VMName web -Path ${plain}`,
      "Checkpoint-VM -Name web -SnapshotName before",
    );
    assert.equal((await world.paths()).filter((file) => dataOfSet.test(file)).length, 2);
    await world.disks.delete(made);
    const left = await world.paths();
    assert.deepEqual(
      left.filter((file) => !dataOfSet.test(file)),
      [plain],
    );
    await world.types("Start-VM -Name web");
  });

  it("is not deleted while machines have it, and says which", async () => {
    const world = await cluster();
    const made = await world.disks.create(inputs);
    await shared(world, path);
    const before = await world.files();
    await assert.rejects(world.disks.delete(made), /still used by virtual machine "(one|two)"/);
    assert.deepEqual(await world.files(), before);
  });

  it("whose removal broke off between its files is gone with the next attempt", async () => {
    const world = await cluster();
    const made = await world.disks.create(inputs);
    await world.simulator.order({ cmdlet: "Remove-Item", after: 1, effect: { kind: "fail", errorId: "Interrupted" } });
    await assert.rejects(world.disks.delete(made), /Unable to delete virtual hard disk/);
    assert.deepEqual(await world.paths(), [path]);
    await world.disks.delete(made);
    assert.deepEqual(await world.paths(), []);
  });

  it("whose removal is disturbed at any call goes with the next attempt, and with both its files", async () => {
    const effects = [
      { kind: "fail", errorId: "Interrupted" },
      { kind: "drop", effectDone: false },
      { kind: "drop", effectDone: true },
    ] as const;
    for (const effect of effects)
      for (let after = 0; ; after += 1) {
        const world = await cluster();
        const made = await world.disks.create(inputs);
        const before = world.disks.calls.length;
        await world.simulator.order({ after, effect });
        const failure = await world.disks.delete(made).catch((error: Error) => error);
        if (failure) await world.disks.delete(made);
        assert.deepEqual(await world.paths(), [], `${JSON.stringify(effect)} at call ${after}`);
        if (!failure && world.disks.calls.length - before <= after) break;
      }
  });

  it("whose data is open elsewhere is not half deleted", async () => {
    const world = await cluster();
    const made = await world.disks.create(inputs);
    const before = await world.files();
    await world.simulator.order({
      cmdlet: "Remove-Item",
      times: 2,
      effect: { kind: "fail", hresult: 0x80070020 | 0 },
    });
    await assert.rejects(world.disks.delete(made), /Unable to delete virtual hard disk/);
    assert.deepEqual(await world.files(), before);
  });
});

describe("a VHDX that machines share", () => {
  const plain = `${volume}\\data.vhdx`;
  const smaller = { path: plain, sizeBytes: 20 * GiB };
  const larger = { ...smaller, sizeBytes: 40 * GiB };

  it("grows only while all of them are off: the preview after a refresh, and the up, say who is not", async () => {
    const world = await cluster();
    const made = await world.disks.create(smaller);
    await shared(world, plain);
    await start(world);
    const refused =
      /sizeBytes cannot grow while a machine that shares the disk is not off: virtual machine "(one|two)", virtual machine "(two|one)"\. Turn all of them off, or use a VHD Set/;
    await assert.rejects(world.disks.update(made, larger), refused);
    const read = await world.disks.read(made);
    const known = { id: made.id, outputs: read?.outputs ?? assert.fail() };
    await assert.rejects(world.disks.difference(known, larger), refused);
    await world.typesOn("HV01", "Stop-VM -Name one -TurnOff -Force");
    await assert.rejects(world.disks.difference(known, larger), /is not off: virtual machine "two"\. Turn/);
    await world.typesOn("HV02", "Stop-VM -Name two -TurnOff -Force");
    assert.equal((await world.disks.difference(known, larger)).changes, true);
    const grown = await world.disks.update(known, larger);
    assert.equal(grown.outputs.sizeBytes, 40 * GiB);
  });
});
