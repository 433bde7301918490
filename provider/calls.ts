import type { CmdletName, CmdletParameters } from "./cmdlets.generated";

/** A tree of property names: `null` takes a scalar as it is, a subtree projects an object or each object of a list. */
export interface Select {
  [property: string]: Select | null;
}

/**
 * The objects that an earlier call of the batch returned under `as`, or a property of each of them; of these, with
 * `where`, only those whose properties have the given values. Text is compared without case.
 */
export interface Reference {
  $ref: string;
  property?: string;
  where?: { readonly [property: string]: string | number | boolean };
}

/** A value that becomes a SecureString on the host and is masked wherever a person could read it. */
export interface SecretValue {
  $secret: string;
}

export type Value =
  | string
  | number
  | boolean
  | null
  | Reference
  | SecretValue
  | readonly Value[]
  | { readonly [key: string]: Value };

/** One cmdlet with its parameters, as data. */
export interface CmdletCall<Name extends CmdletName = CmdletName> {
  cmdlet: Name;
  parameters?: CmdletParameters[Name];
  /** Which properties of the results come back; without it nothing does. */
  select?: Select;
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

export interface CallResult {
  /** The projected results, in order. Empty for an assignment or a call without `select`. */
  values: unknown[];
  warnings: string[];
  error?: CallError;
  milliseconds: number;
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
  /** Where the machine of this id lives now; `last` is where it was seen last, to be asked first. */
  | { machine: string; last?: string }
  /** On the node that has the file open, or any: shared volumes are the same for all. */
  | { sharedFile: string };

/** Where something listens for TCP connections. */
export interface Endpoint {
  address: string;
  port: number;
}
