import type { Hosts } from "../../host/host";
import type { AnyDefinition } from "../../resources/definition";
import { maskWords } from "../../text/secrets";
import { adopts } from "../inputs/adoption";
import { withUnknown } from "../inputs/declared";
import { complete } from "../inputs/defaults";
import { confidential, hiddenOf, hideRepeated } from "../inputs/hidden";
import { type Attempt, forTerminal } from "../messages/messages";
import { isProven, madeKey, marksOf, owedIn, owedKey, unprovenKey, withoutMarks } from "../state/marks";
import { observedIn, record, recordedKey } from "../state/recorded";
import { asBag, type Bag, canonical, fillUnknown, hasUnknown, isBag, storable, wrapSecret } from "../values";
import { Deadline } from "../work/deadline";
import type { Report } from "../work/host-calls";
import { HostWork } from "../work/host-work";
import type { Looked } from "../work/looking";
import { Run } from "../work/run";
import { messageOf } from "../work/step-error";
import { Owners } from "./owners";

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

/** What was seen, of a look that may have failed since. */
export type Seen = Pick<Looked, "observed"> & Partial<Looked>;

/** A thing that exists, though not as the program wants it: it must not be forgotten. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Bag,
    message: string,
  ) {
    super(forTerminal(message));
    this.name = "PartialFailure";
  }
}

/** One create or update that is under way. */
export interface Undertaking {
  id: string;
  desired: Bag;
  news: Bag;
  /** Nothing in a create. */
  olds?: Bag;
  /** Whether this resource has made the thing. */
  made: boolean;
  /** What was known of it as it was made. */
  known?: unknown;
  work: HostWork;
  attempt: Attempt;
}

/** What the outputs of a resource are put together from. */
interface Parts {
  id: string;
  inputs: Bag;
  looked: Seen;
  made: boolean;
  olds: Bag;
  owed?: Bag;
}

/** What all verbs of one kind share: its definition, what the run knows, and the arithmetic of inputs and outputs. */
export class Kind {
  readonly owners = new Owners(this);
  /** What is being made, by where and as what it is looked for. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    readonly definition: AnyDefinition,
    readonly run = new Run(),
  ) {}

  /** Whether it is there whatever programs do, and all that a resource does is to set it. */
  get isOnlySet(): boolean {
    return this.definition.birth === undefined;
  }

  /** What the state holds of what was observed, if it is what this release can read. */
  known(id: string, olds: Bag): unknown {
    return this.definition.read.recorded.safeParse(observedIn(id, olds, this.definition.kind)).data;
  }

  outputs({ id, inputs, looked, made, olds, owed = {} }: Parts): Bag {
    const { definition } = this;
    const { observed, answered } = looked;
    const desired = { ...owed, ...this.filled(this.inputsIn(inputs), made) };
    const settled = definition.schema.safeParse(desired).success && this.left(observed, desired).length === 0;
    const outputs = {
      ...marksOf(olds),
      ...inputs,
      ...definition.show.outputs(observed),
      ...(made ? {} : { [madeKey]: false }),
      ...(isProven(olds) ? {} : { [unprovenKey]: true }),
      ...(Object.keys(owed).length === 0 ? {} : { [owedKey]: owed }),
    };
    return this.withRecord(outputs, record(id, storable(observed), { settled, answered }, olds), olds);
  }

  /** What would still be done to a thing that was just looked at: nothing, unless a program cannot say what it is. */
  left(observed: unknown, inputs: Bag): string[] {
    const { steps, refusals, replaces } = this.definition.change.plan(observed, inputs);
    return [
      ...steps.map(({ does }) => `the next up would ${does}`),
      ...refusals.map(({ path, reason }) => `${path.join(".")} ${reason}`),
      ...replaces.map((key) => `${key} would be replaced`),
    ];
  }

  /**
   * The inputs with all defaults. What is adopted keeps whatever the program does not declare, also when the program no
   * longer says that it was there before; what is only set has no other way.
   */
  filled(declared: Bag, made = true): Bag {
    if (this.isOnlySet || adopts(declared)) return declared;
    return made ? this.withOwnDefaults(this.withSchemaDefaults(declared)) : { ...declared, adopt: true };
  }

  /** The inputs as the outputs hold them. */
  inputsIn(outputs: Bag): Bag {
    const { shape } = this.definition.schema;
    const inputs: Bag = {};
    for (const key of Object.keys(outputs)) if (key in shape) inputs[key] = outputs[key];
    return inputs;
  }

  /** `bags` are what the engine gave, the olds last. */
  attempt(verb: Attempt["verb"], desired: Bag, bags: readonly Bag[], id?: string): Attempt {
    const { definition } = this;
    const title = definition.show.title(desired) ?? id;
    const hidden = hiddenOf(definition, desired, ...bags);
    return { verb, definition, title, address: definition.place.lastAt?.(bags.at(-1) ?? {}), hidden };
  }

  /** `bags` are those of the resource that the work is for. */
  work({ hosts, timeoutSeconds, report }: Surroundings, attempt: Attempt, id = "", ...bags: readonly Bag[]): HostWork {
    const { definition, run } = this;
    const { hidden } = attempt;
    const [urn] = bags.flatMap(({ __urn }) => (typeof __urn === "string" ? [__urn] : []));
    return new HostWork({
      definition,
      attempt,
      timeoutSeconds,
      plans: run.plans,
      deadline: Deadline.of(attempt.verb, bags.at(-1) ?? {}),
      isClaimed: (place) => run.claims.otherThan(this.owners.placeOf(id, bags[0] ?? {}, place), urn) !== undefined,
      hosts: hidden ? confidential(hosts, hidden) : hosts,
      report: hidden ? (text) => report(maskWords(text, hidden)) : report,
    });
  }

  /** One after another where the same thing is looked for: the next one finds what the one before has made. */
  async inTurn<T>(desired: Bag, make: () => Promise<T>): Promise<T> {
    const { definition, underWay } = this;
    const sought = canonical([definition.place.of(desired), definition.birth?.find(desired)]).toLowerCase();
    const before = underWay.get(sought);
    const turn = (before ?? Promise.resolve()).then(make, make);
    underWay.set(sought, turn);
    try {
      return await turn;
    } finally {
      if (underWay.get(sought) === turn) underWay.delete(sought);
    }
  }

  withSchemaDefaults(declared: Bag): Bag {
    return this.isOnlySet || adopts(declared) ? declared : asBag(complete(this.definition.schema, declared));
  }

  withRecord(outputs: Bag, text: unknown, olds: Bag): Bag {
    const isSecret = outputs.__secret === true || olds.__secret === true;
    if (!isSecret) return outputs[recordedKey] === text ? outputs : { ...outputs, [recordedKey]: text };
    return { ...hideRepeated(this.definition, outputs), [recordedKey]: wrapSecret(text) };
  }

  /** The outputs of what exists and becomes what is desired, once `before` is done; every failure keeps its id. */
  async converged(undertaking: Undertaking, before: Promise<void> = Promise.resolve()): Promise<Bag> {
    const { id, desired, news, olds = {}, made, work, attempt } = undertaking;
    let last = this.known(id, olds) ?? this.definition.read.recorded.safeParse(undertaking.known).data;
    const known = { last: this.definition.place.lastAt?.(olds), known: last };
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
      return this.outputs({ id, inputs: { ...withoutMarks(news), ...marksOf(news) }, looked: then, made, olds });
    } catch (error) {
      const outputs =
        last === undefined
          ? { ...news, ...(made ? {} : { [madeKey]: false }) }
          : this.outputs({ id, inputs: news, looked: { observed: last }, made, olds, owed: without(owed, news) });
      throw new PartialFailure(id, outputs, messageOf(attempt, await work.explained(error, desired, id)));
    }
  }

  withOwnDefaults(inputs: Bag): Bag {
    const defaults = this.definition.inputs?.defaults;
    if (!defaults) return inputs;
    if (!hasUnknown(inputs)) return withoutUndefined(defaults(inputs));
    return asBag(withUnknown(withoutUndefined(defaults(asBag(fillUnknown(inputs, undefined)))), inputs));
  }
}

/** The same object, if there is nothing in it to leave out. */
export function withoutUndefined(bag: Bag): Bag {
  let left: Bag | undefined;
  for (const key of Object.keys(bag)) {
    const value = bag[key];
    const inner = isBag(value) ? withoutUndefined(value) : value;
    if (inner === value && value !== undefined) continue;
    left ??= { ...bag };
    if (inner === undefined) delete left[key];
    else left[key] = inner;
  }
  return left ?? bag;
}

export function without(bag: Bag, keys: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => keys[key] === undefined));
}

/** What is meant to be there, by whoever is refused. */
export const wanted = (thing: string) => `wanted: ${thing}`;
