import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;

/** One host on which lines were typed. */
async function hostWith(...lines: string[]): Promise<Simulator> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], cluster: { name: "LAB" }, seed: "messages" });
  await type(simulator, ...lines);
  return simulator;
}

async function type(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const failed = (await simulator.run("HV01", parseLine(line))).find(({ error }) => error);
    if (failed) throw new Error(`${line}: ${JSON.stringify(failed.error)}`);
  }
}

async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const machine = { name: "web", networkAdapters: [] };
const onLan = { name: "web", networkAdapters: [{ name: "front", switchName: "lan" }] };
const privateSwitch = { name: "lan", switchType: "Private" };
const external = (...netAdapterNames: string[]) => ({ name: "lan", switchType: "External", netAdapterNames });

describe("an error says what to do when", () => {
  it("what is to be updated is gone", async () => {
    const simulator = await hostWith();
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const state = await lifecycle.create(machine);
    await type(simulator, "Remove-VM web -Force");
    const message = await messageOf(() => lifecycle.update(state, { ...machine, notes: "x" }));
    assert.match(message, /^Unable to update virtual machine "web" on the simulated host: /);
    assert.match(message, /\n {2}Get-VM: \w+,Microsoft\.HyperV\.PowerShell\.Commands\.GetVM\n/);
    assert.match(
      message,
      /\n {2}The virtual machine "web" is gone\. Run pulumi refresh, and the next pulumi up creates it again\.$/,
    );
  });

  it("two switches bear the name that an adapter is to be connected to", async () => {
    const simulator = await hostWith(
      ...["wan", "lan", "lan"].map((name) => `New-VMSwitch -Name ${name} -SwitchType Private`),
    );
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const adapters = [{ name: "back", switchName: "wan" }, ...onLan.networkAdapters];
    const message = await messageOf(() => lifecycle.create({ ...onLan, networkAdapters: adapters }));
    assert.match(
      message,
      /^Unable to create virtual machine "web" on the simulated host: could not add the network adapter "front": more than one virtual switch has the name "lan"\.\n {2}Connect-VMNetworkAdapter: CannotConvertArgument.*\n {2}networkAdapters\["front"\]\.switchName needs a name that only one virtual switch on the simulated host has: rename the others, or use another name\.$/,
    );
  });

  it("nothing bears the name that a property gives", async () => {
    const lifecycle = new Lifecycle("VirtualMachine", await hostWith());
    const state = await lifecycle.create({ ...onLan, networkAdapters: [{ name: "front" }] });
    const message = await messageOf(() => lifecycle.update(state, onLan));
    assert.match(
      message,
      /\n {2}networkAdapters\["front"\]\.switchName names the virtual switch "lan", which the simulated host does not have\. Create it first, or name an existing one\.$/,
    );
    assert.match(
      await messageOf(() => lifecycle.create({ ...onLan, name: "db" })),
      /\n {2}networkAdapters\["front"\]\.switchName names the virtual switch "lan", which the simulated host does not have\. /,
    );
  });

  it("the host lacks what is to be attached, and not the machine", async () => {
    const simulator = await hostWith();
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    assert.match(
      await messageOf(() => lifecycle.create({ ...machine, hardDiskDrives: [{ diskNumber: 7 }] })),
      /: could not attach the disk physical disk 7 at SCSI 0:0: There is no offline disk 7 .*\n {2}Add-VMHardDiskDrive: ObjectNotFound.*\n {2}hardDiskDrives needs something that the simulated host does not have, as the message says\. Create it first, or name an existing one\.$/,
    );
  });

  it("the host lacks what a disk is to be a copy of, and not the disk", async () => {
    const lifecycle = new Lifecycle("VirtualHardDisk", await hostWith());
    assert.match(
      await messageOf(() => lifecycle.create({ path: "D:\\a.vhdx", sourcePath: "D:\\none.vhdx" })),
      /: sourcePath names D:\\none\.vhdx, which does not exist\. Create it first, or name an existing one/,
    );
  });

  it("a switch is to be made on an adapter that the host lacks, before anything is made", async () => {
    const simulator = await hostWith();
    const lifecycle = new Lifecycle("VirtualSwitch", simulator);
    const message = await messageOf(() => lifecycle.create(external("Ethernet 9")));
    assert.equal(
      message,
      'Unable to create virtual switch "lan" on the simulated host: netAdapterNames[0] must be a physical adapter of the host: "Ethernet"; it is "Ethernet 9".',
    );
    assert.deepEqual((await simulator.world()).nodes[0]?.switches, []);
  });

  it("a switch is to be bound to an adapter that the host lacks, in preview and in up", async () => {
    const lifecycle = new Lifecycle("VirtualSwitch", await hostWith());
    const state = await lifecycle.create(privateSwitch);
    const expected =
      'Unable to update virtual switch "lan": netAdapterNames[0] must be a physical adapter of the host: "Ethernet"; it is "Ethernet 9". Run pulumi ' +
      "refresh if it was added since.";
    assert.equal(await messageOf(() => lifecycle.diff(state, external("Ethernet 9"))), expected);
    const changes = await lifecycle.changesDuring(async () =>
      assert.match(
        await messageOf(() => lifecycle.update(state, external("Ethernet 9"))),
        /netAdapterNames\[0\] must be/,
      ),
    );
    assert.deepEqual(changes, []);
    assert.equal(lifecycle.diff(state, external("ethernet")).changes, true);
  });

  it("what is to be made is there already", async () => {
    const simulator = await hostWith(
      "New-VM -Name web -Path C:\\ClusterStorage\\Volume1",
      "New-VMSwitch -Name lan -SwitchType Private",
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
    );
    const [node] = (await simulator.world()).nodes;
    const vm = node?.machines[0]?.id;
    await type(simulator, "Add-ClusterVirtualMachineRole -VMName web");
    const made = (kind: string, inputs: Record<string, unknown>, nodes?: string[]) =>
      messageOf(() => new Lifecycle(kind, simulator, nodes).create(inputs));
    assert.equal(
      await made("VirtualMachine", machine),
      `Unable to create virtual machine "web" on the simulated host: a virtual machine with this name already exists, with the id ${vm}. If it belongs to a resource of this stack that was renamed or moved in the program, set the option aliases: [{ name: "<its old name>" }]. Otherwise set adopt: true to take it over, read it with VirtualMachine.get, or choose another name.`,
    );
    assert.equal(
      await made("VirtualHardDisk", { path: "D:\\a.vhdx", sizeBytes: GiB }),
      'Unable to create virtual hard disk "D:\\a.vhdx" on the simulated host: a virtual hard disk with this path already exists. If it belongs to a resource of this stack that was renamed or moved in the program, set the option aliases: [{ name: "<its old name>" }]. Otherwise set adopt: true to take it over, read it with VirtualHardDisk.get, or choose another path.',
    );
    assert.equal(
      await made("ClusterVirtualMachineRole", { vmId: vm }, ["HV01"]),
      `Unable to create cluster role of machine "${vm}" on HV01: a cluster role of machine already exists. If it belongs to a resource of this stack that was renamed or moved in the program, set the option aliases: [{ name: "<its old name>" }]. Otherwise set adopt: true to take it over, or read it with ClusterVirtualMachineRole.get.`,
    );
    await type(simulator, "New-VMSwitch -Name lan -SwitchType Private");
    assert.match(
      await made("VirtualSwitch", { ...privateSwitch, adopt: true }),
      /^Unable to create virtual switch "lan" on the simulated host: adopt takes over the one virtual switch of this name, and the simulated host has 2: \S+, \S+\. Rename the others\.$/,
    );
  });

  it("several machines bear the name of the one to take over", async () => {
    const simulator = await hostWith("New-VM -Name web", "New-VM -Name web");
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    assert.match(
      await messageOf(() => lifecycle.create(machine)),
      /: 2 virtual machines with this name already exist, with the ids \S+, \S+\. If .* Otherwise set adopt to the id of the one to take over, read one of them with VirtualMachine\.get, or choose another name\.$/,
    );
    assert.match(
      await messageOf(() => lifecycle.create({ ...machine, adopt: true })),
      /: adopt takes over the one virtual machine of this name, and the simulated host has 2: \S+, \S+\. Set it to the id of the one that is meant\.$/,
    );
  });

  it("a disk would shrink", async () => {
    const lifecycle = new Lifecycle("VirtualHardDisk", await hostWith());
    const state = await lifecycle.create({ path: "D:\\a.vhdx", sizeBytes: 2 * GiB });
    assert.equal(
      await messageOf(() => lifecycle.diff(state, { path: "D:\\a.vhdx", sizeBytes: 1.5 * GiB })),
      'Unable to update virtual hard disk "D:\\a.vhdx": sizeBytes would shrink the disk from 2147483648 bytes (2 GiB) to 1610612736 bytes (1.5 GiB), which could cut off data of the guest. Shrink the partition and the file by hand, or create a new disk.',
    );
  });

  it("what the state has is on a node that the provider does not name any more", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }, { name: "HV02" }], seed: "fewer" });
    const state = await new Lifecycle("VirtualSwitch", simulator, ["HV01", "HV02"]).create({
      ...privateSwitch,
      node: "HV02",
    });
    assert.equal(
      await messageOf(() => new Lifecycle("VirtualSwitch", simulator, ["HV01"]).read(state)),
      [
        'Unable to read virtual switch "lan" on HV02: the provider has no node "HV02"; it has HV01.',
        "  Add it to the provider's nodes again. If it is gone for good, remove what was on it from the state: pulumi state delete.",
      ].join("\n"),
    );
  });
});
