// Loaded by mocha before the tests: writes down every simulated world that they make and all that is asked of it, in order.
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { type Call, type CallResult, isAssignment } from "../../provider/calls";
import { SimulatedConnectionError, Simulator, type WorldEvent } from "../../provider/simulator";
import { createWorld, type Fault, type World } from "../../provider/simulator/world/world";
import { shapeOf } from "./shape";

/** What was asked of a world, or happened to it. */
export type Operation =
  | Asked
  | { kind: "happen"; event: WorldEvent }
  | { kind: "passes"; seconds: number }
  | { kind: "order"; fault: Partial<Fault> & Pick<Fault, "effect"> }
  | { kind: "clearFaults" }
  | { kind: "look" };

/** A batch, with a mark of its answer and the shapes of its calls, unless nobody heard what became of it. */
export interface Asked {
  kind: "run";
  node: string | undefined;
  calls: readonly Call[];
  answer?: string;
  shapes?: readonly string[];
}

/** A world as it began, and then what happened there. */
export interface Sequence {
  start: World;
  operations: Operation[];
  /** Asked with objects of earlier batches too, which cannot be asked again from the calls alone. */
  isShared: boolean;
}

type Entry = { world: number } & (
  | { start: World }
  | { operation: Operation }
  | { isShared: true }
  | { answered: number; answer: string; shapes: readonly string[] }
);

/** A mark of an answer: a replay must come to the same one. */
export function markOf(results: readonly CallResult[]): string {
  const said = results.map(({ milliseconds: _, ...answer }) => answer);
  return createHash("md5").update(JSON.stringify(said)).digest("base64");
}

/** In an answer's place: a session that was lost, or none that could be opened. */
export const lost = "lost";
export const down = "down";

/** All that was written down, world by world. */
export function readRecord(file: string): Sequence[] {
  const bytes = readFileSync(file);
  const sequences = new Map<number, Sequence>();
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    const entry = deserialize(bytes.subarray(at + 4, end)) as Entry;
    at = end;
    const sequence = sequences.get(entry.world);
    if ("start" in entry) sequences.set(entry.world, { start: entry.start, operations: [], isShared: false });
    else if (!sequence) throw new Error(`Something is asked of world ${entry.world}, which has no beginning.`);
    else if ("operation" in entry) sequence.operations.push(entry.operation);
    else if ("isShared" in entry) sequence.isShared = true;
    else {
      const operation = sequence.operations[entry.answered];
      if (operation?.kind === "run") Object.assign(operation, { answer: entry.answer, shapes: entry.shapes });
    }
  }
  return [...sequences.values()];
}

const cmdletsOf = (calls: readonly Call[]) =>
  [...new Set(calls.map((call) => (isAssignment(call) ? `assign ${call.assign}` : call.cmdlet)))].join(" ");

const file = process.env.HYPERV_TEST_RECORD;
if (file !== undefined) recordTo(openSync(file, "a"));

function recordTo(descriptor: number): void {
  const known = new WeakMap<Simulator, { world: number; operations: number }>();
  let worlds = 0;
  let waiting: Buffer[] = [];
  let bytes = 0;
  const flush = () => {
    for (const part of waiting) writeSync(descriptor, part);
    [waiting, bytes] = [[], 0];
  };
  const write = (entry: Entry) => {
    const body = serialize(entry);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    waiting.push(Buffer.concat([head, body]));
    bytes += body.length;
    if (bytes > 2 ** 22) flush();
  };
  process.on("exit", () => {
    flush();
    closeSync(descriptor);
  });

  const { inMemory } = Simulator;
  Simulator.inMemory = (description) => {
    const start = "schemaVersion" in description ? description : createWorld(description);
    const simulator = inMemory.call(Simulator, start);
    const world = ++worlds;
    known.set(simulator, { world, operations: 0 });
    write({ world, start });
    return simulator;
  };

  // each does its work before it first waits, so that the order of the calls is the order of what they do
  const { prototype } = Simulator;
  const { run, happen, passes, order, clearFaults, look, world: copy } = prototype;
  const note = (simulator: Simulator, operation: Operation): void => {
    const at = known.get(simulator);
    if (!at) return;
    at.operations += 1;
    write({ world: at.world, operation });
  };
  prototype.run = async function (node, calls, options) {
    const at = known.get(this);
    if (!at || options?.references) {
      if (at) write({ world: at.world, isShared: true });
      return run.call(this, node, calls, options);
    }
    const answered = at.operations;
    note(this, { kind: "run", node, calls });
    try {
      const results = await run.call(this, node, calls, options);
      const shapes = results.map((result, index) => shapeOf(calls[index] as Call, result));
      write({ world: at.world, answered, answer: markOf(results), shapes });
      return results;
    } catch (error) {
      if (error instanceof SimulatedConnectionError) {
        const answer = error.code === "ECONNRESET" ? lost : down;
        write({ world: at.world, answered, answer, shapes: [`${answer} ${cmdletsOf(calls)}`] });
      }
      throw error;
    }
  };
  prototype.happen = function (event) {
    note(this, { kind: "happen", event });
    return happen.call(this, event);
  };
  prototype.passes = function (seconds) {
    note(this, { kind: "passes", seconds });
    return passes.call(this, seconds);
  };
  prototype.order = function (fault) {
    note(this, { kind: "order", fault });
    return order.call(this, fault);
  };
  prototype.clearFaults = function () {
    note(this, { kind: "clearFaults" });
    return clearFaults.call(this);
  };
  prototype.look = function <T>(at: (world: World) => T): Promise<T> {
    note(this, { kind: "look" });
    return look.call(this, at) as Promise<T>;
  };
  prototype.world = function () {
    note(this, { kind: "look" });
    return copy.call(this);
  };
}
