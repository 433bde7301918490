import { setTimeout as sleep } from "node:timers/promises";
import {
  type Call,
  type CallError,
  type CallResult,
  type Endpoint,
  isAssignment,
  isReference,
  type Reference,
  type Select,
} from "../calls";
import { settle } from "./cluster/failover";
import { bind } from "./engine/binder";
import { Running } from "./engine/cmdlet";
import { CallFailure, failure } from "./engine/failure";
import { latencyOf } from "./engine/latency";
import { Thing } from "./engine/thing";
import { happen, listens, pass, type WorldEvent } from "./events";
import { assignments, cmdlets, refuses } from "./nouns";
import { type Again, FileStore, MemoryStore, type Store } from "./world/store";
import { createWorld, type Fault, type Node, type World, type WorldDescription } from "./world/world";

/** Results of calls by their `as`; a batch has its own, unless the caller keeps one for longer. */
export type References = Map<string, readonly unknown[]>;

/** A session to a node that could not be opened (`EHOSTUNREACH`) or was lost on the way (`ECONNRESET`). */
export class SimulatedConnectionError extends Error {
  constructor(
    message: string,
    readonly code: "EHOSTUNREACH" | "ECONNRESET",
  ) {
    super(message);
    this.name = "SimulatedConnectionError";
  }
}

/** A stateful Hyper-V at cmdlet level: takes the batches that a host takes and answers as a host does. */
export class Simulator {
  private constructor(private readonly store: Store) {}

  /** A world in memory, for tests. */
  static inMemory(description: WorldDescription | World): Simulator {
    return new Simulator(new MemoryStore("schemaVersion" in description ? description : createWorld(description)));
  }

  /** A world in a file, shared with every process that opens it. */
  static open(path: string): Simulator {
    return new Simulator(new FileStore(path, replay));
  }

  /** Runs a batch on a node, the first one without a name, in order, until the first error. */
  async run(
    nodeName: string | undefined,
    calls: readonly Call[],
    options: { references?: References; signal?: AbortSignal; timeoutMilliseconds?: number } = {},
  ): Promise<CallResult[]> {
    const reads = calls.every((call) => !isAssignment(call) && readOnly(call.cmdlet));
    // what refers to objects of an earlier batch cannot be repeated from the calls alone
    const again: Asked | undefined = options.references ? undefined : { node: nodeName, calls };
    const { results, lost } = await this.store[reads ? "read" : "transact"]((world) => {
      const batch = new Batch(world, nodeName, options.references ?? new Map());
      const outcome = batch.run(calls);
      return { result: outcome, changed: batch.changed };
    }, again);
    const late = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const { timeoutMilliseconds, signal } = options;
    if (late > 0)
      await sleep(late, undefined, {
        signal: timeoutMilliseconds === undefined ? signal : AbortSignal.timeout(timeoutMilliseconds),
      });
    if (lost) throw lost;
    return results;
  }

  /** Something that happens outside: a node dies, a file appears, a guest's services come up. */
  async happen(event: WorldEvent): Promise<void> {
    await this.store.transact((world) => ({ result: happen(world, event), changed: true }));
  }

  /** Lets time pass without costing any. */
  async passes(seconds: number): Promise<void> {
    const busy = await this.store.read(({ nodes }) => ({
      result: nodes.some(({ machines }) => machines.some(({ underWay }) => underWay)),
      changed: false,
    }));
    if (busy) await this.store.transact((world) => ({ result: undefined, changed: pass(world, seconds) }));
  }

  /** Whether a guest accepts connections there. */
  async listens(endpoint: Endpoint): Promise<boolean> {
    return this.store.read((world) => ({ result: listens(world, endpoint), changed: false }));
  }

  /** Orders something that goes wrong. */
  async order(fault: Partial<Fault> & Pick<Fault, "effect">): Promise<void> {
    await this.store.transact((world) => {
      world.faults.push({ after: 0, times: 1, ...fault });
      return { result: undefined, changed: true };
    });
  }

  async clearFaults(): Promise<void> {
    await this.store.transact((world) => {
      world.faults = [];
      return { result: undefined, changed: true };
    });
  }

  /** One look at everything there is, without a copy; nothing may be changed or kept. */
  async look<T>(at: (world: World) => T): Promise<T> {
    return this.store.transact((world) => seen(world, at));
  }

  /** A copy of everything there is. */
  async world(): Promise<World> {
    return this.store.read((world) => seen(world, structuredClone<World>));
  }

  /** Nothing more comes for now: a world in a file is that one file again. */
  close(): Promise<void> {
    return this.store.close();
  }
}

/** The world in a file. Says what is wrong with a file that holds none, and leaves it as it is. */
export function readWorld(path: string): World {
  return new FileStore(path, replay).world();
}

/** A batch as the file of a world's changes holds it. */
interface Asked {
  node: string | undefined;
  calls: readonly Call[];
}

function replay(world: World, again: Again): void {
  const { node, calls } = again as Asked;
  const batch = new Batch(world, node, new Map());
  try {
    batch.run(calls);
  } catch {
    // it failed in the same way, after the same changes, when it was asked for
  }
}

/** Whoever looks sees what a cluster has done by then about a node that died. */
function seen<T>(world: World, at: (world: World) => T): { result: T; changed: boolean } {
  const changed = settle(world);
  return { result: at(world), changed };
}

interface Outcome {
  results: CallResult[];
  lost?: SimulatedConnectionError;
}

class Batch {
  changed = false;

  private readonly nodeName: string;

  constructor(
    private readonly world: World,
    nodeName: string | undefined,
    private readonly references: References,
  ) {
    this.nodeName = nodeName ?? world.nodes[0]?.name ?? "";
  }

  run(calls: readonly Call[]): Outcome {
    const results: CallResult[] = [];
    if (settle(this.world)) this.changed = true;
    const node = this.world.nodes.find(({ name }) => name.toLowerCase() === this.nodeName.toLowerCase());
    if (!node?.up)
      return { results, lost: new SimulatedConnectionError(`${this.nodeName} does not answer`, "EHOSTUNREACH") };
    for (const call of calls) {
      const fault = this.takeFault(node, isAssignment(call) ? "" : call.cmdlet);
      if (fault?.kind === "drop" && !fault.effectDone) return { results, lost: lostAt(node) };
      const answer =
        fault?.kind === "fail" ? failed(isAssignment(call) ? "" : call.cmdlet, fault) : this.one(node, call);
      if (fault?.kind === "late") answer.milliseconds += fault.milliseconds;
      if (fault?.kind === "drop") return { results, lost: lostAt(node) };
      results.push(answer);
      if (answer.error) break;
    }
    return { results };
  }

  private takeFault(node: Node, cmdlet: string): Fault["effect"] | undefined {
    let taken: Fault["effect"] | undefined;
    for (const fault of this.world.faults) {
      if (fault.times <= 0) continue;
      if (fault.on && fault.on.toLowerCase() !== node.name.toLowerCase()) continue;
      if (fault.cmdlet && fault.cmdlet.toLowerCase() !== cmdlet.toLowerCase()) continue;
      this.changed = true;
      if (fault.after > 0) fault.after -= 1;
      else if (!taken) {
        fault.times -= 1;
        taken = fault.effect;
      }
    }
    return taken;
  }

  private one(node: Node, call: Call): CallResult {
    const warnings: string[] = [];
    try {
      if (isAssignment(call)) {
        this.assign(node, call);
        return { values: [], warnings, milliseconds: latencyOf(this.world.latency, "") };
      }
      const bound = bind(call.cmdlet, this.resolve(call.parameters ?? {}) as Record<string, unknown>);
      refuses(this.world, node, bound);
      const cmdlet = cmdlets[bound.cmdlet];
      if (!cmdlet)
        throw failure(bound.cmdlet, "NotSupported", "NotImplemented", `The simulator does not play ${bound.cmdlet}.`);
      const running = new Running(this.world, node, bound);
      if (!readOnly(bound.cmdlet)) this.changed = true;
      const values = bound.whatIf ? [] : (cmdlet(running) ?? []);
      warnings.push(...running.warnings);
      if (call.as) this.references.set(call.as, values);
      return {
        // a host behind the agent gives nothing either where nothing is selected
        values: call.select ? values.map((value) => this.project(value, call.select ?? null)) : [],
        warnings,
        milliseconds: latencyOf(this.world.latency, bound.cmdlet),
      };
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      const cmdlet = isAssignment(call) ? "" : call.cmdlet;
      return { values: [], warnings, error: error.error, milliseconds: latencyOf(this.world.latency, cmdlet) };
    }
  }

  private assign(node: Node, call: Extract<Call, { assign: string }>): void {
    this.changed = true;
    for (const target of this.referred(call.target)) {
      const assign = target instanceof Thing ? assignments[target.type] : undefined;
      if (!assign || !(target instanceof Thing)) throw notAssignable(call.assign);
      assign({ world: this.world, node, target, property: call.assign, value: this.resolve(call.value) });
    }
  }

  /** Puts the objects in place of references; a reference to several inside a list is several elements. */
  private resolve(value: unknown): unknown {
    if (isReference(value)) {
      const objects = this.referred(value);
      return objects.length === 1 ? objects[0] : objects;
    }
    if (value instanceof Thing) return value;
    if (Array.isArray(value))
      return value.flatMap((item) => (isReference(item) ? this.referred(item) : [this.resolve(item)]));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
    return value;
  }

  private referred({ $ref, property, where }: Reference): readonly unknown[] {
    const objects = this.references.get($ref);
    if (!objects) throw new Error(`The batch refers to "${$ref}", which no earlier call returned.`);
    const values =
      property === undefined
        ? objects
        : objects.flatMap((object) => {
            const value = object instanceof Thing ? object.read(this.world, property) : null;
            return Array.isArray(value) ? value : [value];
          });
    if (!where) return values;
    return values.filter(
      (value) =>
        value instanceof Thing &&
        Object.entries(where).every(
          ([name, wanted]) => String(value.read(this.world, name)).toLowerCase() === String(wanted).toLowerCase(),
        ),
    );
  }

  private project(value: unknown, select: Select | null): unknown {
    if (Array.isArray(value)) return value.map((item) => this.project(item, select));
    if (!(value instanceof Thing)) return value ?? null;
    const read = value.reader(this.world);
    const shown: Record<string, unknown> = {};
    for (const [property, below] of Object.entries(select ?? {})) shown[property] = this.project(read(property), below);
    return shown;
  }
}

function lostAt({ name }: Node): SimulatedConnectionError {
  return new SimulatedConnectionError(`the session to ${name} was lost`, "ECONNRESET");
}

function readOnly(cmdlet: string): boolean {
  return /^(Get|Test|Wait|Measure)-/.test(cmdlet);
}

function failed(cmdlet: string, fault: Extract<Fault["effect"], { kind: "fail" }>): CallResult {
  const error: CallError = failure(
    cmdlet,
    fault.errorId ?? "OperationFailed",
    fault.category ?? "NotSpecified",
    fault.message ?? "The operation failed. (An ordered fault.)",
    { hresult: fault.hresult },
  ).error;
  return { values: [], warnings: [], error, milliseconds: 0 };
}

function notAssignable(property: string): CallFailure {
  return new CallFailure({
    id: "PropertyNotFound",
    category: "InvalidOperation",
    exception: "System.Management.Automation.RuntimeException",
    message: `The property '${property}' cannot be found on this object.`,
  });
}
