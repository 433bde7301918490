import assert from "node:assert/strict";
import fc from "fast-check";
import { definitions } from "../../provider";
import type { Call } from "../../provider/calls";
import type { Hosts } from "../../provider/host/host";
import { DynamicDoor, type DynamicProvider } from "../../provider/lifecycle/dynamic-provider";
import { Handlers } from "../../provider/lifecycle/handlers";
import { answeredIn, isSettled, markOf, observedIn, record } from "../../provider/lifecycle/state/recorded";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const key = "__observed";
const machine = { name: "web", notes: "one", networkAdapters: [{ name: "front" }] };
const lifecycle = () => new Lifecycle("VirtualMachine", Simulator.inMemory({ nodes: [{ name: "HV01" }] }));

async function configured(hosts: Hosts): Promise<DynamicProvider> {
  const door = new DynamicDoor(definitions, () => hosts).get("VirtualMachine");
  const settings: Record<string, string> = { "hyperv:transport": "simulator", "hyperv:simulator": "world.json" };
  await door.configure({ config: { get: (name) => settings[name] } });
  return door;
}

describe("what a state records of what was observed", () => {
  it("comes back as it was, without what has no value", () =>
    assert.deepEqual(
      observedIn("x", {
        [key]: record("x", { b: "日本 ä", a: [1, { c: null, d: undefined }] }, { settled: false }, {}),
      }),
      {
        a: [1, { c: null }],
        b: "日本 ä",
      },
    ));

  it("comes back as it was whatever the id is, and says the id of the state that it is in", () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom("a", "A", "\\", '"', "ß", "ı", "C:\\new.vhdx", "\u0001", "é\u0001\u0002", "12"),
    );
    const ofId = (id: string) => [id, id.toUpperCase(), id.toLowerCase(), `${id}${id}`, `C:\n${id}\\n`];
    fc.assert(
      fc.property(
        text.filter((id) => id !== ""),
        fc.array(text),
        (id, texts) => {
          const observed = [...texts, ...ofId(id)];
          assert.deepEqual(observedIn(id, { [key]: record(id, observed, { settled: false }, {}) }), observed);
        },
      ),
    );
    const packed = record("web1", { id: "web1", device: "X:WEB1" }, { settled: false }, {});
    assert.deepEqual(observedIn("sql22", { [key]: packed }), { id: "sql22", device: "X:SQL22" });
  });

  it("is short for a usual machine", async () => {
    const { outputs } = await lifecycle().create(machine);
    assert(String(outputs[key]).length < 300, `${outputs[key]}`);
  });

  it("stays the same text where nothing else is observed, whatever packed it", () => {
    const olds = { [key]: record("x", { a: 1, b: 2 }, { settled: true }, {}) };
    assert.equal(record("x", { b: 2, a: 1 }, { settled: true }, olds), olds[key]);
    assert.notEqual(record("x", { b: 2, a: 1 }, { settled: false }, olds), olds[key]);
    assert.notEqual(record("x", { a: 2, b: 2 }, { settled: true }, olds), olds[key]);
  });

  for (const text of ["", "x", "0 - !", "99 - S0ksAQA=", `0 - ${Buffer.from("no").toString("base64")}`])
    it(`cannot be read from ${JSON.stringify(text)}, so that the host is asked`, async () => {
      assert.equal(observedIn("x", { [key]: text }), undefined);
      const hosted = lifecycle();
      const made = await hosted.create(machine);
      const damaged = { ...made, outputs: { ...made.outputs, [key]: text } };
      assert.equal(hosted.diff(damaged, machine).changes, true);
      assert.deepEqual((await hosted.read(damaged))?.outputs, made.outputs);
      assert.deepEqual(await hosted.changesDuring(() => hosted.update(damaged, machine)), []);
    });

  it("says that there is nothing to do, until the program says something else", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(machine);
    assert(isSettled(made.outputs));
    assert.equal(hosted.diff(made, machine).changes, false);
    assert.equal(hosted.diff(made, { ...machine, notes: "two" }).changes, true);
  });

  it("says nothing of what was half made, or what another release found", async () => {
    const hosted = lifecycle();
    await hosted.simulator.order({ cmdlet: "Set-VM", effect: { kind: "fail" } });
    const half = await hosted
      .create(machine)
      .catch((failure: { id: string; outputs: Record<string, unknown> }) => failure);
    assert.notEqual(observedIn(half.id, half.outputs), undefined);
    assert(!isSettled(half.outputs));
    assert.equal(hosted.diff(half, machine).changes, true);
    const made = await hosted.update(half, machine);
    const older = {
      ...made,
      outputs: { ...made.outputs, [key]: String(made.outputs[key]).replace(/ \S+ /, " 0.0.0 ") },
    };
    assert(!isSettled(older.outputs));
    assert.equal(hosted.diff(older, machine).changes, false);
    assert.equal(hosted.diff(older, { ...machine, notes: "two" }).changes, true);
    assert.deepEqual(observedIn(made.id, older.outputs), observedIn(made.id, made.outputs));
  });

  it("marks the answers that told it, so that the same ones need not be read", async () => {
    assert.equal(markOf([{ a: 1, b: [2, "c"] }]), markOf([{ a: 1, b: [2, "c"] }]));
    assert.notEqual(markOf([{ a: 1, b: [2, "c"] }]), markOf([{ a: 1, b: ["c", 2] }]));
    const hosted = lifecycle();
    const made = await hosted.create(machine);
    assert.match(answeredIn(made.outputs) ?? "", /^[\w+/]{16}$/);
    const definition = definitions.find(({ kind }) => kind === "VirtualMachine") ?? assert.fail();
    const unread = new Handlers({
      ...definition,
      read: { ...definition.read, parse: () => assert.fail("it was read") },
    });
    assert.deepEqual(await unread.read(made.id, made.outputs, hosted.surroundings), {
      ...made,
      inputs: machine,
      isAsRecorded: true,
    });
  });

  it("has no mark where one batch of answers did not tell all", async () => {
    const hosted = lifecycle();
    const path = "C:\\web.vhdx";
    const run = (cmdlet: string, parameters: Record<string, unknown>) =>
      hosted.simulator.run(undefined, [{ cmdlet, parameters } as Call]);
    await run("New-VHD", { Path: path, SizeBytes: 2 ** 30 });
    const made = await hosted.create({ ...machine, hardDiskDrives: [{ path }] });
    await run("Checkpoint-VM", { Name: "web" });
    // the file that is open now is a checkpoint's: what it stands on is asked for
    const read = (await hosted.read(made)) ?? assert.fail();
    assert(isSettled(read.outputs));
    assert.equal(answeredIn(read.outputs), undefined);
    await run("Remove-VMSnapshot", { VMName: "web", Confirm: false });
    const again = (await hosted.read(read)) ?? assert.fail();
    assert.equal(answeredIn(again.outputs), answeredIn(made.outputs));
  });

  it("is what is there after a read, also where that is not what the program says", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(machine);
    assert.deepEqual(await hosted.read(made), { ...made, inputs: machine, isAsRecorded: true });
    const byHand = { cmdlet: "Set-VM", parameters: { Name: "web", Notes: "by hand" } } as const;
    await hosted.simulator.run(undefined, [byHand]);
    const read = (await hosted.read(made)) ?? assert.fail();
    assert.equal(read.inputs.notes, "by hand");
    assert(isSettled(read.outputs));
    assert.equal(hosted.diff(read, machine).changes, true);
    assert.equal(hosted.diff(read, { ...machine, notes: "by hand" }).changes, false);
  });

  it("is told to the engine without inputs where nothing has happened: those of the program stay as they are", async () => {
    const { simulator } = lifecycle();
    const door = await configured(connectSimulated(simulator));
    const { inputs } = await door.check({}, machine);
    const { id, outs } = await door.create(inputs);
    assert.deepEqual(await door.read(id, outs), { id, props: outs });
    await simulator.run(undefined, [{ cmdlet: "Set-VM", parameters: { Name: "web", Notes: "by hand" } }]);
    const read = await door.read(id, outs);
    assert.equal(read.inputs?.notes, "by hand");
    assert.equal(read.props?.notes, "by hand");
  });

  it("is not what a run that broke off elsewhere hands back beside new inputs", async () => {
    const { simulator } = lifecycle();
    const hosts = connectSimulated(simulator);
    const run = hosts.run.bind(hosts);
    const door = await configured(hosts);
    const { inputs } = await door.check({}, machine);
    const { id, outs } = await door.create(inputs);
    // what the engine cannot store fails behind everything that keeps what is known
    hosts.run = async (...asked) => {
      const ran = await run(...asked);
      return { ...ran, results: JSON.parse(JSON.stringify(ran.results).replace('"Buffer":20', `"Buffer":${2 ** 60}`)) };
    };
    const broken = await door.update(id, outs, { ...inputs, notes: "two" }).then(
      () => assert.fail(),
      (failure: { properties: Record<string, unknown> }) => failure.properties,
    );
    assert(!(key in broken));
    assert.equal((await door.diff(id, broken, { ...inputs, notes: "two" })).changes, true);
  });
});
