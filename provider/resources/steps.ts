import type { Call, CallResult, Endpoint, Question, Where } from "../calls";
import type { Problem } from "../schema";
import type { PlannedFile, Plans } from "./plans";

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
  /** What may undo it at once, and what to do then: for who reads that it did not take effect. */
  overruled?: string;
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
  /** How far it has come, in the words of a person who watches. */
  progress?: ((results: readonly CallResult[]) => string) | undefined;
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
  /** What to know of it in a preview though nothing is done. */
  notices?: readonly string[];
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
  /** Whether the thing was looked at for this plan, with who else uses it. */
  isSeen?: boolean;
}

export function steps(...made: readonly Step[]): Plan {
  return { steps: made, refusals: [], replaces: [] };
}
