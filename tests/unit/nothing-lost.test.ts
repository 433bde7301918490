import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import type { Simulator } from "../../provider/simulator";
import { booting, type Inputs, isos, paths, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

const running = {
  name: "web",
  state: "Running",
  allowRestart: true,
  shutdown: { timeoutSeconds: 10, onTimeout: "TurnOff" },
};

async function run(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const results = await simulator.run("HV01", parseLine(line));
    assert.deepEqual(
      results.flatMap(({ error }) => error?.message ?? []),
      [],
      line,
    );
  }
}

async function machineOf(simulator: Simulator, id: string) {
  const [node] = (await simulator.world()).nodes;
  return node?.machines.find((machine) => machine.id === id) ?? assert.fail();
}

type Machine = Awaited<ReturnType<typeof machineOf>>;

const discs = ({ drives }: Machine) =>
  drives.filter(({ kind }) => kind === "Dvd").map(({ path, controllerLocation }) => `${controllerLocation} ${path}`);

/** An update that must fail: what it did, what it said, and the machine before and after it. */
async function failing(inputs: Inputs, wanted: Inputs, ...lines: string[]) {
  const simulator = await world();
  const lifecycle = new Lifecycle("VirtualMachine", simulator);
  const state = await lifecycle.create(inputs);
  await run(simulator, ...lines);
  const before = await machineOf(simulator, state.id);
  let said = "";
  const changes = await lifecycle.changesDuring(() =>
    lifecycle.update(state, wanted).then(
      () => assert.fail("it did not fail"),
      (error: unknown) => {
        if (!(error instanceof PartialFailure)) throw error;
        said = error.message;
      },
    ),
  );
  return { said, changes, before, after: await machineOf(simulator, state.id) };
}

describe("a disc that does not exist", () => {
  const missing = /could not find D:\\none\.iso: dvdDrives\[0\]\.path names D:\\none\.iso, which does not exist/;
  const none = { path: "D:\\none.iso" };
  const one = { path: "D:\\one.iso" };

  it("leaves the disc that is in the drive", async () => {
    const drives = (drive: Inputs) => ({ ...running, dvdDrives: [drive] });
    const { said, before, after } = await failing(drives(one), drives(none));
    assert.match(said, /could not put D:\\none\.iso into the DVD drive/);
    assert.deepEqual(after, before);
  });

  it("leaves it, and the machine its power, where the drive moves too", async () => {
    const drives = (drive: Inputs, controllerLocation: number) => ({
      ...running,
      dvdDrives: [{ ...drive, controllerNumber: 0, controllerLocation }],
    });
    const { said, changes, before, after } = await failing(drives(one, 3), drives(none, 4));
    assert.match(said, missing);
    assert.deepEqual(changes, []);
    assert.deepEqual(discs(after), ["3 D:\\one.iso"]);
    assert.deepEqual(after, before);
  });

  it("leaves a disk that is to go in the same run", async () => {
    const disks = (...all: string[]) => ({ hardDiskDrives: all.map((path) => ({ path })) });
    const { said, changes } = await failing(
      { ...running, ...disks("D:\\a.vhdx", "D:\\b.vhdx"), dvdDrives: [one] },
      { ...running, ...disks("D:\\a.vhdx"), dvdDrives: [none] },
    );
    assert.match(said, missing);
    assert.deepEqual(changes, []);
  });
});

describe("a virtual switch that does not exist", () => {
  const typo = { switchName: "typo" };
  const advice =
    /networkAdapters\["\w+"\]\.switchName names the virtual switch "typo", which .* does not have\. Create it first/;
  const shown = ({ adapters, state }: Machine) => [state, ...adapters.map(({ name, switchId }) => [name, switchId])];

  it("leaves the adapter connected to the old one", async () => {
    const { said, before, after } = await failing(
      { ...running, networkAdapters: [{ name: "front", switchName: "lan" }] },
      { ...running, networkAdapters: [{ name: "front", ...typo }] },
    );
    assert.match(said, advice);
    assert.deepEqual(after, before);
  });

  it("leaves it also where it gets another name and VLAN with it", async () => {
    const { said, before, after } = await failing(
      { ...running, networkAdapters: [{ name: "front", switchName: "lan" }] },
      { ...running, networkAdapters: [{ name: "back", vlan: 5, ...typo }] },
    );
    assert.match(said, advice);
    assert.deepEqual(
      after.adapters.map(({ id, switchId, vlan }) => [id, switchId, vlan]),
      before.adapters.map(({ id, switchId, vlan }) => [id, switchId, vlan]),
    );
  });

  it("costs no adapter that another kind is to replace, and no restart", async () => {
    const { said, changes, before, after } = await failing(
      { ...running, generation: 1, networkAdapters: [{ name: "front", switchName: "lan" }] },
      { ...running, generation: 1, networkAdapters: [{ name: "front", isLegacy: true, ...typo }] },
    );
    assert.match(said, advice);
    assert.deepEqual(changes, []);
    assert.deepEqual(shown(after), shown(before));
  });

  it("adds no adapter", async () => {
    const { said, changes, before, after } = await failing(
      { ...running, networkAdapters: [{ name: "front", switchName: "lan" }] },
      {
        ...running,
        networkAdapters: [
          { name: "front", switchName: "lan" },
          { name: "back", ...typo },
        ],
      },
    );
    assert.match(said, advice);
    assert.deepEqual(changes, []);
    assert.deepEqual(after, before);
  });
});

describe("an adapter of the other kind", () => {
  it("is there before the one that it replaces goes", async () => {
    const simulator = await world();
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    const adapter = { name: "front", switchName: "lan", macAddress: "00155D010203" };
    const state = await lifecycle.create({ ...running, generation: 1, networkAdapters: [adapter] });
    const wanted = { ...running, generation: 1, networkAdapters: [{ ...adapter, isLegacy: true }] };
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, wanted));
    assert.deepEqual(
      changes.filter((name) => name.endsWith("VMNetworkAdapter")),
      ["Add-VMNetworkAdapter", "Connect-VMNetworkAdapter", "Remove-VMNetworkAdapter"],
    );
    assert.deepEqual(
      (await machineOf(simulator, state.id)).adapters.map(({ name, isLegacy }) => [name, isLegacy]),
      [["front", true]],
    );
  });
});

/** How many runs of a property; each starts several machines. */
const runs = Math.ceil(Number(process.env.HYPERV_TEST_RUNS ?? 400) / 4);

describe("an update of a machine whose new disks or discs cannot be had", function () {
  this.timeout(600_000 + runs * 500);

  const pair = fc.constantFrom(1, 2).chain((generation) =>
    fc.record({
      a: booting(generation),
      b: booting(generation),
      gone: fc.subarray([...paths, ...isos], { minLength: 1 }),
      used: fc.option(fc.constantFrom(...paths), { nil: undefined }),
      state: fc.constantFrom("Running", "Off"),
    }),
  );

  it("takes no disk, no disc and no connected adapter, and leaves the machine in its power state", async () => {
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(pair, async ({ a, b, gone, used, state }) => {
        const simulator = await world();
        const lifecycle = new Lifecycle("VirtualMachine", simulator);
        const made = await lifecycle.create({ ...a, state, automaticCheckpointsEnabled: false });
        const before = await machineOf(simulator, made.id);
        const own = before.drives.flatMap(({ path }) => path ?? []);
        for (const path of gone) if (!own.includes(path)) await run(simulator, `Remove-Item -LiteralPath ${path}`);
        if (used !== undefined && !own.includes(used) && !gone.includes(used)) {
          await run(simulator, `Add-VMHardDiskDrive -VMName web2 -Path ${used}`, "Start-VM -Name web2");
        }
        const wanted = { ...b, state };
        const comes = comingFiles(wanted).filter((path) => !own.includes(path));
        const cannot = comes.filter((path) => gone.includes(path) || path === used);
        const outcome = lifecycle.update(made, wanted);
        if (cannot.length === 0) {
          await outcome;
          return;
        }
        failed += 1;
        await assert.rejects(outcome, PartialFailure);
        const after = await machineOf(simulator, made.id);
        assert.equal(after.state, before.state);
        assert.deepEqual(missing(before, after), [], `without ${cannot.join()}`);
      }),
      { numRuns: runs, seed: 7 },
    );
    assert.ok(failed > runs / 4, `only ${failed} of ${runs} failed`);
  });
});

function comingFiles({ hardDiskDrives = [], dvdDrives = [] }: Inputs): string[] {
  return [...(hardDiskDrives as Inputs[]), ...(dvdDrives as Inputs[])].flatMap(({ path }) =>
    path === undefined ? [] : [String(path)],
  );
}

/** What the machine had and has no more. */
function missing(before: Machine, after: Machine): string[] {
  const media = ({ drives }: Machine) => drives.flatMap(({ path }) => path ?? []);
  // one that is connected to nothing is no loss
  const adapters = (machine: Machine) => machine.adapters.flatMap(({ id, switchId }) => (switchId === null ? [] : id));
  return [
    ...media(before).filter((path) => !media(after).includes(path)),
    ...adapters(before).filter((id) => !adapters(after).includes(id)),
  ];
}
