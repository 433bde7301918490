import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

async function world() {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "checkpoint" });
  const run = async (line: string) => {
    const results = await simulator.run("HV01", parseLine(line));
    for (const { error } of results) assert.equal(error, undefined, line);
  };
  await run("New-VHD -Path D:\\db.vhdx -SizeBytes 1GB");
  await run("New-VM -Name db -Generation 2 -VHDPath D:\\db.vhdx");
  const machine = async () => (await simulator.world()).nodes[0]?.machines[0] ?? assert.fail();
  const { id: vmId } = await machine();
  const lifecycle = new Lifecycle("Checkpoint", simulator);
  return { simulator, run, machine, lifecycle, args: (more: Inputs): Inputs => ({ vmId, name: "before", ...more }) };
}

describe("a checkpoint", () => {
  it("is taken with its own type, and the machine keeps its own", async () => {
    const { run, machine, lifecycle, args } = await world();
    await run("Start-VM -Name db");
    const production = await lifecycle.create(args({ name: "production" }));
    const standard = await lifecycle.create(args({ name: "standard", checkpointType: "Standard" }));
    assert.equal(production.outputs.hasMemory, false);
    assert.equal(standard.outputs.hasMemory, true);
    assert.equal(standard.outputs.parentCheckpointId, production.id);
    assert.equal((await machine()).checkpointType, "Production");
  });

  it("is taken of a machine whose checkpoints are disabled only if it has a type", async () => {
    const { run, machine, lifecycle, args } = await world();
    await run("Set-VM -Name db -CheckpointType Disabled");
    // a checkpoint has no allowRestart, and no restart would help
    await assert.rejects(
      lifecycle.create(args({})),
      /Checkpoints have been disabled for 'db'\.\n {2}Checkpoint-VM: .*$/,
    );
    await lifecycle.create(args({ checkpointType: "Standard" }));
    assert.equal((await machine()).checkpointType, "Disabled");
  });

  it("is taken with its own type, and the machine keeps its own, also where several are taken at once", async () => {
    const { run, machine, lifecycle, args } = await world();
    await run("Start-VM -Name db");
    const [standard, own] = await Promise.all([
      lifecycle.create(args({ name: "standard", checkpointType: "Standard" })),
      lifecycle.create(args({ name: "own" })),
      lifecycle.create(args({ name: "only", checkpointType: "ProductionOnly" })),
    ]);
    assert.deepEqual([standard.outputs.hasMemory, own.outputs.hasMemory], [true, false]);
    assert.equal((await machine()).checkpointType, "Production");
  });

  it("of a machine that is not there is refused with its property", async () => {
    const { lifecycle, args } = await world();
    const vmId = "11111111-2222-3333-4444-555555555555";
    await assert.rejects(lifecycle.create(args({ vmId })), {
      message:
        `Unable to create checkpoint "before" on the simulated host: vmId must be the id of an existing machine; ` +
        `${vmId} is not.`,
    });
  });

  it("that cannot be taken leaves the machine's type as it was", async () => {
    const { run, machine, lifecycle, args } = await world();
    await run("Start-VM -Name db");
    await run("Disable-VMIntegrationService -VMName db -Name VSS");
    await assert.rejects(lifecycle.create(args({ checkpointType: "ProductionOnly" })), /cannot be quiesced/);
    assert.equal((await machine()).checkpointType, "Production");
    assert.equal((await machine()).checkpoints.length, 0);
  });

  it("whose session is lost is found again, and the machine's type is put back", async () => {
    const { simulator, machine, lifecycle, args } = await world();
    await simulator.order({ cmdlet: "Checkpoint-VM", effect: { kind: "drop", effectDone: true } });
    const made = await lifecycle.create(args({ checkpointType: "Standard" }));
    assert.equal((await machine()).checkpoints.length, 1);
    assert.equal((await machine()).checkpoints[0]?.id, made.id);
    assert.equal((await machine()).checkpointType, "Production");
  });

  it("whose machine's type cannot be put back is kept, and says so", async () => {
    const { simulator, lifecycle, args } = await world();
    await simulator.order({ cmdlet: "Set-VM", after: 1, effect: { kind: "fail" } });
    const failure = await lifecycle.create(args({ checkpointType: "Standard" })).then(
      () => assert.fail("it did not fail"),
      (error: { id?: string; message: string }) => error,
    );
    assert.ok(failure.id);
    assert.match(failure.message, /An ordered fault/);
  });

  it("of a name that is taken is refused, or taken over", async () => {
    const { run, lifecycle, args } = await world();
    await run("Checkpoint-VM -Name db -SnapshotName before");
    await assert.rejects(lifecycle.create(args({})), /a checkpoint with this name already exists/);
    const adopted = await lifecycle.create(args({ adopt: true }));
    await lifecycle.delete(adopted);
    assert.ok(await lifecycle.read(adopted), "what was adopted stays");
  });

  for (const [removal, left] of [
    ["Alone", ["after"]],
    ["Subtree", []],
  ] as const)
    it(`removed ${removal} leaves ${left.length} of those after it`, async () => {
      const { run, machine, lifecycle, args } = await world();
      const made = await lifecycle.create(args({ removal }));
      await run("Checkpoint-VM -Name db -SnapshotName after");
      await lifecycle.delete(made);
      assert.deepEqual(
        (await machine()).checkpoints.map(({ name }) => name),
        left,
      );
    });

  it("is removed beside those after it, which go with it", async () => {
    const { machine, lifecycle, args } = await world();
    const first = await lifecycle.create(args({ removal: "Subtree" }));
    const others = [await lifecycle.create(args({ name: "two" })), await lifecycle.create(args({ name: "three" }))];
    await Promise.all([...others, first].map((made) => lifecycle.delete(made)));
    assert.deepEqual((await machine()).checkpoints, []);
  });

  it("is taken, and removed, once its machine is no longer busy", async () => {
    const { simulator, machine, lifecycle, args } = await world();
    const busy = (seconds: number) => simulator.happen({ machine: "db", status: "BackingUpVirtualMachine", seconds });
    await busy(100);
    const made = await lifecycle.create(args({ checkpointType: "Standard" }));
    await busy(100);
    await lifecycle.delete(made);
    assert.deepEqual((await machine()).checkpoints, []);
    const another = await lifecycle.create(args({}));
    await busy(10_000);
    await assert.rejects(lifecycle.delete(another), {
      message:
        'Unable to delete checkpoint "before" on the simulated host: could not wait until its machine is idle: it is still busy with ' +
        "BackingUpVirtualMachine after 600 seconds; the next pulumi up continues.",
    });
  });

  it("that can neither be taken nor leave the machine's type as it was says both", async () => {
    const { simulator, lifecycle, args } = await world();
    await simulator.order({ cmdlet: "Checkpoint-VM", effect: { kind: "fail" } });
    await simulator.order({ cmdlet: "Set-VM", after: 1, effect: { kind: "fail" } });
    await assert.rejects(
      lifecycle.create(args({ checkpointType: "Standard" })),
      /^Unable to create checkpoint "before" on .*\n {2}Checkpoint-VM: .*\n {2}And after that: Unable to .*\n {2}Set-VM: [^\n]*$/s,
    );
  });

  it("is gone when its machine is", async () => {
    const { run, lifecycle, args } = await world();
    const made = await lifecycle.create(args({}));
    await run("Remove-VM -Name db -Force");
    assert.equal(await lifecycle.read(made), undefined);
    await lifecycle.delete(made);
  });

  it("is there until the new one is taken, where both can be", async () => {
    const { run, lifecycle, args } = await world();
    await run("New-VM -Name other -Generation 2 -NoVHD");
    const [other] = (await lifecycle.simulator.world()).nodes[0]?.machines.filter(({ name }) => name === "other") ?? [];
    const production = { name: "before", checkpointType: "Production" };
    const made = await lifecycle.create(args(production));
    const subtree = await lifecycle.create(args({ ...production, name: "all", removal: "Subtree" }));
    const first = { changes: true, deleteBeforeReplace: false };
    const after = { changes: true, deleteBeforeReplace: true };
    const cases: [typeof made, Record<string, unknown>, object][] = [
      [made, { ...production, vmId: other?.id }, { ...first, replaces: ["vmId"] }],
      [made, { name: "second", checkpointType: "Standard" }, { ...first, replaces: ["checkpointType"] }],
      [made, { name: "BEFORE", checkpointType: "Standard" }, { ...after, replaces: ["checkpointType"] }],
      // it goes with the old one otherwise
      [subtree, { name: "second", checkpointType: "Standard" }, { ...after, replaces: ["checkpointType"] }],
      [subtree, { ...production, vmId: other?.id, removal: "Subtree" }, { ...first, replaces: ["vmId"] }],
    ];
    for (const [state, news, expected] of cases) assert.deepEqual(lifecycle.diff(state, args(news)), expected);
    const replaced = await lifecycle.create(args({ name: "second", checkpointType: "Standard" }));
    await lifecycle.delete(made);
    assert.ok(await lifecycle.read(replaced));
  });
});
