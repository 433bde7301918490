import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { PartialFailure } from "../../provider/lifecycle/handlers";
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

describe("the template of secure boot", () => {
  const linux = { firmware: { secureBootTemplate: "MicrosoftUEFICertificateAuthority" } };

  it("is not changed while there is a virtual TPM, and preview says so", async () => {
    const { simulator, state } = await made();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const secured = await machines.update(state, { ...inputs, security: { tpmEnabled: true } });
    const wanted = { ...inputs, ...linux, security: { tpmEnabled: true } };
    assert.throws(() => machines.diff(secured, wanted), /firmware\.secureBootTemplate is locked once/);
  });

  it("is refused by Hyper-V once the virtual TPM was turned off, which nothing on the host tells before", async () => {
    const { simulator, state } = await made();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const secured = await machines.update(state, { ...inputs, security: { tpmEnabled: true } });
    const plain = await machines.update(secured, inputs);
    assert.equal(machines.diff(plain, { ...inputs, ...linux }).changes, true);
    await assert.rejects(machines.update(plain, { ...inputs, ...linux }), (error: unknown) => {
      assert.ok(error instanceof PartialFailure);
      assert.match(
        error.message,
        /Cannot modify the secure boot template ID property after the virtual TPM is initialized/,
      );
      return true;
    });
  });
});
