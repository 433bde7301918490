import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { Run } from "../../provider/lifecycle/work/run";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const volume = "C:\\ClusterStorage\\Volume1";
const disk = { number: 9, id: "60003ff4-9", sizeBytes: 2 ** 30, partitionStyle: "GPT" as const, fileSystem: "NTFS" };
const urn = (name: string) => `dev::tests::*::${name}`;
const kinds: Record<string, (id: string) => Inputs> = {
  VirtualSwitch: () => ({ name: "lan", node: "HV01", switchType: "Private" }),
  VirtualHardDisk: () => ({ path: `${volume}\\data.vhdx`, sizeBytes: 2 ** 30 }),
  VirtualMachine: () => ({ name: "it", node: "HV01", path: volume }),
  Checkpoint: (vmId) => ({ vmId, name: "before" }),
  ClusterVirtualMachineRole: (vmId) => ({ vmId }),
  Cluster: () => ({ name: "LAB", nodes: ["HV01", "HV02"], allowDestroy: true }),
  ClusterAffinityRule: () => ({ name: "rule", ruleType: "SameNode" }),
  ClusterGroupSet: () => ({ name: "set" }),
  ClusterFaultDomain: () => ({ name: "north", type: "Site" }),
  ClusterSharedVolume: () => ({ diskUniqueId: disk.id }),
  ClusterVirtualMachineMonitoredItem: (vmId) => ({ vmId, service: "spooler" }),
};

/** A world with a resource of the kind in it, made in an earlier run. */
async function prepared(kind: string) {
  const simulator = Simulator.inMemory({
    nodes: [{ name: "HV01" }, { name: "HV02" }],
    // one that is to be made is not there
    ...(kind !== "Cluster" && { cluster: { name: "LAB" }, sharedDisks: [disk] }),
    seed: "two",
  });
  const isWatched = kind === "ClusterVirtualMachineMonitoredItem";
  for (const line of [
    `New-VM -Name one -Path ${kind === "Cluster" ? "D:\\" : volume} -NoVHD -Generation 2`,
    ...(isWatched ? ["Add-ClusterVirtualMachineRole -VMName one", "Start-VM -Name one"] : []),
  ])
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined);
  if (isWatched) await simulator.happen({ guest: "one", boots: true });
  const [machine] = await simulator.look(({ nodes }) => nodes.flatMap(({ machines }) => machines));
  const inputs = kinds[kind]?.(machine?.id ?? "") ?? assert.fail();
  const in_ = (run: Run) => new Lifecycle(kind, simulator, ["HV01", "HV02"], undefined, run);
  const state = await in_(new Run()).create({ ...inputs, __urn: urn("old") });
  return { simulator, inputs, state, in_ };
}

describe("two resources and one thing", () => {
  for (const { kind, birth } of definitions) {
    // of what is only set only-set.test.ts tells
    if (!birth) continue;
    it(`a renamed ${kind} that adopts what it has itself keeps it: the old resource lets go`, async () => {
      const { inputs, state, in_ } = await prepared(kind);
      const lifecycle = in_(new Run());
      await assert.rejects(
        lifecycle.create({ ...inputs, __urn: urn("new") }),
        /belongs to a resource of this stack that was renamed or moved in the program, set the option aliases: /,
      );
      await assert.rejects(
        lifecycle.delete(state),
        /Unable to delete .*: the resource "new" of the program declares it as/,
      );
      await lifecycle.create({ ...inputs, adopt: true, __urn: urn("new") });
      const calls = await lifecycle.changesDuring(() => lifecycle.delete(state));
      assert.deepEqual(calls, []);
      assert.match(lifecycle.said.join(), /is left in place: the resource "new" owns it now/);
      assert(await lifecycle.read(state));
    });

    it(`a renamed ${kind} keeps it also when the first run was interrupted between the two`, async () => {
      const { inputs, state, in_ } = await prepared(kind);
      const adopted = await in_(new Run()).create({ ...inputs, adopt: true, __urn: urn("new") });
      const lifecycle = in_(new Run());
      assert.equal(lifecycle.diff(adopted, { ...inputs, adopt: true, __urn: urn("new") }).changes, false);
      assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), []);
    });

    it(`a ${kind} with an alias that is then replaced, or taken out, is deleted`, async () => {
      const { simulator, inputs, state, in_ } = await prepared(kind);
      const lifecycle = in_(new Run());
      lifecycle.diff(state, { ...inputs, __urn: urn("new") });
      assert.notDeepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), []);
      assert.deepEqual(lifecycle.said, []);
      assert(await simulator.world());
    });

    it(`a second ${kind} of the same name in one program is told which resource has it`, async () => {
      const { inputs, state, in_ } = await prepared(kind);
      const lifecycle = in_(new Run());
      lifecycle.diff(state, { ...inputs, __urn: urn("first") });
      await assert.rejects(
        lifecycle.create({ ...inputs, __urn: urn("second") }),
        /and it belongs to the resource "first" of this program\. (Choose another (name|path), or d|D)eclare it once\./,
      );
    });
  }

  it("a disk that has moved is not the one that is made where it was: each is deleted as its own", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "moved on" });
    const disks = new Lifecycle("VirtualHardDisk", simulator, [], undefined, new Run());
    const old = { path: "D:\\a.vhdx", sizeBytes: 2 ** 30, __urn: urn("old") };
    const moved = await disks.update(await disks.create(old), { ...old, path: "D:\\b.vhdx" });
    const next = await disks.create({ ...old, __urn: urn("next") });
    assert.equal(next.id, moved.id);
    const paths = () =>
      simulator.look(({ nodes }) =>
        Object.values(nodes[0]?.files ?? {}).flatMap(({ path, vhd }) => (vhd ? [path] : [])),
      );
    await disks.delete(moved);
    assert.deepEqual([disks.said, await paths()], [[], ["D:\\a.vhdx"]]);
    await disks.delete(next);
    assert.deepEqual([disks.said, await paths()], [[], []]);
  });
});
