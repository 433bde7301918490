import { type Call, type CallResult, type Done, isAssignment, type Question, type Where } from "../../calls";
import { errorOf, NotFoundError, UnreachableError } from "../../host/errors";
import type { Host, Hosts, Ran, RunOptions } from "../../host/host";
import type { Making } from "../../resources/definition";
import type { Answer } from "../../resources/surveys";
import type { Deadline } from "./deadline";

/** A line about a long step, on the resource's own row. */
export type Report = (message: string) => void;

/** Batches for the work on one thing: within its deadline, and with a typed error in place of a host's record of one. */
export class HostCalls {
  private last: Host | undefined;

  constructor(
    private readonly hosts: Hosts,
    private readonly timeoutSeconds: number,
    private readonly report: Report,
    private readonly deadline?: Deadline,
  ) {}

  /** Lets time pass on the hosts, as long as the program allows. */
  async pause(seconds: number): Promise<void> {
    await this.hosts.pause(seconds * 1000);
    this.deadline?.pass(seconds);
  }

  /** Whatever the calls answer, on every node where the thing could be. */
  everywhere(where: Where, calls: readonly Question[]): Promise<Ran[]> {
    return this.hosts.runEverywhere(where, calls, { timeoutSeconds: this.secondsFor(true) });
  }

  /** Whatever the calls answer. */
  raw(where: Where, calls: readonly Question[], options?: Pick<RunOptions, "recent">): Promise<Ran>;
  raw(where: Where, calls: readonly Call[], options?: Pick<RunOptions, "recent">): Promise<Ran<Done>>;
  async raw(where: Where, calls: readonly Call[], options: Pick<RunOptions, "recent"> = {}): Promise<Ran<Done>> {
    const isRead = calls.every((call) => !isAssignment(call) && /^(Get|Test)-/.test(call.cmdlet));
    if (!isRead) together.get(this.hosts)?.asked.clear();
    const timeoutSeconds = this.secondsFor(isRead);
    try {
      return await this.hosts.run(where, calls, { ...options, timeoutSeconds });
    } catch (error) {
      throw isRead ? error : (this.deadline?.explained(error) ?? error);
    }
  }

  private secondsFor(isRead: boolean): number {
    if (!this.deadline) return this.timeoutSeconds;
    return isRead ? this.deadline.forLook(this.timeoutSeconds) : this.deadline.forChange(this.last?.address);
  }

  /** For what only looks: a session that is lost on the way costs nothing but another one. */
  async ask(where: Where, calls: readonly Question[], options: Pick<RunOptions, "recent"> = {}): Promise<Ran> {
    try {
      return await this.answered(where, calls, options);
    } catch (error) {
      if (!(error instanceof UnreachableError) || !error.delivered) throw error;
      this.report("the connection was lost; looking again");
      return this.answered(where, calls);
    }
  }

  private async answered(
    where: Where,
    calls: readonly Question[],
    options: Pick<RunOptions, "recent"> = {},
  ): Promise<Ran> {
    const ran = await this.raw(where, calls, options);
    this.must(ran, calls);
    return ran;
  }

  /** Makes a thing, and what the host then says of it. */
  async make(where: Where, { before = [], call }: Making): Promise<{ made: CallResult; host: Host }> {
    const { results, host } = await this.run(where, [...before, call]);
    return { made: results.at(-1) as CallResult, host };
  }

  async run(where: Where, calls: readonly Call[]): Promise<Ran<Done>> {
    const ran = await this.raw(where, calls);
    this.must(ran, calls);
    return ran;
  }

  /** An inventory that fails proves nothing, also when it fails with "not found". */
  proves(ran: Ran, calls: readonly Question[]): boolean {
    try {
      this.must(ran, calls);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /** Turns the error that ended a batch into a typed one. */
  must({ results, host }: { results: readonly Done[]; host: Host }, calls: readonly Call[]): void {
    const failed = results.find(({ error }) => error);
    if (failed?.error) {
      const call = calls[results.indexOf(failed)];
      const cmdlet = call && ("cmdlet" in call ? call.cmdlet : `assignment of ${call.assign}`);
      throw errorOf(failed.error, { address: host.address, cmdlet: cmdlet ?? "" });
    }
    if (results.length < calls.length)
      throw new UnreachableError("the host answered only part of the batch", {
        address: host.address,
        delivered: true,
      });
  }

  /** A look at one thing, beside others: what several of them ask for of a host is asked once. */
  async beside<T>(look: () => Promise<T>): Promise<T> {
    const all = together.get(this.hosts) ?? { looks: 0, asked: new Map() };
    together.set(this.hosts, all);
    all.looks += 1;
    try {
      return await look();
    } finally {
      all.looks -= 1;
      if (all.looks === 0) all.asked.clear();
    }
  }

  /** Every call's answer, with where it comes from; asked once for all who look at the moment, unless it must be `fresh`. */
  shared(where: Where, calls: readonly Question[], fresh: boolean): Promise<Shared> {
    const ask = async () => ({ answers: await this.each(where, calls), address: this.last?.address ?? "" });
    const all = together.get(this.hosts);
    if (fresh || !all) return ask();
    const key = JSON.stringify([where, calls]);
    const answers = all.asked.get(key) ?? ask();
    all.asked.set(key, answers);
    return answers;
  }

  /** Every call's answer, also of those after one that fails. */
  async each(where: Where, calls: readonly Question[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < calls.length) {
      const batch = calls.slice(answers.length, answers.length + callsPerBatch);
      const { results, host } = await this.raw(where, batch);
      if (results.length === 0)
        throw new UnreachableError("the host answered nothing", { address: host.address, delivered: true });
      this.last = host;
      answers.push(...results.map((result, index) => ({ call: batch[index] as Question, result })));
    }
    return answers;
  }
}

/** What is asked of hosts for several resources at a time. */
interface Together {
  /** How many are being looked at: what was answered counts until the last of them is. */
  looks: number;
  asked: Map<string, Promise<Shared>>;
}

const together = new WeakMap<Hosts, Together>();

export interface Shared {
  answers: readonly Answer[];
  address: string;
}

/** So many that a long list is few messages, and few enough that each stays short. */
const callsPerBatch = 100;
