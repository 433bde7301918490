import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import type { Call } from "../../provider/calls";
import { Simulator } from "../../provider/simulator";
import { booting, type Inputs, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

const volume = "C:\\ClusterStorage\\Volume1";
const GiB = 2 ** 30;
const runs = Number(process.env.HYPERV_TEST_RUNS ?? 200);

/** What tells the elements of a list apart: it is always declared. */
const keys = ["name", "path", "hardDiskDrive", "networkAdapter", "dvdDrive", "mode", "primaryVlanId"];

/** A part of what the program says: of objects some properties, of lists all elements, each in part. */
function part(value: unknown, needed: readonly string[] = keys): fc.Arbitrary<unknown> {
  if (Array.isArray(value))
    return value.every((item) => typeof item === "object")
      ? fc.tuple(...value.map((item) => part(item)))
      : fc.constant(value);
  if (typeof value !== "object" || value === null) return fc.constant(value);
  const inner = Object.entries(value).map(([key, item]) => {
    const some = part(item).map((cut): Inputs => ({ [key]: cut }));
    const must = needed.includes(key) || /Vlan(Id|IdList)$/.test(key);
    return must ? some : fc.oneof(some, fc.constant<Inputs>({}));
  });
  return fc.tuple(...inner).map((all) => Object.assign({}, ...all));
}

/** A machine, and a part of what was said of it. */
const known = fc
  .constantFrom(1, 2)
  .chain(booting)
  .chain((whole) => part(whole, ["name"]).map((some) => ({ whole, some: some as Inputs })));

async function host(...lines: string[]): Promise<Simulator> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "adopted" });
  await simulator.happen({ touch: "D:\\one.iso", sizeBytes: 2 ** 20 });
  await simulator.happen({ touch: "D:\\two.iso", sizeBytes: 2 ** 20 });
  const there = [
    "New-VMSwitch -Name lan -SwitchType Private",
    "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
    "New-VM -Name web -Generation 2 -SwitchName lan -VHDPath D:\\a.vhdx",
    "Rename-VMNetworkAdapter -VMName web -NewName front",
    "Set-VMNetworkAdapter -VMName web -StaticMacAddress 00155D010203",
    "Add-VMDvdDrive -VMName web -Path D:\\one.iso",
  ];
  for (const line of [...there, ...lines]) {
    const [result] = await simulator.run("HV01", parseLine(line));
    assert.equal(result?.error, undefined, line);
  }
  return simulator;
}

async function must(simulator: Simulator, calls: Call[], node?: string): Promise<void> {
  const failed = (await simulator.run(node, calls)).find(({ error }) => error);
  if (failed) throw new Error(JSON.stringify(failed.error));
}

/** Calls that adopting makes, and that all is settled then. */
async function adopting(simulator: Simulator, inputs: Inputs): Promise<string[]> {
  const machines = new Lifecycle("VirtualMachine", simulator);
  const adopts = { name: "web", adopt: true, ...inputs };
  let adopted: Awaited<ReturnType<typeof machines.create>> | undefined;
  const changes = await machines.changesDuring(async () => {
    adopted = await machines.create(adopts);
  });
  assert.ok(adopted);
  assert.equal(machines.diff(adopted, adopts).changes, false);
  const read = await machines.read(adopted);
  assert.deepEqual(read?.inputs, machines.checked(adopts), "a refresh finds nothing new");
  return changes;
}

describe("a machine that is adopted", function () {
  this.timeout(600_000 + runs * 300);

  it("is left alone, whatever part of what it is the program declares", async () => {
    await fc.assert(
      fc.asyncProperty(known, async ({ whole, some }) => {
        const simulator = await world();
        const machines = new Lifecycle("VirtualMachine", simulator);
        await machines.create(whole);
        const declared = { ...some, adopt: true };
        fc.pre(machines.handlers.check(declared, []).problems.length === 0);
        let adopted: Awaited<ReturnType<typeof machines.create>> | undefined;
        const changes = await machines.changesDuring(async () => {
          adopted = await machines.create(declared);
        });
        assert.deepEqual(changes, []);
        assert.ok(adopted);
        assert.deepEqual((await machines.read(adopted))?.inputs, declared, "a refresh finds nothing new");
      }),
      { numRuns: runs, seed: 7 },
    );
  });

  const vlans = {
    "an access VLAN": "Set-VMNetworkAdapterVlan -VMName web -Access -VlanId 5",
    "a trunk": "Set-VMNetworkAdapterVlan -VMName web -Trunk -NativeVlanId 5 -AllowedVlanIdList 1-10",
    "a private VLAN": "Set-VMNetworkAdapterVlan -VMName web -Isolated -PrimaryVlanId 10 -SecondaryVlanId 200",
  };
  for (const [what, line] of Object.entries(vlans))
    it(`keeps ${what}, the switch and the address of an adapter of which another property is declared`, async () => {
      const simulator = await host(line);
      const changes = await adopting(simulator, { networkAdapters: [{ name: "front", dhcpGuard: "On" }] });
      assert.deepEqual(changes, ["Set-VMNetworkAdapter"]);
      const { adapters } = (await simulator.world()).nodes[0]?.machines[0] ?? {};
      assert.deepEqual(
        adapters?.map(({ switchId, macAddress, dhcpGuard }) => [switchId !== null, macAddress, dhcpGuard]),
        [[true, "00155D010203", "On"]],
      );
    });

  it("keeps the native VLAN of a trunk of which the others are declared", async () => {
    const simulator = await host(vlans["a trunk"]);
    const trunk = (allowedVlanIdList: string) => ({
      networkAdapters: [{ name: "front", vlanTrunk: { allowedVlanIdList } }],
    });
    assert.deepEqual(await adopting(simulator, trunk("1-10")), []);
    assert.deepEqual(await adopting(simulator, trunk("1-20")), ["Set-VMNetworkAdapterVlan"]);
    const [adapter] = (await simulator.world()).nodes[0]?.machines[0]?.adapters ?? [];
    assert.equal(adapter?.vlan.nativeVlanId, 5);
  });

  it("changes what is declared of an adapter", async () => {
    const simulator = await host("New-VMSwitch -Name wan -SwitchType Private");
    const wan = { name: "front", switchName: "wan", macAddress: "00-15-5D-01-02-04", vlan: 7 };
    assert.deepEqual(await adopting(simulator, { networkAdapters: [wan] }), [
      "Connect-VMNetworkAdapter",
      "Set-VMNetworkAdapterVlan",
      "Set-VMNetworkAdapter",
    ]);
  });

  it("keeps the medium of a DVD drive that is declared without one, and takes another that is", async () => {
    const simulator = await host();
    assert.deepEqual(await adopting(simulator, { dvdDrives: [{}] }), []);
    assert.deepEqual(await adopting(simulator, { dvdDrives: [{ path: "D:\\two.iso" }] }), ["Set-VMDvdDrive"]);
  });

  it("keeps a drive that the program leaves out, also where the program gives its place to another", async () => {
    const simulator = await host("New-VHD -Path D:\\b.vhdx -SizeBytes 1GB");
    const before = await simulator.world();
    const place = { controllerType: "SCSI", controllerNumber: 0, controllerLocation: 1 };
    const machines = new Lifecycle("VirtualMachine", simulator);
    await assert.rejects(
      machines.create({
        name: "web",
        adopt: true,
        hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "D:\\b.vhdx", ...place }],
      }),
      /hardDiskDrives\[1\] is at SCSI 0:1, where the machine has a drive that the program leaves as it is\. .* declare dvdDrives\.$/,
    );
    await assert.rejects(
      machines.create({ name: "web", adopt: true, dvdDrives: [{ controllerNumber: 0, controllerLocation: 0 }] }),
      /dvdDrives\[0\] is at SCSI 0:0, where .* declare hardDiskDrives\.$/,
    );
    assert.deepEqual(await simulator.world(), before);
  });

  it("keeps the key protector that it has when its virtual TPM is turned on again", async () => {
    const simulator = await host(
      "Set-VMKeyProtector -VMName web -NewLocalKeyProtector",
      "Enable-VMTPM -VMName web",
      "Disable-VMTPM -VMName web",
    );
    assert.deepEqual(await adopting(simulator, { security: { tpmEnabled: true } }), ["Enable-VMTPM"]);
  });
});

describe("a machine that was there before", () => {
  it("keeps what is left open of an adapter also when the program no longer says adopt", async () => {
    const simulator = await host("Set-VMNetworkAdapterVlan -VMName web -Access -VlanId 5");
    const machines = new Lifecycle("VirtualMachine", simulator);
    const inputs = { name: "web", networkAdapters: [{ name: "front", dhcpGuard: "On" }] };
    const adopted = await machines.create({ ...inputs, adopt: true });
    assert.equal(machines.diff(adopted, inputs).changes, false);
    assert.deepEqual(await machines.changesDuring(() => machines.update(adopted, inputs)), []);
  });

  it("keeps what the program does not declare, also when the program no longer says adopt", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "adoption" });
    await must(simulator, [
      { cmdlet: "New-VMSwitch", parameters: { Name: "lan", SwitchType: "Private" } },
      { cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } },
      { cmdlet: "New-VM", parameters: { Name: "web", Generation: 2, SwitchName: "lan", VHDPath: "D:\\a.vhdx" } },
      { cmdlet: "Start-VM", parameters: { Name: "web" } },
    ]);
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const adopted = await lifecycle.create({ name: "web", adopt: true });
    const before = await simulator.world();
    let state = adopted;
    assert.deepEqual(
      await lifecycle.changesDuring(async () => {
        state = await lifecycle.update(adopted, { name: "web" });
      }),
      [],
    );
    state = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(lifecycle.diff(state, { name: "web" }).changes, false);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, { name: "web", notes: "x" })), [
      "Set-VM",
    ]);
    await lifecycle.delete(state);
    const [machine] = (await simulator.world()).nodes.flatMap(({ machines }) => machines);
    assert.deepEqual({ ...machine, notes: "" }, before.nodes[0]?.machines[0]);
  });

  for (const byId of [false, true])
    it(`is found on whatever node it runs, by its ${byId ? "id" : "name"}`, async () => {
      const nodes = ["HV01", "HV02"];
      const simulator = Simulator.inMemory({
        nodes: nodes.map((name) => ({ name })),
        cluster: { name: "LAB" },
        seed: "adoption",
      });
      await must(simulator, [{ cmdlet: "New-VM", parameters: { Name: "web", Generation: 2, Path: volume } }], "HV02");
      const machines = async () => (await simulator.world()).nodes.flatMap((node) => node.machines);
      const id = (await machines())[0]?.id;
      const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
      const { id: adopted } = await lifecycle.create({ name: "web", node: "HV01", adopt: byId ? id : true });
      assert.equal(adopted, id);
      assert.equal((await machines()).length, 1);
    });

  it("is one of two on two nodes, which is told without naming one of them", async () => {
    const nodes = ["HV01", "HV02"];
    const simulator = Simulator.inMemory({
      nodes: nodes.map((name) => ({ name })),
      cluster: { name: "LAB" },
      seed: "two",
    });
    for (const node of nodes)
      await must(simulator, [{ cmdlet: "New-VM", parameters: { Name: "web", Path: volume } }], node);
    await assert.rejects(
      new Lifecycle("VirtualMachine", simulator, nodes).create({ name: "web", node: "HV01", adopt: true }),
      /^Unable to create virtual machine "web": adopt takes over the one virtual machine of this name, and there are 2: \S+, \S+\. Set it/,
    );
  });
});
