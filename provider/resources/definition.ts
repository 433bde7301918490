import { z } from "zod";
import type { Action, CallResult, Question, Where } from "../calls";
import type { Problem, Surroundings } from "../schema";
import type { NodeUse } from "./node-uses";
import { same } from "./paths";
import type { Sight } from "./sights";
import type { Circumstances, Plan, Step } from "./steps";
import type { Listing, Sought, Survey } from "./surveys";
import type { Use } from "./uses";

export { isCheckpointFile, isShared, same } from "./paths";
export { type Circumstances, type LookUp, type Plan, type Refusal, type Step, steps, type Wait } from "./steps";

/**
 * A Hyper-V noun: what it is made of and how it comes into being, changes and goes. Everything here is pure: calls go out
 * as data and answers come in as data. Each facet is what one part of the lifecycle asks for.
 *
 * A thing without birth and death is only set: it is there whatever programs do, as the settings of a host are. Its resource
 * changes what the program names, and nothing else, and forgets it at the end.
 *
 * What is desired may lack any property: what is absent is left as the host has it. Defaults are filled in before, by
 * the lifecycle, except for what is adopted or only set.
 */
export interface Definition<Schema extends z.ZodObject = z.ZodObject, Desired = z.input<Schema>, Observed = unknown>
  extends Noun<Schema> {
  readonly inputs?: Inputs<Desired>;
  readonly place: Place<Desired, Observed>;
  readonly birth?: Birth<Desired>;
  readonly read: Reading<Desired, Observed>;
  readonly moving?: Moving<Desired, Observed>;
  /** Without it, it is always there. */
  readonly gone?: Proof<Observed>;
  readonly change: Changing<Desired, Observed>;
  readonly death?: Death<Desired, Observed>;
  readonly unread?: Unread<Desired, Observed>;
  readonly list: List<Desired, Observed>;
  readonly show: Showing<Desired, Observed>;
}

/** What a thing is called, and what tells one from another. */
export interface Noun<Schema extends z.ZodObject> {
  readonly kind: string;
  /** How messages call it: "virtual machine". */
  readonly noun: string;
  /** What a program may say of it. */
  readonly schema: Schema;
  /** What its id is: what is to be read and has another one does not exist. */
  readonly identified: "a GUID" | "an absolute path" | "a name";
  /** The property by which two of them are taken for the same, where it is not the id alone. */
  readonly namedBy?: string;
  /** Whether `get` finds it by that name on a whole host. */
  readonly isFoundByName?: true;
}

/** What no schema can say of the inputs. */
export interface Inputs<Desired> {
  /** Rules across properties. May read anything: what is unknown in a preview ends a rule without a problem. */
  rules?: readonly Rule<Desired>[];
  /** Defaults that depend on other properties, which a preview may not know yet; those of one property alone are in the schema. */
  defaults?(desired: Desired): Desired;
  /** Files that no other thing of the program may name, or only where both share it. May read anything, as rules do. */
  uses?(desired: Desired): readonly Use[];
  /** What it wants of a node of the cluster: no other resource of the program may contradict it. */
  nodeUse?(desired: Desired): NodeUse | undefined;
}

/** Where the calls about a thing belong. */
export interface Place<Desired, Observed> {
  /** Where a new one is made, or what is only set is found. */
  of(desired: Desired): Where;
  /** Where an existing one is; `known` is what was last observed of it. */
  now(id: string, desired: Desired, known?: Observed): Where;
  /** Of what moves by itself: the address of the host that it was seen on last, from its outputs. */
  lastAt?(outputs: Readonly<Record<string, unknown>>): string | undefined;
}

/** How a new one comes into being. */
export interface Birth<Desired> {
  /** Looks for what is already there under the name that a new one would have; that nothing is found may be an error. */
  find(desired: Desired): Asked;
  /** What must be asked on top, once the answers so far are there: of what is in one place. */
  follow?(answers: Answers, desired: Desired): Asked | undefined;
  /** `before` is what was answered before an attempt to make it, whose end nobody heard: what is there since is its work. */
  found(answers: Answers, desired: Desired, before?: Answers): readonly string[];
  /** Whether what a host says to the search, though it is an error, tells that it has none. */
  saysNone?(said: Said): boolean;
  /** What the host lacks that a new one needs, from the same answers; they end where the first call failed. */
  lacks?(answers: Answers, desired: Desired): readonly Problem[];
  /** What must be there before one can be made, and what must not: for a preview that verifies. Anything may be missing. */
  sights?(desired: Partial<Desired>): readonly Sight[];
  /** What a new one needs to be there: asked before the one whose place it takes is taken away. */
  requires?(desired: Desired): readonly Step[];
  /** The smallest batch that brings the thing into being; `seen` is what was found in its place. */
  make(desired: Desired, seen: Answers, id?: string): Making;
  readonly identity: Identity<Desired>;
}

/** How one is read: everything that we manage of it. */
export interface Reading<Desired, Observed> {
  /** What a state holds of what was observed. What does not fit is as if it were not there: the host is asked. */
  readonly recorded: z.ZodType<Observed>;
  /** In one message where what is desired tells enough about the thing. */
  observe(id: string, desired: Desired, known?: Observed): Asked;
  /** What must be asked on top, once the answers so far are there. */
  follow?(seen: Seen): Asked | undefined;
  /** `known` is what was known of it where these answers come from. Undefined where they list others, and not this one. */
  parse(seen: Seen, desired: Desired, known?: Observed): Observed | undefined;
  /** The id of what is only set, which nobody gave it. */
  id?(observed: Observed): string;
  /** Who else uses it, where that matters: what was observed, with them. */
  around?(observed: Observed, desired: Desired, purpose: Purpose): Survey<Observed> | undefined;
}

/** How one is found again whose id is where it was made, wherever it has been moved: another one may be made there since. */
export interface Moving<Desired, Observed> {
  /** Where it is now. */
  located(known: Observed): string;
  /** Whether what is where the thing was is another one. */
  isOther(observed: Observed, known: Observed): boolean;
  /** Where else it may be when it is not where it was, the likeliest first: what is known of it, as it would be there. */
  elsewhere(id: string, desired: Desired, known: Observed): readonly Observed[];
  /** Finds it by what it is among all that there is, wherever somebody has moved it. */
  seek(known: Observed): Survey<Sought<Observed>> | undefined;
}

/** An error that a host answered with, by what is the same in every language. */
export interface Said {
  readonly errorId?: string;
}

/** How it is proven that one is gone. */
export interface Proof<Observed> {
  /** Where the inventory is asked, if not where the thing is. */
  at?: Where;
  /** Whether an error may mean that it is gone: then the inventory tells, as it does where one is not found. */
  mayBe?(said: Said): boolean;
  /**
   * A reading that succeeds where the thing's absence from it proves that it is gone: by another cmdlet than those that observe
   * it, or without their filter.
   */
  inventory(id: string, known?: Observed): readonly Question[];
  /** Undefined where the answers prove nothing. */
  listed(id: string, results: readonly CallResult[], known?: Observed): boolean | undefined;
}

/** How one becomes what is desired. */
export interface Changing<Desired, Observed> {
  plan(observed: Observed, desired: Desired, circumstances?: Circumstances): Plan;
  /** What is known once the steps of a plan are done, and no host tells: a key that was set. */
  done?(observed: Observed, desired: Desired): Observed;
  /**
   * What the changes may break on their way and must be so at the end: what is desired, or else what it was at the first
   * look. It is put right also when they fail.
   */
  keeps?(observed: Observed, desired: Desired): Partial<Desired>;
  /** What create and update wait for once everything is as it should be: never a part of what differs. */
  ready?(observed: Observed, desired: Desired): Step | undefined;
  /** Whether old and new can stand side by side while one replaces the other; `recorded` is what was desired of the old one. */
  coexist?(observed: Observed, desired: Desired, recorded: Desired): boolean;
}

/** How one that a resource made is taken away. What was adopted stays. */
export interface Death<Desired, Observed> {
  /** `successor` is what takes its place, if it is replaced. */
  remove(observed: Observed, desired: Desired, successor?: Desired): Plan;
}

/** What can be done about one that is there and cannot be read, as a disk without the file that it is based on. */
export interface Unread<Desired, Observed> {
  /** What makes it readable again, where a change of what is desired tells it. */
  mend(id: string, desired: Desired, known: Observed): readonly Step[];
  /** Takes it away: the id is all that this takes. */
  remove(id: string, known?: Observed): Plan;
}

/** How all that a host has of the kind is found, for an import. */
export interface List<Desired, Observed> extends Listing {
  /** Of what `reflect` says about a thing that no program declares, what one would: not what Hyper-V chose by itself. */
  declared?(observed: Observed, reflected: Desired): Desired;
}

/** How one is shown to programs and people. */
export interface Showing<Desired, Observed> {
  /** The name that messages show; its id where the program does not say it. */
  title(desired: Desired): string | undefined;
  /** The inputs as the host has them now. Where nothing differs but the spelling, the program's spelling. */
  reflect(observed: Observed, desired: Desired): Desired;
  /** Values that only the host knows; none has an input's name. */
  outputs(observed: Observed): Record<string, unknown>;
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
  /** What is known of the new one that no host tells, as it is observed: that it was this resource that brought it. */
  known?: unknown;
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
  /** The id that was asked for; empty of what is only set, before it is known. */
  id: string;
  answers: Answers;
  /** Address of the host that answered. */
  address: string;
  /** Whether the provider's nodes are in no cluster. */
  standalone?: true;
}

/** What a rule finds wrong. Written as a method, so that a definition fits where its types are forgotten. */
type Rule<Desired> = { check(desired: Desired, surroundings: Surroundings): readonly Problem[] }["check"];

/** A definition whose types nobody needs any more: the lifecycle treats all alike. */
export type AnyDefinition = Definition<z.ZodObject, Record<string, unknown>, unknown>;

export function define<Schema extends z.ZodObject, Observed>(
  definition: Definition<Schema, z.input<Schema>, Observed>,
): Definition<Schema, z.input<Schema>, Observed> {
  const { kind, birth, read } = definition;
  if (!birth && !read.id) throw new Error(`A ${kind} is only set, and its definition does not say which id it has.`);
  return definition;
}

/** Whether a new one has an id of ours. */
export const mints = ({ birth }: AnyDefinition): boolean => birth !== undefined && "minted" in birth.identity;

/** Gone is what a list of all there are does not have; they are told apart by their ids. */
export function absentFrom(all: Question): Proof<unknown> {
  const one = z.object({ Id: z.string() });
  return {
    inventory: () => [all],
    listed: (id, results) => valuesOf(results, 0).some((value) => same(one.parse(value).Id, id)),
  };
}

/** Of a kind of which new ones can be made. */
export function birthOf({ noun, birth }: AnyDefinition): Birth<Record<string, unknown>> {
  if (!birth) throw new Error(`A ${noun} is only set.`);
  return birth;
}

/** Of one that was just made. */
export function idOf<Desired>(identity: Identity<Desired>, made: CallResult, desired: Desired): string {
  if ("foreseen" in identity) return identity.foreseen(desired);
  return "told" in identity ? identity.told(made) : identity.minted(made);
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
