import data from "./reference.generated.json";

/** The cmdlet reference, as tools/generate.mjs writes it. */
export interface ReferenceData {
  cmdlets: Readonly<Record<string, CmdletData>>;
  enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  classes: Readonly<Record<string, ClassData>>;
}

export interface CmdletData {
  module: string;
  /** What stands after the comma of a FullyQualifiedErrorId. */
  class: string;
  default?: string;
  shouldProcess?: boolean;
  parameters: Readonly<Record<string, ParameterData>>;
}

export interface ParameterData {
  type: string;
  aliases?: readonly string[];
  validateSet?: readonly string[];
  validateRange?: readonly [number, number];
  /** By set, `*` being all: `m` for mandatory, the position, `p` for pipeline input. Absent: in all sets, with nothing to say. */
  sets?: Readonly<Record<string, string>>;
}

export interface ClassData {
  base?: string;
  /** Property names and their .NET types; inherited ones are among them. */
  properties: Readonly<Record<string, string>>;
}

export const reference = data as unknown as ReferenceData; // the file's own type has a line for each parameter there is

const canonical = new Map<string, string>();
for (const name of Object.keys(reference.cmdlets)) canonical.set(name.toLowerCase(), name);

/** The cmdlet's name as its module spells it; with or without a module in front, in any case. */
export function cmdletName(written: string): string | undefined {
  const cut = written.lastIndexOf("\\");
  const name = canonical.get(written.slice(cut + 1).toLowerCase());
  if (name === undefined || cut < 0) return name;
  return reference.cmdlets[name]?.module.toLowerCase() === written.slice(0, cut).toLowerCase() ? name : undefined;
}

/** Those of the cluster's WMI classes: functions, whose errors end with their own names (S, hyper-v-host.md 1). */
export function isClusterCim(cmdlet: string): boolean {
  const { module, parameters } = reference.cmdlets[cmdlet] ?? { module: "", parameters: {} };
  return module === "FailoverClusters" && "CimSession" in parameters;
}

/** Whether an object of class `type` is one of class `wanted`, itself or by its bases. */
export function isA(type: string, wanted: string): boolean {
  for (let at: string | undefined = type; at !== undefined; at = reference.classes[at]?.base)
    if (at === wanted) return true;
  return false;
}
