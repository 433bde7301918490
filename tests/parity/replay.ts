import { isDeepStrictEqual } from "node:util";
import type { Call, CallResult } from "../../provider/calls";
import { moduleOf } from "../../provider/calls/cmdlets.generated";
import { UnreachableError } from "../../provider/host/errors";
import type { Session } from "../../provider/host/session/session";
import { SimulatedConnectionError, Simulator } from "../../provider/simulator";
import { reference } from "../../provider/simulator/engine/reference";
import type { World } from "../../provider/simulator/world/world";
import { Lab } from "../host/lab";
import { type Asked, lost, markOf, type Operation, type Sequence } from "./record";

/** What a batch was answered, and the world after it. */
export interface Answered {
  /** Undefined where the session was lost. */
  results: readonly CallResult[] | undefined;
  world: World;
}

/** A batch that was asked on both sides, of the same world. */
export interface Compared {
  calls: readonly Call[];
  before: World;
  simulated: Answered;
  played: Answered;
}

/** Runs a batch on the simulator itself. */
export async function simulated(simulator: Simulator, node: string | undefined, calls: readonly Call[]) {
  let results: readonly CallResult[] | undefined;
  try {
    results = await simulator.run(node, calls);
  } catch (error) {
    if (!(error instanceof SimulatedConnectionError)) throw error;
  }
  return { results, world: await simulator.world() };
}

const everyCmdlet = Object.fromEntries(Object.entries(reference.cmdlets).map(([name, { module }]) => [name, module]));

/** One PowerShell after the other that plays whatever world a batch is for. */
export class Player {
  private session: Session | undefined;
  sessions = 0;

  private constructor(private readonly lab: Lab) {}

  static async open(): Promise<Player> {
    const player = new Player(await Lab.open({ live: true }));
    await player.ready();
    return player;
  }

  async run(world: World, node: string | undefined, calls: readonly Call[]): Promise<Answered> {
    const simulator = Simulator.inMemory(structuredClone(world));
    const session = await this.ready();
    this.lab.backend.play(simulator, node ?? world.nodes[0]?.name ?? "");
    this.lab.backend.needed = propertiesIn(calls);
    let results: readonly CallResult[] | undefined;
    try {
      [results] = await session.run([calls]);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      this.session = undefined;
    }
    return { results, world: await simulator.world() };
  }

  private async ready(): Promise<Session> {
    if (this.session?.over === undefined && this.session) return this.session;
    this.sessions += 1;
    // what a world has in store for its sessions is not for one that is to start
    this.lab.backend.play(Simulator.inMemory({ nodes: [{ name: "HV01" }] }), "HV01");
    this.session = await this.lab.session({ cmdlets: { ...moduleOf, ...everyCmdlet } });
    return this.session;
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}

/** What a batch, or the agent itself, may read of an object. */
function propertiesIn(calls: readonly Call[]): Set<string> {
  const names = new Set(["id", "vmid", "name"]);
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, below] of Object.entries(value)) {
      const paths = key === "property" ? [key, String(below)] : [key];
      for (const name of paths.flatMap((path) => path.split("."))) names.add(name.toLowerCase());
      visit(below);
    }
  };
  visit(calls);
  return names;
}

/** Lets happen again what happened; nobody waits for what came late. */
export async function happenAgain(simulator: Simulator, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "happen":
      return simulator.happen(operation.event);
    case "passes":
      return simulator.passes(operation.seconds);
    case "order":
      return simulator.order(inTime(operation.fault));
    case "clearFaults":
      return simulator.clearFaults();
    case "look":
      return simulator.look(() => undefined);
  }
}

function inTime<F extends { effect: World["faults"][number]["effect"] }>(fault: F): F {
  return fault.effect.kind === "late" ? { ...fault, effect: { ...fault.effect, milliseconds: 0 } } : fault;
}

/** The world of a sequence at its beginning. */
export function beginning({ start }: Pick<Sequence, "start">): Simulator {
  return Simulator.inMemory({ ...structuredClone(start), latency: "none", faults: start.faults.map(inTime) });
}

/** A replay that comes to another answer than the one that was written down says nothing. */
export function isFaithful(operation: Asked, { results }: Answered): boolean {
  return operation.answer === undefined || operation.answer === (results ? markOf(results) : lost);
}

/** What differs between two answers, as a path and both values. */
export interface Difference {
  at: string;
  simulated: unknown;
  played: unknown;
}

export function differences({ simulated, played }: Compared): Difference[] {
  const found: Difference[] = [];
  const differ = (at: string, one: unknown, other: unknown) => {
    if (isDeepStrictEqual(one, other)) return;
    const isWalked =
      (Array.isArray(one) && Array.isArray(other) && one.length === other.length) || (isBag(one) && isBag(other));
    if (!isWalked) {
      found.push({ at, simulated: one, played: other });
      return;
    }
    const keys = new Set([...Object.keys(one as object), ...Object.keys(other as object)]);
    for (const key of keys)
      differ(`${at}.${key}`, (one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]);
  };
  if (!simulated.results || !played.results) differ("lost", !simulated.results, !played.results);
  else if (simulated.results.length !== played.results.length)
    found.push({ at: "answers", simulated: simulated.results.length, played: played.results.length });
  for (const [at, one] of (simulated.results ?? []).entries()) {
    const other = played.results?.[at];
    if (!other) break;
    differ(`${at}.values`, one.values, other.values);
    differ(`${at}.warnings`, one.warnings, other.warnings);
    differ(
      `${at}.error`,
      one.error && comparable(one.error, other.error),
      other.error && comparable(other.error, one.error),
    );
  }
  differ("world", simulated.world, played.world);
  return found;
}

/** Codes and targets only where both have one. */
function comparable(error: NonNullable<CallResult["error"]>, other: CallResult["error"]) {
  const { id, category, exception, message, hresult, target } = error;
  return {
    id,
    category,
    exception,
    message,
    ...(other?.hresult !== undefined && { hresult }),
    ...(other?.target !== undefined && { target }),
  };
}

const isBag = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
