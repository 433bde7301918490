import type { Done, Endpoint, Where } from "../../calls";
import { UnreachableError } from "../../host/errors";
import type { Hosts, Ran } from "../../host/host";
import type { AnyDefinition, Step, Wait } from "../../resources/definition";
import type { Bag } from "../values";
import type { Deadline } from "./deadline";
import type { HostCalls, Report } from "./host-calls";
import { nameIn, StepError } from "./step-error";

/** What steps are applied with. */
export interface ApplyingTools {
  hosts: Hosts;
  definition: AnyDefinition;
  calls: HostCalls;
  report: Report;
  deadline: Deadline | undefined;
}

/** Applies the steps of plans to one thing, and waits where they wait. */
export class Applying {
  /** What was observed of the thing last: it says where the calls belong. */
  known: unknown;
  private readonly hosts: Hosts;
  private readonly definition: AnyDefinition;
  private readonly calls: HostCalls;
  private readonly report: Report;
  private readonly deadline: Deadline | undefined;

  constructor({ hosts, definition, calls, report, deadline }: ApplyingTools) {
    this.hosts = hosts;
    this.definition = definition;
    this.calls = calls;
    this.report = report;
    this.deadline = deadline;
  }

  private whereabouts(id: string, desired: Bag): Where {
    return this.definition.place.now(id, desired, this.known);
  }

  /** Steps in order. Those that wait for nothing travel together. */
  async apply(id: string, desired: Bag, steps: readonly Step[]): Promise<void> {
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
  regardless<T>(work: () => Promise<T>): Promise<T> {
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

  private async waitFor(id: string, desired: Bag, step: Step): Promise<void> {
    const { wait } = step;
    if (!wait) return;
    let waited = 0;
    let next = 10;
    let told: string | undefined;
    for (;;) {
      const { results, host } = await this.askFor(id, desired, step, wait);
      const progress = wait.progress?.(results);
      if (progress !== undefined && progress !== told) this.report(`${step.does}: ${progress}`);
      told = progress;
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
