import type { z } from "zod";
import type { Action, Call, CallResult, Endpoint, Question, Where } from "../calls";
import type { Problem, Surroundings } from "../schema";
import type { PlannedFile, Plans } from "./plans";
import type { Sight } from "./sights";
import type { Listing, Sought, Survey } from "./surveys";

export { isCheckpointFile, isShared, same } from "./paths";

/** One thing that is done to the host, as data. */
export interface Step {
  /** What it does, in the imperative: "set the notes". */
  does: string;
  calls: readonly Call[];
  /** The properties that it settles, as a message names them. */
  properties?: readonly string[];
  /** What its calls look for by name. */
  looksUp?: LookUp;
  /** What to do when the host refuses it, or is busy with the thing, for a reason that its words may not say. */
  advice?: string;
  wait?: Wait;
  /** Where its calls belong, if not where the thing is. */
  at?: Where;
  /** Tidying: that the host refuses it is no failure. */
  mayBeRefused?: boolean;
  /** What it does to running things or to data, for who reads a preview: "restarts the machine, for processor.count". */
  notice?: string;
  /** Puts back what it has taken away, where a later step of the plan fails. */
  undo?: readonly Call[];
}

/** A thing that is found by the name in a property: a virtual switch by `networkAdapters["front"].switchName`. */
export interface LookUp {
  noun: string;
  property: string;
}

/** Asks until the answer is yes. Past the deadline the step's way out is taken, or it has failed. */
export interface Wait {
  calls: readonly Question[];
  until: (results: readonly CallResult[]) => boolean;
  /** And then until one of these accepts a connection, from where Pulumi runs. */
  reach?: (results: readonly CallResult[]) => readonly Endpoint[];
  deadlineSeconds: number;
  everySeconds: number;
  /** What to do at the deadline; without it the step fails with `failure`. */
  otherwise?: Step;
  /** What a person should know who waited in vain: of the last answer. */
  failure: (results: readonly CallResult[]) => string;
}

export interface Plan {
  steps: readonly Step[];
  /** Why a change cannot be made, by property. Any of them stops preview and up before anything is done. */
  refusals: readonly Refusal[];
  /** Properties for whose change a new thing must take the old one's place. */
  replaces: readonly string[];
  /** The file that the thing is, for others that name it. */
  file?: PlannedFile;
}

/** Why a change cannot be made. */
export interface Refusal extends Problem {
  /** Whether it rests on a state that changes by itself, such as a machine's power: then the host is asked before it counts. */
  passing?: true;
}

/** What a plan depends on beside the thing itself. */
export interface Circumstances {
  /** Properties whose hot change the running machine did not take: they need it off. */
  refused?: ReadonlySet<string>;
  /** What else this run is about to do to files that the thing names. */
  plans?: Plans;
  /** Whether it is done by now, as the engine updates a thing after those that it depends on. */
  isUnderWay?: true;
}

/** Why a thing is looked at: to tell what there is, before it is changed, or before it is taken away. */
export type Purpose = "read" | "change" | "leave";

/** What brings a thing into being. */
export interface Making {
  /** What is waited for first. */
  awaits?: Step;
  before?: readonly Action[];
  /** Its answer may say which one was made. */
  call: Question;
  /** This call alone makes it: where the host refuses it, what is there is somebody else's. */
  whole?: true;
  /** What must be put back then, whether it came into being or not. */
  afterwards?: readonly Action[];
}

/** How it is known which one a new one is. */
export type Identity<Desired> =
  /** From the answer to the call that made it. */
  | { told(made: CallResult): string }
  /** Before it is made. */
  | { foreseen(desired: Desired): string }
  /** It is one of ours, given to `make`, as the answer writes it: what has it is ours in any case. */
  | { minted(made: CallResult): string };

/** Questions by the names under which their answers come back; they are asked in this order. */
export type Asked = Readonly<Record<string, Question>>;

/** Answers by those names; of questions that ended at an error those up to it. */
export type Answers = Readonly<Record<string, CallResult>>;

/** What the host said about one thing, and where. */
export interface Seen {
  answers: Answers;
  /** Address of the host that answered. */
  address: string;
}

/**
 * A Hyper-V noun: what it is made of and how it comes into being, changes and goes. Everything here is pure: calls go out
 * as data and answers come in as data.
 *
 * What is desired may lack any property: what is absent is left as the host has it. Defaults are filled in before, by
 * the lifecycle, except for what is adopted.
 */
export interface Definition<Schema extends z.ZodObject = z.ZodObject, Desired = z.input<Schema>, Observed = unknown> {
  readonly kind: string;
  /** How messages call it: "virtual machine". */
  readonly noun: string;
  readonly schema: Schema;

  /** What its id is: what is to be read and has another one does not exist. */
  readonly identified: "a GUID" | "an absolute path";
  /** The property by which two of them are taken for the same, where it is not the id alone. */
  readonly namedBy?: string;
  /** Whether `get` finds it by that name on a whole host. */
  readonly isFoundByName?: true;

  /** The name that messages show. */
  title(desired: Desired): string;
  /** Defaults that depend on other properties; those of one property alone are in the schema. */
  defaults?(desired: Desired): Desired;
  /** Rules across properties. May read anything: what is unknown in a preview ends a rule without a problem. */
  rules: readonly Rule<Desired>[];
  /** Where a new one is made. */
  place(desired: Desired): Where;
  /** Where an existing one is; `known` is what was last observed of it. */
  whereabouts(id: string, desired: Desired, known?: Observed): Where;
  /** Address of the host that it was seen on last, of what moves by itself, from its outputs. */
  lastAt?(outputs: Readonly<Record<string, unknown>>): string | undefined;
  /** What a state holds of what was observed. What does not fit is as if it were not there: the host is asked. */
  readonly recorded: z.ZodType<Observed>;

  /** Looks for what is already there under the name that a new one would have; that nothing is found may be an error. */
  find(desired: Desired): Asked;
  found(answers: Answers, desired: Desired): readonly string[];
  /** What the host lacks that a new one needs, from the same answers; they end where the first call failed. */
  lacks?(answers: Answers, desired: Desired): readonly Problem[];
  /** What must be there before one can be made, and what must not: for a preview that verifies. Anything may be missing. */
  sights?(desired: Partial<Desired>): readonly Sight[];
  /** The smallest batch that brings the thing into being; `seen` is what was found in its place. */
  make(desired: Desired, seen: Answers, id?: string): Making;
  readonly identity: Identity<Desired>;
  /** What a new one needs to be there: asked before the one whose place it takes is taken away. */
  requires?(desired: Desired): readonly Step[];

  /** Reads everything that we manage, in one message where what is desired tells enough about the thing. */
  observe(id: string, desired: Desired, known?: Observed): Asked;
  /** What must be asked on top, once the answers so far are there. */
  follow?(seen: Seen): Asked | undefined;
  /** `known` is what was known of it where these answers come from. */
  parse(seen: Seen, desired: Desired, known?: Observed): Observed;
  /** Where it is now, of a thing whose id is where it was made: another one may be made there since. */
  located?(known: Observed): string;
  /** Whether what is where the thing was is another one. */
  isOther?(observed: Observed, known: Observed): boolean;
  /** Where else it may be when it is not where it was, the likeliest first: what is known of it, as it would be there. */
  elsewhere?(id: string, desired: Desired, known: Observed): readonly Observed[];
  /** Finds it by what it is among all that there is, wherever somebody has moved it. */
  seek?(known: Observed): Survey<Sought<Observed>> | undefined;
  /** Who else uses it, where that matters: what was observed, with them. */
  around?(observed: Observed, desired: Desired, purpose: Purpose): Survey<Observed> | undefined;
  /**
   * A reading that succeeds where the thing's absence from it proves that it is gone: by another cmdlet than those that observe
   * it, or without their filter.
   */
  inventory(id: string, known?: Observed): readonly Question[];
  /** Undefined where the answers prove nothing. */
  listed(id: string, results: readonly CallResult[], known?: Observed): boolean | undefined;
  /** How all that a host has of the kind is found. */
  readonly listing: Listing;
  /** Of what `reflect` says about a thing that no program declares, what one would: not what Hyper-V chose by itself. */
  declared?(observed: Observed, reflected: Desired): Desired;

  plan(observed: Observed, desired: Desired, circumstances?: Circumstances): Plan;
  /**
   * What the changes may break on their way and must be so at the end: what is desired, or else what it was at the first
   * look. It is put right also when they fail.
   */
  keeps?(observed: Observed, desired: Desired): Partial<Desired>;
  /** What create and update wait for once everything is as it should be: never a part of what differs. */
  ready?(observed: Observed, desired: Desired): Step | undefined;
  /** Whether old and new can stand side by side while one replaces the other; `recorded` is what was desired of the old one. */
  coexist?(observed: Observed, desired: Desired, recorded: Desired): boolean;
  /** Takes it away. Not asked for what was adopted: that stays. `successor` is what takes its place, if it is replaced. */
  remove(observed: Observed, desired: Desired, successor?: Desired): Plan;
  /** What makes one readable again that is there and cannot be read, where a change of what is desired tells it. */
  mend?(id: string, desired: Desired, known: Observed): readonly Step[];
  /** Takes away what is there, though the host cannot say what it is: where the id is all that it takes. */
  removeUnread?(id: string, known?: Observed): Plan;

  /** The inputs as the host has them now. Where nothing differs but the spelling, the program's spelling. */
  reflect(observed: Observed, desired: Desired): Desired;
  /** Values that only the host knows; none has an input's name. */
  outputs(observed: Observed): Record<string, unknown>;
}

/** What a rule finds wrong. Written as a method, so that a definition fits where its types are forgotten. */
type Rule<Desired> = { check(desired: Desired, surroundings: Surroundings): readonly Problem[] }["check"];

/** A definition whose types nobody needs any more: the lifecycle treats all alike. */
export type AnyDefinition = Definition<z.ZodObject, Record<string, unknown>, unknown>;

export function define<Schema extends z.ZodObject, Observed>(
  definition: Definition<Schema, z.input<Schema>, Observed>,
): Definition<Schema, z.input<Schema>, Observed> {
  return definition;
}

/** Whether a new one has an id of ours. */
export const mints = ({ identity }: AnyDefinition): boolean => "minted" in identity;

/** Of one that was just made. */
export function idOf<Desired>(identity: Identity<Desired>, made: CallResult, desired: Desired): string {
  if ("foreseen" in identity) return identity.foreseen(desired);
  return "told" in identity ? identity.told(made) : identity.minted(made);
}

export function steps(...made: readonly Step[]): Plan {
  return { steps: made, refusals: [], replaces: [] };
}

/** What came back under a name. */
export function answerOf(answers: Answers, name: string): readonly unknown[] {
  const answer = answers[name];
  if (!answer) throw new Error(`The host did not answer the question "${name}".`);
  return answer.values;
}

/** The results of one call of a batch. */
export function valuesOf(results: readonly CallResult[], index: number): readonly unknown[] {
  const result = results[index];
  if (!result) throw new Error(`The host did not answer call ${index} of the batch.`);
  return result.values;
}
