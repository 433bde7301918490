import { randomUUID } from "node:crypto";
import type { CallResult, Done, Endpoint, Question, Where } from "../../calls";
import { mayNeedOff, NotFoundError, UnreachableError } from "../../host/errors";
import type { Host, Hosts, Ran } from "../../host/host";
import type { AnyDefinition, Listed, Plan, Step, Wait } from "../../resources/definition";
import type { Plans } from "../../resources/plans";
import type { Problem } from "../../schema";
import { adopts } from "../inputs/adoption";
import { type Attempt, LifecycleError, refusal, refuse, unable } from "../messages/messages";
import type { Bag } from "../values";
import type { Deadline } from "./deadline";
import { withHolders } from "./held";
import { HostCalls, type Report } from "./host-calls";
import { type Looked, Looking, type LookOptions, saidSomething } from "./looking";
import { messageOf, nameIn, StepError } from "./step-error";

/** What work on one thing is done with. */
export interface Tools {
  hosts: Hosts;
  definition: AnyDefinition;
  attempt: Attempt;
  timeoutSeconds: number;
  report: Report;
  /** What the program allows, if it says so. */
  deadline?: Deadline | undefined;
  /** What else the run is about to do to files. */
  plans?: Plans;
  /** Whether another resource of the run has what is in a place. */
  isClaimed?: (place: unknown) => boolean;
}

/** What is known of a thing before it is looked at. */
export interface Known {
  /** Where a machine was seen last. */
  last?: string | undefined;
  /** What was observed of it last. */
  known?: unknown;
}

/** Work on one thing on its hosts: makes it, applies plans, converges, takes it away. Knows nothing of Pulumi. */
export class HostWork {
  readonly calls: HostCalls;
  private readonly looking: Looking;
  private readonly hosts: Hosts;
  private readonly definition: AnyDefinition;
  private readonly attempt: Attempt;
  private readonly report: Report;
  private readonly plans: Plans | undefined;
  private readonly deadline: Deadline | undefined;
  /** What was observed last. */
  private known: unknown;

  constructor({ hosts, definition, attempt, timeoutSeconds, report, deadline, plans, isClaimed }: Tools) {
    this.hosts = hosts;
    this.definition = definition;
    this.attempt = attempt;
    this.report = report;
    this.plans = plans;
    this.deadline = deadline;
    this.calls = new HostCalls(hosts, timeoutSeconds, report, deadline);
    this.looking = new Looking(hosts, definition, this.calls, isClaimed);
  }

  /** The error of this work, with who has the files that are in use. */
  explained(error: unknown, id = ""): Promise<unknown> {
    return withHolders(error, this.looking, id);
  }

  /** What is already there under the name that a new one would have, and what a new one would lack. */
  async find(desired: Bag): Promise<Found> {
    const { definition } = this;
    const place = (adopts(desired) ? definition.sought?.(desired) : undefined) ?? definition.place(desired);
    const calls = definition.find(desired);
    // where any node may be meant, all are asked: one that is down may have it
    const anywhere = "node" in place && place.node === undefined;
    const ask = async () =>
      anywhere ? await this.everywhere(place, calls, desired) : [await this.calls.raw(place, calls)];
    let answers = await ask();
    // ObjectNotFound comes from a stopped service too (hyper-v.md 1.1): a second one, while it answers otherwise, is believed
    if (answers.some(({ results }) => results.some(({ error }) => error?.id.startsWith("ObjectNotFound")))) {
      for (const ran of await this.calls.everywhere(place, definition.inventory("")))
        this.calls.must(ran, definition.inventory(""));
      answers = await ask();
    }
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
  list(): Promise<(Listed & { node: string | undefined })[]> {
    return this.looking.everyOne();
  }

  /** Brings the thing into being. When the session is lost on the way, what is there now and was not before is ours. */
  async make(desired: Bag, found: Found, id?: string): Promise<string> {
    const { definition } = this;
    const awaited = definition.awaits?.(desired);
    if (awaited) await this.apply("", desired, [awaited]);
    this.report(`creating the ${definition.noun}`);
    try {
      return await this.begin(desired, found, id);
    } catch (error) {
      await this.putBack(desired, found).catch((also: unknown) => {
        // which one it would be must not be lost
        if (error instanceof UnprovenError) throw error;
        throw this.both(error, also);
      });
      throw error;
    }
  }

  /** What was another way for as long as the thing was made. */
  async putBack(desired: Bag, { seen }: Found): Promise<void> {
    const calls = this.definition.afterwards?.(desired, seen) ?? [];
    if (calls.length > 0) await this.regardless(() => this.calls.run(this.definition.place(desired), calls));
  }

  private async begin(desired: Bag, found: Found, id?: string): Promise<string> {
    const { definition } = this;
    const own = definition.mints ? (id ?? randomUUID()) : undefined;
    const foreseen = own ?? definition.foreseen?.(desired);
    const making = definition.make(desired, found.seen, own);
    try {
      const { made, host } = await this.calls.make(definition.place(desired), making);
      const id = definition.identity(made, desired);
      this.hosts.seen(id, host);
      return id;
    } catch (error) {
      const wasLost = error instanceof UnreachableError && error.delivered;
      // of several calls those before the one that failed may have made it
      if (!wasLost && (foreseen === undefined || making.whole || !saidSomething(error))) throw error;
      if (wasLost) this.report("the connection was lost; checking the result");
      const id = await this.become(desired, own).catch((also: unknown) => {
        if (!wasLost) throw error;
        throw foreseen === undefined ? this.unheardOf(desired, also) : new UnprovenError(foreseen, also);
      });
      if (id === undefined) throw error;
      return id;
    }
  }

  /** Nobody can tell which one it would be. */
  private unheardOf(desired: Bag, error: unknown): unknown {
    if (!(error instanceof UnreachableError)) return error;
    const { noun } = this.definition;
    const title = this.definition.title(desired);
    const advice =
      `The ${noun} may have been created, and Pulumi's state does not hold it. Look for a ${noun} "${title}" on the host: ` +
      "if it is there, remove it or set adopt: true, then run pulumi up again.";
    return new UnreachableError(error.message, { ...error, advice, delivered: error.delivered });
  }

  /** What is there after an attempt whose end nobody heard, and was not before. */
  private async become(desired: Bag, own: string | undefined): Promise<string | undefined> {
    const { ids } = await this.find(desired);
    const mine = own === undefined ? ids : ids.filter((id) => id.toLowerCase() === own.toLowerCase());
    return mine.length === 1 ? mine[0] : undefined;
  }

  /** What the host says now. NotFoundError only when it is proven that the thing is gone. */
  async look(id: string, desired: Bag, options: LookOptions = {}): Promise<Looked> {
    const looked = await this.looking.look(id, desired, options);
    this.known = looked.observed ?? options.known;
    return looked;
  }

  private whereabouts(id: string, desired: Bag): Where {
    return this.definition.whereabouts(id, desired, this.known);
  }

  /**
   * Observe, plan, apply, until nothing is left to do. Where that fails, what must stay as it is is put right again: a
   * machine that was stopped for a change runs. `note` hears what is seen, and what is still owed.
   */
  async converge(id: string, desired: Bag, note: Note, known: Known = {}): Promise<Looked> {
    const under: UnderWay = { kept: {}, held: false, refused: new Set() };
    try {
      return await this.rounds(id, desired, under, note, known);
    } catch (error) {
      const cause = error instanceof StepError ? error.cause : error;
      if (under.held && !(cause instanceof UnreachableError))
        await this.regardless(() => this.restore(id, under.kept, note, error));
      throw error;
    }
  }

  /**
   * A change that the running machine does not take becomes one that needs it off; a lost session is answered by another
   * look.
   */
  private async rounds(id: string, desired: Bag, under: UnderWay, note: Note, first: Known): Promise<Looked> {
    const { definition, plans } = this;
    let { known } = first;
    const { refused } = under;
    let before: string | undefined;
    let lost = 0;
    for (let round = 1; ; round += 1) {
      const looked = await this.readable(id, desired, { last: first.last, known, purpose: "change" });
      const { observed, host } = looked;
      known = observed;
      if (Object.keys(under.kept).length === 0) {
        under.kept = definition.keeps?.(observed, desired) ?? {};
        under.held = Object.keys(under.kept).length > 0 && definition.plan(observed, under.kept).steps.length === 0;
      }
      note(observed, under.kept);
      const wanted = { ...desired, ...under.kept };
      const attempt = { ...this.attempt, address: host.address };
      const plan = definition.plan(observed, wanted, { refused, plans, isUnderWay: true });
      refuse(attempt, plan);
      const left = plan.steps.map(({ does }) => does).join(", ");
      if (plan.steps.length === 0) return looked;
      // a plan that only ever leads to another one would go on for ever
      if (left === before || round > mostRounds)
        throw new LifecycleError(
          `${unable(attempt, host.address)}: the host accepted the calls, but this did not take effect: ${left}.`,
        );
      before = left;
      try {
        await this.apply(id, desired, plan.steps);
      } catch (error) {
        if (error instanceof StepError && mayNeedOff(error.cause)) {
          for (const property of error.properties) refused.add(property);
          const other = definition.plan(observed, wanted, { refused, plans, isUnderWay: true });
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

  /** What the host says now, of what it could not read until what it needs was put right. */
  private async readable(id: string, desired: Bag, options: LookOptions): Promise<Looked> {
    try {
      return await this.look(id, desired, options);
    } catch (error) {
      const { known } = options;
      const steps =
        known !== undefined && saidSomething(error) ? this.definition.mend?.(id, desired, known) : undefined;
      if (!steps || steps.length === 0) throw error;
      this.known = known;
      await this.apply(id, desired, steps).catch((also: unknown) => {
        const cause = also instanceof StepError ? also.cause : also;
        throw cause instanceof UnreachableError ? also : error;
      });
      return this.look(id, desired, options);
    }
  }

  private async restore(id: string, kept: Bag, note: Note, error: unknown): Promise<void> {
    try {
      // one that is on its way is waited for first
      for (let round = 1; ; round += 1) {
        const { observed } = await this.look(id, kept, { known: this.known, purpose: "change" });
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
    const { observed, host } = await this.look(id, desired, { purpose: "change" });
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

  /** Throws where the host lacks what a new one needs: then the one whose place it takes stays. */
  async require(desired: Bag): Promise<void> {
    const steps = this.definition.requires?.(desired) ?? [];
    await this.apply(
      "",
      desired,
      steps.map((step) => ({ at: this.definition.place(desired), ...step })),
    );
  }

  /** Takes the thing away, for `successor` if it is replaced; that it is gone already is success. */
  async remove(id: string, desired: Bag, known: Known = {}, successor?: Bag): Promise<void> {
    for (let lost = 0; ; lost += 1) {
      let seen: Looked;
      try {
        seen = await this.look(id, desired, { ...known, purpose: "leave" });
      } catch (error) {
        if (error instanceof NotFoundError) return;
        const unread = saidSomething(error) ? this.definition.removeUnread?.(id, known.known) : undefined;
        if (!unread) throw error;
        await this.apply(id, desired, unread.steps);
        return;
      }
      const plan = this.definition.remove(seen.observed, desired, successor);
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
        if (saidSomething(cause) && (await this.isGone(id, desired, known))) return;
        throw error;
      }
    }
  }

  /** Whether somebody else has taken it away by now. */
  private async isGone(id: string, desired: Bag, known: Known): Promise<boolean> {
    try {
      await this.look(id, desired, { ...known, purpose: "leave" });
      return false;
    } catch (error) {
      return error instanceof NotFoundError;
    }
  }

  /** Steps in order. Those that wait for nothing travel together. */
  private async apply(id: string, desired: Bag, steps: readonly Step[]): Promise<void> {
    const done: Step[] = [];
    try {
      await this.inOrder(id, desired, steps, done);
    } catch (error) {
      // of a session that was lost nobody knows how far it came: who looks again sees it
      const isKnown = error instanceof StepError && !(error.cause instanceof UnreachableError);
      if (isKnown) for (const step of done.reverse()) await this.putBackStep(id, desired, step);
      throw error;
    }
  }

  private async putBackStep(id: string, desired: Bag, { does, undo }: Step): Promise<void> {
    if (undo) await this.regardless(() => this.tidy(id, desired, { does: `undo: ${does}`, calls: undo }));
  }

  /** What puts things right after a failure is done also past the program's limit. */
  private regardless<T>(work: () => Promise<T>): Promise<T> {
    return this.deadline ? this.deadline.lifted(work) : work();
  }

  private async inOrder(id: string, desired: Bag, steps: readonly Step[], done: Step[]): Promise<void> {
    let together: Step[] = [];
    const flush = async () => {
      const going = together;
      together = [];
      if (going.length > 0) await this.applyTogether(id, desired, going, done);
    };
    for (const step of steps) {
      if (step.mayBeRefused) {
        await flush();
        await this.tidy(id, desired, step);
        continue;
      }
      if (step.at) await flush();
      together.push(step);
      if (!step.wait && !step.at) continue;
      await flush();
      if (step.wait) await this.waitFor(id, desired, step);
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

  private async applyTogether(id: string, desired: Bag, steps: readonly Step[], done: Step[] = []): Promise<void> {
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
      ran = await this.calls.raw(steps[0]?.at ?? this.whereabouts(id, desired), calls);
    } catch (error) {
      throw new StepError(steps[0], error);
    }
    try {
      this.calls.must(ran, calls);
    } catch (error) {
      const at = ran.results.length - 1;
      const failed = stepOf(at);
      if (failed) done.push(...steps.slice(0, steps.indexOf(failed)));
      throw new StepError(failed, error, nameIn(calls, at));
    }
    done.push(...steps);
  }

  /** Waits for what must be there before the work has succeeded; answers what is there then. */
  async ready(id: string, desired: Bag, looked: Looked, known: Known = {}): Promise<Looked> {
    const step = this.definition.ready?.(looked.observed, desired);
    if (!step) return looked;
    await this.apply(id, desired, [step]);
    return this.look(id, desired, { ...known, known: looked.observed, purpose: "change" });
  }

  private async waitFor(id: string, desired: Bag, step: Step): Promise<void> {
    const { wait } = step;
    if (!wait) return;
    let waited = 0;
    let next = 10;
    for (;;) {
      const { results, host } = await this.askFor(id, desired, step, wait);
      if (wait.until(results) && (await this.reached(wait.reach?.(results)))) return;
      if (waited >= wait.deadlineSeconds) {
        if (!wait.otherwise) throw new StepError(step, new Error(wait.failure(results)), undefined, host.address);
        await this.applyTogether(id, desired, [wait.otherwise]);
        return;
      }
      const pause = Math.min(wait.everySeconds, wait.deadlineSeconds - waited);
      if (this.deadline && this.deadline.remaining <= 0) throw new StepError(step, this.deadline.passed(host.address));
      await this.calls.pause(pause);
      waited += pause;
      if (waited < next) continue;
      this.report(`${step.does}: waiting, ${waited} of at most ${wait.deadlineSeconds} seconds`);
      // where nobody watches each is a line of its own
      next *= 2;
    }
  }

  private async askFor(id: string, desired: Bag, step: Step, wait: Wait): Promise<Ran> {
    try {
      return await this.calls.ask(step.at ?? this.whereabouts(id, desired), wait.calls);
    } catch (error) {
      throw new StepError(step, error);
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

/** Hears what was seen, and what must yet be as it was. */
type Note = (observed: unknown, kept: Bag) => void;

/** Nobody knows whether the thing was made: the host stays away. What it would be is known. */
export class UnprovenError extends Error {
  constructor(
    readonly id: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "UnprovenError";
  }
}

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

/** A change takes two looks, one more for each hot change that is refused and each lost session. */
const mostRounds = 20;
