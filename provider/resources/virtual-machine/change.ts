import { type Call, isReference, withParameters } from "../../calls";
import type { LookUp } from "../definition";
import type { Need } from "./looks";

/** One change of a machine, and when the machine takes it. */
export interface Change {
  does: string;
  /** As messages name them: `processor.count`, `networkAdapters["front"].macAddress`. */
  properties: readonly string[];
  /** `awake` is hot, but not while the machine is saved or paused. */
  when: "hot" | "awake" | "off";
  /** Begin with the machine as `vm`. */
  calls: readonly Call[];
  looksUp?: LookUp;
  /** What it brings to the machine. */
  needs?: readonly Need[];
  /** Whether something goes by it that the machine may use. */
  takes?: boolean;
  /** One call that may be one with others of the same cmdlet, once the machine is off. */
  joins?: boolean;
  /** Tidying: that the host refuses it is no failure. */
  mayBeRefused?: boolean;
  /** Puts back what goes by it, where a later change fails. Begin with the machine as `vm`. */
  undo?: readonly Call[];
  /** Why it cannot be made at all. */
  refusal?: string;
}

/**
 * The changes of one block of hardware, in the order in which they must be made, from what it needs to know of the machine.
 * `refused` holds properties whose hot change the running machine did not take.
 */
export type Block<Observed, Desired> = (observed: Observed, desired: Desired, refused: ReadonlySet<string>) => Change[];

/** Changes that join, of the same cmdlet and the same object, as one call in the first one's place. */
export function joined(changes: readonly Change[]): Change[] {
  const whole: Change[] = [];
  for (const change of changes) {
    const at = whole.findIndex((other) => other.joins && change.joins && targetOf(other) === targetOf(change));
    const other = whole[at];
    if (other) whole[at] = join(other, change);
    else whole.push(change);
  }
  return whole;
}

/** Two changes that only make sense in one call: bounds that must fit together after it. */
export function join(one: Change, other: Change): Change {
  const [first] = one.calls;
  const [second] = other.calls;
  if (!first || !second || !("cmdlet" in first) || !("cmdlet" in second)) return one;
  return {
    ...one,
    does: `${one.does}, ${other.does}`,
    properties: [...new Set([...one.properties, ...other.properties])],
    when: one.when === "off" || other.when === "off" ? "off" : one.when,
    calls: [withParameters(first, Object.assign({}, first.parameters, second.parameters))],
  };
}

/** The cmdlet, and the objects among its parameters. */
function targetOf({ calls: [call] }: Change): string {
  if (!call || !("cmdlet" in call)) return "";
  const objects = Object.entries(call.parameters ?? {}).filter(([, value]) => isReference(value));
  return JSON.stringify([call.cmdlet, objects]);
}
