import type { Call, CallResult, Endpoint, Question, Where } from "../calls";
import { sameNode } from "../calls/node-name";
import { BusyError, errorOf, NotFoundError, UnreachableError } from "./errors";
import { type Host, type Hosts, handOn, type Ran, type RunOptions } from "./host";

/** One host, where everything is. */
export function single(host: Host): Hosts {
  const run = async (_where: Where, calls: readonly Call[], options?: RunOptions): Promise<Ran> => ({
    results: await handOn(host, calls, options),
    host,
  });
  return {
    nodes: [],
    isClustered: false,
    run,
    runEverywhere: async (where, calls, options) => [await run(where, calls, options)],
    seen: () => {},
    reaches: (endpoint) => host.reaches(endpoint),
    pause: (milliseconds, signal) => host.pause(milliseconds, signal),
    close: () => host.close(),
  };
}

/** Hosts of a cluster, or that share nothing: one connection a node, no second hop. Calls go straight to where a thing is. */
export class Cluster implements Hosts {
  readonly nodes: readonly string[];
  /** Where machines were seen, by id. */
  private readonly places = new Map<string, Host>();
  /** The nodes that had files of shared volumes open, or could open them, by path. */
  private readonly openers = new Map<string, Host>();
  /** The node that answered last for what any node can answer. */
  private any: Host | undefined;
  /** The one that answered last for the cluster: a node that has yet to join, or was evicted, does not. */
  private member: Host | undefined;

  constructor(
    private readonly hosts: readonly { name: string; host: Host }[],
    readonly isClustered = true,
  ) {
    this.nodes = hosts.map(({ name }) => name);
  }

  async run(where: Where, calls: readonly Call[], options?: RunOptions): Promise<Ran> {
    if (calls.every(isRead)) return this.send(where, calls, options);
    // of a cluster each node tells what another has changed
    const forget = () => {
      for (const { host } of this.hosts) host.forget();
    };
    forget();
    return this.send(where, calls, options).finally(forget);
  }

  private async send(where: Where, calls: readonly Call[], options?: RunOptions): Promise<Ran> {
    if ("machine" in where) return this.runAtMachine(where, calls, options);
    if ("sharedFile" in where) return this.runAtFile(where.sharedFile, calls, options);
    if ("node" in where && where.node !== undefined) {
      const host = this.named(where.node);
      return { results: await handOn(host, calls, options), host };
    }
    if ("nodes" in where) return this.runAtFirst(where.nodes, calls, options);
    if ("cluster" in where) return this.runAtMember(calls, options);
    return this.runOnOneOf(this.inTurn(), calls, options, NotFoundError);
  }

  async runEverywhere(where: Where, calls: readonly Call[], options?: RunOptions): Promise<Ran[]> {
    if ("machine" in where || ("node" in where && where.node === undefined))
      return onEach(
        this.hosts.map(({ host }) => host),
        calls,
        options,
      );
    if ("nodes" in where)
      return onEach(
        where.nodes.map((name) => this.named(name)),
        calls,
        options,
      );
    return [await this.run(where, calls, options)];
  }

  seen(machine: string, host: Host): void {
    this.places.set(machine, host);
  }

  async reaches(endpoint: Endpoint): Promise<boolean> {
    const [first] = this.inTurn();
    return first ? first.reaches(endpoint) : false;
  }

  pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const [first] = this.inTurn();
    return first ? first.pause(milliseconds, signal) : Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map(({ host }) => host.close()));
  }

  private named(name: string): Host {
    const found = this.find(name);
    if (found) return found;
    throw new UnreachableError(`the provider has no node "${name}"; it has ${this.nodes.join(", ")}`, {
      address: name,
      delivered: false,
      advice:
        "Add it to the provider's nodes again. If it is gone for good, remove what was on it from the state: pulumi state delete.",
    });
  }

  /** A node by its name as the cluster writes it: in any case, with or without its domain. */
  private find(name: string): Host | undefined {
    const exact = this.hosts.find((node) => node.name.toLowerCase() === name.toLowerCase());
    return (exact ?? this.hosts.find((node) => sameNode(node.name, name)))?.host;
  }

  private inTurn(first = this.member ?? this.any): Host[] {
    const all = this.hosts.map(({ host }) => host);
    return first ? [first, ...all.filter((host) => host !== first)] : all;
  }

  /** What one of several nodes does for all of them is done by one and the same. */
  private async runAtFirst(names: readonly string[], calls: readonly Call[], options?: RunOptions): Promise<Ran> {
    const [first] = names;
    if (first === undefined) throw new Error("No node is named.");
    const host = this.named(first);
    return { results: await handOn(host, calls, options), host };
  }

  private async runAtMember(calls: readonly Call[], options?: RunOptions): Promise<Ran> {
    const ran = await this.runOnOneOf(this.inTurn(), calls, options, UnreachableError);
    if (!(firstError(ran, calls) instanceof UnreachableError)) this.member = ran.host;
    return ran;
  }

  /** Each file has a node of its own: work on files goes on side by side. */
  private async runAtFile(path: string, calls: readonly Call[], options?: RunOptions): Promise<Ran> {
    const file = path.toLowerCase();
    const ran = await this.runOnOneOf(this.inTurn(this.openers.get(file)), calls, options, BusyError);
    this.openers.set(file, ran.host);
    return ran;
  }

  /** The first node that can answer. One that cannot be asked, or does not have the thing, leaves it to the next. */
  private async runOnOneOf(
    hosts: readonly Host[],
    calls: readonly Call[],
    options?: RunOptions,
    alsoPasses: typeof BusyError | typeof NotFoundError | typeof UnreachableError = UnreachableError,
  ): Promise<Ran> {
    let last: { ran: Ran } | { error: unknown } | undefined;
    for (const host of hosts) {
      try {
        const ran = { results: await handOn(host, calls, options), host };
        const refusal = firstError(ran, calls);
        // a call that may have had an effect is not repeated elsewhere; a file that could not be opened has none
        const didNothing = isRead(calls[0]) || refusal instanceof BusyError;
        if (didNothing && (refusal instanceof UnreachableError || refusal instanceof alsoPasses)) {
          last = { ran };
          continue;
        }
        this.any = host;
        return ran;
      } catch (error) {
        if (host === this.member) this.member = undefined;
        // what may have been done is not done again elsewhere
        if (!(error instanceof UnreachableError) || error.delivered) throw error;
        if (!last) last = { error };
      }
    }
    if (last && "ran" in last) return last.ran;
    throw last ? last.error : new Error("The provider names no node.");
  }

  private async runAtMachine(
    { machine, last }: { machine: string; last?: string },
    calls: readonly Call[],
    options?: RunOptions,
  ): Promise<Ran> {
    const host = this.places.get(machine) ?? (last === undefined ? undefined : this.find(last));
    const first = host && (await this.tryAt(host, calls, options));
    if (first && !this.missed(first, calls)) {
      this.seen(machine, first.host);
      return first;
    }
    this.places.delete(machine);
    const found = await this.locate(machine, options);
    if (found) {
      this.seen(machine, found);
      return { results: await handOn(found, calls, options), host: found };
    }
    // every node answered and none has it: one of them says so in its own words
    return first ?? (await this.runOnOneOf(this.inTurn(), calls, options));
  }

  /** Nothing when the node cannot be asked: another may have the machine by now. */
  private async tryAt(host: Host, calls: readonly Call[], options?: RunOptions): Promise<Ran | undefined> {
    try {
      return { results: await handOn(host, calls, options), host };
    } catch (error) {
      if (error instanceof UnreachableError && !error.delivered) return undefined;
      throw error;
    }
  }

  /** Whether a batch found nothing to work on at its first call: then it has done nothing. */
  private missed(ran: Ran, calls: readonly Call[]): boolean {
    const error = firstError(ran, calls);
    return isRead(calls[0]) && (error instanceof NotFoundError || error instanceof UnreachableError);
  }

  /** Asks the cluster for the owner, then every node: a machine that is no role is known to its own node only. */
  private async locate(machine: string, options?: RunOptions): Promise<Host | undefined> {
    const owner = await this.owner(machine, options);
    const look: Question[] = [{ cmdlet: "Get-VM", parameters: { Id: machine }, select: { VirtualMachineType: null } }];
    const candidates = owner ? [owner, ...this.inTurn().filter((host) => host !== owner)] : this.inTurn();
    const unasked: unknown[] = [];
    const answers = await Promise.all(
      candidates.map(async (host) => {
        try {
          const results = await host.run(look, options);
          const error = firstError({ results, host }, look);
          if (error && !(error instanceof NotFoundError)) unasked.push(error);
          // a failed move leaves a planned machine of the same id on its destination (hyper-v.md 1.6)
          return error || isPlanned(results) ? undefined : host;
        } catch (error) {
          unasked.push(error);
          return undefined;
        }
      }),
    );
    const found = answers.find((host) => host !== undefined);
    if (found) return found;
    if (unasked.length > 0) throw unasked[0];
    return undefined;
  }

  private async owner(machine: string, options?: RunOptions): Promise<Host | undefined> {
    if (!this.isClustered) return undefined;
    const ask: Question[] = [
      {
        cmdlet: "Get-ClusterGroup",
        parameters: { VMId: machine, Cluster: "." },
        select: { OwnerNode: { Name: null } },
      },
    ];
    const { results } = await this.runOnOneOf(this.inTurn(), ask, options);
    const [group] = results[0]?.values ?? [];
    const name =
      typeof group === "object" && group !== null && "OwnerNode" in group
        ? (group.OwnerNode as { Name?: unknown } | null)?.Name
        : undefined;
    return typeof name === "string" ? this.find(name) : undefined;
  }
}

function onEach(hosts: readonly Host[], calls: readonly Call[], options?: RunOptions): Promise<Ran[]> {
  return Promise.all(hosts.map(async (host) => ({ results: await handOn(host, calls, options), host })));
}

function isPlanned(results: readonly CallResult[]): boolean {
  const [machine] = results[0]?.values ?? [];
  return (
    typeof machine === "object" &&
    machine !== null &&
    "VirtualMachineType" in machine &&
    machine.VirtualMachineType === "PlannedVirtualMachine"
  );
}

function isRead(call: Call | undefined): boolean {
  return call !== undefined && "cmdlet" in call && /^(Get|Test)-/.test(call.cmdlet);
}

function firstError({ results, host }: Ran, calls: readonly Call[]) {
  const [first] = results;
  const [call] = calls;
  if (!first?.error || !call) return undefined;
  return errorOf(first.error, { address: host.address, cmdlet: "cmdlet" in call ? call.cmdlet : "" });
}
