import { HostError } from "../host/errors";
import type { AnyDefinition } from "../resources/definition";
import type { Problem } from "../schema";
import { pathText } from "./values";

/** What was attempted on which thing, for the first line of a message. */
export interface Attempt {
  verb: "create" | "read" | "update" | "delete";
  definition: AnyDefinition;
  title: string;
  /** Where, if it is known. */
  address?: string;
}

/** An error whose message is for a person and complete as it stands. */
export class LifecycleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LifecycleError";
    // the engine prints message and stack of what check, diff, read and delete throw (ran)
    this.stack = "";
  }

  override toString(): string {
    return this.message;
  }
}

/** `Unable to <verb> <resource> "<name>" on <host>: <what was said>.` Then cmdlet and error id, then the way out. */
export function explain(attempt: Attempt, error: unknown, doing?: string): string {
  if (error instanceof LifecycleError) return error.message;
  const address = (error instanceof HostError ? error.address : undefined) || attempt.address;
  const said = error instanceof Error ? error.message : String(error);
  const first = `${unable(attempt, address)}: ${doing ? `could not ${doing}: ` : ""}${sentence(said)}`;
  if (!(error instanceof HostError)) return first;
  const identity = [error.cmdlet, error.errorId].filter((part) => part).join(": ");
  return [first, identity && `  ${identity}`, adviceFor(error)].filter((line) => line).join("\n");
}

export function refusal(attempt: Attempt, problems: readonly Problem[]): LifecycleError {
  const lines = problems.map(({ path, reason }) => `${pathText(path)} ${reason}`);
  const [only] = lines;
  if (lines.length === 1) return new LifecycleError(`${unable(attempt, attempt.address)}: ${sentence(only ?? "")}`);
  return new LifecycleError(
    [`${unable(attempt, attempt.address)}:`, ...lines.map((line) => `  - ${sentence(line)}`)].join("\n"),
  );
}

export function unable({ verb, definition, title }: Attempt, address: string | undefined): string {
  return `Unable to ${verb} ${definition.noun} "${title}"${address ? ` on ${address}` : ""}`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?][)"]?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** What to do: about the condition, if it is known, otherwise about what it is a case of. */
function adviceFor(error: HostError): string | undefined {
  const advice = error.advice ?? advices[error.name]?.(error);
  return advice && `  ${advice}`;
}

const advices: Readonly<Record<string, (error: HostError) => string>> = {
  UnreachableError: ({ address }) =>
    `Nothing is known about the state on ${address}, and nothing was dropped from Pulumi's. Run the command again when it answers.`,
};
