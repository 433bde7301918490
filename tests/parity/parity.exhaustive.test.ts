import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isAssignment } from "../../provider/calls";
import { powershell, reason } from "../powershell";
import { isUnbindable, knownDifferences } from "./known-differences";
import { type Asked, down, readRecord, type Sequence } from "./record";
import { beginning, type Compared, differences, happenAgain, isFaithful, Player, simulated } from "./replay";

const root = resolve(__dirname, "../..");

/** How often each shape is compared, or `all`. */
const wanted = process.env.HYPERV_TEST_PARITY ?? "1";
const times = wanted === "all" ? Number.POSITIVE_INFINITY : Number(wanted);

/** Each half takes about as long; what is left of the unit tests is in the first. */
const second = [
  "every-property",
  "running-machine",
  "creation",
  "machine-on-a-cluster",
  "power",
  "state-of-a-machine",
  "imported",
  "recorded",
];

describe(`what the tests ask of the simulator PowerShell is asked too${reason}`, function () {
  this.timeout(3_600_000);
  let folder: string;
  let sequences: Sequence[];

  before(async function () {
    if (powershell === undefined) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-parity-"));
    const unit = readdirSync(join(root, "tests/unit")).filter((name) => name.endsWith(".test.ts"));
    const isSecond = (name: string) => second.includes(name.replace(".test.ts", ""));
    const path = (name: string) => join("tests/unit", name);
    const halves = [
      unit.filter((name) => !isSecond(name)).map(path),
      [...unit.filter(isSecond).map(path), "tests/host/lifecycle.test.ts"],
    ];
    const records = await Promise.all(halves.map((files, index) => recordOf(files, join(folder, `record-${index}`))));
    sequences = records.flat();
  });
  after(() => folder !== undefined && rmSync(folder, { recursive: true, force: true }));

  it("and gives the same answers, and the same worlds after them", async () => {
    const recorded = batchesIn(sequences);
    const { chosen, shapes } = choose(recorded);
    const parity = new Parity();
    const players = await Promise.all([Player.open(), Player.open()]);
    try {
      const left = [...chosen].sort(([, one], [, other]) => other.size - one.size);
      await Promise.all(
        players.map(async (player) => {
          for (let next = left.shift(); next; next = left.shift()) await parity.replay(next[0], next[1], player);
        }),
      );
    } finally {
      await Promise.all(players.map((player) => player.close()));
    }
    const { compared, answers, unbindable, used, unlike, unfaithful } = parity;
    console.log(
      `      ${recorded.length} batches recorded of ${sequences.length} worlds, ${shapes} shapes of calls and answers;`,
      `${compared} batches with ${answers} answers compared`,
    );
    for (const { why } of knownDifferences) console.log(`      ${used.get(why) ?? 0} times: ${why}`);
    console.log(`      ${unbindable} times: drives and adapters are bound to no boot order`);
    assert.equal(unfaithful, 0, "batches that were answered otherwise when they were recorded");
    assert.deepEqual(unlike.slice(0, 20), [], `${unlike.length} batches differ`);
    assert(recorded.length > 10_000, `only ${recorded.length} batches`);
    assert(shapes > 800 && compared > 600, `only ${shapes} shapes, ${compared} compared`);
    for (const { why } of knownDifferences) assert(used.has(why), `no difference any more: ${why}`);
    assert(unbindable > 0, "boot orders can be bound");
  });
});

interface Batch {
  sequence: Sequence;
  at: number;
  asked: Asked & { shapes: readonly string[] };
}

/** A node that is down has no PowerShell, and what nobody waited for no answer. */
function batchesIn(sequences: readonly Sequence[]): Batch[] {
  return sequences.flatMap((sequence) =>
    sequence.operations.flatMap((asked, at) =>
      asked.kind === "run" && asked.shapes && asked.answer !== down && !sequence.isShared
        ? [{ sequence, at, asked: { ...asked, shapes: asked.shapes } }]
        : [],
    ),
  );
}

/** Of the shortest batches those with a call of a shape that was not compared often enough yet. */
function choose(recorded: readonly Batch[]): { chosen: Map<Sequence, Set<number>>; shapes: number } {
  const counts = new Map<string, number>();
  const chosen = new Map<Sequence, Set<number>>();
  for (const { sequence, at, asked } of [...recorded].sort(
    (one, other) => one.asked.calls.length - other.asked.calls.length,
  )) {
    if (asked.shapes.every((shape) => (counts.get(shape) ?? 0) >= times)) continue;
    for (const shape of asked.shapes) counts.set(shape, (counts.get(shape) ?? 0) + 1);
    chosen.set(sequence, (chosen.get(sequence) ?? new Set()).add(at));
  }
  return { chosen, shapes: counts.size };
}

class Parity {
  compared = 0;
  answers = 0;
  unfaithful = 0;
  unbindable = 0;
  /** How often a known difference was seen. */
  readonly used = new Map<string, number>();
  readonly unlike: unknown[] = [];

  /** A world from its beginning to the last batch that is compared; the others only lead there. */
  async replay(sequence: Sequence, chosen: ReadonlySet<number>, player: Player): Promise<void> {
    const simulator = beginning(sequence);
    for (const [at, operation] of sequence.operations.slice(0, Math.max(...chosen) + 1).entries()) {
      if (operation.kind !== "run")
        await happenAgain(simulator, operation).catch(() => undefined); // it failed then too
      else if (!chosen.has(at)) await simulator.run(operation.node, operation.calls).catch(() => undefined);
      else {
        const before = await simulator.world();
        const answered = await simulated(simulator, operation.node, operation.calls);
        if (!isFaithful(operation, answered)) this.unfaithful += 1;
        const played = await player.run(before, operation.node, operation.calls);
        await this.compare({ calls: operation.calls, before, simulated: answered, played }, operation.node, player);
      }
    }
  }

  private async compare(batch: Compared, node: string | undefined, player: Player): Promise<void> {
    const { calls, before, played } = batch;
    const last = (played.results?.length ?? 0) - 1;
    if (isUnbindable(calls[last], played.results?.[last]?.error)) {
      this.unbindable += 1;
      const bound = withoutCall(calls, last);
      const answered = await simulated(beginning({ start: before }), node, bound);
      const again = await player.run(before, node, bound);
      return this.compare({ calls: bound, before, simulated: answered, played: again }, node, player);
    }
    this.compared += 1;
    this.answers += batch.simulated.results?.length ?? 0;
    const unlike = differences(batch).filter((difference) => {
      const known = knownDifferences.find(({ isThis }) =>
        isThis(difference, calls[Number.parseInt(difference.at, 10)]),
      );
      if (known) this.used.set(known.why, (this.used.get(known.why) ?? 0) + 1);
      return !known;
    });
    if (unlike.length > 0) this.unlike.push({ differs: unlike, calls: calls.map((call) => said(call)) });
  }
}

/** Without a call, and without those that make use of what it answers. */
function withoutCall(calls: Asked["calls"], at: number): Asked["calls"] {
  const lost = new Set<string>();
  return calls.filter((call, index) => {
    const isLost = index === at || [...lost].some((name) => JSON.stringify(call).includes(`"$ref":"${name}"`));
    if (isLost && !isAssignment(call) && call.as !== undefined) lost.add(call.as);
    return !isLost;
  });
}

const said = (call: Asked["calls"][number]): string =>
  isAssignment(call)
    ? `${call.assign} = ${JSON.stringify(call.value)}`
    : `${call.cmdlet} ${JSON.stringify(call.parameters)}`;

/** What tests ask that run in a process of their own. */
async function recordOf(files: readonly string[], file: string): Promise<Sequence[]> {
  const requires = ["ts-node/register/transpile-only", "./tests/parity/record.ts"].flatMap((name) => [
    "--require",
    name,
  ]);
  const runs = process.env.HYPERV_TEST_RUNS ?? (wanted === "all" ? undefined : "60");
  const child = spawn(process.execPath, [require.resolve("mocha/bin/mocha.js"), ...requires, ...files], {
    cwd: root,
    env: { ...process.env, HYPERV_TEST_RECORD: file, ...(runs !== undefined && { HYPERV_TEST_RUNS: runs }) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise((over) => child.on("close", over));
  if (code !== 0) console.log(`      of the tests that were recorded some failed:\n${output.slice(-2000)}`);
  return readRecord(file);
}
