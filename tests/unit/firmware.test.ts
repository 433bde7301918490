import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const inputs = { name: "web", hardDiskDrives: [{ path: "D:\\a.vhdx" }] };
const disk = { hardDiskDrive: "D:\\a.vhdx" };
const network = { networkAdapter: "Network Adapter" };
const booting = (...bootOrder: unknown[]) => ({ ...inputs, firmware: { bootOrder } });

async function made() {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "firmware" });
  await simulator.run("HV01", parseLine("New-VHD -Path D:\\a.vhdx -SizeBytes 1GB"));
  return { simulator, state: await new Lifecycle("VirtualMachine", simulator).create(inputs) };
}

/** A machine on which a system was installed: its setup puts an entry at the top. */
async function installed() {
  const { simulator, state } = await made();
  const world = await simulator.world();
  world.nodes[0]?.machines[0]?.firmware.bootOrder.unshift({
    kind: "file",
    path: "\\EFI\\Microsoft\\Boot\\bootmgfw.efi",
  });
  const after = Simulator.inMemory(world);
  const order = async () =>
    (await after.world()).nodes[0]?.machines[0]?.firmware.bootOrder.map(({ kind }) => kind).join(", ");
  return { machines: new Lifecycle("VirtualMachine", after), state, order };
}

describe("the entry of an installed system in the boot order", () => {
  it("stays where it is while the devices are in the order that is asked for", async () => {
    const { machines, state, order } = await installed();
    const before = await order();
    assert.deepEqual(await machines.changesDuring(() => machines.update(state, booting(network, disk))), []);
    assert.equal(await order(), before);
  });

  it("comes behind the devices that are named when their order is set, and before the others", async () => {
    const { machines, state, order } = await installed();
    assert.equal(await order(), "file, adapter, drive");
    const updated = await machines.update(state, booting(disk));
    assert.equal(await order(), "drive, file, adapter");
    assert.equal(machines.diff(updated, booting(disk)).changes, false);
  });
});
