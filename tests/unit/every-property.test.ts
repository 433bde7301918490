import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { fields } from "../../provider/schema";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { type Args, type Sample, samples, sampleWorld, setupWorld } from "../samples";

const name = "it";

const definition = definitions.find(({ kind }) => kind === "VirtualMachine");
const marks = new Map(
  fields(definition?.schema ?? assert.fail()).map(({ path, change }) => [
    path.reduce((text, part) => (part === "[]" ? `${text}[]` : text === "" ? part : `${text}.${part}`), ""),
    change,
  ]),
);

/** The columns of the documentation's table, held against what a running machine of the simulator takes. */
describe("every property of a machine, while it runs", () => {
  for (const sample of samples.filter(({ kind }) => kind === "VirtualMachine")) {
    const change = marks.get(sample.property);
    if (change === "replaces" || change === "policy") continue;
    // the state itself is what it is about
    if (sample.property === "state") continue;
    const how = change === "off" ? "with one restart" : change === "hot" ? "without a restart" : "somehow";
    it(`${sample.property} changes ${how}, drifts and is put back`, async () => {
      const world = await prepared(sample);
      const lifecycle = new Lifecycle("VirtualMachine", world, ["HV01", "HV02"]);
      const running = (args: Args): Args => ({
        name,
        ...disk,
        ...args,
        state: "Running",
        allowRestart: true,
        shutdown,
      });
      const made = await lifecycle.create(running(sample.set(name)));
      assert.deepEqual(lifecycle.diff(made, running(sample.set(name))).changes, false, "after create");

      const calls = await stopsDuring(lifecycle, () => lifecycle.update(made, running(sample.changed(name))));
      if (change) assert.equal(calls.stops, change === "off" ? 1 : 0, calls.cmdlets.join(" "));
      const changed = calls.state;
      assert.deepEqual(lifecycle.diff(changed, running(sample.changed(name))).changes, false, "after the change");

      for (const line of sample.drift?.(name) ?? []) await off(world, line);
      const read = await lifecycle.read(changed);
      if (sample.drift) {
        assert.notDeepEqual(read?.inputs, inputsOf(changed.outputs), "what drifted is seen");
        const back = await lifecycle.update(read ?? assert.fail(), running(sample.changed(name)));
        assert.deepEqual(inputsOf(back.outputs), inputsOf(changed.outputs), "what drifted is put back");
      }
      await lifecycle.delete(changed);
    });
  }
});

/** A guest is up only in a machine that has a disk, and only a guest takes other memory. */
const disk = { hardDiskDrives: [{ path: "D:\\boot.vhdx" }] };
const shutdown = { timeoutSeconds: 10, onTimeout: "TurnOff" };

async function stopsDuring<State>(lifecycle: Lifecycle, work: () => Promise<State>) {
  const before = lifecycle.calls.length;
  const state = await work();
  const done = lifecycle.calls.slice(before).flatMap((call) => ("cmdlet" in call ? [call] : []));
  return {
    state,
    cmdlets: done.map(({ cmdlet }) => cmdlet).filter((cmdlet) => !/^(Get|Test)-/.test(cmdlet)),
    // a guest that does not answer is asked first, as a job, and turned off then: one stop
    stops: done.filter(({ cmdlet, parameters }) => cmdlet === "Stop-VM" && parameters && "AsJob" in parameters).length,
  };
}

/** What a person does who wants it: turns the machine off, types the line, and starts it again. */
async function off(world: Simulator, line: string): Promise<void> {
  const vm = { Name: `${name}*` };
  const runs = async (text: string) => {
    const [result] = await world.run(undefined, parseLine(text));
    return result?.error;
  };
  if ((await runs(line)) === undefined) return;
  await world.run(undefined, [{ cmdlet: "Stop-VM", parameters: { ...vm, TurnOff: true, Force: true } }]);
  assert.equal(await runs(line), undefined);
  await world.run(undefined, [{ cmdlet: "Start-VM", parameters: vm }]);
}

async function prepared(sample: Sample): Promise<Simulator> {
  const world = Simulator.inMemory({ ...sampleWorld, seed: "every property" });
  const boot = "New-VHD -Path D:\\boot.vhdx -SizeBytes 1GB";
  for (const line of [...setupWorld, boot, ...(sample.setup?.(name) ?? [])]) {
    const results = await world.run("HV01", parseLine(line));
    for (const { error } of results) assert.equal(error, undefined, line);
  }
  // an empty image would keep the machine from starting (verified, hyper-v.md 2.7)
  for (const image of ["D:\\a.iso", "D:\\b.iso"]) await world.happen({ touch: image, sizeBytes: 2 ** 20 });
  return world;
}

function inputsOf(bag: Args): Args {
  return Object.fromEntries(
    Object.entries(bag).filter(([key]) => !key.startsWith("__") && !["addresses", "runsOn"].includes(key)),
  );
}

/** Facts of which nobody has a record may be wrong: then the machine refuses what it was thought to take. */
describe("a hot change that the running machine refuses", () => {
  const hot = samples.filter(({ kind, property }) => kind === "VirtualMachine" && marks.get(property) === "hot");
  const ways = [
    { errorId: "InvalidState", category: "InvalidOperation" },
    { errorId: "NotSupported", category: "InvalidOperation" },
    { errorId: "OperationFailed", category: "NotSpecified", message: "(32775)" },
    { errorId: "NobodyKnows", category: "NotSpecified" },
  ];

  for (const [index, sample] of hot.entries()) {
    // a disk that is not exchanged comes beside the old one instead (drives.test.ts)
    if (/^(state|hardDiskDrives\[\]\.(path|diskNumber))$/.test(sample.property)) continue;
    const way = ways[index % ways.length] ?? ways[0];
    it(`${sample.property} (${way?.errorId}) is made with one restart if that is allowed, else refused by its name`, async () => {
      const cmdlet = await firstChange(sample);
      for (const allowRestart of [true, false]) {
        const world = await prepared(sample);
        const lifecycle = new Lifecycle("VirtualMachine", world, ["HV01", "HV02"]);
        const args = (own: Args): Args => ({ name, ...disk, ...own, state: "Running", allowRestart, shutdown });
        const made = await lifecycle.create(args(sample.set(name)));
        await world.order({ cmdlet, times: 1, effect: { kind: "fail", ...way } });
        const update = () => lifecycle.update(made, args(sample.changed(name)));
        if (allowRestart) {
          const { stops, state, cmdlets } = await stopsDuring(lifecycle, update);
          assert.equal(stops, 1, cmdlets.join(" "));
          assert.equal(lifecycle.diff(state, args(sample.changed(name))).changes, false);
          continue;
        }
        const failure = await update().then(
          () => assert.fail("it was not refused"),
          (error: Error) => error.message,
        );
        assert.match(failure, /changes only while the machine is off, and it is Running. Set allowRestart: true/);
        assert.equal((await world.world()).nodes[0]?.machines.find(({ id }) => id === made.id)?.state, "Running");
      }
    });
  }
});

/** The cmdlet that makes the change. */
async function firstChange(sample: Sample): Promise<string> {
  const lifecycle = new Lifecycle("VirtualMachine", await prepared(sample), ["HV01", "HV02"]);
  const args = (own: Args): Args => ({ name, ...disk, ...own, state: "Running", allowRestart: true, shutdown });
  const made = await lifecycle.create(args(sample.set(name)));
  const { cmdlets } = await stopsDuring(lifecycle, () => lifecycle.update(made, args(sample.changed(name))));
  return cmdlets[0] ?? assert.fail(`${sample.property} changes nothing`);
}

/** The column "set by" of the documentation's tables, held against the calls that are made. */
describe("what is said to set a property sets it", () => {
  for (const sample of samples.filter(({ kind }) => kind !== "VirtualMachine")) {
    const { schema } = definitions.find(({ kind }) => kind === sample.kind) ?? assert.fail();
    const field = fields(schema).find(({ path }) => path.join(".").replaceAll(".[]", "[]") === sample.property);
    // which one is meant, and where it is, nothing sets; and what is policy is nothing on the host
    const isPlace = sample.property === "node" || (field?.meant && !field.setter);
    if (field?.change === "policy" || isPlace) continue;
    it(`${sample.kind} ${sample.property}`, async () => {
      const { cmdlet, parameter, assigns } = field?.setter ?? assert.fail("nothing is said to set it");
      const world = await prepared(sample);
      const lifecycle = new Lifecycle(sample.kind, world, ["HV01", "HV02"]);
      const args = await argsIn(world, sample);
      const made = await lifecycle.create(args(sample.set(name)));
      const before = sample.respelt ? 0 : lifecycle.calls.length;
      if (sample.step === "update") await lifecycle.update(made, args(sample.changed(name)));
      else {
        await lifecycle.delete(made);
        await lifecycle.create(args(sample.changed(name)));
      }
      const calls = lifecycle.calls.slice(before);
      const sets = calls.some((call) =>
        "assign" in call
          ? call.assign === assigns
          : assigns === undefined &&
            call.cmdlet === cmdlet &&
            (parameter === undefined || parameter in (call.parameters ?? {})),
      );
      assert(sets, `${JSON.stringify(field?.setter)} is not in ${JSON.stringify(calls)}`);
    });
  }
});

describe("a property that is taken out of the program", () => {
  const steps = { update: "update", replace: "replace", same: "same", left: "update" } as const;
  for (const sample of samples)
    it(`${sample.kind} ${sample.property}: ${sample.removal}`, async () => {
      const world = await prepared(sample);
      const lifecycle = new Lifecycle(sample.kind, world, ["HV01", "HV02"]);
      const args = await argsIn(world, sample);
      const made = await lifecycle.create(args(sample.changed(name)));
      const removed = args(sample.removed(name));
      const { changes, replaces } = lifecycle.diff(made, removed);
      assert.equal(replaces.length > 0 ? "replace" : changes ? "update" : "same", steps[sample.removal]);
      if (replaces.length > 0) return;
      let left = made;
      const calls = await lifecycle.changesDuring(async () => {
        left = await lifecycle.update(made, removed);
      });
      if (sample.removal === "left") assert.deepEqual(calls, []);
      assert.equal(lifecycle.diff(left, removed).changes, false);
      assert.deepEqual((await lifecycle.read(left))?.inputs, removed);
    });
});

/** Arguments of a sample, with its name and the ids of its machines. */
async function argsIn(world: Simulator, { kind }: Sample): Promise<(own: Args) => Args> {
  const { schema, birth } = definitions.find((candidate) => candidate.kind === kind) ?? assert.fail();
  const ids = new Map((await world.world()).nodes.flatMap(({ machines }) => machines).map((vm) => [vm.name, vm.id]));
  return (own) =>
    JSON.parse(
      JSON.stringify({ ...(birth && schema.shape.name?.safeParse(undefined).success === false && { name }), ...own })
        .replaceAll('"$vm"', `"${ids.get(name)}"`)
        .replaceAll('"$other"', `"${ids.get(`${name}-other`)}"`),
    ) as Args;
}
