import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

async function host(...lines: string[]): Promise<Simulator> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "folders" });
  const folders = ["one", "two", "snapshots"].map((name) => `New-Item -Path D:\\${name} -ItemType Directory`);
  await types(simulator, ...folders, ...lines);
  return simulator;
}

async function files(simulator: Simulator): Promise<string[]> {
  const [node] = (await simulator.world()).nodes;
  return Object.values(node?.files ?? {})
    .map(({ path }) => path)
    .sort();
}

async function types(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const [result] = await simulator.run("HV01", parseLine(line));
    assert.equal(result?.error, undefined, line);
  }
}

type Inputs = Record<string, unknown>;

describe("the own folder of a machine", () => {
  const lives: Record<string, Inputs[]> = {
    "that is destroyed": [{ path: "D:\\one" }],
    "that moved": [{ path: "D:\\one" }, { path: "D:\\two" }],
    "that moved from the host's folder": [{}, { path: "D:\\two" }],
    "that moved and got another name": [{ path: "D:\\one" }, { path: "D:\\two", name: "other" }],
    "that got another name": [{ path: "D:\\one" }, { path: "D:\\one", name: "other" }],
    "whose program no longer names a folder": [{ path: "D:\\two" }, { notes: "x" }],
    "with its checkpoints elsewhere": [
      { path: "D:\\one", snapshotFileLocation: "D:\\snapshots" },
      { path: "D:\\two", snapshotFileLocation: "D:\\snapshots" },
    ],
  };
  for (const [whose, life] of Object.entries(lives))
    it(`${whose} is gone when nothing is in it`, async () => {
      const simulator = await host();
      const before = await files(simulator);
      const machines = new Lifecycle("VirtualMachine", simulator);
      const [first = {}, ...later] = life;
      let state = await machines.create({ name: "web", ...first });
      for (const inputs of later) state = await machines.update(state, { name: "web", ...inputs });
      await machines.delete(state);
      assert.deepEqual(await files(simulator), before);
    });

  it("is gone after a move, and not only after a destroy", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", path: "D:\\one" });
    await machines.update(made, { name: "web", path: "D:\\two" });
    const left = (await files(simulator)).filter((path) => path.startsWith("D:\\one"));
    assert.deepEqual(left, ["D:\\one"]);
  });

  it("stays after a move where the program keeps the checkpoints in it", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", path: "D:\\one" });
    await machines.update(made, { name: "web", path: "D:\\two", snapshotFileLocation: "D:\\one\\web" });
    assert.ok((await files(simulator)).includes("D:\\one\\web"));
  });

  it("stays with what else is in it, after a move and after a destroy", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", path: "D:\\one" });
    await simulator.happen({ touch: "D:\\one\\web\\notes.txt" });
    const moved = await machines.update(made, { name: "web", path: "D:\\two" });
    await simulator.happen({ touch: "D:\\two\\web\\notes.txt" });
    await machines.delete(moved);
    const texts = (await files(simulator)).filter((path) => path.endsWith("txt"));
    assert.deepEqual(texts, ["D:\\one\\web\\notes.txt", "D:\\two\\web\\notes.txt"]);
  });

  it("is not one that has another name, and was not made for it", async () => {
    const simulator = await host(
      "New-VM -Name web -Generation 2 -Path D:\\one",
      "Move-VMStorage -VMName web -VirtualMachinePath D:\\snapshots",
    );
    const machines = new Lifecycle("VirtualMachine", simulator);
    const [machine] = (await simulator.world()).nodes[0]?.machines ?? [];
    assert.ok(machine);
    await machines.delete({ id: machine.id, outputs: { name: "web", generation: 2 } });
    assert.ok((await files(simulator)).includes("D:\\snapshots"));
  });

  const places: Record<string, string> = {
    "into a folder of another name": "-DestinationStoragePath D:\\elsewhere",
    "into a folder of its own elsewhere": "-DestinationStoragePath D:\\elsewhere\\web",
    "into the very folder that the program names": "-DestinationStoragePath D:\\one",
    "to the root of a drive": "-DestinationStoragePath D:\\",
    "for its configuration alone": "-VirtualMachinePath D:\\elsewhere",
  };
  for (const [where, destination] of Object.entries(places))
    it(`that an administrator moved ${where} is seen as drift, and goes back where the program says while it runs`, async () => {
      const simulator = await host();
      const machines = new Lifecycle("VirtualMachine", simulator);
      const inputs = { name: "web", path: "D:\\one", state: "Running" };
      const made = await machines.create(inputs);
      await types(simulator, `Move-VMStorage -VMName web ${destination}`);
      const read = await machines.read(made);
      assert.notEqual(read?.inputs.path, "D:\\one");
      const state = { id: made.id, outputs: read?.outputs ?? {} };
      assert.deepEqual(machines.diff(state, inputs), { changes: true, replaces: [], deleteBeforeReplace: true });
      let after = state;
      const done = await machines.changesDuring(async () => (after = await machines.update(state, inputs)));
      assert.deepEqual(
        [...new Set(done)].filter((cmdlet) => cmdlet !== "Remove-Item"),
        ["Move-VMStorage"],
      );
      const [machine] = (await simulator.world()).nodes[0]?.machines ?? [];
      assert.deepEqual(
        [machine?.state, machine?.path, machine?.snapshotFileLocation, machine?.smartPagingFilePath],
        ["Running", ...Array(3).fill("D:\\one\\web")],
      );
      assert.equal(machines.diff(after, inputs).changes, false);
      assert.deepEqual((await machines.read(after))?.inputs, inputs);
    });

  it("keeps its name in a move where the machine's is none that a folder can have", async () => {
    const simulator = await host();
    const machines = new Lifecycle("VirtualMachine", simulator);
    const made = await machines.create({ name: "web", path: "D:\\one" });
    await machines.update(made, { name: "web: the first", path: "D:\\two" });
    assert.equal((await simulator.world()).nodes[0]?.machines[0]?.path, "D:\\two\\web");
  });
});
