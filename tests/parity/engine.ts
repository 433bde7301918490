import type { Call } from "../../provider/calls";
import type { Hosts } from "../../provider/host/host";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import type { Inputs, Scene } from "./story";

/** What the engine does with a resource, and what it keeps of it in its state. */
export class Engine {
  readonly simulator: Simulator;
  readonly lifecycle: Lifecycle;
  state: State | undefined;
  /** What was replaced, and is still to be deleted. */
  private readonly replaced: State[] = [];
  private isHalfMade = false;
  private readonly later: Inputs | undefined;

  constructor(
    readonly scene: Scene,
    simulator = Simulator.inMemory(structuredClone(scene.world)),
    hosts: Hosts = connectSimulated(simulator, scene.story.nodes, !scene.story.sharesNothing),
  ) {
    this.simulator = simulator;
    this.state = structuredClone(scene.state);
    this.later = scene.later;
    this.lifecycle = new Lifecycle(scene.story.kind, simulator, scene.story.nodes, hosts);
  }

  /** One up. */
  async up(): Promise<void> {
    const { lifecycle, later } = this;
    const { state } = this;
    if (!later) {
      if (state) await lifecycle.delete(state);
      this.state = undefined;
    } else if (!state) await this.keeping(() => lifecycle.create(later));
    else {
      const { changes, replaces, deleteBeforeReplace } = lifecycle.diff(state, later);
      if (replaces.length > 0 && deleteBeforeReplace) {
        await lifecycle.delete(state);
        this.state = undefined;
        await this.keeping(() => lifecycle.create(later));
      } else if (replaces.length > 0) {
        const old = state;
        await this.keeping(
          () => lifecycle.create(later),
          () => this.replaced.push(old),
        );
        // what failed on its way is finished by the next up, as an update
      } else if (changes || this.isHalfMade) await this.keeping(() => lifecycle.update(state, later));
    }
    for (const old of this.replaced) await lifecycle.delete(old);
    this.replaced.length = 0;
  }

  /** A thing half made is kept with its id, and finished by the next up whatever its state says. */
  private async keeping(work: () => Promise<State>, known: () => unknown = () => undefined): Promise<void> {
    try {
      this.state = await work();
      this.isHalfMade = false;
      known();
    } catch (error) {
      if (error instanceof PartialFailure) {
        this.state = { id: error.id, outputs: error.outputs };
        this.isHalfMade = true;
        known();
      }
      throw error;
    }
  }

  /** The states of all that the engine knows. */
  get states(): State[] {
    return [...(this.state ? [this.state] : []), ...this.replaced];
  }
}

export const nameOf = (call: Call | undefined): string =>
  call === undefined ? "none" : "cmdlet" in call ? call.cmdlet : `assign ${call.assign}`;

/** Every call that is made during an up, in order, also of those that go to every node. */
export async function callsDuring(engine: Engine, work = (): Promise<unknown> => engine.up()): Promise<Call[]> {
  const { simulator } = engine;
  const batches: (readonly Call[])[] = [];
  const run = simulator.run.bind(simulator);
  simulator.run = async (node, calls, options) => {
    const at = batches.push(calls) - 1;
    const results = await run(node, calls, options);
    // after the first that fails there is none
    batches[at] = calls.slice(0, results.length);
    return results;
  };
  await work();
  simulator.run = run;
  return batches.flat();
}
