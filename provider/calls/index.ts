import type { CmdletName, CmdletParameters } from "./cmdlets.generated";
import type { Reference, SecretValue, Value } from "./value";

export type { Reference, SecretValue, Value } from "./value";

/** A tree of property names: `null` takes a scalar as it is, a subtree projects an object or each object of a list. */
export interface Select {
  [property: string]: Select | null;
}

/** One cmdlet with its parameters, as data. */
interface Calling<Name extends CmdletName = CmdletName> {
  cmdlet: Name;
  parameters?: CmdletParameters[Name];
  /** The name under which later calls of the batch refer to the results. */
  as?: string;
  /**
   * Of a machine that is asked for by its id: its name as far as it is known. Several can be asked for at once by their names,
   * and are told apart by their ids.
   */
  byName?: string;
}

/** Sets a property of an earlier result: the cluster's groups and resources have no Set cmdlet. */
export interface Assignment {
  assign: string;
  target: Reference;
  value: Value;
}

interface AskingCall<Name extends CmdletName> extends Calling<Name> {
  /** Which properties of the results come back; `{}` where they are texts or truth values themselves. */
  select: Select;
}

interface ActingCall<Name extends CmdletName> extends Calling<Name> {
  select?: undefined;
}

export interface CmdletCall<Name extends CmdletName = CmdletName> extends Calling<Name> {
  select?: Select;
}

/** A call that is read: its values come back. */
export type Question = { [Name in CmdletName]: AskingCall<Name> }[CmdletName];

/** A call that only acts, or finds what later calls of its batch refer to: of its results nothing comes back. */
export type Action = { [Name in CmdletName]: ActingCall<Name> }[CmdletName] | Assignment;

/** Either. Not the union of the two: in one with two members of each cmdlet the compiler finds none by its name. */
export type Call = { [Name in CmdletName]: CmdletCall<Name> }[CmdletName] | Assignment;

/** What PowerShell's error record says, without its localised text's being relied upon. */
export interface CallError {
  /** FullyQualifiedErrorId: `<ErrorId>,<class of the cmdlet>`. */
  id: string;
  category: string;
  exception: string;
  message: string;
  /** Signed, as .NET gives it. */
  hresult?: number;
  /** Codes of the exceptions inside it, outermost first. */
  hresults?: number[];
  target?: string;
}

/** What a host says of any call. */
export interface Done {
  warnings: string[];
  error?: CallError;
  milliseconds: number;
}

/** What a host says to a question. */
export interface CallResult extends Done {
  /** What was selected of the results, in order. */
  values: unknown[];
}

export const result = (name: string, property?: string, where?: Reference["where"]): Reference => ({
  $ref: name,
  ...(property !== undefined && { property }),
  ...(where !== undefined && { where }),
});

export const isReference = (value: unknown): value is Reference =>
  typeof value === "object" && value !== null && typeof (value as Reference).$ref === "string";

export const isSecretValue = (value: unknown): value is SecretValue =>
  typeof value === "object" && value !== null && typeof (value as SecretValue).$secret === "string";

/** The same cmdlet with other parameters, which must be its own. A spread of all calls that there are would cost the compiler minutes. */
export function withParameters<Given extends Call>(call: Given, parameters: object): Given {
  return Object.assign({}, call, { parameters });
}

export const isAssignment = (call: Call): call is Assignment => "assign" in call;

/** A name in which PowerShell's wildcards mean themselves. */
export function literal(name: string): string {
  return name.replace(/[`*?[\]]/g, "`$&");
}

/** Where calls belong. A provider with one host runs everything there. */
export type Where =
  /** On the node of this name; without a name on the first that answers and has it. */
  | { node: string | undefined }
  /** On any node that answers: the cluster itself is asked. */
  | { cluster: true }
  /** Each of these nodes is asked, and the first of them acts for all: they are no cluster yet. */
  | { nodes: readonly string[] }
  /** Where the machine of this id lives now; `last` is where it was seen last, to be asked first. */
  | { machine: string; last?: string }
  /** On the node that has the file open, or any: shared volumes are the same for all. */
  | { sharedFile: string };

/** Where something listens for TCP connections. */
export interface Endpoint {
  address: string;
  port: number;
}
