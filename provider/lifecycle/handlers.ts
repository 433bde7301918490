import type { Where } from "../calls";
import { NotFoundError, UnreachableError } from "../host/errors";
import type { Hosts } from "../host/host";
import type { AnyDefinition, Listed, Plan } from "../resources/definition";
import type { Sight } from "../resources/sights";
import { guid, keysMarked, path } from "../schema";
import { maskWords } from "../text/secrets";
import { adoptedOf, adopts, taken } from "./inputs/adoption";
import { asDeclared, pruned, withUnknown } from "./inputs/declared";
import { complete } from "./inputs/defaults";
import { confidential, hiddenOf, hideRepeated } from "./inputs/hidden";
import { nodeIsKnown, problemsOf } from "./inputs/problems";
import { type Attempt, LifecycleError, PassingRefusal, refusal, sentence } from "./messages/messages";
import {
  getMarker,
  isMade,
  isProven,
  madeKey,
  marksOf,
  owedIn,
  owedKey,
  unprovenKey,
  withoutMarks,
} from "./state/marks";
import { answeredIn, isSettled, observedIn, record, recordedKey } from "./state/recorded";
import {
  asBag,
  type Bag,
  canonical,
  equal,
  fillUnknown,
  hasUnknown,
  isBag,
  known,
  pathText,
  restrict,
  storable,
  unknown,
  whereKnown,
  wrapSecret,
} from "./values";
import { nameInUrn } from "./work/claims";
import { Deadline, timeoutsKey } from "./work/deadline";
import type { Report } from "./work/host-calls";
import type { Found } from "./work/finding";
import { HostWork } from "./work/host-work";
import { UnprovenError } from "./work/creating";
import type { Looked } from "./work/looking";
import { Run } from "./work/run";
import { messageOf } from "./work/step-error";
import type { Asking } from "./work/verify";

/** What a door to the engine gives its handlers, once it is configured. */
export interface Surroundings {
  hosts: Hosts;
  timeoutSeconds: number;
  report: Report;
  /** Warns of what stays to be read, also where nobody watches. */
  say?: Report;
  /** The same without alarm. */
  tell?: Report;
  /** Called once the thing exists: from then on its id must not be lost, whatever happens. */
  exists?: (id: string) => void;
}

export interface State {
  id: string;
  /** Complete outputs: the inputs, what only the host knows, and what later calls need. */
  outputs: Bag;
}

/** A thing that no program has yet, as the state would hold it. */
export interface Imported extends State {
  /** The least that a program must say. */
  inputs: Bag;
  /** Why a program cannot say what the host has. */
  problems: string[];
}

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What was seen, of a look that may have failed since. */
type Seen = Pick<Looked, "observed"> & Partial<Looked>;

/** A thing that exists, though not as the program wants it: it must not be forgotten. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Bag,
    message: string,
  ) {
    super(message);
    this.name = "PartialFailure";
  }
}

/**
 * The lifecycle of one kind, in plain values: unknowns are a symbol, secrets are plain. Which engine calls it, and over
 * which door, it does not know.
 */
export class Handlers {
  /** Inputs that a check of this process returned. A diff of others is a refresh's, which must not be refused. */
  private readonly checked = new Set<string>();
  /** What is being made, by where and as what it is looked for. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly definition: AnyDefinition,
    private readonly run = new Run(),
  ) {}

  /** Everything that is wrong with the inputs. They stay as they are: what the state holds costs time in every step. */
  check(news: Bag, nodes: readonly string[]): { inputs: Bag; problems: string[] } {
    const declared = withoutMarks(news);
    const problems = problemsOf(
      this.definition,
      this.withSchemaDefaults(declared),
      { nodes },
      hiddenOf(this.definition, news),
    );
    this.checked.add(canonical(declared));
    return { inputs: { ...declared, ...marksOf(news) }, problems };
  }

  /** What a preview finds on the hosts that is in the way of what the program wants to be made. */
  async verify(olds: Bag, news: Bag, surroundings: Surroundings): Promise<string[]> {
    const { definition, run } = this;
    const isNew = Object.keys(olds).length === 0;
    const wanted = this.filled(withoutMarks(news));
    const desired = asBag(known(wanted));
    const attempt = this.attempt(isNew ? "create" : "update", desired, [news]);
    const sights = definition.sights?.(desired) ?? [];
    const before = isNew ? [] : (definition.sights?.(this.inputsIn(olds)) ?? []);
    run.verification.foresee(String(news.__urn), sights);
    const sought = sights.filter(
      ({ noun, name, is }) =>
        (is === "there" || (isNew ? !adopts(desired) : noun === "file")) &&
        !before.some((other) => other.noun === noun && other.name === name),
    );
    const work = this.work(surroundings, attempt, "", news);
    const asking: Asking = {
      urn: String(news.__urn),
      calls: work.calls,
      nodes: surroundings.hosts.nodes,
      isLeaving: (id) => this.isLeaving(id, desired, news, sights),
    };
    try {
      const { problems, taken: ids, address } = await run.verification.look(sought, asking);
      if (isNew && definition.sights === undefined && !hasUnknown(wanted)) {
        const found = await work.find(desired);
        problems.push(...found.lacks);
        if (!adopts(desired)) ids.push(...found.ids);
      } else if (isNew && sought.length === 0) await run.verification.signIn(this.placeKnown(wanted), asking);
      const there = { ...attempt, ...(address && { address }) };
      return [
        ...problems.map(({ path, reason }) => maskWords(`${pathText(path)} ${reason}`, attempt.hidden ?? [])),
        ...(ids.length > 0 ? [taken(definition, ids, there, this.ownerOf(ids, desired, news)).message] : []),
      ];
    } catch (error) {
      return [messageOf(attempt, error)];
    }
  }

  /** Whether what has an id is what this resource has now and is to be replaced, or what another is to name otherwise. */
  private isLeaving(id: string, desired: Bag, { __urn: urn }: Bag, sights: readonly Sight[]): boolean {
    const { claims, verification } = this.run;
    const thing = this.thing(id, desired);
    if (claims.has(thing, urn)) return true;
    const owner = claims.otherThan(thing, urn);
    return owner !== undefined && !sights.some((sight) => verification.gives(owner, sight));
  }

  private placeKnown(wanted: Bag): Where {
    return whereKnown<Bag, Where>(wanted, (all) => this.definition.place(all), { node: undefined });
  }

  /**
   * The same as `diff`, but before it refuses for a state that may have changed since, such as a machine's power, the host is
   * asked: once, for some seconds.
   */
  async difference(id: string, olds: Bag, news: Bag, surroundings: Surroundings): Promise<Difference> {
    const { tell } = surroundings;
    try {
      return this.diff(id, olds, news, { tell });
    } catch (error) {
      if (!(error instanceof PassingRefusal)) throw error;
      const seen = await this.seenNow(id, olds, news, surroundings);
      if (seen === undefined) throw new LifecycleError(`${error.message}\n  ${lastSeen}`, { cause: error });
      return this.diff(id, olds, news, { seen, tell });
    }
  }

  /** Undefined where the host does not answer in time; it is then not asked again in this run. */
  private async seenNow(id: string, olds: Bag, news: Bag, surroundings: Surroundings): Promise<unknown> {
    const { silent } = this.run;
    const where = addressIn(olds) ?? canonical(this.definition.whereabouts(id, this.inputsIn(olds)));
    if (silent.has(where)) return undefined;
    const declared = this.filled(this.inputsIn(olds), isMade(olds));
    const attempt = this.attempt("read", declared, [olds, news], id);
    const timeoutSeconds = Math.min(refusalSeconds, surroundings.timeoutSeconds);
    const work = this.work({ ...surroundings, timeoutSeconds }, attempt);
    const looking = work.look(id, declared, { last: addressIn(olds), known: this.known(id, olds), purpose: "change" });
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
  diff(id: string, olds: Bag, news: Bag, { seen, tell }: { seen?: unknown; tell?: Report } = {}): Difference {
    const { definition, run } = this;
    const declared = withoutMarks(news);
    const resource = `${definition.kind} ${String(news.__urn ?? olds.__urn ?? id)}`;
    const isProgram = this.checked.has(canonical(declared));
    this.claim(id, olds, [olds.__urn, news.__urn]);
    run.plans.set(resource, undefined);
    // the plan is known to be empty
    const isRecorded = equal(asBag(news[timeoutsKey]).delete, asBag(olds[timeoutsKey]).delete);
    if (run.plans.isEmpty && isSettled(olds) && isProven(olds) && isRecorded && equal(declared, this.inputsIn(olds)))
      return { changes: false, replaces: [], deleteBeforeReplace: true };
    const wanted = { ...owedIn(olds), ...this.filled(declared, isMade(olds)) };
    const recorded = this.filled(this.inputsIn(olds), isMade(olds));
    // what is not known counts as unchanged for replacement: the real diff follows with known values
    const desired = asBag(fillUnknown(wanted, recorded));
    const observed = seen ?? this.known(id, olds);
    if (observed === undefined || definition.schema.safeParse(desired).success === false)
      return { changes: true, replaces: [], deleteBeforeReplace: false };
    const plan = definition.plan(observed, desired, { plans: run.plans });
    const followed = (definition.follows ?? []).filter((key) => wanted[key] === unknown && recorded[key] !== undefined);
    const replaces = [...new Set([...plan.replaces, ...this.movedAway(recorded, desired), ...followed])];
    if (replaces.length > 0 && !isMade(olds) && isProgram)
      throw refusal(
        this.attempt("update", desired, [news, olds]),
        replaces.map((key) => ({
          path: [key],
          reason: "would need a replacement, and what was adopted is not replaced",
        })),
      );
    const fixed = keysMarked(definition.schema, "replaces");
    // a new thing may take its place yet
    const mayPass = [...fixed, ...(definition.permits ?? [])].some((key) => wanted[key] === unknown);
    if (replaces.length === 0 && plan.refusals.length > 0 && !mayPass && isProgram) {
      const error = refusal(this.attempt("update", desired, [news, olds]), plan.refusals);
      throw seen === undefined && plan.refusals.every(({ passing }) => passing) ? new PassingRefusal(error) : error;
    }
    if (isProgram) run.plans.set(resource, definition.announces?.(observed, desired, { ...plan, replaces }));
    // of what goes before what it follows the engine asks with inputs that no check has seen
    if (replaces.length > 0 && (isProgram || followed.length > 0))
      run.successors.set(`${this.thing(id, olds)} ${olds.__urn}`, wanted);
    const changes =
      hasUnknown(declared) ||
      !isProven(olds) ||
      // a delete is told only what the state holds
      (isProgram && !isRecorded) ||
      // what is no longer declared is left alone from now on, by a refresh too
      Object.keys(recorded).some(
        (key) => wanted[key] === undefined && recorded[key] !== undefined && !fixed.includes(key),
      ) ||
      replaces.length > 0 ||
      !isEmpty(plan) ||
      // what another resource is about to do to it is left for this one to see
      !isEmpty(definition.plan(observed, desired)) ||
      keysMarked(definition.schema, "policy").some((key) => !equal(recorded[key], desired[key]));
    const coexist = definition.coexist?.(observed, desired, recorded) === true;
    if (isProgram) for (const notice of noticesOf(this.definition, plan, replaces)) tell?.(notice);
    return {
      changes,
      replaces,
      deleteBeforeReplace: !coexist,
    };
  }

  async create(news: Bag, surroundings: Surroundings): Promise<State> {
    const desired = this.filled(withoutMarks(news));
    const attempt = this.attempt("create", desired, [news]);
    const work = this.work(surroundings, attempt, "", news);
    const { id, made, putBack } = await this.inTurn(desired, async () => {
      const { id, made, found } = await this.begun(desired, work, attempt, news);
      surroundings.exists?.(id);
      this.claim(id, news, [news.__urn]);
      const putBack = made ? work.putBack(desired, found) : Promise.resolve();
      // the next one must find it as it was; what goes wrong is told below, where the id is kept
      await Promise.allSettled([putBack]);
      return { id, made, putBack };
    });
    return { id, outputs: await this.converged(id, desired, news, made, work, attempt, {}, putBack) };
  }

  /** One after another where the same thing is looked for: the next one finds what the one before has made. */
  private async inTurn<T>(desired: Bag, make: () => Promise<T>): Promise<T> {
    const { definition, underWay } = this;
    const sought = canonical([definition.place(desired), definition.find(desired)]).toLowerCase();
    const before = underWay.get(sought);
    const turn = (before ?? Promise.resolve()).then(make, make);
    underWay.set(sought, turn);
    try {
      return await turn;
    } finally {
      if (underWay.get(sought) === turn) underWay.delete(sought);
    }
  }

  /** Takes over what is there, or brings it into being. */
  private async begun(
    desired: Bag,
    work: HostWork,
    attempt: Attempt,
    news: Bag,
  ): Promise<{ id: string; made: boolean; found: Found }> {
    try {
      const found = await work.find(desired);
      const { ids, lacks, host } = found;
      const there = { ...attempt, address: host?.address };
      // whoever is refused may be what another resource was renamed to, which the engine deletes next
      if (!adopts(desired)) for (const id of ids) this.run.claims.see(wanted(this.thing(id, desired)), [news.__urn]);
      const adopted = adoptedOf(this.definition, ids, desired, there, this.ownerOf(ids, desired, news));
      if (adopted === undefined && lacks.length > 0) throw refusal(there, lacks);
      if (adopted !== undefined) await work.fits(adopted, desired);
      return { id: adopted ?? (await work.make(desired, found)), made: adopted === undefined, found };
    } catch (error) {
      if (error instanceof UnprovenError)
        throw new PartialFailure(
          error.id,
          { ...news, [unprovenKey]: true },
          unprovenText(messageOf(attempt, error.cause)),
        );
      throw new LifecycleError(messageOf(attempt, await work.explained(error)), { cause: error });
    }
  }

  /** The resource of this run that has one of these things. */
  private ownerOf(ids: readonly string[], desired: Bag, { __urn: urn }: Bag): string | undefined {
    const owners = ids.flatMap((id) => this.run.claims.otherThan(this.thing(id, desired), urn) ?? []);
    return owners[0] && nameInUrn(owners[0]);
  }

  /** Says that a resource has a thing, and what lies where it was seen last. */
  private claim(id: string, bag: Bag, urns: readonly unknown[]): void {
    const { claims } = this.run;
    claims.see(this.thing(id, bag), urns);
    claims.seeLater(() => {
      const known = this.known(id, bag);
      return known === undefined ? undefined : this.placeOf(id, bag, known);
    }, urns);
  }

  private thing(id: string, bag: Bag): string {
    const { definition } = this;
    const known = definition.located && this.known(id, bag);
    const now = known === undefined ? id : (definition.located?.(known) ?? id);
    return `${definition.kind} ${canonical([definition.whereabouts(id, this.inputsIn(bag), known), now])}`.toLowerCase();
  }

  private placeOf(id: string, bag: Bag, known: unknown): string {
    const { definition } = this;
    const desired = this.inputsIn(bag);
    const place = [definition.whereabouts(id, desired, known), definition.observe(id, desired, known)];
    return `${definition.kind} at ${canonical(place)}`.toLowerCase();
  }

  /** What the state holds of what was observed, if it is what this release can read. */
  private known(id: string, olds: Bag): unknown {
    return this.definition.recorded.safeParse(observedIn(id, olds)).data;
  }

  async update(id: string, olds: Bag, news: Bag, surroundings: Surroundings): Promise<State> {
    const made = isMade(olds);
    const desired = { ...owedIn(olds), ...this.filled(withoutMarks(news), made) };
    const attempt = this.attempt("update", desired, [news, olds]);
    const work = this.work(surroundings, attempt, id, olds, news);
    this.claim(id, olds, [olds.__urn, news.__urn]);
    if (!isProven(olds)) await this.remade(id, desired, work, attempt, news, olds);
    const { [timeoutsKey]: _before, ...rest } = olds;
    const outputs = await this.converged(id, desired, news, made, work, attempt, rest);
    // it may lie elsewhere by now, and another one where it was
    this.run.claims.leave(this.thing(id, olds), [olds.__urn, news.__urn]);
    this.claim(id, outputs, [olds.__urn, news.__urn]);
    return { id, outputs };
  }

  /** Of what nobody saw being made: makes it now, if it is proven that it is not there. */
  private async remade(
    id: string,
    desired: Bag,
    work: HostWork,
    attempt: Attempt,
    news: Bag,
    olds: Bag,
  ): Promise<void> {
    try {
      const found = await work.find(desired);
      const isThere = found.ids.some((one) => one.toLowerCase() === id.toLowerCase());
      if (!isThere) await work.make(desired, found, id);
      // what has an id of ours is ours in any case
      if (!isThere || this.definition.mints) delete olds[unprovenKey];
    } catch (error) {
      throw new PartialFailure(id, { ...news, [unprovenKey]: true }, messageOf(attempt, error));
    }
  }

  /** Undefined when it is proven that the thing is gone. */
  async read(id: string, olds: Bag, surroundings: Surroundings): Promise<(State & { inputs: Bag }) | undefined> {
    const { definition } = this;
    const getting = olds[getMarker] === true;
    if (getting) this.mustBeId(id);
    const declared = this.inputsIn(olds);
    const recorded = getting ? declared : this.filled(declared, isMade(olds));
    const attempt = this.attempt("read", recorded, [olds], id);
    const work = this.work(surroundings, attempt, id, olds);
    try {
      const before = getting ? undefined : answeredIn(olds);
      const known = getting ? undefined : this.known(id, olds);
      const last = addressIn(olds);
      const looked = await work.look(id, recorded, { last, known, answered: before, recent: !getting });
      const { observed, answered } = looked;
      // nothing has happened since the inputs were what is there
      const isSame = answered !== undefined && answered === before;
      if (isSame || (!getting && isSettled(olds) && equal(observed, known)))
        return {
          id,
          inputs: { ...declared, ...marksOf(olds) },
          outputs: this.withRecord(olds, olds[recordedKey], olds),
        };
      const reflected = definition.reflect(observed, recorded);
      const inputs = getting
        ? withoutUndefined(reflected)
        : asBag(
            asDeclared(
              restrict(reflected, { ...recorded, ...this.strange(observed, recorded, reflected) }),
              recorded,
              declared,
            ),
          );
      return {
        id,
        inputs: getting ? {} : { ...inputs, ...marksOf(olds) },
        outputs: this.outputs(id, inputs, looked, isMade(olds), olds, owedIn(olds)),
      };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw new LifecycleError(messageOf(attempt, error), { cause: error });
      if (!getting) return undefined;
      throw new LifecycleError(
        `Unable to get ${definition.noun} ${id}: it is not there. Check the id and the provider's ${hostsOf(surroundings)}.`,
        { cause: error },
      );
    }
  }

  /** The id of the only one of a name. */
  async lookUp({ name, node }: Bag, surroundings: Surroundings): Promise<string> {
    const { definition } = this;
    const title = String(name);
    const fail = (reason: string, cause?: unknown) =>
      new LifecycleError(`Unable to get ${definition.noun} "${title}": ${reason}`, { cause });
    const [problem] = nodeIsKnown({ node }, { nodes: surroundings.hosts.nodes });
    if (problem) throw fail(sentence(`node ${problem.reason}`));
    // what is adopted is looked for on every node
    const sought = { name: title, ...(typeof node === "string" ? { node } : { adopt: true }) };
    const attempt: Attempt = { verb: "read", definition, title };
    let found: Found;
    try {
      found = await this.work(surroundings, attempt).find(sought);
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, error), { cause: error });
    }
    const [id, ...others] = found.ids;
    const where = typeof node === "string" ? node : found.host ? found.host.address : "any of the provider's nodes";
    if (id === undefined)
      throw fail(`there is none of this name on ${where}. Check the name and the provider's ${hostsOf(surroundings)}.`);
    if (others.length > 0)
      throw fail(
        `${found.ids.length} have this name: ${found.ids.join(", ")}. Get the one that is meant by its id${node === undefined && surroundings.hosts.nodes.length > 1 ? ", or set node" : ""}.`,
      );
    return id;
  }

  /** What a program gives as an id may be a name. */
  private mustBeId(id: string): void {
    const { kind, noun, schema, identified } = this.definition;
    const isOne = (identified === "a GUID" ? guid() : path()).safeParse(id).success;
    if (isOne) return;
    const byName =
      "name" in schema.shape && !("vmId" in schema.shape)
        ? ` To look it up by its name: ${kind}.get("...", { name: ${JSON.stringify(id)} }).`
        : "";
    throw new LifecycleError(`Unable to get ${noun} "${id}": its id must be ${identified}.${byName}`);
  }

  /** Of what is reflected what the program leaves out and an up would change all the same. */
  private strange(observed: unknown, recorded: Bag, reflected: Bag): Bag {
    if (!this.definition.schema.safeParse(recorded).success) return {};
    const all = this.left(observed, recorded);
    if (all.length === 0) return {};
    return Object.fromEntries(
      Object.entries(reflected).filter(
        ([key, is]) => recorded[key] === undefined && !equal(this.left(observed, { ...recorded, [key]: is }), all),
      ),
    );
  }

  /** All that the hosts have of the kind. */
  async list(surroundings: Surroundings): Promise<(Listed & { node: string | undefined })[]> {
    const attempt: Attempt = { verb: "find every", definition: this.definition };
    try {
      return await this.work(surroundings, attempt).list();
    } catch (error) {
      // nothing in particular was looked for: a stopped service answers so (hyper-v.md 1.2)
      const cause =
        error instanceof NotFoundError ? new UnreachableError(error.message, { ...error, delivered: false }) : error;
      throw new LifecycleError(messageOf(attempt, cause), { cause });
    }
  }

  /** What read and check would make of a thing that no program has yet. Managed from then on: destroy deletes it. */
  async imported({ id, name, desired }: Listed, surroundings: Surroundings): Promise<Imported> {
    const { definition } = this;
    const attempt: Attempt = { verb: "read", definition, title: name };
    const work = this.work(surroundings, attempt);
    const { nodes } = surroundings.hosts;
    try {
      const first = await work.look(id, desired);
      const reflected = asBag(storable(definition.reflect(first.observed, desired)));
      const own = asBag(storable(definition.declared?.(first.observed, reflected) ?? reflected));
      const { problems } = this.check(own, nodes);
      if (problems.length > 0) return { id, inputs: own, outputs: own, problems };
      // a refresh asks what the inputs say there is to know
      const wanted = this.filled(own);
      const asked = equal(definition.observe(id, desired), definition.observe(id, wanted));
      const looked = asked ? first : await work.look(id, wanted);
      const inputs = this.least(wanted);
      const left = this.left(looked.observed, wanted);
      return { id, inputs, outputs: this.outputs(id, inputs, looked, true, {}), problems: left };
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, error), { cause: error });
    }
  }

  /** What would still be done to a thing that was just looked at: nothing, unless a program cannot say what it is. */
  private left(observed: unknown, inputs: Bag): string[] {
    const { steps, refusals, replaces } = this.definition.plan(observed, inputs);
    return [
      ...steps.map(({ does }) => `the next up would ${does}`),
      ...refusals.map(({ path, reason }) => `${path.join(".")} ${reason}`),
      ...replaces.map((key) => `${key} would be replaced`),
    ];
  }

  /** The inputs without what the defaults give anyway. */
  private least(inputs: Bag): Bag {
    const whole = canonical(inputs);
    const gives = (bag: Bag) => canonical(this.filled(bag)) === whole;
    return asBag(pruned(inputs, (value) => gives(asBag(value))));
  }

  async delete(id: string, olds: Bag, surroundings: Surroundings): Promise<void> {
    const { definition, run } = this;
    // nothing is taken away that this resource did not make
    if (!isMade(olds)) return;
    const desired = this.filled(this.inputsIn(olds));
    const attempt = this.attempt("delete", desired, [olds], id);
    const thing = this.thing(id, olds);
    const owner = run.claims.otherThan(thing, olds.__urn);
    const { title } = attempt;
    if (owner !== undefined) {
      surroundings.say?.(`The ${definition.noun} "${title}" stays: the resource "${nameInUrn(owner)}" has it now.`);
      return;
    }
    const heir = run.claims.otherThan(wanted(thing), olds.__urn);
    if (heir !== undefined && typeof olds.__urn === "string")
      throw new LifecycleError(
        `Unable to delete ${definition.noun} "${title}": the resource "${nameInUrn(heir)}" of the program declares it as well. ` +
          `Set the option aliases: [{ name: "${nameInUrn(olds.__urn)}" }] there, if this is the same one, and run pulumi up again.`,
      );
    if (!isProven(olds) && !definition.mints) {
      surroundings.say?.(
        `The ${definition.noun} "${title}" stays, if it exists: it was never confirmed that this resource created it. Remove it by hand if it is not needed.`,
      );
      return;
    }
    const work = this.work(surroundings, attempt, id, olds);
    const known = { last: addressIn(olds), known: this.known(id, olds) };
    const successor = run.successors.get(`${thing} ${olds.__urn}`);
    try {
      if (successor !== undefined && !hasUnknown(successor)) await work.require(successor);
      await this.inTurn(desired, () => work.remove(id, desired, known, successor));
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, await work.explained(error, id)), { cause: error });
    }
  }

  private async converged(
    id: string,
    desired: Bag,
    news: Bag,
    made: boolean,
    work: HostWork,
    attempt: Attempt,
    olds: Bag = {},
    before: Promise<void> = Promise.resolve(),
  ): Promise<Bag> {
    let last = this.known(id, olds);
    const known = { last: addressIn(olds), known: last };
    let owed = owedIn(olds);
    try {
      await before;
      const looked = await work.converge(
        id,
        desired,
        (seen, kept) => {
          last = seen;
          owed = kept;
        },
        known,
      );
      const then = await work.ready(id, desired, looked, known);
      return this.outputs(id, { ...withoutMarks(news), ...marksOf(news) }, then, made, olds);
    } catch (error) {
      // from here on the thing exists: every failure keeps its id
      const outputs =
        last === undefined
          ? { ...news, ...(made ? {} : { [madeKey]: false }) }
          : this.outputs(id, news, { observed: last }, made, olds, without(owed, news));
      throw new PartialFailure(id, outputs, messageOf(attempt, await work.explained(error, id)));
    }
  }

  private outputs(id: string, inputs: Bag, looked: Seen, made: boolean, olds: Bag, owed: Bag = {}): Bag {
    const { definition } = this;
    const { observed, answered } = looked;
    const desired = { ...owed, ...this.filled(this.inputsIn(inputs), made) };
    const settled = definition.schema.safeParse(desired).success && this.left(observed, desired).length === 0;
    const outputs = {
      ...marksOf(olds),
      ...inputs,
      ...definition.outputs(observed),
      ...(made ? {} : { [madeKey]: false }),
      ...(isProven(olds) ? {} : { [unprovenKey]: true }),
      ...(Object.keys(owed).length === 0 ? {} : { [owedKey]: owed }),
    };
    return this.withRecord(outputs, record(id, storable(observed), settled, olds, answered), olds);
  }

  private withRecord(outputs: Bag, text: unknown, olds: Bag): Bag {
    const isSecret = outputs.__secret === true || olds.__secret === true;
    if (!isSecret) return { ...outputs, [recordedKey]: text };
    return { ...hideRepeated(this.definition, outputs), [recordedKey]: wrapSecret(text) };
  }

  /**
   * The inputs with all defaults. What is adopted keeps whatever the program does not declare, also when the program no
   * longer says that it was there before.
   */
  private filled(declared: Bag, made = true): Bag {
    if (adopts(declared)) return declared;
    return made ? this.withOwnDefaults(this.withSchemaDefaults(declared)) : { ...declared, adopt: true };
  }

  private withSchemaDefaults(declared: Bag): Bag {
    return adopts(declared) ? declared : asBag(complete(this.definition.schema, declared));
  }

  private withOwnDefaults(inputs: Bag): Bag {
    const { defaults } = this.definition;
    // what says which defaults there are is not known yet
    if (!defaults || inputs.generation === unknown) return inputs;
    if (!hasUnknown(inputs)) return withoutUndefined(defaults(inputs));
    return asBag(withUnknown(withoutUndefined(defaults(asBag(fillUnknown(inputs, undefined)))), inputs));
  }

  /** What says which thing is meant has changed: another one, and no difference of what is observed. */
  private movedAway(recorded: Bag, desired: Bag): string[] {
    const before = this.definition.meant?.(recorded) ?? {};
    const now = this.definition.meant?.(desired) ?? {};
    return Object.entries(before).flatMap(([key, value]) => {
      const other = now[key];
      return value !== undefined && other !== undefined && value.toLowerCase() !== other.toLowerCase() ? [key] : [];
    });
  }

  /** The inputs as the outputs hold them. */
  private inputsIn(outputs: Bag): Bag {
    const { shape } = this.definition.schema;
    return Object.fromEntries(Object.entries(outputs).filter(([key]) => key in shape));
  }

  /** `bags` are what the engine gave, the olds last. */
  private attempt(verb: Attempt["verb"], desired: Bag, bags: readonly Bag[], id?: string): Attempt {
    const { definition } = this;
    const title = definition.title(desired) ?? id ?? "";
    const hidden = hiddenOf(definition, desired, ...bags);
    return { verb, definition, title, address: addressIn(bags.at(-1) ?? {}), hidden };
  }

  /** `bags` are those of the resource that the work is for. */
  private work(
    { hosts, timeoutSeconds, report }: Surroundings,
    attempt: Attempt,
    id = "",
    ...bags: readonly Bag[]
  ): HostWork {
    const { definition, run } = this;
    const { hidden } = attempt;
    const [urn] = bags.flatMap(({ __urn }) => (typeof __urn === "string" ? [__urn] : []));
    return new HostWork({
      definition,
      attempt,
      timeoutSeconds,
      plans: run.plans,
      deadline: Deadline.of(attempt.verb, bags.at(-1) ?? {}),
      isClaimed: (place) => run.claims.otherThan(this.placeOf(id, bags[0] ?? {}, place), urn) !== undefined,
      hosts: hidden ? confidential(hosts, hidden) : hosts,
      report: hidden ? (text) => report(maskWords(text, hidden)) : report,
    });
  }
}

/** A refusal is no fault of the program where it rests on what has changed since. */
const lastSeen =
  "This is how it was when it was last read, and its host does not answer now. Run pulumi refresh when it does, and try again.";

/** What a program checks where something is not found. */
function hostsOf({ hosts }: Surroundings): string {
  return hosts.nodes.length > 0 ? "nodes" : "address";
}

function without(bag: Bag, keys: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => keys[key] === undefined));
}

function isEmpty({ steps, refusals, replaces }: Plan): boolean {
  return steps.length === 0 && refusals.length === 0 && replaces.length === 0;
}

/** What the change does to running things and to data, each a sentence of its own. */
function noticesOf({ noun }: AnyDefinition, { steps }: Plan, replaces: readonly string[]): string[] {
  if (replaces.length > 0) return [`Deletes the ${noun} and creates it again, for ${replaces.join(", ")}.`];
  return steps.flatMap(({ notice }) => (notice ? `${notice.charAt(0).toUpperCase()}${notice.slice(1)}.` : []));
}

const wanted = (thing: string) => `wanted: ${thing}`;

function unprovenText(message: string): string {
  return `${message}\n  It may have been created. Pulumi's state keeps it, and the next pulumi up finishes it; pulumi destroy does not delete it before that.`;
}

/** Seconds at most that a host is waited for before a refusal. */
const refusalSeconds = 5;

function withoutUndefined(bag: Bag): Bag {
  return Object.fromEntries(
    Object.entries(bag)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, isBag(value) ? withoutUndefined(value) : value]),
  );
}

function addressIn(outputs: Bag): string | undefined {
  return typeof outputs.runsOn === "string" ? outputs.runsOn : undefined;
}
