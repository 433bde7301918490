import { type Call, isAssignment, isReference } from "../../calls";
import type { LookUp, Step } from "../../resources/definition";
import { type Attempt, type Doing, explain, LifecycleError } from "../messages/messages";

/** What failed, while doing what. */
export class StepError extends Error implements Doing {
  readonly properties: readonly string[];
  readonly does: string | undefined;
  readonly looksUp: LookUp | undefined;
  readonly advice: string | undefined;
  readonly isLook: boolean;
  /** Files that the step names. */
  readonly files: readonly string[];
  /** Who has what is in use. */
  holders: string | undefined;

  constructor(
    step: Step | undefined,
    cause: unknown,
    readonly named: string | undefined = undefined,
    readonly address: string | undefined = undefined,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "StepError";
    this.does = step?.does;
    this.properties = step?.properties ?? [];
    this.looksUp = step?.looksUp;
    this.advice = step?.advice;
    this.isLook = step?.wait?.deadlineSeconds === 0;
    this.files = step ? filesOf(step) : [];
  }

  withHolders(text: string): this {
    this.holders = text;
    return this;
  }
}

/** Files of disks that a step's calls name. */
function filesOf({ calls, wait }: Step): string[] {
  return [...calls, ...(wait?.calls ?? [])].flatMap((call: Call) =>
    isAssignment(call)
      ? []
      : Object.values(call.parameters ?? {}).flatMap((value: unknown) =>
          typeof value === "string" && /\.(a?vhdx?|vhds)$/i.test(value) ? [value] : [],
        ),
  );
}

/** The message of any failure. */
export function messageOf(attempt: Attempt, error: unknown): string {
  return error instanceof StepError ? explain(attempt, error.cause, error) : explain(attempt, error);
}

/** By which name a call looks for what it works on, itself or in an earlier call that it refers to. */
export function nameIn(calls: readonly Call[], at: number): string | undefined {
  const call = calls[at];
  if (!call || isAssignment(call)) return undefined;
  const parameters: Record<string, unknown> = call.parameters ?? {};
  // a cmdlet that adds something gives it the name
  if (/^Get-/.test(call.cmdlet) && typeof parameters.Name === "string") return parameters.Name.replace(/`(.)/g, "$1");
  const names = Object.values(parameters).flatMap((value) => {
    if (!isReference(value)) return [];
    // steps of one batch use the same names again
    const sources = calls.slice(0, at).map((earlier) => ("as" in earlier ? earlier.as : undefined));
    return nameIn(calls, sources.lastIndexOf(value.$ref)) ?? [];
  });
  return names[0];
}

/** What failed, and then what was to put things right after it. */
export function bothErrors(attempt: Attempt, error: unknown, also: unknown): LifecycleError {
  return new LifecycleError(`${messageOf(attempt, error)}\n  And after that: ${messageOf(attempt, also)}`, {
    cause: error,
  });
}
