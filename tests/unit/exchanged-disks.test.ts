import assert from "node:assert/strict";
import type { State } from "../../provider/lifecycle/handlers";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { recorded } from "../../provider/resources/virtual-machine/recorded";
import { Lifecycle } from "../lifecycle";
import { a, attached, b, c, type Inputs, machineOf, made, paths, running } from "./drive-world";

/** Names of all cmdlets that went out. */
async function cmdlets(lifecycle: Lifecycle, work: () => Promise<unknown>): Promise<string[]> {
  const before = lifecycle.calls.length;
  await work();
  return lifecycle.calls.slice(before).map((call) => ("cmdlet" in call ? call.cmdlet : call.assign));
}

async function converges(lifecycle: Lifecycle, state: State, inputs: Inputs): Promise<State> {
  const updated = await lifecycle.update(state, inputs);
  assert.equal(lifecycle.diff(updated, inputs).changes, false);
  assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(updated, inputs)), []);
  return updated;
}

describe("a drive that gets another disk", () => {
  it("is the same drive, exchanged in one call while the machine runs", async () => {
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: paths(a, b) });
    const before = await machineOf(simulator);
    const wanted = { ...running, hardDiskDrives: paths(c, b) };
    const changes = await lifecycle.changesDuring(() => converges(lifecycle, state, wanted));
    assert.deepEqual(changes, ["Set-VMHardDiskDrive"]);
    assert.deepEqual(await attached(simulator), ["Running", `SCSI 0:0 ${c}`, `SCSI 0:1 ${b}`]);
    assert.deepEqual(
      (await machineOf(simulator)).drives.map(({ id }) => id),
      before.drives.map(({ id }) => id),
    );
  });

  it("keeps none of the old disk's limits, whether the program declares its own or adopts the machine", async () => {
    const limits = { maximumIOPS: 500, minimumIOPS: 400 };
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: [{ path: a, ...limits }] });
    await converges(lifecycle, state, { ...running, hardDiskDrives: [{ path: b, maximumIOPS: 100 }] });
    const [drive] = (await machineOf(simulator)).drives;
    assert.deepEqual([drive?.path, drive?.maximumIOPS, drive?.minimumIOPS], [b, 100, 0]);

    const adopting = new Lifecycle("VirtualMachine", simulator);
    await adopting.create({ name: "web", adopt: true, hardDiskDrives: paths(c) });
    const [after] = (await machineOf(simulator)).drives;
    assert.deepEqual([after?.path, after?.maximumIOPS], [c, 0]);
  });

  it("stays where it is in the boot order", async () => {
    const boot = (path: string) => ({
      ...running,
      networkAdapters: [{ name: "front" }],
      hardDiskDrives: paths(path, b),
      firmware: { bootOrder: [{ hardDiskDrive: path }, { networkAdapter: "front" }] },
    });
    const { lifecycle, state } = await made(boot(a));
    assert.deepEqual(await lifecycle.changesDuring(() => converges(lifecycle, state, boot(c))), [
      "Set-VMHardDiskDrive",
    ]);
  });

  it("may get a physical disk for a file, and a file for a physical disk", async () => {
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: paths(a) });
    const physical = await converges(lifecycle, state, { ...running, hardDiskDrives: [{ diskNumber: 7 }] });
    assert.deepEqual(await attached(simulator), ["Running", "SCSI 0:0 7"]);
    const changes = await lifecycle.changesDuring(() =>
      converges(lifecycle, physical, { ...running, hardDiskDrives: paths(b) }),
    );
    assert.deepEqual(changes, ["Set-VMHardDiskDrive"]);
    assert.deepEqual(await attached(simulator), ["Running", `SCSI 0:0 ${b}`]);
  });

  it("on IDE costs one restart", async () => {
    const inputs = { ...running, generation: 1, allowRestart: true };
    const { simulator, lifecycle, state } = await made({ ...inputs, hardDiskDrives: paths(a) });
    const changes = await lifecycle.changesDuring(() =>
      converges(lifecycle, state, { ...inputs, hardDiskDrives: paths(b) }),
    );
    assert.deepEqual(changes, ["Stop-VM", "Set-VMHardDiskDrive", "Start-VM"]);
    assert.deepEqual(await attached(simulator), ["Running", `IDE 0:0 ${b}`, "IDE 1:0 empty"]);
  });

  it("on IDE may get the disk that its own one is based on, which it has open until the machine is off", async () => {
    const inputs = { ...running, generation: 1, allowRestart: true };
    const child = "D:\\child.vhdx";
    const { simulator, lifecycle, state } = await made(
      { ...inputs, hardDiskDrives: paths(child) },
      `New-VHD -Path ${child} -ParentPath ${a} -Differencing`,
    );
    await converges(lifecycle, state, { ...inputs, hardDiskDrives: paths(a) });
    assert.deepEqual(await attached(simulator), ["Running", `IDE 0:0 ${a}`, "IDE 1:0 empty"]);
  });

  it("needs the machine off while it is saved, and what only that takes costs no restart where another place is free", async () => {
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: paths(a) });
    const saved = await lifecycle.update(state, { ...running, state: "Saved", hardDiskDrives: paths(a) });
    const wanted = { ...running, state: "Saved", hardDiskDrives: paths(b) };
    assert.throws(
      () => lifecycle.diff(saved, wanted),
      /hardDiskDrives\[0\]\.path changes only while the machine is off/,
    );
    const hard = [{ path: b, overrideCacheAttributes: "WriteCacheDisabled" }];
    const resumed = await lifecycle.update(saved, { ...running, hardDiskDrives: paths(a) });
    const changes = await lifecycle.changesDuring(() =>
      converges(lifecycle, resumed, { ...running, hardDiskDrives: hard }),
    );
    assert.deepEqual(changes, ["Add-VMHardDiskDrive", "Remove-VMHardDiskDrive"]);
    assert.deepEqual(await attached(simulator), ["Running", `SCSI 0:1 ${b}`]);
  });

  it("gets the new disk beside the old one where the host exchanges none, and loses the old one then", async () => {
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: paths(a) });
    await simulator.order({
      cmdlet: "Set-VMHardDiskDrive",
      times: 9,
      effect: { kind: "fail", errorId: "InvalidState", message: "not while the machine has checkpoints" },
    });
    const changes = await lifecycle.changesDuring(() =>
      converges(lifecycle, state, { ...running, hardDiskDrives: paths(b) }),
    );
    assert.deepEqual(changes, ["Set-VMHardDiskDrive", "Add-VMHardDiskDrive", "Remove-VMHardDiskDrive"]);
    assert.deepEqual(await attached(simulator), ["Running", `SCSI 0:1 ${b}`]);
  });

  it("takes a path outside of the cluster's storage only with a flag, as a new one does", async () => {
    const { state } = await made({ ...running, hardDiskDrives: paths(a) });
    const observed = { ...recorded.parse(observedIn(state.id, state.outputs)), isClustered: true };
    const { steps } = virtualMachine.change.plan(observed, { name: "web", hardDiskDrives: paths(b) });
    const [swap] = steps.flatMap(({ calls }) => calls.slice(1));
    assert.ok(swap && "cmdlet" in swap && swap.cmdlet === "Set-VMHardDiskDrive");
    assert.deepEqual([swap.parameters?.Path, swap.parameters?.AllowUnverifiedPaths], [b, true]);
  });

  it("swaps places with another one", async () => {
    const at = (path: string, controllerLocation: number) => ({ path, controllerNumber: 0, controllerLocation });
    const { simulator, lifecycle, state } = await made({ ...running, hardDiskDrives: [at(a, 0), at(b, 1)] });
    await converges(lifecycle, state, { ...running, hardDiskDrives: [at(b, 0), at(a, 1)] });
    assert.deepEqual(await attached(simulator), ["Running", `SCSI 0:0 ${b}`, `SCSI 0:1 ${a}`]);
  });

  it("is looked at once for all disks that come, and a disk that only comes is not", async () => {
    const { lifecycle, state } = await made({ ...running, hardDiskDrives: paths(a) });
    const added = { ...running, hardDiskDrives: paths(a, b) };
    let more: State = state;
    const adding = await cmdlets(lifecycle, async () => {
      more = await lifecycle.update(state, added);
    });
    assert.deepEqual(
      adding.filter((name) => /^(Test-Path|Get-VHD|Get-VMSwitch)$/.test(name)),
      [],
    );
    const swapping = await cmdlets(lifecycle, () =>
      lifecycle.update(more, { ...running, hardDiskDrives: paths(c, b) }),
    );
    assert.deepEqual(
      swapping.filter((name) => /^(Test-Path|Get-VHD|Get-VMSwitch)$/.test(name)),
      ["Test-Path", "Get-VHD"],
    );
  });
});
