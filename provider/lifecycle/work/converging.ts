import { mayNeedOff, UnreachableError } from "../../host/errors";
import type { AnyDefinition, Plan } from "../../resources/definition";
import type { Plans } from "../../resources/plans";
import { type Attempt, LifecycleError, refuse, sentence, unable } from "../messages/messages";
import type { Bag } from "../values";
import type { Applying } from "./applying";
import type { Report } from "./host-calls";
import { type Looked, type LookOptions, saidSomething } from "./looking";
import { bothErrors, StepError } from "./step-error";

/** What is known of a thing before it is looked at. */
export interface Known {
  /** Where a machine was seen last. */
  last?: string | undefined;
  /** What was observed of it last. */
  known?: unknown;
}

/** Hears what was seen, and what must yet be as it was. */
export type Note = (observed: unknown, kept: Bag) => void;

interface UnderWay {
  /** What must be so at the end, whatever the changes need on the way. */
  kept: Bag;
  /** Whether it was so at the first look. */
  held: boolean;
  /** Properties that the running machine did not take. */
  refused: Set<string>;
}

interface Rounds extends Known {
  under: UnderWay;
  note: Note;
}

/** A change takes two looks, one more for each hot change that is refused and each lost session. */
const mostRounds = 20;

export interface ConvergingTools {
  definition: AnyDefinition;
  attempt: Attempt;
  report: Report;
  plans: Plans | undefined;
  applying: Applying;
  look(id: string, desired: Bag, options: LookOptions): Promise<Looked>;
}

/** Makes one thing what is desired of it, in rounds. */
export class Converging {
  private readonly definition: AnyDefinition;
  private readonly attempt: Attempt;
  private readonly report: Report;
  private readonly plans: Plans | undefined;
  private readonly applying: Applying;
  private readonly look: ConvergingTools["look"];

  constructor({ definition, attempt, report, plans, applying, look }: ConvergingTools) {
    this.definition = definition;
    this.attempt = attempt;
    this.report = report;
    this.plans = plans;
    this.applying = applying;
    this.look = look;
  }

  /**
   * Observe, plan, apply, until nothing is left to do. Where that fails, what must stay as it is is put right again: a
   * machine that was stopped for a change runs. `note` hears what is seen, and what is still owed.
   */
  async converge(id: string, desired: Bag, note: Note, known: Known = {}): Promise<Looked> {
    const under: UnderWay = { kept: {}, held: false, refused: new Set() };
    try {
      return await this.rounds(id, desired, { ...known, under, note });
    } catch (error) {
      const cause = error instanceof StepError ? error.cause : error;
      if (under.held && !(cause instanceof UnreachableError))
        await this.applying.regardless(() => this.restore(id, under.kept, note, error));
      throw error;
    }
  }

  /**
   * A change that the running machine does not take becomes one that needs it off; a lost session is answered by another
   * look.
   */
  private async rounds(id: string, desired: Bag, { under, note, ...first }: Rounds): Promise<Looked> {
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
        under.kept = definition.change.keeps?.(observed, desired) ?? {};
        under.held =
          Object.keys(under.kept).length > 0 && definition.change.plan(observed, under.kept).steps.length === 0;
      }
      note(observed, under.kept);
      const wanted = { ...desired, ...under.kept };
      const attempt = { ...this.attempt, address: host.address };
      const plan = definition.change.plan(observed, wanted, { refused, plans, isUnderWay: true });
      refuse(attempt, plan);
      const left = plan.steps.map(({ does }) => does).join(", ");
      if (plan.steps.length === 0) return looked;
      // a plan that only ever leads to another one would go on for ever
      if (left === before || round > mostRounds) {
        const why = plan.steps.flatMap(({ overruled }) =>
          overruled === undefined ? [] : [`\n  ${sentence(overruled)}`],
        );
        throw new LifecycleError(
          `${unable(attempt, host.address)}: the host accepted the calls, but this did not take effect: ${left}.${why.join("")}`,
        );
      }
      before = left;
      try {
        await this.applying.apply(id, desired, plan.steps);
        known = definition.change.done?.(observed, wanted) ?? observed;
      } catch (error) {
        if (error instanceof StepError && mayNeedOff(error.cause)) {
          for (const property of error.properties) refused.add(property);
          const other = definition.change.plan(observed, wanted, { refused, plans, isUnderWay: true });
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
        known !== undefined && saidSomething(error) ? this.definition.unread?.mend(id, desired, known) : undefined;
      if (!steps || steps.length === 0) throw error;
      this.applying.known = known;
      await this.applying.apply(id, desired, steps).catch((also: unknown) => {
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
        const { observed } = await this.look(id, kept, { known: this.applying.known, purpose: "change" });
        const { steps } = this.definition.change.plan(observed, kept);
        note(observed, steps.length === 0 ? {} : kept);
        if (steps.length === 0 || round > mostRounds) return;
        await this.applying.apply(id, kept, steps);
      }
    } catch (also) {
      throw bothErrors(this.attempt, error, also);
    }
  }
}

function sameSteps(one: Plan, other: Plan): boolean {
  return other.refusals.length === 0 && JSON.stringify(one.steps) === JSON.stringify(other.steps);
}
