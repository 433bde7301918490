import type { CallError } from "../calls";

export interface HostErrorFacts {
  address: string;
  cmdlet?: string;
  errorId?: string;
  category?: string;
  hresult?: number;
}

/**
 * What a host said, by the decision that someone takes on it. Told apart by error ids, categories and HRESULTs; the
 * message is localised and only shown.
 */
export abstract class HostError extends Error implements HostErrorFacts {
  readonly address: string;
  readonly cmdlet?: string;
  readonly errorId?: string;
  readonly category?: string;
  readonly hresult?: number;

  constructor(message: string, facts: HostErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.address = facts.address;
    this.cmdlet = facts.cmdlet;
    this.errorId = facts.errorId;
    this.category = facts.category;
    this.hresult = facts.hresult;
  }
}

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
/** No session could be made. The message says what to do; `step` is how far it came. */
export class ConnectError extends UnreachableError {
  readonly step: ConnectStep;
  constructor(message: string, facts: HostErrorFacts & { step: ConnectStep }, options?: ErrorOptions) {
    super(message, { ...facts, delivered: false }, options);
    this.step = facts.step;
  }
}

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

/** By HRESULT, unsigned; Hyper-V writes it into the message, whatever the language (hyper-v.md 1.1). */
const byHresult: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  ...kinds(
    InvalidError,
    0x80070002,
    0x80070003,
    0x80070043,
    0x80070057,
    0x80070299,
    0x80070490,
    0x80070570,
    0xc03a001a,
  ),
  ...kinds(InvalidError, 0xc03a0014, 0x80071398, 0x80071739),
  ...kinds(RefusedError, 0x80070005, 0x80070050, 0x80071392, 0xc03a0025),
  ...kinds(ExhaustedError, 0x8007000e, 0x800705aa, 0x80070070),
  ...kinds(BusyError, 0x80070020, 0x800700aa, 0x80070034, 0x800710df, 0x80071394, 0x8007139f, 0x80071738),
  ...kinds(NotFoundError, 0x80071395),
  ...kinds(unreachable, 0x800706ba, 0x800706d9, 0x800713ac, 0x800713b2, 0x800713ba),
  ...kinds(
    HostSetupError,
    0x80070569,
    0x800704dd,
    0x8009030c,
    0x8009030e,
    0x80090322,
    0x8007274d,
    0x80070534,
    0xc06d007e,
  ),
]);

/** By the part of FullyQualifiedErrorId before the comma. */
const byId: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["InvalidState", WrongStateError],
  ["NotSupported", InvalidError],
  ["AccessDenied", RefusedError],
  ["OutOfMemory", ExhaustedError],
  ["ObjectInUse", BusyError],
  ["InvalidOperation", InvalidError],
  ["NamedParameterNotFound", InvalidError],
  ["ParameterArgumentValidationError", InvalidError],
  ["CommandNotFoundException", HostSetupError],
  ["CouldNotAutoloadMatchingModule", HostSetupError],
  ["CouldNotAutoLoadModule", HostSetupError],
  ["ClusterEndpointNotRegistered", unreachable],
  ["ClusterRpcConnection", unreachable],
]);

const byCategory: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["ObjectNotFound", NotFoundError],
  ["InvalidArgument", InvalidError],
  ["InvalidData", InvalidError],
  ["InvalidOperation", WrongStateError],
  ["PermissionDenied", RefusedError],
  ["SecurityError", RefusedError],
  ["ResourceBusy", BusyError],
  ["ResourceExists", RefusedError],
  ["ResourceUnavailable", unreachable],
  ["ConnectionError", unreachable],
  ["OperationTimeout", unreachable],
]);

/** Names that mean "no such name" with InvalidParameter; elsewhere it is a bad value (recorded, hyper-v.md 1.1). */
const noSuchName = /^(Get-VM|Get-VMSwitch|Set-VMSwitch|Remove-VMSwitch|Get-VHD)$/i;

/** The typed error of a call's error record. */
export function errorOf(error: CallError, call: { address: string; cmdlet: string }): HostError {
  const [errorId = ""] = error.id.split(",");
  const hresult = hresultOf(error);
  const facts = { ...call, errorId: error.id, category: error.category, hresult };
  const kind = kindOf(errorId, error.category, hresult, call.cmdlet);
  return new kind(error.message.trim(), facts);
}

function kindOf(errorId: string, category: string, hresult: number | undefined, cmdlet: string): Kind {
  if (errorId === "InvalidParameter" && noSuchName.test(cmdlet)) return NotFoundError;
  const known = byId.get(errorId);
  if (known) return known;
  // ObjectNotFound with 0x80070003 is New-VM's missing path: nothing that was there is gone
  return (hresult !== undefined && byHresult.get(hresult)) || byCategory.get(category) || RefusedError;
}

/**
 * Whether a running machine may have refused because it runs: nobody has recorded what a host says to each off-only setting,
 * so that what is not understood counts too (hyper-v.md, end of 10).
 */
export function mayNeedOff(error: unknown): boolean {
  if (error instanceof WrongStateError) return true;
  const errorId = error instanceof HostError ? error.errorId?.split(",")[0] : undefined;
  if (error instanceof InvalidError) return errorId === "NotSupported";
  return error instanceof RefusedError && !known(error);
}

function known({ errorId, hresult }: HostError): boolean {
  return byId.has(errorId?.split(",")[0] ?? "") || (hresult !== undefined && byHresult.has(hresult));
}

/**
 * Unsigned. The exception's own is not reliable, the one in the message is (recorded, hyper-v.md 1.1). Without either the
 * first inner one that is known: the outer ones say only that there was an exception.
 */
function hresultOf({ message, hresult, hresults = [] }: CallError): number | undefined {
  const written = /\(?(0x[89a-f][0-9a-f]{7})\)?/i.exec(message)?.[1];
  if (written) return Number.parseInt(written, 16);
  const codes = [...(hresult === undefined ? [] : [hresult]), ...hresults].map((code) => code >>> 0);
  return codes.find((code) => byHresult.has(code)) ?? codes[0];
}

function kinds(kind: Kind, ...codes: number[]): [number, Kind][] {
  return codes.map((code) => [code, kind]);
}
