import { definitions } from "../provider";
import type { Call, Where } from "../provider/calls";
import type { Hosts, Ran, RunOptions } from "../provider/host/host";
import { type Compared, Handlers, type State, type Surroundings } from "../provider/lifecycle/handlers";
import { pathText } from "../provider/lifecycle/values";
import type { Run } from "../provider/lifecycle/work/run";
import type { AnyDefinition } from "../provider/resources/definition";
import { connectSimulated } from "../provider/simulated-hosts";
import type { Simulator } from "../provider/simulator";

type Inputs = Record<string, unknown>;

/** A kind's lifecycle against a simulated world, without an engine between. */
export class Lifecycle {
  readonly kind: string;
  readonly handlers: Handlers;
  readonly reported: string[] = [];
  /** Warnings that stay. */
  readonly said: string[] = [];
  /** The same without alarm. */
  readonly told: string[] = [];
  /** Every call that a host ran, in order. */
  readonly calls: Call[] = [];
  readonly surroundings: Surroundings;

  constructor(
    kind: string | AnyDefinition,
    readonly simulator: Simulator,
    readonly nodes: readonly string[] = [],
    hosts: Hosts = connectSimulated(simulator, nodes),
    run?: Run,
  ) {
    const definition = typeof kind === "string" ? definitions.find((candidate) => candidate.kind === kind) : kind;
    if (!definition) throw new Error(`There is no ${kind}.`);
    this.kind = definition.kind;
    this.handlers = new Handlers(definition, run);
    const send = hosts.run.bind(hosts);
    hosts.run = async (where: Where, calls: readonly Call[], options?: RunOptions) => {
      const ran = (await send(where, calls, options)) as Ran;
      this.calls.push(...calls.slice(0, ran.results.length));
      return ran;
    };
    this.surroundings = {
      hosts,
      timeoutSeconds: 60,
      report: (message) => this.reported.push(message),
      say: (message) => this.said.push(message),
      tell: (message) => this.told.push(message),
    };
  }

  checked(inputs: Inputs): Inputs {
    const { inputs: checked, problems } = this.handlers.check(inputs, this.nodes, this.surroundings.hosts.isClustered);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return checked;
  }

  create(inputs: Inputs): Promise<State> {
    return this.handlers.create(this.checked(inputs), this.surroundings);
  }

  update(state: State, inputs: Inputs): Promise<State> {
    return this.handlers.update(state.id, state.outputs, this.checked(inputs), this.surroundings);
  }

  diff(state: State, inputs: Inputs) {
    return this.handlers.diff(this.compared(state, inputs));
  }

  /** Which properties differ, each as a person writes it, and what becomes of it. */
  properties(state: State, inputs: Inputs): string[] {
    return this.handlers
      .properties(this.compared(state, inputs))
      .map(({ path, kind, replaces }) => `${kind}${replaces ? " (replaces)" : ""} ${pathText(path)}`);
  }

  /** As the engine asks for it, which may ask the host. */
  difference(state: State, inputs: Inputs) {
    return this.handlers.difference(this.compared(state, inputs), this.surroundings);
  }

  private compared({ id, outputs }: State, inputs: Inputs): Compared {
    return { id, olds: outputs, news: this.checked(inputs), by: "program" };
  }

  read(state: State) {
    return this.handlers.read(state.id, state.outputs, this.surroundings);
  }

  /** Names of the cmdlets that went out while `work` ran; those that only look are left out. */
  async changesDuring(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.calls.length;
    await work();
    return this.calls
      .slice(before)
      .map((call) => ("cmdlet" in call ? call.cmdlet : `assign ${call.assign}`))
      .filter((name) => !/^(Get|Test)-/.test(name));
  }

  delete(state: State): Promise<void> {
    return this.handlers.delete(state.id, state.outputs, this.surroundings);
  }
}
