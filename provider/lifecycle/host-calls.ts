import type { Call, CallResult, Done, Question, Where } from "../calls";
import { errorOf, NotFoundError, UnreachableError } from "../host/errors";
import type { Host, Hosts, Ran, RunOptions } from "../host/host";
import type { Answer, Making } from "../resources/definition";

/** A line about a long step, on the resource's own row. */
export type Report = (message: string) => void;

/** Batches for the work on one thing: within its deadline, and with a typed error in place of a host's record of one. */
export class HostCalls {
  constructor(
    private readonly hosts: Hosts,
    private readonly timeoutSeconds: number,
    private readonly report: Report,
  ) {}

  /** Whatever the calls answer, on every node where the thing could be. */
  everywhere(where: Where, calls: readonly Question[]): Promise<Ran[]> {
    return this.hosts.runEverywhere(where, calls, { timeoutSeconds: this.timeoutSeconds });
  }

  /** Whatever the calls answer. */
  raw(where: Where, calls: readonly Question[], options?: Pick<RunOptions, "recent">): Promise<Ran>;
  raw(where: Where, calls: readonly Call[], options?: Pick<RunOptions, "recent">): Promise<Ran<Done>>;
  raw(where: Where, calls: readonly Call[], options: Pick<RunOptions, "recent"> = {}): Promise<Ran<Done>> {
    return this.hosts.run(where, calls, { ...options, timeoutSeconds: this.timeoutSeconds });
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
      throw new UnreachableError("the host answered only a part of the batch", {
        address: host.address,
        delivered: true,
      });
  }

  /** Every call's answer, also of those after one that fails. */
  async each(where: Where, calls: readonly Question[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < calls.length) {
      const batch = calls.slice(answers.length, answers.length + callsPerBatch);
      const { results, host } = await this.raw(where, batch);
      if (results.length === 0)
        throw new UnreachableError("the host answered nothing", { address: host.address, delivered: true });
      answers.push(...results.map((result, index) => ({ call: batch[index] as Question, result })));
    }
    return answers;
  }
}

/** So many that a long list is few messages, and few enough that each stays short. */
const callsPerBatch = 100;
