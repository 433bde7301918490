import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const refusal =
  /hardDiskDrives cannot lose D:\\a\.vhdx while the file of a checkpoint .* Remove the machine's checkpoints/;

async function host(...lines: string[]): Promise<Simulator> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "checkpoints" });
  await run(
    simulator,
    "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
    "New-VHD -Path D:\\boot.vhdx -SizeBytes 1GB",
    ...lines,
  );
  return simulator;
}

async function run(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const [result] = await simulator.run("HV01", parseLine(line));
    assert.equal(result?.error, undefined, line);
  }
}

/** What the machines have attached, and which files of checkpoints there are. */
async function files(simulator: Simulator) {
  const [node] = (await simulator.world()).nodes;
  assert.ok(node);
  const named = (path: string | null | undefined) => path?.replace(/_[0-9A-F-]{36}/, "_*");
  return {
    attached: node.machines.map(({ drives }) =>
      drives.map(({ controllerLocation, path }) => `${controllerLocation} ${named(path)}`),
    ),
    checkpoints: Object.values(node.files).flatMap(({ path }) => (/avhdx$/i.test(path) ? [named(path)] : [])),
  };
}

const boot = { path: "D:\\boot.vhdx" };
const data = { path: "D:\\a.vhdx" };

describe("a disk with a checkpoint's file in front of it", () => {
  it("is not detached, in preview as little as in an up, and keeps what was written since", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", hardDiskDrives: [boot, data] });
    await run(simulator, "Checkpoint-VM -Name web -SnapshotName before");
    const without = { name: "web", notes: "one", hardDiskDrives: [boot] };
    const before = await files(simulator);
    await assert.rejects(machines.update(made, without), refusal);
    const read = await machines.read(made);
    assert.ok(read);
    assert.throws(() => machines.diff(read, without), refusal);
    assert.deepEqual(await files(simulator), before);
  });

  it("is not detached while the checkpoint of a start is there, and is once the machine is off", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const inputs = { name: "web", automaticCheckpointsEnabled: true, hardDiskDrives: [boot, data] };
    const made = await machines.create({ ...inputs, state: "Running" });
    const without = { ...inputs, hardDiskDrives: [boot] };
    assert.throws(() => machines.diff(made, { ...without, state: "Running" }), refusal);
    const off = await machines.update(made, { ...inputs, state: "Off" });
    await machines.update(off, { ...without, state: "Off" });
    assert.deepEqual(await files(simulator), { attached: [["0 D:\\boot.vhdx"]], checkpoints: [] });
  });

  it("moves to another place with all that stands in front of it", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", hardDiskDrives: [boot, data] });
    await run(simulator, "Checkpoint-VM -Name web -SnapshotName before");
    const swapped = {
      name: "web",
      hardDiskDrives: [
        { ...boot, controllerNumber: 0, controllerLocation: 1 },
        { ...data, controllerNumber: 0, controllerLocation: 0 },
      ],
    };
    const updated = await machines.update(made, swapped);
    assert.equal(machines.diff(updated, swapped).changes, false);
    const { attached } = await files(simulator);
    assert.deepEqual(attached[0]?.sort(), ["0 D:\\a_*.avhdx", "1 D:\\boot_*.avhdx"]);
  });

  it("is whole again before the machine is destroyed", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", hardDiskDrives: [data] });
    await run(simulator, "Checkpoint-VM -Name web -SnapshotName one", "Checkpoint-VM -Name web -SnapshotName two");
    const changes = await machines.changesDuring(() => machines.delete(made));
    assert.deepEqual(changes, ["Remove-VMSnapshot", "Remove-VM"]);
    assert.deepEqual(await files(simulator), { attached: [], checkpoints: [] });
  });

  it("is waited for while it is merged, and only then the machine is destroyed", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", hardDiskDrives: [data] });
    await run(simulator, "Checkpoint-VM -Name web -SnapshotName before");
    await simulator.happen({ machine: "web", status: "MergingDisks", seconds: 100 });
    await machines.delete(made);
    assert.deepEqual(await files(simulator), { attached: [], checkpoints: [] });
  });

  it("does not keep the machine where the file in front is no checkpoint's", async () => {
    const simulator = await host(
      "New-VHD -Path D:\\front.vhdx -ParentPath D:\\a.vhdx -Differencing",
      "Rename-Item -Path D:\\front.vhdx -NewName front.avhdx",
    );
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web" });
    await run(simulator, "Add-VMHardDiskDrive -VMName web -Path D:\\front.avhdx");
    await machines.delete(made);
    assert.deepEqual((await files(simulator)).attached, []);
  });

  it("does not hold up the removal of its machine where the disk itself is gone", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", state: "Off", hardDiskDrives: [boot, data] });
    await run(simulator, "Checkpoint-VM -Name web -SnapshotName before", "Remove-Item -LiteralPath D:\\a.vhdx");
    await assert.rejects(machines.read(made), /Get-VHD/);
    await machines.delete(made);
    assert.deepEqual((await files(simulator)).attached, []);
  });

  it("is not detached where somebody makes the checkpoint between the look and the change", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", hardDiskDrives: [boot, data] });
    const { run: answer } = simulator;
    let checkpoints = 0;
    simulator.run = async (node, calls, options) => {
      const detaches = calls.some((call) => "cmdlet" in call && call.cmdlet === "Remove-VMHardDiskDrive");
      simulator.run = detaches ? answer.bind(simulator) : simulator.run;
      if (detaches) await run(simulator, "Checkpoint-VM -Name web -SnapshotName meanwhile");
      checkpoints += detaches ? 1 : 0;
      return answer.call(simulator, node, calls, options);
    };
    await assert.rejects(machines.update(made, { name: "web", hardDiskDrives: [boot] }));
    assert.equal(checkpoints, 1);
    assert.deepEqual((await files(simulator)).attached, [["0 D:\\boot_*.avhdx", "1 D:\\a_*.avhdx"]]);
  });
});
