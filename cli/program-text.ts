import { isBag } from "../provider/lifecycle/values";
import { shownJson } from "../provider/text/shown";

/** A resource of a program, as the least that it must say. */
export interface Declaration {
  kind: string;
  /** What the program calls it. */
  name: string;
  args: Readonly<Record<string, unknown>>;
}

/** Stands in the arguments where another resource's output is meant. */
export class Reference {
  constructor(
    readonly name: string,
    readonly property: string,
  ) {}
}

/** A program that declares the resources, in this order: what is referred to must come before. */
export function programText(declarations: readonly Declaration[]): string {
  const variables = variablesFor(declarations);
  return [
    'import * as hyperv from "pulumi-hyperv";',
    ...declarations.map((declaration) => `\n${declarationText(declaration, variables)}`),
    "",
  ].join("\n");
}

function declarationText({ kind, name, args }: Declaration, variables: ReadonlyMap<string, string>): string {
  const variable = variables.get(name);
  const begin = `${variable === undefined ? "" : `const ${variable} = `}new hyperv.${kind}(${literal(name)}`;
  return `${begin}, ${valueText(args, "", begin.length + 2 + kept.length, variables)}${kept});`;
}

/** As `pulumi import` has it: what is there already is not deleted before somebody says so. */
const kept = ", { protect: true }";

/** As much on a line as a person reads at once. */
const width = 120;

function valueText(value: unknown, indent: string, column: number, variables: ReadonlyMap<string, string>): string {
  const flat = flatText(value, undefined, variables);
  if (column + flat.length + 2 <= width && !(isBag(value) && Object.keys(value).length > 4)) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${inner}${valueText(item, inner, inner.length, variables)},\n`).join("")}${indent}]`;
  if (!isBag(value) || value instanceof Reference) return flat;
  const lines = Object.entries(value).map(([key, item]) => {
    const text = typeof item === "number" ? flatText(item, key, variables) : undefined;
    return `${inner}${key}: ${text ?? valueText(item, inner, inner.length + key.length + 2, variables)},\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function flatText(value: unknown, key: string | undefined, variables: ReadonlyMap<string, string>): string {
  if (value instanceof Reference) return `${variables.get(value.name)}.${value.property}`;
  if (Array.isArray(value)) return `[${value.map((item) => flatText(item, undefined, variables)).join(", ")}]`;
  if (isBag(value)) {
    const items = Object.entries(value).map(([name, item]) => `${name}: ${flatText(item, name, variables)}`);
    return items.length > 0 ? `{ ${items.join(", ")} }` : "{}";
  }
  if (typeof value === "number" && key !== undefined) return numberText(value, key);
  return literal(value);
}

/** A text that looks in an editor as it is, whichever way its characters would turn a line. */
function literal(value: unknown): string {
  return shownJson(String(JSON.stringify(value)));
}

const units = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
] as const;

/** A size as a person would write it. */
function numberText(value: number, key: string): string {
  const unit = /Bytes$|IoSpace$/.test(key) && value > 0 ? units.find(([, size]) => value % size === 0) : undefined;
  if (!unit) return String(value);
  const [name, size] = unit;
  return value === size ? `hyperv.${name}` : `${value / size} * hyperv.${name}`;
}

/** A variable for each resource that another one refers to. */
function variablesFor(declarations: readonly Declaration[]): ReadonlyMap<string, string> {
  const referred = new Set(declarations.flatMap(({ args }) => referencesIn(args)));
  const taken = new Set(["hyperv", ...reserved]);
  const variables = new Map<string, string>();
  for (const { kind, name } of declarations) {
    if (!referred.has(name)) continue;
    const wanted = camelCase(name) || camelCase(kind);
    const variable = firstFree(/^[0-9]/.test(wanted) ? `_${wanted}` : wanted, taken);
    taken.add(variable);
    variables.set(name, variable);
  }
  return variables;
}

function referencesIn(value: unknown): string[] {
  if (value instanceof Reference) return [value.name];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join("");
}

/** The name, or with the first number that makes it another one. */
function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}${number}`)) return `${wanted}${number}`;
}

/** Words that no variable of a module can have as its name, and those that Node gives every module. */
const reserved = (
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
  "finally for function if implements import in instanceof interface let new null package private protected public return " +
  "static super switch this throw true try typeof undefined var void while with yield exports module require"
).split(" ");
