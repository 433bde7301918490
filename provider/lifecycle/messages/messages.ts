import { BusyError, HostError, InvalidError, NotFoundError, RefusedError, WrongStateError } from "../../host/errors";
import type { AnyDefinition, LookUp, Plan } from "../../resources/definition";
import { keysMarked, type Problem } from "../../schema";
import { maskWords } from "../../text/secrets";
import { shown } from "../../text/shown";
import { pathText } from "../values";

/** What was attempted on which thing, for the first line of a message. */
export interface Attempt {
  verb: "create" | "read" | "update" | "delete" | "list";
  definition: AnyDefinition;
  /** Of no thing in particular without. */
  title?: string;
  /** Where, if it is known. */
  address?: string;
  /** Texts that no message may show. */
  hidden?: readonly string[] | undefined;
}

/** What was being done when it failed, of a step with several calls. */
export interface Doing {
  does: string | undefined;
  /** The properties that it was to settle, as a message names them. */
  properties: readonly string[];
  /** The name by which the call that failed, or one that it refers to, looked for something. */
  named: string | undefined;
  looksUp?: LookUp | undefined;
  advice?: string | undefined;
  /** Who has what is in use, and what to do. */
  holders?: string | undefined;
  /** Whether it only looked for what the change needs. */
  isLook?: boolean;
  /** Where, of a failure that does not say it itself. */
  address?: string | undefined;
}

/** Names on a host may hold anything: a message with all that it may quote, without what a terminal would obey. */
export const forTerminal = (message: string): string => shown(message, 20_000);

/** An error whose message is for a person and complete as it stands. */
export class LifecycleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(forTerminal(message), options);
    this.name = "LifecycleError";
    // the engine prints message and stack of what check, diff, read and delete throw (ran)
    this.stack = "";
  }

  override toString(): string {
    return this.message;
  }
}

/** A refusal that rests on a state which may have changed since it was recorded. */
export class PassingRefusal extends LifecycleError {
  constructor(refusal: LifecycleError) {
    super(refusal.message, { cause: refusal });
  }
}

/** `Unable to <verb> <resource> "<name>" on <host>: <what was said>.` Then cmdlet and error id, then the way out. */
export function explain(attempt: Attempt, error: unknown, doing?: Doing): string {
  return maskWords(explanation(attempt, error, doing), attempt.hidden ?? []);
}

function explanation(attempt: Attempt, error: unknown, doing?: Doing): string {
  if (error instanceof LifecycleError) return error.message;
  const address = (error instanceof HostError ? error.address : doing?.address) || attempt.address;
  const said = isAmbiguous(error, doing)
    ? `more than one ${doing?.looksUp?.noun ?? "thing"} has the name "${doing?.named}"`
    : error instanceof Error
      ? error.message
      : String(error);
  const first = `${unable(attempt, address)}: ${doing?.does ? `could not ${doing.does}: ` : ""}${sentence(said)}`;
  if (!(error instanceof HostError)) return [first, ...(doing?.holders ? [`  ${doing.holders}`] : [])].join("\n");
  const identity = [error.cmdlet, error.errorId].filter((part) => part).join(": ");
  const advice = doing?.holders ?? adviceFor(attempt, error, doing);
  return [first, identity && `  ${identity}`, advice && `  ${advice}`].filter((line) => line).join("\n");
}

/** A planned call always binds; only several objects where one is taken do not (the id is the binder's own). */
function isAmbiguous(error: unknown, doing: Doing | undefined): boolean {
  return (
    doing?.named !== undefined && error instanceof HostError && error.errorId?.split(",")[0] === "CannotConvertArgument"
  );
}

export function refusal(attempt: Attempt, problems: readonly Problem[]): LifecycleError {
  const lines = problems.map(({ path, reason }) => `${pathText(path)} ${maskWords(reason, attempt.hidden ?? [])}`);
  const [only] = lines;
  if (lines.length === 1) return new LifecycleError(`${unable(attempt, attempt.address)}: ${sentence(only ?? "")}`);
  return new LifecycleError(
    [`${unable(attempt, attempt.address)}:`, ...lines.map((line) => `  - ${sentence(line)}`)].join("\n"),
  );
}

export function unable({ verb, definition, title }: Attempt, address: string | undefined): string {
  const which = title === undefined ? "" : ` "${title}"`;
  const noun = verb === "list" ? severalOf(definition.noun) : definition.noun;
  return `Unable to ${verb} ${noun}${which}${address ? ` on ${address}` : ""}`;
}

/** Several of a kind: "virtual switches". Some nouns say several as they are: "host settings". */
export const severalOf = (noun: string): string =>
  noun.endsWith("s") ? noun : /(x|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;

/** With a full stop, where it has no end of its own. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?][)"]?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** What to do: about the condition, if it is known, otherwise about what it is a case of. */
function adviceFor(attempt: Attempt, error: HostError, doing: Doing | undefined): string | undefined {
  const property = doing?.looksUp?.property ?? (doing?.properties.join(", ") || "The program");
  const noun = doing?.looksUp?.noun;
  if (isAmbiguous(error, doing))
    return `${property} needs a name that only one ${noun ?? "thing"} on ${error.address} has: rename the others, or use another name.`;
  if (error instanceof NotFoundError && doing?.named !== undefined)
    return `${property} names ${noun ? `the ${noun} ` : ""}"${doing.named}", which ${error.address} does not have. Create it first, or name an existing one.`;
  if (error instanceof NotFoundError && attempt.verb === "create" && attempt.definition.birth === undefined)
    return "A resource of this kind sets what is there, and creates nothing. Check the name, and which host the provider reaches.";
  // of what it finds itself only a Get cmdlet says that it is gone; others, and what makes it, say so of what they are to use
  const makes = attempt.verb === "create" && doing === undefined;
  const finds = /^Get-/.test(error.cmdlet ?? "") && doing?.isLook !== true;
  if (error instanceof NotFoundError && (makes || (doing?.does !== undefined && !finds)))
    return `${property} needs something that ${error.address} does not have, as the message says. Create it first, or name an existing one.`;
  if (error instanceof NotFoundError)
    return `The ${attempt.definition.noun} "${attempt.title}" is gone. Run pulumi refresh, and the next pulumi up creates it again.`;
  const mayRestart = attempt.verb !== "delete" && keysMarked(attempt.definition.schema, "permits").length > 0;
  if (error instanceof WrongStateError && !mayRestart) return doing?.advice;
  const isOfStep = error instanceof BusyError || (error instanceof RefusedError && error.advice === undefined);
  if (doing?.advice !== undefined && isOfStep) return doing.advice;
  if (doing === undefined && couldNotRead(attempt, error)) return advices.UnreadableError?.(error, attempt);
  return error.advice ?? advices[error.name]?.(error, attempt);
}

/** A file of ours that the host has and cannot make out, as one below it is gone or it is damaged. */
function couldNotRead({ verb, definition }: Attempt, error: HostError): boolean {
  const isLook = verb !== "create" && /^Get-/.test(error.cmdlet ?? "");
  return isLook && definition.unread !== undefined && error instanceof InvalidError;
}

const advices: Readonly<Record<string, (error: HostError, attempt: Attempt) => string>> = {
  UnreadableError: ({ address }, { definition }) =>
    definition.unread
      ? `${address} has the file, but cannot read it; nothing was removed from Pulumi's state. Bring back what the message names, also what the file is based on, or remove the resource from the program: it is deleted unread.`
      : `${address} has it, but does not show it; nothing was removed from Pulumi's state. Look there at what it says and at the user's rights, and run the command again.`,
  UnreachableError: ({ address }) =>
    `The state on ${address} is unknown, and nothing was removed from Pulumi's state. Run the command again when the host answers.`,
};

/** A plan that cannot be carried out stops before anything is done. */
export function refuse(attempt: Attempt, plan: Plan): void {
  if (plan.refusals.length > 0) throw refusal(attempt, plan.refusals);
  if (plan.replaces.length > 0)
    throw refusal(
      attempt,
      plan.replaces.map((property) => ({
        path: [property],
        reason:
          attempt.verb === "create"
            ? "differs from what the host created, and cannot change in place"
            : "differs on the host and cannot change in place. Run pulumi refresh, and the next pulumi up replaces it",
      })),
    );
}
