import {
  type Call,
  type CallError,
  type CallResult,
  isAssignment,
  isReference,
  type Reference,
  type Select,
} from "../calls";
import { settle } from "./cluster/failover";
import { bind } from "./engine/binder";
import { Running } from "./engine/cmdlet";
import { CallFailure, failure, notPlayed } from "./engine/failure";
import { latencyOf } from "./engine/latency";
import { Thing } from "./engine/thing";
import { replicate } from "./machine/replication-follow";
import { assignments, cmdlets, refuses, warnings as warningsOf } from "./nouns";
import type { Fault, Node, World } from "./world/world";

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

interface Outcome {
  results: CallResult[];
  lost?: SimulatedConnectionError;
}

/** One batch on one node: what is ordered to go wrong, then call by call until the first error. */
export class Batch {
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
    if (replicate(this.world)) this.changed = true;
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
      warnings.push(...warningsOf(this.world, bound));
      refuses(this.world, node, bound);
      const cmdlet = cmdlets[bound.cmdlet];
      if (!cmdlet) throw failure(bound.cmdlet, notPlayed, `The simulator does not play ${bound.cmdlet}.`);
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
    const values = property === undefined ? objects : property.split(".").reduce(this.properties, objects);
    if (!where) return values;
    return values.filter((value) =>
      Object.entries(where).every(([path, wanted]) => {
        const [is] = path.split(".").reduce(this.properties, [value]);
        // what an object is as a text is its class's business
        return !(is instanceof Thing) && String(is).toLowerCase() === String(wanted).toLowerCase();
      }),
    );
  }

  private readonly properties = (objects: readonly unknown[], property: string): readonly unknown[] =>
    objects.flatMap((object) => {
      const value = object instanceof Thing ? object.read(this.world, property) : null;
      return Array.isArray(value) ? value : [value];
    });

  private project(value: unknown, select: Select | null): unknown {
    if (Array.isArray(value)) return value.map((item) => this.project(item, select));
    if (!(value instanceof Thing)) return value ?? null;
    const read = value.reader(this.world);
    const shown: Record<string, unknown> = {};
    for (const property in select) {
      const is = read(property);
      shown[property] = isPlain(is) ? is : this.project(is, select[property] ?? null);
    }
    return shown;
  }
}

/** What is shown as it is. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function lostAt({ name }: Node): SimulatedConnectionError {
  return new SimulatedConnectionError(`the session to ${name} was lost`, "ECONNRESET");
}

export function readOnly(cmdlet: string): boolean {
  return /^(Get|Test|Wait|Measure)-/.test(cmdlet);
}

function failed(cmdlet: string, fault: Extract<Fault["effect"], { kind: "fail" }>): CallResult {
  const error: CallError = failure(
    cmdlet,
    { errorId: fault.errorId ?? "OperationFailed", category: fault.category ?? "NotSpecified" },
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
