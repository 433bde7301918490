import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { type Call, isAssignment, isReference, type Select } from "../../provider/calls";
import { merge } from "../../provider/host/pool/merge";
import type { Session } from "../../provider/host/session/session";
import type { State } from "../../provider/lifecycle/handlers";
import { birthOf, idOf } from "../../provider/resources/definition";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { Simulator } from "../../provider/simulator";
import type { References } from "../../provider/simulator/batch";
import { Lifecycle } from "../lifecycle";
import { isUnbindable } from "../parity/known-differences";
import { powershell, reason } from "../powershell";
import { type Sample, samples, sampleWorld, setupWorld } from "../samples";
import { type BoundCall, show } from "./backend";
import { Lab } from "./lab";

const pairs = Number(process.env.HYPERV_TEST_RUNS ?? 150);

describe(`what the definitions plan binds in PowerShell${reason}`, () => {
  let planned: Planned;
  let lab: Lab;
  let session: Session;
  /** What the engine is answered, call by call, and what it bound. */
  let replies: unknown[][] = [];
  let bound: BoundCall[] = [];

  before(async function () {
    if (powershell === undefined) return this.skip();
    let isGreeted = false;
    lab = await Lab.open({
      intercept: (call) => {
        // the session's own question, as it begins
        if (call.cmdlet === "Get-Cluster" && !isGreeted) {
          isGreeted = true;
          return undefined;
        }
        bound.push(call);
        return { objects: replies.shift() ?? [] };
      },
    });
    session = await lab.session();
    planned = new Planned();
    for (const { kind } of definitions) await livesOf(kind, planned);
    await readsTogether(planned);
  });
  after(() => lab?.close());

  it("every call, to exactly one parameter set", async () => {
    const cmdlets = new Set<string>();
    for (const { call, objects } of planned.calls.values()) {
      const before: Call[] = [...objects.keys()].map((as) => ({ cmdlet: "Get-VM", as }));
      replies = [...objects.values()];
      bound = [];
      const [answers] = await session.run([[...before, call]]);
      const answer = answers?.[before.length];
      if (isUnbindable(call, answer?.error)) continue;
      assert(answer && !answer.error, `${JSON.stringify(call)}\n${JSON.stringify(answers?.at(-1)?.error)}`);
      if (isAssignment(call)) continue;
      cmdlets.add(call.cmdlet);
      assert.equal(bound[before.length]?.cmdlet, call.cmdlet);
      assert.notEqual(bound[before.length]?.set, "");
    }
    assert.deepEqual([...planned.whole], []);
    assert(planned.calls.size > 100, `only ${planned.calls.size} kinds of call`);
    assert(cmdlets.size > 30, `only ${[...cmdlets].join(" ")}`);
  });
});

/** Every property of the kind set, changed, drifted and removed; then two or three of them at once, from any power state. */
async function livesOf(kind: string, planned: Planned): Promise<void> {
  const own = samples.filter((sample) => sample.kind === kind);
  for (const sample of own) await life(kind, planned, [sample], [sample], undefined);
  const some = fc.array(fc.constantFrom(...own), { minLength: 1, maxLength: 3 });
  const states = fc.constantFrom("Running", "Off", "Saved", "Paused", undefined);
  for (const [from, to, state] of fc.sample(fc.tuple(some, some, states), {
    numRuns: pairs / definitions.length,
    seed: 11,
  }))
    await life(kind, planned, from, to, kind === "VirtualMachine" ? state : undefined);
}

/** What is asked of several machines at once. */
async function readsTogether(planned: Planned): Promise<void> {
  const world = Simulator.inMemory(sampleWorld);
  planned.listenTo(world);
  const machines: (readonly Call[])[] = [];
  for (const generation of [1, 2, 2, 1] as const) {
    const name = `m${machines.length}`;
    const made = await world.run("HV01", [
      { cmdlet: "New-VM", parameters: { Name: name, Generation: generation, NoVHD: true }, select: { Id: null } },
    ]);
    const desired = { name, generation } as never;
    machines.push(
      Object.values(
        virtualMachine.read.observe(idOf(birthOf(virtualMachine).identity, made[0] ?? assert.fail(), desired), desired),
      ),
    );
  }
  const [batch = [], ...others] = merge(machines).batches;
  const answers = await world.run("HV01", batch);
  assert(others.length === 0 && batch.length < machines.flat().length && !answers.some(({ error }) => error));
}

type Args = Record<string, unknown>;

async function life(
  kind: string,
  planned: Planned,
  from: Sample[],
  to: Sample[],
  state: string | undefined,
): Promise<void> {
  const name = "it";
  const { schema } = definitions.find((definition) => definition.kind === kind) ?? assert.fail();
  const world = Simulator.inMemory({ ...sampleWorld, seed: "contract" });
  for (const line of new Set([...setupWorld, ...[...from, ...to].flatMap(({ setup }) => setup?.(name) ?? [])]))
    await world.run("HV01", parseLine(line));
  const ids = new Map(
    (await world.world()).nodes.flatMap(({ machines }) => machines.map((machine) => [machine.name, machine.id])),
  );
  const args = (parts: Args[], more: Args = {}) =>
    JSON.parse(
      JSON.stringify(Object.assign({ name }, ...parts, more))
        .replaceAll('"$vm"', `"${ids.get(name)}"`)
        .replaceAll('"$other"', `"${ids.get(`${name}-other`)}"`),
    ) as Args;
  const given = (parts: Args[], more: Args = {}) => {
    const whole = args(parts, more);
    if (!("name" in schema.shape)) delete whole.name;
    return whole;
  };
  planned.listenTo(world);
  const lifecycle = new Lifecycle(kind, world, ["HV01", "HV02"]);
  const allowed: Args = kind === "VirtualMachine" && from !== to ? { allowRestart: true } : {};
  let made: State | undefined = await possible(() =>
    lifecycle.create(
      given(
        from.map((sample) => sample.set(name)),
        { ...allowed, ...(state && { state }) },
      ),
    ),
  );
  if (!made) return;
  for (const sample of from) for (const line of sample.drift?.(name) ?? []) await world.run("HV01", parseLine(line));
  for (const pick of ["changed", "removed"] as const) {
    const before: State = made;
    made =
      (await possible(() =>
        lifecycle.update(
          before,
          given(
            to.map((sample) => sample[pick](name)),
            allowed,
          ),
        ),
      )) ?? made;
  }
  await possible(() => lifecycle.read(made as State));
  await possible(() => lifecycle.delete(made as State));
}

/** Samples that do not go together are refused; what was planned until then counts. */
async function possible<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof TypeError)) return undefined;
    throw error;
  }
}

/** Whether an object is in it of which nothing is selected: of a host it would be all that it refers to. */
function hasWhole(value: unknown, select: Select | null): boolean {
  if (Array.isArray(value)) return value.some((item) => hasWhole(item, select));
  if (typeof value !== "object" || value === null) return false;
  return (
    select === null ||
    Object.entries(value).some(([property, below]) => hasWhole(below, (select[property] as Select | null) ?? null))
  );
}

interface PlannedCall {
  call: Call;
  /** What its references stood for. */
  objects: Map<string, unknown[]>;
}

/** Calls that went to a simulated world, one of each kind, with the objects that they referred to. */
class Planned {
  readonly calls = new Map<string, PlannedCall>();
  /** Those that ask for objects, and for no property of them. */
  readonly whole = new Set<string>();

  listenTo(simulator: Simulator): void {
    const run = simulator.run.bind(simulator);
    simulator.run = async (node, calls, { references = new Map() as References, signal } = {}) => {
      const results = [];
      for (const call of calls) {
        await this.note(simulator, call, references);
        const [answer] = await run(node, [call], { references, signal });
        if (!answer) break;
        results.push(answer);
        if (!isAssignment(call) && hasWhole(answer.values, call.select ?? {})) this.whole.add(JSON.stringify(call));
        if (results.at(-1)?.error) break;
      }
      return results;
    };
  }

  private async note(simulator: Simulator, call: Call, references: References): Promise<void> {
    if (!isAssignment(call) && ["BootOrder", "FirstBootDevice"].some((name) => name in (call.parameters ?? {}))) return; // see the engine's README
    const names = new Set<string>();
    const kind = JSON.stringify(call, (key, value: unknown) => {
      if (isReference(value)) {
        names.add(value.$ref);
        return `${value.$ref}.${value.property}`;
      }
      if (key === "select" || key === "as") return undefined;
      if (typeof value === "string") return /^[A-Za-z-]+$/.test(value) ? value : "text";
      return typeof value === "number" ? 0 : value;
    });
    if (this.calls.has(kind)) return;
    const objects = await simulator.look(
      (world) =>
        new Map([...names].map((name) => [name, (references.get(name) ?? []).map((thing) => show(world, thing, 3))])),
    );
    this.calls.set(kind, { call, objects });
  }
}
