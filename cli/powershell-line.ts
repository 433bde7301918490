import type { Call, Value } from "../provider/calls";
import type { CmdletName } from "../provider/calls/cmdlets.generated";
import { reference } from "../provider/simulator/engine/reference";
import { knownCmdlet } from "./cmdlet";

/**
 * One cmdlet as a person types it: `Set-VM -Name web -Notes 'for O''Brien'`, with a query for an object that it takes:
 * `Set-VMFirmware web -FirstBootDevice (Get-VMDvdDrive web)`, or a property that is set:
 * `(Get-ClusterGroup web).Priority = 3000`. Otherwise literals only: no variables, no pipeline, nothing is evaluated.
 */
export function parseLine(line: string): Call[] {
  const assignment = /^\s*\((.*)\)\.(\w+)\s*=\s*(.+)$/s.exec(line);
  if (assignment) {
    const [, target = "", property = "", value = ""] = assignment;
    const all = tokens(value);
    const values = listAt(all, 0);
    const more = all[values.length];
    if (more) throw new Error(`Cannot read "${more.text}" behind the value: one value is set, or a list with commas.`);
    return [...parseCmdlet(target, "target"), { assign: property, target: { $ref: "target" }, value: single(values) }];
  }
  return parseCmdlet(line);
}

/** The cmdlet behind those whose results it takes. */
function parseCmdlet(line: string, as?: string): Call[] {
  const [first, ...rest] = tokens(line);
  if (!first) throw new Error("There is no cmdlet in the line.");
  const name = knownCmdlet(first.text);
  const queries = rest.filter(({ query }) => query);
  const before = queries.flatMap((query, index) => {
    const source = `${as ?? "query"}${index + 1}`;
    query.source = source;
    return parseCmdlet(query.text, source);
  });
  return [
    ...before,
    { cmdlet: name as CmdletName, parameters: parameters(name, rest), ...(as !== undefined && { as }) } as Call,
  ];
}

interface Token {
  text: string;
  /** Written in quotes: never a parameter's name, a number or a constant. */
  quoted: boolean;
  comma: boolean;
  /** Written in parentheses: a cmdlet whose results are meant, under the name that they get. */
  query?: boolean;
  source?: string;
}

function parameters(cmdlet: string, rest: readonly Token[]): Record<string, Value> {
  const found: Record<string, Value> = {};
  const positional: Token[][] = [];
  for (let at = 0; at < rest.length; ) {
    const token = rest[at];
    if (!token) break;
    const named = !token.quoted && /^-[a-z]\w*:?/i.exec(token.text);
    if (!named) {
      const values = listAt(rest, at);
      positional.push(values);
      at += values.length;
      continue;
    }
    at += 1;
    const [written, inline] = token.text.slice(1).split(/:(.*)/s);
    if (inline) {
      found[written ?? ""] = constant({ ...token, text: inline });
      continue;
    }
    const next = rest[at];
    const type = typeOf(cmdlet, written ?? "");
    if (!next || (!next.quoted && /^-[a-z]/i.test(next.text)) || type === "switch") {
      if (type !== "switch" && type !== undefined) throw new Error(`-${written} of ${cmdlet} needs a value.`);
      found[written ?? ""] = true;
      continue;
    }
    const values = listAt(rest, at);
    found[written ?? ""] = single(values);
    at += values.length;
  }
  for (const [position, values] of positional.entries()) {
    const name = atPosition(cmdlet, position);
    if (!name) throw new Error(`${cmdlet} takes no value at position ${position + 1}; name its parameter.`);
    found[name] = single(values);
  }
  return found;
}

/** Values that commas join, from here on. */
function listAt(rest: readonly Token[], at: number): Token[] {
  let end = at;
  while (rest[end]?.comma) end += 1;
  return rest.slice(at, end + 1);
}

function single(values: readonly Token[]): Value {
  const parsed = values.map(constant);
  return parsed.length === 1 ? (parsed[0] ?? null) : parsed;
}

const units: Readonly<Record<string, number>> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };

function constant({ text, quoted, source }: Token): Value {
  if (source !== undefined) return { $ref: source };
  if (quoted) return text;
  if (/^\$(true|false|null)$/i.test(text))
    return { true: true, false: false, null: null }[text.slice(1).toLowerCase()] ?? null;
  if (/^\$/.test(text) || /[|;]/.test(text))
    throw new Error(
      `"${text}" would be evaluated by PowerShell; here values are literal. Put it in single quotes if it is meant so.`,
    );
  const number = /^(-?\d+(?:\.\d+)?)(kb|mb|gb|tb)?$/i.exec(text);
  return number ? Number(number[1]) * (units[(number[2] ?? "").toLowerCase()] ?? 1) : text;
}

/** Undefined for a parameter that there is not, or that is abbreviated. */
function typeOf(cmdlet: string, written: string): string | undefined {
  const known = reference.cmdlets[cmdlet]?.parameters ?? {};
  const name = Object.keys(known).find((candidate) => candidate.toLowerCase() === written.toLowerCase());
  return name === undefined ? undefined : known[name]?.type;
}

/** The parameter at a position of the cmdlet's default set. */
function atPosition(cmdlet: string, position: number): string | undefined {
  const data = reference.cmdlets[cmdlet];
  return Object.entries(data?.parameters ?? {}).find(([, { sets }]) =>
    Object.entries(sets ?? {}).some(
      ([set, marks]) => (set === "*" || set === data?.default) && /\d+/.exec(marks)?.[0] === String(position),
    ),
  )?.[0];
}

/** Words, with PowerShell's quoting: `'it''s'`, `"a ""b"""`, a comma between the elements of a list, `@( )` around it. */
function tokens(line: string): Token[] {
  const found: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|"((?:[^"`]|""|`.)*)"|@\(|\)|(,)|(\()|([^\s,'"()]+))/gsy;
  let at = 0;
  while (at < line.length) {
    if (/^\s*$/.test(line.slice(at))) break;
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (!match) throw new Error(`Cannot read the line from here: ${line.slice(at)}`);
    at = pattern.lastIndex;
    const [, single, double, comma, open, bare] = match;
    const last = found[found.length - 1];
    if (comma && last) last.comma = true;
    else if (single !== undefined) found.push({ text: single.replaceAll("''", "'"), quoted: true, comma: false });
    else if (double !== undefined)
      found.push({
        text: double
          .replaceAll('""', '"')
          .replace(/`(.)/gs, (_all, escaped: string) => ({ n: "\n", t: "\t", r: "\r", "0": "\0" })[escaped] ?? escaped),
        quoted: true,
        comma: false,
      });
    else if (open) {
      const end = closing(line, at);
      found.push({ text: line.slice(at, end), quoted: true, comma: false, query: true });
      at = end + 1;
      if (line[at] === ".") throw new Error(`A query in a line is taken whole: ${line.slice(at)} cannot be read.`);
    } else if (bare !== undefined) found.push({ text: bare, quoted: false, comma: false });
  }
  return found;
}

/** Where the parenthesis closes whose inside begins here. */
function closing(line: string, from: number): number {
  const pattern = /'(?:[^']|'')*'|"(?:[^"`]|""|`.)*"|[()]/gs;
  pattern.lastIndex = from;
  let depth = 1;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    if (match[0] === "(") depth += 1;
    if (match[0] === ")") depth -= 1;
    if (depth === 0) return match.index;
  }
  throw new Error(`A parenthesis is not closed: (${line.slice(from)}`);
}
