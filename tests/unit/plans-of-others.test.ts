import assert from "node:assert/strict";
import { Run } from "../../provider/lifecycle/work/run";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

describe("a resource that does not change itself", () => {
  it("is asked where its disk is about to be replaced: the saved memory belongs to the disk", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "plans" });
    const disk = { path: "D:\\d.vhdx", sizeBytes: 2 ** 30, blockSizeBytes: 32 * 2 ** 20 };
    const machine = { name: "web", hardDiskDrives: [{ path: disk.path }], state: "Saved" };
    const made = await new Lifecycle("VirtualHardDisk", simulator).create(disk);
    const saved = await new Lifecycle("VirtualMachine", simulator).create(machine);
    const run = new Run();
    const machines = new Lifecycle("VirtualMachine", simulator, [], undefined, run);
    assert.equal(machines.diff(saved, machine).changes, false);
    new Lifecycle("VirtualHardDisk", simulator, [], undefined, run).diff(made, { ...disk, blockSizeBytes: 2 ** 20 });
    assert.throws(() => machines.diff(saved, machine), /hardDiskDrives\[0\]\.path .*D:\\d\.vhdx/);
  });
});
