import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type CallResult, type Endpoint, isAssignment } from "../calls";
import { Batch, type References, readOnly } from "./batch";
import { settle } from "./cluster/failover";
import { happen, listens, pass, type WorldEvent } from "./events";
import { replicate } from "./machine/replication-follow";
import { type Again, FileStore, MemoryStore, type Store } from "./world/store";
import { createWorld, type Fault, type World, type WorldDescription } from "./world/world";

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
  const changed = [settle(world), replicate(world)].includes(true);
  return { result: at(world), changed };
}
