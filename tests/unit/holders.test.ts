import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const shared = "C:\\ClusterStorage\\Volume1";

async function world(cluster: boolean, ...lines: readonly string[]) {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    ...(cluster && { cluster: { name: "cluster" } }),
    seed: "holders",
  });
  for (const line of lines)
    for (const { error } of await simulator.run("HV01", parseLine(line)))
      assert.equal(error, undefined, error?.message);
  return simulator;
}

const machine = (own: Record<string, unknown>) => ({ name: "web", state: "Running", ...own });

describe("a file that is in use", () => {
  it("is said to be another machine's, which does not end by itself, where a start fails for it", async () => {
    const simulator = await world(
      false,
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
      "New-VM -Name db -Generation 2 -VHDPath D:\\a.vhdx",
      "Start-VM -Name db",
    );
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator).create(machine({ hardDiskDrives: [{ path: "D:\\a.vhdx" }] })),
      (error: Error) => {
        assert.match(
          error.message,
          /The virtual machine "db" has D:\\a\.vhdx open, and keeps it open until the machine is turned off or the disk is detached\./,
        );
        assert.doesNotMatch(error.message, /run pulumi up again/i);
        return true;
      },
    );
  });

  it("is said of the machine also below its checkpoint", async () => {
    const simulator = await world(
      false,
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
      "New-VM -Name db -Generation 2 -VHDPath D:\\a.vhdx",
      "Checkpoint-VM -Name db -SnapshotName before",
      "Start-VM -Name db",
    );
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator).create(machine({ hardDiskDrives: [{ path: "D:\\a.vhdx" }] })),
      /"db" has D:\\a\.vhdx open/,
    );
  });

  it("is said without what a terminal would obey, whatever the machine is called", async () => {
    const simulator = await world(false, "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB");
    const name = "db\u001b[31m\u202e";
    const [made] = await simulator.run("HV01", [
      { cmdlet: "New-VM", parameters: { Name: name, Generation: 2, VHDPath: "D:\\a.vhdx" } },
      { cmdlet: "Start-VM", parameters: { Name: name } },
    ]);
    assert.equal(made?.error, undefined);
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator).create(machine({ hardDiskDrives: [{ path: "D:\\a.vhdx" }] })),
      /"db<U\+001B>\[31m<U\+202E>" has D:\\a\.vhdx open/,
    );
  });

  it("is not said of the machine itself, where a backup has its disk", async () => {
    const simulator = await world(
      false,
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
      "New-VM -Name db -Generation 2 -VHDPath D:\\a.vhdx",
      "Start-VM -Name db",
    );
    const [{ machines } = { machines: [] }] = (await simulator.world()).nodes;
    await simulator.order({
      cmdlet: "Checkpoint-VM",
      times: 1,
      effect: { kind: "fail", errorId: "OperationFailed", hresult: 0x80070020 | 0, message: "'D:\\a.vhdx' is in use" },
    });
    const taking = new Lifecycle("Checkpoint", simulator).create({ name: "before", vmId: machines[0]?.id });
    await assert.rejects(taking, (error: Error) => {
      assert.doesNotMatch(error.message, /"db" has/);
      assert.match(error.message, /A backup, a migration or the merge of a checkpoint releases it when it ends/);
      return true;
    });
  });

  it("names the node where there are several", async () => {
    const path = `${shared}\\a.vhdx`;
    const simulator = await world(
      true,
      `New-VHD -Path ${path} -SizeBytes 1GB`,
      `New-VM -Name db -Generation 2 -VHDPath ${path} -Path ${shared}\\db`,
      "Start-VM -Name db",
    );
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator, nodes).create(machine({ node: "HV02", hardDiskDrives: [{ path }] })),
      /"db" on HV01 has C:\\ClusterStorage\\Volume1\\a\.vhdx open/,
    );
  });

  it("is said to become free, or not, where no machine has it", async () => {
    const simulator = await world(false, "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB", "Mount-VHD -Path D:\\a.vhdx");
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator).create(machine({ hardDiskDrives: [{ path: "D:\\a.vhdx" }] })),
      /a mount \(Dismount-VHD\) or another machine does not\. Release it, or wait, then run pulumi up again\./,
    );
  });
});
