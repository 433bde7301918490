import type { AnyDefinition, Plan } from "../../resources/definition";
import { same } from "../../resources/paths";
import { announced } from "../../resources/plans";
import { keysMarked, type Problem } from "../../schema";
import { LifecycleError, PassingRefusal, refusal } from "../messages/messages";
import { isMade, isProven, owedIn, withoutMarks } from "../state/marks";
import { isSettled } from "../state/recorded";
import { asBag, type Bag, canonical, equal, fillUnknown, hasUnknown, isBag, known, unknown } from "../values";
import { timeoutsKey } from "../work/deadline";
import type { Report } from "../work/host-calls";
import { type Kind, type Surroundings, withoutUndefined } from "./kind";
import { type PropertyDifference, propertyDifferences, spokenOf } from "./property-differences";

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What is compared: what the state holds of a resource, and inputs. */
export interface Compared {
  id: string;
  olds: Bag;
  news: Bag;
  /** Whose inputs they are. A program's may be refused; a refresh compares what the state held, and is refused nothing. */
  by: "program" | "refresh";
}

/** What is wanted, beside what is there. */
interface Comparison {
  wanted: Bag;
  /** What was wanted before. */
  recorded: Bag;
  /** What is wanted, and of what nobody knows yet what was wanted before. */
  desired: Bag;
  observed: unknown;
  plan: Plan;
  /** Properties for which another one takes the place of what the thing belongs to. */
  followed: readonly string[];
  /** All properties for which a new one takes its place. */
  replaces: string[];
}

/** What an update would do. */
export class Differences {
  constructor(private readonly kind: Kind) {}

  /**
   * The same as `diff`, but before it refuses for a state that may have changed since, such as a machine's power, the host is
   * asked: once, for some seconds.
   */
  async difference(compared: Compared, surroundings: Surroundings): Promise<Difference> {
    const { tell } = surroundings;
    try {
      return this.diff(compared, { tell });
    } catch (error) {
      if (!(error instanceof PassingRefusal)) throw error;
      const seen = await this.seenNow(compared, surroundings);
      if (seen === undefined) throw new LifecycleError(`${error.message}\n  ${lastSeen}`, { cause: error });
      return this.diff(compared, { seen, tell });
    }
  }

  /** Undefined where the host does not answer in time; it is then not asked again in this run. */
  private async seenNow({ id, olds, news }: Compared, surroundings: Surroundings): Promise<unknown> {
    const { silent } = this.kind.run;
    const where =
      this.kind.definition.place.lastAt?.(olds) ??
      canonical(this.kind.definition.place.now(id, this.kind.inputsIn(olds)));
    if (silent.has(where)) return undefined;
    const declared = this.kind.filled(this.kind.inputsIn(olds), isMade(olds));
    const attempt = this.kind.attempt("read", declared, [olds, news], id);
    const timeoutSeconds = Math.min(refusalSeconds, surroundings.timeoutSeconds);
    const work = this.kind.work({ ...surroundings, timeoutSeconds }, attempt);
    const looking = work.look(id, declared, {
      last: this.kind.definition.place.lastAt?.(olds),
      known: this.kind.known(id, olds),
      purpose: "change",
      becomes: asBag(known(this.kind.filled(withoutMarks(news), isMade(olds)))),
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, timeoutSeconds * 1000, undefined);
    });
    try {
      const looked = await Promise.race([looking, late]);
      if (!looked) silent.add(where);
      return looked?.observed;
    } catch {
      silent.add(where);
      return undefined;
    } finally {
      clearTimeout(timer);
      looking.catch(() => {});
    }
  }

  /** Pure and local: the plan from what the state says was observed, or from what was seen just now. */
  diff(compared: Compared, { seen, tell }: { seen?: unknown; tell?: Report } = {}): Difference {
    const { definition, run } = this.kind;
    const { id, olds, news } = compared;
    const isProgram = compared.by === "program";
    const resource = `${definition.kind} ${String(news.__urn ?? olds.__urn ?? id)}`;
    const twice = this.claim(compared);
    run.plans.set(resource, undefined);
    if (twice === undefined && this.isKnownToBeEmpty(compared))
      return { changes: false, replaces: [], deleteBeforeReplace: true };
    const comparison = this.comparison(compared, seen);
    if (!comparison) return { changes: true, replaces: [], deleteBeforeReplace: false };
    const { recorded, desired, observed, plan, replaces } = comparison;
    if (isProgram) this.refuse(compared, comparison, seen);
    if (isProgram && plan.file) run.plans.set(resource, announced(plan.file, replaces, plan.refusals.length > 0));
    this.giveUp(compared, comparison);
    if (twice && replaces.length === 0) throw refusal(this.kind.attempt("update", desired, [news, olds], id), [twice]);
    const changes = this.isChange(compared, comparison);
    const coexist = this.kind.isOnlySet || definition.change.coexist?.(observed, desired, recorded) === true;
    if (isProgram) for (const notice of noticesOf(definition, plan, replaces)) tell?.(notice);
    return { changes, replaces, deleteBeforeReplace: !coexist };
  }

  /** Which properties differ from what was last observed. Refuses nothing, and the run learns nothing from it. */
  properties(compared: Compared): PropertyDifference[] {
    const { definition } = this.kind;
    const comparison = this.comparison(compared, undefined);
    const declared = this.kind.inputsIn(compared.olds);
    const recorded = this.kind.filled(declared, isMade(compared.olds));
    const after = comparison?.wanted ?? this.kind.filled(withoutMarks(compared.news), isMade(compared.olds));
    // where nobody knows what is there, it is what the state says was wanted
    const there = comparison ? definition.show.reflect(comparison.observed, recorded) : recorded;
    const before = asBag(spokenOf(there, declared, after));
    const policies = keysMarked(definition.schema, "policy");
    const planned = ({ observed, desired }: Comparison, changes: Bag = {}) => {
      const { steps, refusals, replaces } = definition.change.plan(
        observed,
        withoutUndefined({ ...desired, ...changes }),
      );
      return canonical([steps, refusals, replaces]);
    };
    const isSame = (key: string) => {
      if (after[key] === undefined) return keysMarked(definition.schema, "replaces").includes(key);
      if (!comparison || policies.includes(key)) return equal(recorded[key], after[key]);
      return !hasUnknown(after[key]) && planned(comparison) === planned(comparison, { [key]: before[key] });
    };
    return propertyDifferences({ before, after, isSame, replaces: comparison?.replaces ?? [] });
  }

  /** Says that the resource has its thing; and that another one sets it too, of what is only set. */
  private claim({ id, olds, news, by }: Compared): Problem | undefined {
    const { isOnlySet, owners } = this.kind;
    const urns = [olds.__urn, news.__urn];
    // what a refresh compares the program may no longer have, and another resource may set then
    if (isOnlySet && by === "refresh") return undefined;
    const twice = isOnlySet ? owners.otherOf(id, urns) : undefined;
    owners.claim(id, olds, urns);
    return twice;
  }

  private isKnownToBeEmpty({ olds, news }: Compared): boolean {
    return (
      this.kind.run.plans.isEmpty &&
      isSettled(olds) &&
      isProven(olds) &&
      isRecorded(olds, news) &&
      equal(withoutMarks(news), this.kind.inputsIn(olds))
    );
  }

  /** Undefined where nothing can be planned: nobody knows what is there, or what is wanted makes no sense yet. */
  private comparison({ id, olds, news }: Compared, seen: unknown): Comparison | undefined {
    const { definition, run } = this.kind;
    const wanted = { ...owedIn(olds), ...this.kind.filled(withoutMarks(news), isMade(olds)) };
    const recorded = this.kind.filled(this.kind.inputsIn(olds), isMade(olds));
    // what is not known counts as unchanged for replacement: the real diff follows with known values
    const desired = asBag(fillUnknown(wanted, recorded));
    const observed = seen ?? this.kind.known(id, olds);
    if (observed === undefined || definition.schema.safeParse(desired).success === false) return undefined;
    const plan = definition.change.plan(observed, desired, { plans: run.plans, isSeen: seen !== undefined });
    const followed = keysMarked(definition.schema, "follows").filter(
      (key) => wanted[key] === unknown && recorded[key] !== undefined,
    );
    const replaces = [...new Set([...plan.replaces, ...this.movedAway(recorded, desired), ...followed])];
    return { wanted, recorded, desired, observed, plan, followed, replaces };
  }

  /** What the program may not do. */
  private refuse({ id, olds, news }: Compared, { wanted, desired, plan, replaces }: Comparison, seen: unknown): void {
    const { schema } = this.kind.definition;
    const refused = (problems: readonly Problem[]) =>
      refusal(this.kind.attempt("update", desired, [news, olds], id), problems);
    if (replaces.length > 0 && !isMade(olds))
      throw refused(
        replaces.map((key) => ({
          path: [key],
          reason: "needs a replacement, and adopted resources are not replaced",
        })),
      );
    // a new thing may take its place yet
    const deciding = [...keysMarked(schema, "replaces"), ...keysMarked(schema, "permits")];
    if (replaces.length > 0 || plan.refusals.length === 0 || deciding.some((key) => wanted[key] === unknown)) return;
    const error = refused(plan.refusals);
    throw seen === undefined && plan.refusals.every(({ passing }) => passing) ? new PassingRefusal(error) : error;
  }

  /** Tells the run of what is to be replaced, and by what. */
  private giveUp({ id, olds, news, by }: Compared, { wanted, followed, replaces }: Comparison): void {
    const { run, owners, isOnlySet } = this.kind;
    if (replaces.length === 0) return;
    // of what goes before what it follows the engine asks with inputs that are not the program's
    if (by === "program" || followed.length > 0) run.successors.set(`${owners.thing(id, olds)} ${olds.__urn}`, wanted);
    if (isOnlySet) run.claims.leave(owners.thing(id, olds), [olds.__urn, news.__urn]);
  }

  private isChange({ olds, news, by }: Compared, comparison: Comparison): boolean {
    const { schema, change } = this.kind.definition;
    const { wanted, recorded, desired, observed, plan, replaces } = comparison;
    const fixed = keysMarked(schema, "replaces");
    return (
      hasUnknown(withoutMarks(news)) ||
      !isProven(olds) ||
      // a delete is told only what the state holds
      (by === "program" && !isRecorded(olds, news)) ||
      // what is no longer declared is left alone from now on, by a refresh too
      Object.keys(recorded).some(
        (key) => !fixed.includes(key) && lacks(wanted[key], recorded[key], this.kind.isOnlySet),
      ) ||
      replaces.length > 0 ||
      !isEmpty(plan) ||
      // what another resource is about to do to it is left for this one to see
      !isEmpty(change.plan(observed, desired)) ||
      keysMarked(schema, "policy").some((key) => !equal(recorded[key], desired[key]))
    );
  }

  /** What says which thing is meant has changed: another one, and no difference of what is observed. */
  private movedAway(recorded: Bag, desired: Bag): string[] {
    return keysMarked(this.kind.definition.schema, "meant").filter((key) => {
      const [before, now] = [recorded[key], desired[key]];
      return typeof before === "string" && typeof now === "string" && !same(before, now);
    });
  }
}

/** Whether the state holds the limit of time for a deletion. */
function isRecorded(olds: Bag, news: Bag): boolean {
  return equal(asBag(news[timeoutsKey]).delete, asBag(olds[timeoutsKey]).delete);
}

/** Whether something was declared that is not any more; within objects only where they have no defaults. */
function lacks(wanted: unknown, recorded: unknown, within: boolean): boolean {
  if (wanted === undefined || recorded === undefined) return wanted !== recorded && wanted === undefined;
  if (!within || !isBag(wanted) || !isBag(recorded)) return false;
  return Object.keys(recorded).some((key) => lacks(wanted[key], recorded[key], within));
}

function isEmpty({ steps, refusals, replaces }: Plan): boolean {
  return steps.length === 0 && refusals.length === 0 && replaces.length === 0;
}

/** What the change does to running things and to data, each a sentence of its own. */
function noticesOf({ noun, birth }: AnyDefinition, plan: Plan, replaces: readonly string[]): string[] {
  const changed = replaces.join(", ");
  if (replaces.length > 0 && !birth) return [`Sets another one, and leaves the one before as it is, for ${changed}.`];
  if (replaces.length > 0) return [`Deletes the ${noun} and creates it again, for ${changed}.`];
  return noticesIn(plan);
}

/** Each a sentence of its own. */
export function noticesIn({ steps, notices = [] }: Plan): string[] {
  const all = [...notices, ...steps.flatMap(({ notice }) => notice ?? [])];
  return all.map((notice) => `${notice.charAt(0).toUpperCase()}${notice.slice(1)}.`);
}

/** A refusal is no fault of the program where it rests on what has changed since. */
const lastSeen =
  "This is how it was when it was last read, and its host does not answer now. Run pulumi refresh when it does, then try again.";

/** Seconds at most that a host is waited for before a refusal. */
const refusalSeconds = 5;
