import {
  type Assignment,
  type Call,
  type CmdletCall,
  isAssignment,
  isReference,
  isSecretValue,
  type Reference,
  type Value,
} from ".";
import { moduleOf, switches } from "./cmdlets.generated";

/** A batch as a person can paste it into Windows PowerShell 5.1 or PowerShell 7: one call a line, secrets masked. */
export function toPowerShell(calls: readonly Call[]): string {
  return calls.map((call) => (isAssignment(call) ? assignment(call) : command(call))).join("\n");
}

/** Any text as one expression, on one line. Characters that a paste would lose or a reader would not see stand as their codes. */
export function quote(text: string): string {
  const pieces = text.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu) ?? [];
  const parts = pieces.map((piece) => (unseen.test(piece) ? codes(piece) : `'${piece.replace(quotes, "$&$&")}'`));
  if (parts.length === 0) return "''";
  if (parts.length === 1 && parts[0]?.startsWith("'")) return parts[0];
  return `(${(parts[0]?.startsWith("'") ? parts : ["''", ...parts]).join(" + ")})`; // a char in front would not make text of the sum
}

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** PowerShell ends a single-quoted string at typographic quotes too; each is written twice, as itself. */
const quotes = /['\u2018\u2019\u201a\u201b]/g;

function codes(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `[char]${character.charCodeAt(at)}`).join(" + ");
}

function command(call: CmdletCall): string {
  const { cmdlet, parameters = {}, select, as } = call;
  const given = Object.entries(parameters as Record<string, Value | undefined>);
  const words = [
    `${moduleOf[cmdlet]}\\${cmdlet}`,
    ...given.flatMap(([name, value]) => (value === undefined ? [] : [parameter(name, value)])),
  ];
  if (as !== undefined) return `${variable(as)} = ${words.join(" ")}`;
  const shown = Object.keys(select ?? {});
  return shown.length === 0 ? words.join(" ") : `${words.join(" ")} | Select-Object ${shown.map(property).join(", ")}`;
}

function parameter(name: string, value: Value): string {
  if (typeof value !== "boolean") return `-${name} ${expression(value)}`;
  return value && switches.has(name) ? `-${name}` : `-${name}:${expression(value)}`; // with the colon a switch takes a value too
}

function assignment({ assign, target, value }: Assignment): string {
  const list = Array.isArray(value) && assign === "AntiAffinityClassNames";
  return `${reference(target)}.${property(assign)} = ${list ? "[Collections.Specialized.StringCollection]" : ""}${expression(value)}`;
}

function expression(value: Value): string {
  if (value === null) return "$null";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "$true" : "$false";
  if (typeof value === "number") return number(value);
  if (isReference(value)) return reference(value);
  if (isSecretValue(value)) return "(Read-Host -AsSecureString -Prompt '********')";
  if (isList(value)) return list(value);
  const entries = Object.entries(value).map(([key, item]) => `${quote(key)} = ${expression(item)}`);
  return entries.length === 0 ? "@{}" : `@{ ${entries.join("; ")} }`;
}

/** Separated by semicolons, each reference adds all its objects; by commas, a list in a list would stay one. */
function list(values: readonly Value[]): string {
  return `@(${values.map(expression).join(values.some(isReference) ? "; " : ", ")})`;
}

function reference({ $ref, property: name, where }: Reference): string {
  const objects = name === undefined ? variable($ref) : `${variable($ref)}.${property(name)}`;
  if (!where) return objects;
  const conditions = Object.entries(where).map(
    ([key, wanted]) => `$_.${key.split(".").map(property).join(".")} -eq ${expression(wanted)}`,
  );
  return `(${objects} | Where-Object { ${conditions.join(" -and ")} })`;
}

function property(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

function variable(name: string): string {
  if (automatic.has(name.toLowerCase())) return `$${name}Result`;
  return /^[A-Za-z_]\w*$/.test(name) ? `$${name}` : `\${${name.replace(/[`{}]/g, "`$&")}}`;
}

/** Variables that PowerShell has itself: written to, they fail or change what the session does. */
const automatic = new Set(
  `args error executioncontext false foreach home host input lastexitcode matches myinvocation null pid
  profile psboundparameters pscmdlet pscommandpath psculture pshome psitem psscriptroot psuiculture
  psversiontable pwd sender shellid stacktrace switch this true _`.split(/\s+/),
);

function number(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63
    ? BigInt(value).toString()
    : String(value).replace("e", "E");
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
