import { NotFoundError, UnreachableError } from "../../host/errors";
import type { Hosts } from "../../host/host";
import type { AnyDefinition, Plan } from "../../resources/definition";
import type { Plans } from "../../resources/plans";
import type { Listed } from "../../resources/surveys";
import { type Attempt, refusal, refuse } from "../messages/messages";
import type { Bag } from "../values";
import { Applying } from "./applying";
import { Converging, type Known, type Note } from "./converging";
import { Creating, type Made } from "./creating";
import type { Deadline } from "./deadline";
import { Finding, type Found } from "./finding";
import { withHolders } from "./held";
import { HostCalls, type Report } from "./host-calls";
import { type Looked, Looking, type LookOptions, saidSomething } from "./looking";
import { StepError } from "./step-error";

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

/** What is only set, as it is there. */
export interface Present {
  id: string;
  attempt: Attempt;
  /** What would be done to it. */
  plan: Plan;
}

/** Throws where a plan cannot be carried out on what exists; `because` is why nothing else takes its place. */
export function mustFit(attempt: Attempt, { refusals, replaces }: Plan, because: string): void {
  const kept = replaces.map((property) => ({
    path: [property],
    reason: `${because}. Declare the existing value, or leave it out`,
  }));
  if (refusals.length + kept.length > 0) throw refusal(attempt, [...refusals, ...kept]);
}

/** Work on one thing on its hosts: makes it, applies plans, converges, takes it away. Knows nothing of Pulumi. */
export class HostWork {
  readonly calls: HostCalls;
  private readonly looking: Looking;
  private readonly finding: Finding;
  private readonly applying: Applying;
  private readonly creating: Creating;
  private readonly converging: Converging;
  private readonly definition: AnyDefinition;
  private readonly attempt: Attempt;
  private readonly report: Report;

  constructor({ hosts, definition, attempt, timeoutSeconds, report, deadline, plans, isClaimed }: Tools) {
    this.definition = definition;
    this.attempt = attempt;
    this.report = report;
    const calls = new HostCalls(hosts, timeoutSeconds, report, deadline);
    this.calls = calls;
    this.looking = new Looking(hosts, definition, calls, isClaimed);
    this.finding = new Finding(definition, calls);
    const applying = new Applying({ hosts, definition, calls, report, deadline });
    this.applying = applying;
    this.creating = new Creating({ hosts, definition, attempt, calls, report, finding: this.finding, applying });
    const look = (id: string, desired: Bag, options: LookOptions) => this.look(id, desired, options);
    this.converging = new Converging({ definition, attempt, report, plans, applying, look });
  }

  /** The error of this work, with who has the files that are in use. */
  explained(error: unknown, desired: Bag, id?: string): Promise<unknown> {
    const { definition } = this;
    const where = id === undefined ? definition.place.of(desired) : definition.place.now(id, desired);
    return withHolders(error, this.looking, "machine" in where ? where.machine : (id ?? ""));
  }

  /** What is already there under the name that a new one would have, and what a new one would lack. */
  find(desired: Bag): Promise<Found> {
    return this.finding.find(desired);
  }

  /** All that there is of the kind, each with the node that it was found on. */
  list(): Promise<(Listed & { node: string | undefined })[]> {
    return this.looking.everyOne();
  }

  /** Brings the thing into being. When the session is lost on the way, what is there now and was not before is ours. */
  make(desired: Bag, found: Found, id?: string): Promise<Made> {
    return this.creating.make(desired, found, id);
  }

  /** What was another way for as long as the thing was made. */
  putBack(desired: Bag, afterwards: Made["afterwards"]): Promise<void> {
    return this.creating.putBack(desired, afterwards);
  }

  /** What the host says now. NotFoundError only when it is proven that the thing is gone. */
  async look(id: string, desired: Bag, options: LookOptions = {}): Promise<Looked> {
    const looked = await this.looking.look(id, desired, options);
    this.applying.known = looked.observed ?? options.known;
    return looked;
  }

  /** Observe, plan, apply, until nothing is left to do; `note` hears what is seen, and what is still owed. */
  converge(id: string, desired: Bag, note: Note, known: Known = {}): Promise<Looked> {
    return this.converging.converge(id, desired, note, known);
  }

  /** Waits for what must be there before the work has succeeded; answers what is there then. */
  async ready(id: string, desired: Bag, looked: Looked, known: Known = {}): Promise<Looked> {
    const step = this.definition.change.ready?.(looked.observed, desired);
    if (!step) return looked;
    await this.applying.apply(id, desired, [step]);
    return this.look(id, desired, { ...known, known: looked.observed, purpose: "change" });
  }

  /** Throws where what is there cannot become what is desired, before it is taken over. */
  async fits(id: string, desired: Bag): Promise<void> {
    const { observed, host } = await this.look(id, desired, { purpose: "change" });
    mustFit(
      { ...this.attempt, address: host.address },
      this.definition.change.plan(observed, desired),
      "differs from what exists, and adopted resources are not replaced",
    );
  }

  /** What is only set, as it is there, and what would be done to it. */
  async present(desired: Bag): Promise<Present> {
    const { observed, host } = await this.look("", desired, { purpose: "change" });
    const id = this.definition.read.id?.(observed) ?? "";
    const attempt = { ...this.attempt, title: this.attempt.title ?? id, address: host.address };
    return { id, attempt, plan: this.definition.change.plan(observed, desired) };
  }

  /** Throws where the host lacks what a new one needs: then the one whose place it takes stays. */
  async require(desired: Bag): Promise<void> {
    const steps = this.definition.birth?.requires?.(desired) ?? [];
    await this.applying.apply(
      "",
      desired,
      steps.map((step) => ({ at: this.definition.place.of(desired), ...step })),
    );
  }

  /** Takes the thing away, for `successor` if it is replaced; that it is gone already is success. */
  async remove(id: string, desired: Bag, known: Known = {}, successor?: Bag): Promise<void> {
    const { death, unread } = this.definition;
    if (!death) return;
    for (let lost = 0; ; lost += 1) {
      let seen: Looked;
      try {
        seen = await this.look(id, desired, { ...known, purpose: "leave" });
      } catch (error) {
        if (error instanceof NotFoundError) return;
        const removal = saidSomething(error) ? unread?.remove(id, known.known) : undefined;
        if (!removal) throw error;
        await this.applying.apply(id, desired, removal.steps);
        return;
      }
      const plan = death.remove(seen.observed, desired, successor);
      refuse({ ...this.attempt, address: seen.host.address }, plan);
      try {
        await this.applying.apply(id, desired, plan.steps);
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
}
