import type { CallError } from "../calls";
import { shown } from "../text/shown";
import {
  conditionOf,
  type ErrorKind,
  isKnownHresult,
  isRoleUpdate,
  knownCondition,
  roleNotUpdated,
} from "./conditions";

export interface HostErrorFacts {
  address: string;
  cmdlet?: string;
  errorId?: string;
  category?: string;
  hresult?: number;
  /** What to do about it, where that is known. */
  advice?: string;
}

/**
 * What a host said, by the decision that someone takes on it. Told apart by error ids, categories and HRESULTs; the
 * message is localised and only shown, without what a terminal would obey.
 */
export abstract class HostError extends Error implements HostErrorFacts {
  readonly address: string;
  readonly cmdlet?: string;
  readonly errorId?: string;
  readonly category?: string;
  readonly hresult?: number;
  readonly advice?: string;

  constructor(message: string, facts: HostErrorFacts, options?: ErrorOptions) {
    super(shown(message), options);
    this.name = new.target.name;
    this.address = facts.address;
    this.cmdlet = facts.cmdlet;
    this.errorId = facts.errorId && shown(facts.errorId, idLength);
    this.category = facts.category && shown(facts.category, idLength);
    this.hresult = facts.hresult;
    this.advice = facts.advice;
  }
}

/** Three times the longest that Hyper-V's modules have. */
const idLength = 500;

/** The host answered that it does not have it. A hint until an inventory proves it. */
export class NotFoundError extends HostError {}
/** Nothing is known about the thing: no connection, no service, no answer in time. */
export class UnreachableError extends HostError {
  /** Whether the calls may have reached the host: then it must be looked at before anything is repeated. */
  readonly delivered: boolean;
  constructor(message: string, facts: HostErrorFacts & { delivered: boolean }, options?: ErrorOptions) {
    super(message, facts, options);
    this.delivered = facts.delivered;
  }
}
/** The host has the thing and does not show what it is: a disk whose parent is gone, a machine that the user may not see. */
export class UnreadableError extends UnreachableError {}

/** No session could be made. The message says what to do; `step` is how far it came. */
export class ConnectError extends UnreachableError {
  readonly step: ConnectStep;
  constructor(message: string, facts: HostErrorFacts & { step: ConnectStep }, options?: ErrorOptions) {
    super(message, { ...facts, delivered: false }, options);
    this.step = facts.step;
  }
}

/** The connection was lost while a session began: another attempt may find the host back. */
export class ConnectionLostError extends ConnectError {}

/** The host allows no further session beside those that are open. */
export class SessionsExhaustedError extends ConnectError {}

/** In order: one is reached when those before it are passed. */
export type ConnectStep = "name" | "port" | "host key" | "sign-in" | "session" | "PowerShell";

/** The host understood and will not: rights, a thing that exists, a rule. */
export class RefusedError extends HostError {}
/** In use at the moment: try again later. */
export class BusyError extends HostError {}
/** Not in this state, such as a running machine for what needs it off. */
export class WrongStateError extends HostError {}
/** No memory, no space. */
export class ExhaustedError extends HostError {}
/** A bad value, or one that does not fit this configuration or version. */
export class InvalidError extends HostError {}
/** The host is not set up for this: a person must act. */
export class HostSetupError extends HostError {}

type Kind = new (message: string, facts: HostErrorFacts) => HostError;

const unreachable = class extends UnreachableError {
  constructor(message: string, facts: HostErrorFacts) {
    super(message, { ...facts, delivered: true });
    this.name = "UnreachableError";
  }
};

const kinds: Readonly<Record<ErrorKind, Kind>> = {
  "not found": NotFoundError,
  unreachable,
  refused: RefusedError,
  busy: BusyError,
  "wrong state": WrongStateError,
  exhausted: ExhaustedError,
  invalid: InvalidError,
  "host set-up": HostSetupError,
};

/** The typed error of a call's error record. */
export function errorOf(error: CallError, call: { address: string; cmdlet: string }): HostError {
  const [errorId = "", ofClass = ""] = error.id.split(",");
  const hresult = hresultOf(error);
  const condition = conditionOf(errorId, error.category, hresult, call.cmdlet);
  const advice = (isRoleUpdate(ofClass) ? roleNotUpdated : condition?.advice)?.replaceAll("{host}", call.address);
  const facts = { ...call, errorId: error.id, category: error.category, hresult, advice };
  return new kinds[condition?.kind ?? "refused"](error.message.trim(), facts);
}

/**
 * Whether a running machine may have refused because it runs: nobody has recorded what a host says to each off-only setting,
 * so that what is not understood counts too (hyper-v.md, end of 10).
 */
export function mayNeedOff(error: unknown): boolean {
  const [errorId, ofClass] = (error instanceof HostError && error.errorId?.split(",")) || [];
  // the machine has taken the change, and its role could not be updated: that is no better while it is off
  if (ofClass?.startsWith("Microsoft.FailoverClusters.")) return false;
  if (error instanceof WrongStateError) return true;
  if (error instanceof InvalidError) return errorId === "NotSupported";
  return error instanceof RefusedError && !knownCondition(errorId ?? "", error.hresult);
}

/**
 * Unsigned. The exception's own is not reliable, the one in the message is (recorded, hyper-v.md 1.1). Without either the
 * first inner one that is known: the outer ones say only that there was an exception.
 */
function hresultOf({ message, hresult, hresults = [] }: CallError): number | undefined {
  const written = /\(?(0x[89a-f][0-9a-f]{7})\)?/i.exec(message)?.[1];
  if (written) return Number.parseInt(written, 16);
  const codes = [...(hresult === undefined ? [] : [hresult]), ...hresults].map((code) => code >>> 0);
  return codes.find(isKnownHresult) ?? codes[0];
}

/** The code of a system error, or the text of any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : textOf(error);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
