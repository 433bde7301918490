import type { CallResult, Done, Endpoint, Question, Where } from "../calls";
import { type CmdletName, moduleOf } from "../cmdlets.generated";
import { HostError, mayNeedOff, NotFoundError, UnreachableError, UnreadableError } from "../host/errors";
import type { Host, Hosts, Ran } from "../host/host";
import type { AnyDefinition, Listed, Plan, Step } from "../resources/definition";
import type { Problem } from "../schema";
import { adopts } from "./adoption";
import { HostCalls, type Report } from "./host-calls";
import { type Attempt, LifecycleError, refusal, refuse, unable } from "./messages";
import { markOf } from "./recorded";
import { messageOf, nameIn, StepError } from "./step-error";
import type { Bag } from "./values";

/** Work on one thing on its hosts: looks, applies plans, converges. Knows nothing of Pulumi. */
export class HostWork {
  private readonly calls: HostCalls;

  constructor(
    private readonly hosts: Hosts,
    private readonly definition: AnyDefinition,
    private readonly attempt: Attempt,
    timeoutSeconds: number,
    private readonly report: Report,
  ) {
    this.calls = new HostCalls(hosts, timeoutSeconds, report);
  }

  /** What is already there under the name that a new one would have, and what a new one would lack. */
  async find(desired: Bag): Promise<Found> {
    const { definition } = this;
    const place = (adopts(desired) ? definition.sought?.(desired) : undefined) ?? definition.place(desired);
    const calls = definition.find(desired);
    // where any node may be meant, all are asked: one that is down may have it
    const anywhere = "node" in place && place.node === undefined;
    const answers = anywhere ? await this.everywhere(place, calls, desired) : [await this.calls.raw(place, calls)];
    const ids = answers.flatMap((ran) => {
      try {
        this.calls.must(ran, calls);
        return definition.found(ran.results, desired);
      } catch (error) {
        if (error instanceof NotFoundError) return [];
        throw error;
      }
    });
    const lacks = answers.flatMap(({ results }) => definition.lacks?.(results, desired) ?? []);
    const [first, ...others] = answers;
    const { host, results = [] } = first ?? {};
    return { ids: [...new Set(ids)], lacks, host: others.length > 0 ? undefined : host, seen: results };
  }

  private async everywhere(place: Where, calls: readonly Question[], desired: Bag): Promise<Ran[]> {
    try {
      return await this.calls.everywhere(place, calls);
    } catch (error) {
      if (!(error instanceof UnreachableError) || adopts(desired)) throw error;
      const advice =
        `Without a node of its own the ${this.definition.noun} is made only while every node answers, as one that does not may ` +
        "have one of this name already. Set node, or run the command again when it answers.";
      throw new UnreachableError(error.message, { ...error, advice, delivered: error.delivered });
    }
  }

  /** All that there is of the kind, each with the node that it was found on. */
  async list(): Promise<(Listed & { node: string | undefined })[]> {
    const { listing } = this.definition;
    const { nodes } = this.hosts;
    if (listing.clustered && nodes.length === 0) return [];
    const found = await Promise.all(
      (nodes.length > 0 ? nodes : [undefined]).map(async (node) => {
        const { results, host } = await this.calls.ask({ node }, listing.calls);
        const answers = results.map((result, index) => ({ call: listing.calls[index] as Question, result }));
        for (let more = listing.follow?.(answers) ?? []; more.length > 0; more = listing.follow?.(answers) ?? [])
          answers.push(...(await this.calls.each({ node }, more)));
        return listing.parse(answers, nodes.length > 1 ? node : undefined).map((thing) => {
          if ("machine" in this.definition.whereabouts(thing.id, thing.desired)) this.hosts.seen(thing.id, host);
          return { ...thing, node };
        });
      }),
    );
    // a file on a shared volume is seen from every node
    const once = new Map(found.flat().map((thing) => [`${thing.desired.node} ${thing.id.toLowerCase()}`, thing]));
    return [...once.values()];
  }

  /** Brings the thing into being. When the session is lost on the way, what is there now and was not before is ours. */
  async make(desired: Bag, found: Found): Promise<string> {
    const { definition } = this;
    const awaited = definition.awaits?.(desired);
    if (awaited) await this.apply("", desired, [awaited]);
    this.report(`creating the ${definition.noun}`);
    try {
      return await this.begin(desired, found);
    } catch (error) {
      await this.putBack(desired, found).catch((also: unknown) => {
        throw this.both(error, also);
      });
      throw error;
    }
  }

  /** What was another way for as long as the thing was made. */
  async putBack(desired: Bag, { seen }: Found): Promise<void> {
    const calls = this.definition.afterwards?.(desired, seen) ?? [];
    if (calls.length > 0) await this.calls.run(this.definition.place(desired), calls);
  }

  private async begin(desired: Bag, found: Found): Promise<string> {
    const { definition } = this;
    try {
      const { made, host } = await this.calls.make(definition.place(desired), definition.make(desired, found.seen));
      const id = definition.identity(made, desired);
      this.hosts.seen(id, host);
      return id;
    } catch (error) {
      if (!(error instanceof UnreachableError) || !error.delivered) throw error;
      this.report("the connection was lost; looking what became of it");
      const { ids } = await this.find(desired);
      const [id] = ids;
      if (ids.length !== 1 || id === undefined) throw error;
      return id;
    }
  }

  /**
   * What the host says now. NotFoundError only when it is proven that the thing is gone. What is looked at to be left is not
   * held up by what cannot be read of it, such as a file that is gone. Where the answers are those that are `known`, nobody
   * looks further.
   */
  async look(id: string, desired: Bag, { last, leaving, known, recent }: Looking = {}): Promise<Looked> {
    const { definition } = this;
    const where = withLast(definition.whereabouts(id, desired), last);
    try {
      const { results, host } = await this.calls.ask(where, definition.observe(id, desired), { recent });
      const seen = { results: [...results], address: host.address };
      const first = markOf(results.map(({ values }) => values));
      if (known === first) return { observed: undefined, answered: first, host };
      try {
        for (let more = definition.follow?.(seen); more; more = definition.follow?.(seen)) {
          const answer = await this.calls.ask(where, more);
          seen.results.push(...answer.results);
        }
      } catch (error) {
        if (!leaving || error instanceof NotFoundError || !saidSomething(error)) throw error;
      }
      const isAll = seen.results.length === results.length;
      return { observed: definition.parse(seen), answered: isAll ? first : undefined, host };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      // a hint so far: the same answer comes from a stopped service and from missing rights (hyper-v.md 1.2)
      const inventory = definition.inventory(id);
      const everywhere = await this.calls.everywhere(where, inventory);
      for (const ran of everywhere) {
        const facts = { ...error, address: ran.host.address, delivered: false };
        if (!this.calls.proves(ran, inventory)) throw new UnreachableError(error.message, facts);
        if (!definition.listed(id, ran.results)) continue;
        // ObjectNotFound comes from a stopped service too (hyper-v.md 1.1), unless another cmdlet of it has answered
        const isServed = inventory.some((call) => provesService(call.cmdlet, error.cmdlet));
        const mayBeStopped = error.errorId?.split(",")[0] === "ObjectNotFound" && !isServed;
        throw mayBeStopped ? new UnreachableError(error.message, facts) : new UnreadableError(error.message, facts);
      }
      throw error;
    }
  }

  /**
   * Observe, plan, apply, until nothing is left to do. Where that fails, what must stay as it is is put right again: a
   * machine that was stopped for a change runs. `note` hears what is seen, and what is still owed.
   */
  async converge(id: string, desired: Bag, note: Note, last?: string): Promise<Looked> {
    const under: UnderWay = { kept: {}, held: false, refused: new Set() };
    try {
      return await this.rounds(id, desired, under, note, last);
    } catch (error) {
      const cause = error instanceof StepError ? error.cause : error;
      if (under.held && !(cause instanceof UnreachableError)) await this.restore(id, under.kept, note, error);
      throw error;
    }
  }

  /**
   * A change that the running machine does not take becomes one that needs it off; a lost session is answered by another
   * look.
   */
  private async rounds(id: string, desired: Bag, under: UnderWay, note: Note, last?: string): Promise<Looked> {
    const { definition } = this;
    const { refused } = under;
    let before: string | undefined;
    let lost = 0;
    for (let round = 1; ; round += 1) {
      const looked = await this.look(id, desired, { last });
      const { observed, host } = looked;
      if (Object.keys(under.kept).length === 0) {
        under.kept = definition.keeps?.(observed, desired) ?? {};
        under.held = Object.keys(under.kept).length > 0 && definition.plan(observed, under.kept).steps.length === 0;
      }
      note(observed, under.kept);
      const wanted = { ...desired, ...under.kept };
      const attempt = { ...this.attempt, address: host.address };
      const plan = definition.plan(observed, wanted, { refused });
      refuse(attempt, plan);
      const left = plan.steps.map(({ does }) => does).join(", ");
      if (plan.steps.length === 0) return looked;
      // a plan that only ever leads to another one would go on for ever
      if (left === before || round > mostRounds)
        throw new LifecycleError(
          `${unable(attempt, host.address)}: the host took the calls, but this did not take effect: ${left}.`,
        );
      before = left;
      try {
        await this.apply(id, desired, plan.steps);
      } catch (error) {
        if (error instanceof StepError && mayNeedOff(error.cause)) {
          for (const property of error.properties) refused.add(property);
          const other = definition.plan(observed, wanted, { refused });
          // where that makes no difference, the state was not the reason
          if (sameSteps(plan, other)) throw error;
          before = undefined;
          continue;
        }
        const cause = error instanceof StepError ? error.cause : error;
        if (!(cause instanceof UnreachableError) || !cause.delivered || lost >= 2) throw error;
        lost += 1;
        before = undefined;
        this.report("the connection was lost; looking again");
      }
    }
  }

  private async restore(id: string, kept: Bag, note: Note, error: unknown): Promise<void> {
    try {
      // one that is on its way is waited for first
      for (let round = 1; ; round += 1) {
        const { observed } = await this.look(id, kept);
        const { steps } = this.definition.plan(observed, kept);
        note(observed, steps.length === 0 ? {} : kept);
        if (steps.length === 0 || round > mostRounds) return;
        await this.apply(id, kept, steps);
      }
    } catch (also) {
      throw this.both(error, also);
    }
  }

  /** What failed, and then what was to put things right after it. */
  private both(error: unknown, also: unknown): LifecycleError {
    const { attempt } = this;
    return new LifecycleError(`${messageOf(attempt, error)}\n  And after that: ${messageOf(attempt, also)}`, {
      cause: error,
    });
  }

  /** Throws where what is there cannot become what is desired, before it is taken over. */
  async fits(id: string, desired: Bag): Promise<void> {
    const { observed, host } = await this.look(id, desired);
    const { refusals, replaces } = this.definition.plan(observed, desired);
    const problems = [
      ...refusals,
      ...replaces.map((property) => ({
        path: [property],
        reason: "is not what is there, and what is adopted is not replaced. Declare it as it is, or leave it out",
      })),
    ];
    if (problems.length > 0) throw refusal({ ...this.attempt, address: host.address }, problems);
  }

  /** Takes the thing away; that it is gone already is success. */
  async remove(id: string, desired: Bag, last?: string): Promise<void> {
    for (let lost = 0; ; lost += 1) {
      let seen: Looked;
      try {
        seen = await this.look(id, desired, { last, leaving: true });
      } catch (error) {
        if (error instanceof NotFoundError) return;
        const unread = saidSomething(error) ? this.definition.removeUnread?.(id) : undefined;
        if (!unread) throw error;
        await this.apply(id, desired, unread.steps);
        return;
      }
      const plan = this.definition.remove(seen.observed, desired);
      refuse({ ...this.attempt, address: seen.host.address }, plan);
      try {
        await this.apply(id, desired, plan.steps);
        return;
      } catch (error) {
        const cause = error instanceof StepError ? error.cause : error;
        if (cause instanceof UnreachableError && cause.delivered && lost < 2) {
          this.report("the connection was lost; looking again");
          continue;
        }
        if (saidSomething(cause) && (await this.isGone(id, desired, last))) return;
        throw error;
      }
    }
  }

  /** Whether somebody else has taken it away by now. */
  private async isGone(id: string, desired: Bag, last: string | undefined): Promise<boolean> {
    try {
      await this.look(id, desired, { last, leaving: true });
      return false;
    } catch (error) {
      return error instanceof NotFoundError;
    }
  }

  /** Steps in order. Those that wait for nothing travel together. */
  private async apply(id: string, desired: Bag, steps: readonly Step[]): Promise<void> {
    let together: Step[] = [];
    const flush = async () => {
      const going = together;
      together = [];
      if (going.length > 0) await this.applyTogether(id, desired, going);
    };
    for (const step of steps) {
      if (step.mayBeRefused) {
        await flush();
        await this.tidy(id, desired, step);
        continue;
      }
      together.push(step);
      if (!step.wait) continue;
      await flush();
      await this.waitFor(id, desired, step);
    }
    await flush();
  }

  private async tidy(id: string, desired: Bag, step: Step): Promise<void> {
    try {
      await this.applyTogether(id, desired, [step]);
    } catch (error) {
      if (!(error instanceof StepError) || error.cause instanceof UnreachableError) throw error;
    }
  }

  private async applyTogether(id: string, desired: Bag, steps: readonly Step[]): Promise<void> {
    const calls = steps.flatMap((step) => step.calls);
    this.report(steps.map(({ does }) => does).join(", "));
    if (calls.length === 0) return;
    const stepOf = (index: number): Step | undefined => {
      let left = index;
      return steps.find((step) => {
        left -= step.calls.length;
        return left < 0;
      });
    };
    let ran: Ran<Done>;
    try {
      ran = await this.calls.raw(this.definition.whereabouts(id, desired), calls);
    } catch (error) {
      throw new StepError(steps[0], error);
    }
    try {
      this.calls.must(ran, calls);
    } catch (error) {
      const at = ran.results.length - 1;
      throw new StepError(stepOf(at), error, nameIn(calls, at));
    }
  }

  /** Waits for what must be there before the work has succeeded; answers what is there then. */
  async ready(id: string, desired: Bag, looked: Looked, last?: string): Promise<Looked> {
    const step = this.definition.ready?.(looked.observed, desired);
    if (!step) return looked;
    await this.apply(id, desired, [step]);
    return this.look(id, desired, { last });
  }

  private async waitFor(id: string, desired: Bag, step: Step): Promise<void> {
    const { wait } = step;
    if (!wait) return;
    let waited = 0;
    let next = 10;
    for (;;) {
      const { results, host } = await this.calls.ask(this.definition.whereabouts(id, desired), wait.calls);
      if (wait.until(results) && (await this.reached(wait.reach?.(results)))) return;
      if (waited >= wait.deadlineSeconds) {
        if (!wait.otherwise) throw new StepError(step, new Error(wait.failure(results)), undefined, host.address);
        await this.applyTogether(id, desired, [wait.otherwise]);
        return;
      }
      const pause = Math.min(wait.everySeconds, wait.deadlineSeconds - waited);
      await this.hosts.pause(pause * 1000);
      waited += pause;
      if (waited < next) continue;
      this.report(`${step.does}: waiting, ${waited} of at most ${wait.deadlineSeconds} seconds`);
      // where nobody watches each is a line of its own
      next *= 2;
    }
  }

  private async reached(endpoints: readonly Endpoint[] | undefined): Promise<boolean> {
    if (!endpoints) return true;
    const answers = await Promise.all(endpoints.map((endpoint) => this.hosts.reaches(endpoint)));
    return answers.includes(true);
  }
}

function sameSteps(one: Plan, other: Plan): boolean {
  return other.refusals.length === 0 && JSON.stringify(one.steps) === JSON.stringify(other.steps);
}

interface Looking {
  /** Where a machine was seen last. */
  last?: string;
  leaving?: boolean;
  known?: string;
  /** Whether what was read some seconds ago will do. */
  recent?: boolean;
}

export interface Looked {
  observed: unknown;
  /** A mark of the answers that told it, where one batch of calls was enough. */
  answered: string | undefined;
  host: Host;
}

/** Hears what was seen, and what must yet be as it was. */
type Note = (observed: unknown, kept: Bag) => void;

interface UnderWay {
  /** What must be so at the end, whatever the changes need on the way. */
  kept: Bag;
  /** Whether it was so at the first look. */
  held: boolean;
  /** Properties that the running machine did not take. */
  refused: Set<string>;
}

/** What is in the place of a new thing. */
export interface Found {
  ids: readonly string[];
  lacks: readonly Problem[];
  host: Host | undefined;
  seen: readonly CallResult[];
}

function provesService(cmdlet: CmdletName, failed: string | undefined): boolean {
  return moduleOf[cmdlet] === "Hyper-V" && cmdlet !== failed;
}

/** Whether the host itself answered about the thing, in place of what it is. */
function saidSomething(error: unknown): boolean {
  return error instanceof HostError && (error instanceof UnreadableError || !(error instanceof UnreachableError));
}

/** A change takes two looks, one more for each hot change that is refused and each lost session. */
const mostRounds = 20;

function withLast(where: Where, last: string | undefined): Where {
  return "machine" in where && last !== undefined ? { ...where, last } : where;
}
