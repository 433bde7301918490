import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { booting, type Inputs, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

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
  this.timeout(60_000 + runs * 300);

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

  it("keeps the key protector that it has when its virtual TPM is turned on again", async () => {
    const simulator = await host(
      "Set-VMKeyProtector -VMName web -NewLocalKeyProtector",
      "Enable-VMTPM -VMName web",
      "Disable-VMTPM -VMName web",
    );
    assert.deepEqual(await adopting(simulator, { security: { tpmEnabled: true } }), ["Enable-VMTPM"]);
  });
});
