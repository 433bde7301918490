import assert from "node:assert/strict";
import { DiskWorld } from "../disk-world";

const GiB = 2 ** 30;
const path = "D:\\disks\\db.vhdx";
const inputs = { path, sizeBytes: GiB };
const hand = "Move-VMStorage -VMName db -DestinationStoragePath D:\\fast";
const byHand = "D:\\fast\\Virtual Hard Disks\\db.vhdx";

async function prepared(more: readonly string[] = []) {
  const world = await DiskWorld.make();
  const state = await world.disks.create(inputs);
  await world.types(
    "New-VM -Name db -Generation 2 -NoVHD",
    `Add-VMHardDiskDrive -VMName db -Path ${path}`,
    "Start-VM -Name db",
    ...more,
  );
  return { world, state };
}

describe("a virtual hard disk that somebody has moved with its machine", () => {
  it("is found by its identifier, shown where it is, and moved back by the next up", async () => {
    const { world, state } = await prepared([hand]);
    const read = (await world.disks.read(state)) ?? assert.fail();
    assert.equal(read.inputs.path, byHand);
    const found = { id: read.id, outputs: read.outputs };
    assert.equal(world.disks.diff(found, inputs).changes, true);
    assert.deepEqual(world.disks.diff(found, inputs).replaces, []);
    const back = await world.disks.update(found, inputs);
    assert.deepEqual(await world.files(), { [path]: state.outputs.diskIdentifier });
    assert.equal((await world.machine("db")).state, "Running");
    assert.deepEqual((await world.disks.read(back))?.inputs, inputs);
  });

  it("is moved back also by an up that has not refreshed", async () => {
    const { world, state } = await prepared([hand]);
    await world.disks.update(state, { ...inputs, sizeBytes: 2 * GiB });
    assert.deepEqual(await world.files(), { [path]: state.outputs.diskIdentifier });
  });

  it("stays there once the program says so, and nothing is done", async () => {
    const { world, state } = await prepared([hand]);
    for (const known of [state, await world.disks.read(state)]) {
      assert(known);
      const calls = await world.disks.changesDuring(async () => {
        const kept = await world.disks.update({ id: state.id, outputs: known.outputs }, { ...inputs, path: byHand });
        assert.equal(world.disks.diff(kept, { ...inputs, path: byHand }).changes, false);
      });
      assert.deepEqual(calls, []);
    }
  });

  it("is deleted where it is", async () => {
    const { world, state } = await prepared([hand, "Stop-VM -Name db -TurnOff -Force", "Remove-VM -Name db -Force"]);
    // nothing names it any more: only a look before that has found it tells where it is
    await world.disks.delete(state);
    assert.deepEqual(await world.paths(), [byHand]);
    const other = await prepared([hand]);
    const read = (await other.world.disks.read(other.state)) ?? assert.fail();
    await other.world.types("Stop-VM -Name db -TurnOff -Force", "Remove-VM -Name db -Force");
    await other.world.disks.delete({ id: read.id, outputs: read.outputs });
    assert.deepEqual(await other.world.paths(), []);
  });

  it("and was put a checkpoint in front of is found below it", async () => {
    const { world, state } = await prepared([hand, "Checkpoint-VM -Name db -SnapshotName before"]);
    assert.equal((await world.disks.read(state))?.inputs.path, byHand);
  });

  it("is not taken for another file in its old place", async () => {
    const { world, state } = await prepared([hand, `New-VHD -Path ${path} -SizeBytes 3GB`]);
    assert.equal((await world.disks.read(state))?.inputs.path, byHand);
    await assert.rejects(world.disks.update(state, { ...inputs, sizeBytes: 2 * GiB }), /0x80070050/);
    assert.equal((await world.files())[byHand], state.outputs.diskIdentifier);
  });

  it("is refused where two are alike, and is known again when only one is", async () => {
    const { world, state } = await prepared([
      hand,
      "Stop-VM -Name db -TurnOff -Force",
      `Copy-Item -LiteralPath '${byHand}' -Destination D:\\copy.vhdx`,
      "Add-VMHardDiskDrive -VMName db -Path D:\\copy.vhdx",
    ]);
    await assert.rejects(world.disks.read(state), /it is no longer where it was, and 2 others match its identity/);
    await world.types(
      "Remove-VMHardDiskDrive -VMName db -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1",
    );
    assert.equal((await world.disks.read(state))?.inputs.path, byHand);
  });
});

describe("a virtual hard disk that is not where it was", () => {
  it("is gone where its volume answers and no machine has it", async () => {
    const world = await DiskWorld.make();
    const state = await world.disks.create(inputs);
    await world.types(`Remove-Item -LiteralPath ${path}`);
    assert.equal(await world.disks.read(state), undefined);
  });

  it("is not gone with its volume, and is the same when that is back", async () => {
    const world = await DiskWorld.make();
    const state = await world.disks.create(inputs);
    await world.simulator.happen({ loseVolume: "D:\\" });
    await assert.rejects(world.disks.read(state), /The state on .* is unknown/);
    await assert.rejects(world.disks.delete(state));
    await world.simulator.happen({ returnVolume: "D:\\" });
    assert.deepEqual((await world.disks.read(state))?.inputs, inputs);
  });

  it("is not gone with its shared volume, nor where what a machine has cannot be read", async () => {
    const volume = "C:\\ClusterStorage\\Volume1";
    const nodes = [{ name: "HV01" }, { name: "HV02" }];
    const world = await DiskWorld.make([], { nodes, cluster: { name: "LAB" } });
    const shared = { path: `${volume}\\db.vhdx`, sizeBytes: GiB };
    const state = await world.disks.create(shared);
    await world.simulator.happen({ loseVolume: volume });
    await assert.rejects(world.disks.read(state), /The state on .* is unknown/);
    await world.simulator.happen({ returnVolume: volume });
    assert.deepEqual((await world.disks.read(state))?.inputs, shared);
    await world.types(
      `New-VM -Name db -Generation 2 -NoVHD -Path ${volume}`,
      `New-VHD -Path ${volume}\\x.vhdx -SizeBytes 1GB`,
      `Add-VMHardDiskDrive -VMName db -Path ${volume}\\x.vhdx`,
    );
    await world.simulator.happen({ touch: `${volume}\\x.vhdx`, sizeBytes: 5 });
    await world.simulator.happen({ delete: shared.path });
    await assert.rejects(
      world.disks.read(state),
      /may be one of the disks that cannot be read: C:\\ClusterStorage\\Volume1\\x\.vhdx/,
    );
  });

  it("is found on the node that its machine was moved to, and stays there without a difference", async () => {
    const nodes = [{ name: "HV01" }, { name: "HV02" }];
    const world = await DiskWorld.make([], { nodes, cluster: { name: "LAB" } });
    const local = { ...inputs, node: "HV01" };
    const state = await world.disks.create(local);
    await world.types(
      "New-VM -Name db -Generation 2 -NoVHD",
      `Add-VMHardDiskDrive -VMName db -Path ${path}`,
      "Move-VM -Name db -DestinationHost HV02 -IncludeStorage -DestinationStoragePath D:\\vms",
    );
    const there = "D:\\vms\\Virtual Hard Disks\\db.vhdx";
    const read = (await world.disks.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, { ...local, path: there });
    const found = { id: read.id, outputs: read.outputs };
    // the path is put right, and the node is the machine's business
    const back = await world.disks.update(found, local);
    assert.deepEqual(await world.paths(), [path]);
    assert.equal(world.disks.diff(back, local).changes, false);
    assert.deepEqual((await world.disks.read(back))?.inputs, local);
    const declared = { ...local, node: "HV02" };
    assert.deepEqual(world.disks.diff(back, declared).replaces, []);
    const kept = await world.disks.update(back, declared);
    await world.typesOn("HV02", "Remove-VM -Name db -Force");
    assert.deepEqual((await world.disks.read(kept))?.inputs, declared);
    await world.disks.delete(kept);
    assert.deepEqual(await world.paths(), []);
  });

  it("by a state that knows neither identifier nor node is what is at its path", async () => {
    const world = await DiskWorld.make();
    const state = await world.disks.create(inputs);
    const { __observed: _, ...outputs } = state.outputs;
    assert.deepEqual((await world.disks.read({ id: state.id, outputs }))?.inputs, inputs);
  });
});
