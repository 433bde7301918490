import type { CallResult, Question, Where } from "../../calls";
import { type CmdletName, moduleOf } from "../../calls/cmdlets.generated";
import { errorOf, HostError, NotFoundError, UnreachableError, UnreadableError } from "../../host/errors";
import type { Host, Hosts } from "../../host/host";
import type { Answers, AnyDefinition, Asked, Purpose, Seen } from "../../resources/definition";
import { same } from "../../resources/paths";
import type { Answer, Survey } from "../../resources/surveys";
import { markOf } from "../state/recorded";
import type { Bag } from "../values";
import type { HostCalls } from "./host-calls";

export interface LookOptions {
  /** Where a machine was seen last. */
  last?: string;
  /** What was observed of it last. */
  known?: unknown;
  /** Tells that where it is not given, once it is needed to say that the thing is gone. */
  recall?: () => unknown;
  /** The mark of the answers that told it: where they are the same, nobody looks further. */
  answered?: string;
  purpose?: Purpose;
  /** What it is to become, where that is not what it is looked at for: who else uses it may matter then. */
  becomes?: Bag;
  /** Whether what was read some seconds ago will do. */
  recent?: boolean;
}

export interface Looked {
  observed: unknown;
  /** A mark of the answers that told it, where one batch of calls was enough. */
  answered: string | undefined;
  host: Host;
}

/** Looks at one thing: where it was, where it may be, and whether it is gone. */
export class Looking {
  constructor(
    private readonly hosts: Hosts,
    private readonly definition: AnyDefinition,
    private readonly calls: HostCalls,
    /** Whether another resource of this run has what is in a place. */
    private readonly isClaimed: (place: unknown) => boolean = () => false,
  ) {}

  /**
   * What the host says now. NotFoundError only when it is proven that the thing is gone. What is looked at to be left is not
   * held up by what cannot be read of it, such as a file that is gone.
   */
  async look(id: string, desired: Bag, options: LookOptions = {}): Promise<Looked> {
    const looked = await this.calls.beside(() => this.lookFor(id, desired, options));
    const { observed, host } = looked;
    const is = observed === undefined ? undefined : this.definition.read.id?.(observed);
    if (id !== "" && is !== undefined && !same(is, id))
      throw new NotFoundError(`it is ${is}, and not ${id}`, { address: host.address });
    return looked;
  }

  private async lookFor(id: string, desired: Bag, options: LookOptions): Promise<Looked> {
    const { known } = options;
    let missing: HostError | undefined;
    let stranger: Looked | undefined;
    for (const place of this.places(id, desired, known)) {
      try {
        const looked = await this.lookAt(id, desired, place, options);
        if (!this.isOther(looked, known)) return await this.withOthers(looked, desired, options);
        stranger ??= place === known ? looked : undefined;
      } catch (error) {
        if (!(error instanceof HostError) || !this.mayBeGone(error)) throw error;
        missing ??= error;
      }
    }
    const moved = await this.sought(id, desired, options, missing);
    const found = moved ?? stranger;
    if (found) return this.withOthers(found, desired, options);
    throw await this.proven(id, desired, known ?? options.recall?.(), missing);
  }

  private mayBeGone(error: HostError): boolean {
    return error instanceof NotFoundError || this.definition.gone?.mayBe?.(error) === true;
  }

  private *places(id: string, desired: Bag, known: unknown): Iterable<unknown> {
    yield known;
    if (known !== undefined) yield* this.definition.moving?.elsewhere(id, desired, known) ?? [];
  }

  private isOther({ observed }: Looked, known: unknown): boolean {
    return known !== undefined && observed !== undefined && this.definition.moving?.isOther(observed, known) === true;
  }

  private async lookAt(id: string, desired: Bag, known: unknown, options: LookOptions): Promise<Looked> {
    const { definition } = this;
    const { last, purpose = "read", recent } = options;
    const where = withLast(definition.place.now(id, desired, known), last);
    const asked = definition.read.observe(id, desired, known);
    const { results, host } = await this.calls.ask(where, Object.values(asked), { recent });
    const standalone = this.hosts.nodes.length > 0 && !this.hosts.isClustered;
    const seen: Seen = {
      id,
      answers: namedBy(asked, results),
      address: host.address,
      ...(standalone && { standalone }),
    };
    const first = markOf(results.map(({ values }) => values));
    let isAll = definition.read.around === undefined;
    if (options.answered === first && definition.read.around === undefined)
      return { observed: undefined, answered: first, host };
    try {
      for (let more = definition.read.follow?.(seen); more; more = definition.read.follow?.(seen)) {
        isAll = false;
        const answer = await this.calls.ask(where, Object.values(more), { recent });
        seen.answers = { ...seen.answers, ...namedBy(more, answer.results) };
      }
    } catch (error) {
      if (purpose !== "leave" || error instanceof NotFoundError || !saidSomething(error)) throw error;
    }
    // of what stays under its id, what was known of it is of the same thing wherever it is
    const before = known ?? (definition.moving ? undefined : options.recall?.());
    const observed = definition.read.parse(seen, desired, before);
    if (observed === undefined) throw new NotFoundError("it is not there", { address: host.address });
    return { observed, answered: isAll ? first : undefined, host };
  }

  /** With who else uses it, where that matters. */
  private async withOthers(looked: Looked, desired: Bag, { purpose = "read", becomes }: LookOptions): Promise<Looked> {
    const survey = this.definition.read.around?.(looked.observed, becomes ?? desired, purpose);
    return survey ? { ...looked, observed: await this.survey(survey, purpose) } : looked;
  }

  /** Where somebody has moved it: one place, that no other resource has. */
  private async sought(
    id: string,
    desired: Bag,
    options: LookOptions,
    missing: HostError | undefined,
  ): Promise<Looked | undefined> {
    const { known, purpose = "read" } = options;
    const survey = known === undefined ? undefined : this.definition.moving?.seek(known);
    if (!survey) return undefined;
    const { places, unread } = await this.survey(survey, purpose);
    const [place, another] = places.filter((candidate) => !this.isClaimed(candidate));
    const facts = { address: missing?.address ?? "", delivered: false, cmdlet: missing?.cmdlet };
    if (another !== undefined)
      throw new UnreachableError(`it is no longer where it was, and ${places.length} others match its identity`, {
        ...facts,
        advice: "Nothing was removed from Pulumi's state. Keep only one of them, and run the command again.",
      });
    if (place !== undefined) return this.lookAt(id, desired, place, options);
    if (missing && unread.length > 0)
      throw new UnreachableError(
        `it is no longer where it was, and may be one of the disks that cannot be read: ${unread.join(", ")}`,
        { ...facts, advice: "Nothing was removed from Pulumi's state. Make that readable, and run the command again." },
      );
    return undefined;
  }

  /** Asks every node, in rounds. Each question may fail, but not the asking. */
  async survey<Result>(survey: Survey<Result>, purpose: Purpose): Promise<Result> {
    const { nodes } = this.hosts;
    const asked = nodes.length > 0 ? (survey.node === undefined ? nodes : [survey.node]) : [undefined];
    const surveyed = await Promise.allSettled(
      asked.map(async (node) => {
        const answers: Answer[] = [];
        let address = "";
        for (let more = survey.ask(answers); more.length > 0; more = survey.ask(answers)) {
          const round = await this.round({ node }, more, purpose !== "read");
          answers.push(...round.answers);
          address = round.address;
          for (const answer of round.answers)
            if (answer.result.error && survey.needs?.(answer)) throw unansweredOf(answer, address);
        }
        return { node, address, answers };
      }),
    );
    const answered = surveyed.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    for (const one of surveyed)
      if (one.status === "rejected" && !(survey.skips && answered.length > 0 && isAway(one.reason))) throw one.reason;
    return survey.conclude(answered);
  }

  private async round(where: Where, questions: readonly Question[], fresh: boolean) {
    try {
      return await this.calls.shared(where, questions, fresh);
    } catch (error) {
      if (!(error instanceof UnreachableError) || !error.delivered) throw error;
      return this.calls.shared(where, questions, true);
    }
  }

  /**
   * The error that says that the thing is gone, or another: "not found" is a hint so far, as the same answer comes from a stopped
   * service and from missing rights (hyper-v.md 1.2).
   */
  private async proven(id: string, desired: Bag, known: unknown, error: HostError | undefined): Promise<HostError> {
    const { definition } = this;
    const { gone } = definition;
    if (!gone)
      return new UnreachableError(error?.message ?? "it is not there", { address: "", ...error, delivered: false });
    const inventory = gone.inventory(id, known);
    const where = gone.at ?? definition.place.now(id, desired, known);
    const everywhere = await this.calls.everywhere(where, inventory);
    const hint = error ?? new NotFoundError("it is not there", { address: everywhere[0]?.host.address ?? "" });
    for (const ran of everywhere) {
      const facts = { ...hint, address: ran.host.address, delivered: false };
      const listed = this.calls.proves(ran, inventory) ? gone.listed(id, ran.results, known) : undefined;
      if (listed === undefined) return new UnreachableError(hint.message, facts);
      if (!listed) continue;
      // nobody answers for it, and it is there
      if (!(hint instanceof NotFoundError)) return hint;
      // ObjectNotFound comes from a stopped service too (hyper-v.md 1.1), unless another cmdlet of it has answered
      const isServed = inventory.some((call) => provesService(call.cmdlet, hint.cmdlet));
      const mayBeStopped = hint.errorId?.split(",")[0] === "ObjectNotFound" && !isServed;
      return mayBeStopped ? new UnreachableError(hint.message, facts) : new UnreadableError(hint.message, facts);
    }
    return hint instanceof NotFoundError ? hint : new NotFoundError(hint.message, hint);
  }

  /** All that there is of the kind, each with the node that it was found on. */
  async everyOne(listing = this.definition.list) {
    const { nodes } = this.hosts;
    if (listing.clustered && !this.hosts.isClustered) return [];
    const found = await Promise.all(
      (nodes.length > 0 ? nodes : [undefined]).map(async (node) => {
        const { results, host } = await this.calls.ask({ node }, listing.calls);
        const answers = results.map((result, index) => ({ call: listing.calls[index] as Question, result }));
        for (let more = listing.follow?.(answers) ?? []; more.length > 0; more = listing.follow?.(answers) ?? [])
          answers.push(...(await this.calls.each({ node }, more)));
        return listing.parse(answers, nodes.length > 1 ? node : undefined).map((thing) => {
          if ("machine" in this.definition.place.now(thing.id, thing.desired)) this.hosts.seen(thing.id, host);
          return { ...thing, node };
        });
      }),
    );
    // a file on a shared volume is seen from every node
    const once = new Map(found.flat().map((thing) => [`${thing.desired.node} ${thing.id.toLowerCase()}`, thing]));
    return [...once.values()];
  }
}

/** Whatever the host says to a question without whose answer nothing is known: it says nothing about the thing itself. */
function unansweredOf({ call: { cmdlet }, result }: Answer, address: string): UnreachableError {
  if (!result.error) throw new Error(`${cmdlet} has answered.`);
  const error = errorOf(result.error, { address, cmdlet });
  return new UnreachableError(error.message, { ...error, delivered: true });
}

/** Nobody could be asked. One whose answer was lost may have said something. */
function isAway(error: unknown): boolean {
  return error instanceof UnreachableError && !error.delivered;
}

/** Answers under the names of their questions, as far as they were answered. */
export function namedBy(asked: Asked, results: readonly CallResult[]): Answers {
  return Object.fromEntries(
    Object.keys(asked).flatMap((name, index) => (results[index] ? [[name, results[index]]] : [])),
  );
}

function provesService(cmdlet: CmdletName, failed: string | undefined): boolean {
  return moduleOf[cmdlet] === "Hyper-V" && cmdlet !== failed;
}

/** Whether the host itself answered about the thing, in place of what it is. */
export function saidSomething(error: unknown): boolean {
  return error instanceof HostError && (error instanceof UnreadableError || !(error instanceof UnreachableError));
}

function withLast(where: Where, last: string | undefined): Where {
  return "machine" in where && last !== undefined ? { ...where, last } : where;
}
