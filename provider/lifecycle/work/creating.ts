import { randomUUID } from "node:crypto";
import type { Action } from "../../calls";
import { UnreachableError } from "../../host/errors";
import type { Hosts } from "../../host/host";
import { type Answers, type AnyDefinition, birthOf, idOf, type Making, mints } from "../../resources/definition";
import type { Attempt } from "../messages/messages";
import type { Bag } from "../values";
import type { Applying } from "./applying";
import type { Finding, Found } from "./finding";
import type { HostCalls, Report } from "./host-calls";
import { saidSomething } from "./looking";
import { bothErrors } from "./step-error";

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

export interface CreatingTools {
  hosts: Hosts;
  definition: AnyDefinition;
  attempt: Attempt;
  calls: HostCalls;
  report: Report;
  finding: Finding;
  applying: Applying;
}

/** What was made. */
export interface Made {
  id: string;
  /** What was another way for as long as it was made. */
  afterwards: readonly Action[];
  /** What is known of it that no host tells. */
  known?: unknown;
}

/** How an attempt begins. */
interface Beginning {
  /** The id of ours that it is given. */
  own: string | undefined;
  /** What was there. */
  before: Answers;
}

/** Brings one thing into being, and says which one it is also where the answer was lost. */
export class Creating {
  private readonly hosts: Hosts;
  private readonly definition: AnyDefinition;
  private readonly attempt: Attempt;
  private readonly calls: HostCalls;
  private readonly report: Report;
  private readonly finding: Finding;
  private readonly applying: Applying;

  constructor({ hosts, definition, attempt, calls, report, finding, applying }: CreatingTools) {
    this.hosts = hosts;
    this.definition = definition;
    this.attempt = attempt;
    this.calls = calls;
    this.report = report;
    this.finding = finding;
    this.applying = applying;
  }

  /** Brings the thing into being. When the session is lost on the way, what is there now and was not before is ours. */
  async make(desired: Bag, found: Found, id?: string): Promise<Made> {
    const { definition } = this;
    const own = mints(definition) ? (id ?? randomUUID()) : undefined;
    const making = birthOf(definition).make(desired, found.seen, own);
    const { awaits, afterwards = [], known } = making;
    if (awaits) await this.applying.apply("", desired, [awaits]);
    this.report(`creating the ${definition.noun}`);
    try {
      return { id: await this.begin(desired, making, { own, before: found.seen }), afterwards, known };
    } catch (error) {
      await this.putBack(desired, afterwards).catch((also: unknown) => {
        // which one it would be must not be lost
        if (error instanceof UnprovenError) throw error;
        throw bothErrors(this.attempt, error, also);
      });
      throw error;
    }
  }

  async putBack(desired: Bag, calls: readonly Action[]): Promise<void> {
    if (calls.length > 0)
      await this.applying.regardless(() => this.calls.run(this.definition.place.of(desired), calls));
  }

  private async begin(desired: Bag, making: Making, { own, before }: Beginning): Promise<string> {
    const { place } = this.definition;
    const { identity } = birthOf(this.definition);
    const foreseen = own ?? ("foreseen" in identity ? identity.foreseen(desired) : undefined);
    try {
      const { made, host } = await this.calls.make(place.of(desired), making);
      const id = idOf(identity, made, desired);
      this.hosts.seen(id, host);
      return id;
    } catch (error) {
      const wasLost = error instanceof UnreachableError && error.delivered;
      // of several calls those before the one that failed may have made it
      if (!wasLost && (foreseen === undefined || making.whole || !saidSomething(error))) throw error;
      if (wasLost) this.report("the connection was lost; checking the result");
      const id = await this.become(desired, { own, before }).catch((also: unknown) => {
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
    const title = this.definition.show.title(desired);
    const advice =
      `The ${noun} may have been created, and Pulumi's state does not hold it. Look for a ${noun} "${title}" on the host: ` +
      "if it is there, remove it or set adopt: true, then run pulumi up again.";
    return new UnreachableError(error.message, { ...error, advice, delivered: error.delivered });
  }

  /** What is there after an attempt whose end nobody heard, and was not before. */
  private async become(desired: Bag, { own, before }: Beginning): Promise<string | undefined> {
    const { ids } = await this.finding.find(desired, before);
    const mine = own === undefined ? ids : ids.filter((id) => id.toLowerCase() === own.toLowerCase());
    return mine.length === 1 ? mine[0] : undefined;
  }
}
