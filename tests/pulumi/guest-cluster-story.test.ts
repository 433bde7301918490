import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;
const volume = "C:\\ClusterStorage\\Volume1";
const nodes = ["HV01", "HV02", "HV03"];

/** The history of example 05 from its first up to its end, on a cluster whose nodes come and go. */
engineSuite("the life of a guest cluster", () => {
  let stack: Stack;
  let identities: Record<string, string>;

  before(async () => {
    stack = await Stack.make(
      { nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, guestsBoot: true },
      { example: resolve(__dirname, "../../examples/05-guest-cluster"), nodes },
    );
  });
  after(() => stack?.remove());

  const set = (key: string, value: string) => stack.setConfig(`hyperv-guest-cluster:${key}`, value);
  const types = (line: string, node: string) => stack.run(parseLine(line), node);
  const all = async () =>
    (await stack.world()).nodes.flatMap(({ name, machines }) => machines.map((machine) => ({ node: name, machine })));
  /** Where the members are, and in which state. */
  const members = async () =>
    Object.fromEntries((await all()).map(({ node, machine }) => [machine.name, `${node} ${machine.state}`]));
  /** Its id, and how often each was started: a move costs no start. */
  const lives = async () =>
    Object.fromEntries((await all()).map(({ machine: { name, id, starts = 0 } }) => [name, { id, starts }]));
  const idsOf = async () => Object.fromEntries((await all()).map(({ machine: { name, id } }) => [name, id]));
  /** Files of disks on the shared volume. */
  const disks = async () =>
    Object.values((await stack.world()).cluster?.files ?? {}).flatMap(({ path, vhd }) => (vhd ? [path] : []));
  const sizeOf = async (name: string) =>
    Object.values((await stack.world()).cluster?.files ?? {}).find(({ path }) => path === `${volume}\\${name}.vhds`)
      ?.vhd?.sizeBytes;
  const nothingIsLeft = async () => succeeded(await stack.preview("--expect-no-changes"));

  it("it is made: two running members on two nodes, each with its own system disk, and two disks that both have", async () => {
    succeeded(await stack.previewedUp());
    assert.deepEqual(await members(), { sql1: "HV01 Running", sql2: "HV02 Running" });
    const drives = (await all()).map(({ machine }) =>
      machine.drives
        .filter(({ kind }) => kind === "HardDisk")
        .map(({ path, supportPersistentReservations }) => [path, supportPersistentReservations]),
    );
    const shared = [
      [`${volume}\\quorum.vhds`, true],
      [`${volume}\\data.vhds`, true],
    ];
    assert.deepEqual(drives, [
      [[`${volume}\\sql1.vhdx`, false], ...shared],
      [[`${volume}\\sql2.vhdx`, false], ...shared],
    ]);
    identities = await idsOf();
    await nothingIsLeft();
  });

  it("its data disk grows while both members run", async () => {
    const before = await lives();
    set("dataGiB", "200");
    const run = succeeded(await stack.previewedUp());
    assert.deepEqual(changed(run), { "VirtualHardDisk data": "update" });
    assert.equal(await sizeOf("data"), 200 * GiB);
    assert.deepEqual(await lives(), before, "nobody was restarted");
    assert.deepEqual(await members(), { sql1: "HV01 Running", sql2: "HV02 Running" });
    await nothingIsLeft();
  });

  it("a smaller one is refused in the preview, as nothing shrinks", async () => {
    set("dataGiB", "50");
    const preview = await stack.preview();
    assert.notEqual(preview.code, 0);
    assert.match(preview.output, /sizeBytes would shrink the disk/);
    set("dataGiB", "200");
  });

  it("a checkpoint of a member is refused by its host, as its disks are shared", async () => {
    await assert.rejects(types("Checkpoint-VM -Name sql1 -SnapshotName before", "HV01"));
  });

  it("a member is moved live to the third node", async () => {
    const before = await lives();
    set("sql1Owner", "HV03");
    const run = succeeded(await stack.previewedUp());
    assert.deepEqual(changed(run), { "ClusterVirtualMachineRole sql1": "update" });
    assert.match(run.output, /Moves the machine live from HV01 to HV03/);
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV02 Running" });
    assert.deepEqual(await lives(), before, "nobody was restarted");
    await nothingIsLeft();
  });

  it("a node fails: its member restarts on the one node where its sibling is not", async () => {
    await stack.simulator.happen({ fail: "HV02" });
    // what a cluster does by itself is done when it is next asked something
    await types("Get-ClusterNode", "HV01");
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV01 Running" });
    assert.deepEqual(await idsOf(), identities);
  });

  it("the state follows once the node is back, and nothing is replaced or moved for that", async () => {
    await stack.simulator.happen({ return: "HV02" });
    succeeded(await stack.refresh());
    await nothingIsLeft();
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV01 Running" });
  });

  it("a node is drained for service: its member leaves it live, and not to its sibling's node", async () => {
    const before = await lives();
    await types("Suspend-ClusterNode -Name HV01 -Drain -Wait", "HV03");
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV02 Running" });
    assert.deepEqual(await lives(), before, "nobody was restarted");
    succeeded(await stack.refresh());
    await nothingIsLeft();
  });

  it("it is resumed, and its member comes back", async () => {
    const before = await lives();
    await types("Resume-ClusterNode -Name HV01 -Failback Immediate", "HV03");
    await types("Get-ClusterNode", "HV03");
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV01 Running" });
    assert.deepEqual(await lives(), before, "nobody was restarted");
    succeeded(await stack.refresh());
    await nothingIsLeft();
    assert.deepEqual(await idsOf(), identities, "they are the machines that were made");
  });

  it("the data disk grows again, wherever the members are now", async () => {
    set("dataGiB", "300");
    succeeded(await stack.previewedUp());
    assert.equal(await sizeOf("data"), 300 * GiB);
    assert.deepEqual(await members(), { sql1: "HV03 Running", sql2: "HV01 Running" });
  });

  it("it is taken down, and nothing is left: no machine, role, switch, nor a file of any disk", async () => {
    assert.equal((await disks()).length, 6, "two system disks, and two files of each VHD Set");
    succeeded(await stack.destroy());
    const world = await stack.world();
    assert.deepEqual(
      world.nodes.map(({ machines, switches }) => [machines, switches]),
      nodes.map(() => [[], []]),
    );
    assert.deepEqual(world.cluster?.groups, []);
    const files = [
      ...world.nodes.flatMap((node) => Object.values(node.files)),
      ...Object.values(world.cluster?.files ?? {}),
    ];
    assert.deepEqual(
      files.filter(({ kind }) => kind === "file"),
      [],
    );
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}

const changed = ({ ops }: Run) => Object.fromEntries(Object.entries(ops).filter(([, op]) => op !== "same"));
