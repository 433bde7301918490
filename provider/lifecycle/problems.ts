import { z } from "zod";
import type { AnyDefinition } from "../resources/definition";
import { fields, type Problem, type Surroundings, unwrap } from "../schema";
import { asBag, type Bag, isBag, type Path, pathText, unknown, unknownPaths, whereKnown } from "./values";

/** Everything that is wrong with what a program asks for, each with its property and what is allowed; nothing of it secret. */
export function problemsOf(definition: AnyDefinition, desired: Bag, surroundings: Surroundings): string[] {
  const unknowns = unknownPaths(desired);
  const parsed = definition.schema.safeParse(withoutUnknown(desired), { reportInput: true });
  const malformed = (parsed.error?.issues ?? [])
    .flatMap((issue) => issueProblems(definition, issue))
    .filter(({ path }) => !unknowns.some((known) => startsWith(path, known)))
    // one mistake, one line: a size in the wrong unit is seldom a multiple of the right one
    .filter(({ path }, index, all) => all.findIndex((other) => pathText(other.path) === pathText(path)) === index);
  // rules trust the types of what they read: what is malformed counts as unknown to them
  const readable = asBag(malformed.reduce<unknown>((value, { path }) => withUnknownAt(value, path), desired));
  const broken = [nodeIsKnown, ...definition.rules].flatMap((rule) => [
    ...whereKnown(readable, (value) => rule(value, surroundings), []),
  ]);
  const secrets = new Set(
    fields(definition.schema)
      .filter(({ secret }) => secret)
      .map(({ path }) => path[0]),
  );
  return [...malformed, ...broken].map(({ path, reason }) => {
    const hidden = secrets.has(String(path[0])) ? "is not valid" : reason;
    return `${pathText(path)} ${hidden}`;
  });
}

/** A copy in which what stands at the path, or the nearest thing on the way to it, is unknown. */
function withUnknownAt(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return unknown;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? withUnknownAt(item, rest) : item));
  if (!isBag(value)) return unknown;
  return { ...value, [first]: withUnknownAt(value[first], rest) };
}

/** Any kind may name a node; it must be one that the provider has. */
function nodeIsKnown(desired: Bag, { nodes }: Surroundings): Problem[] {
  const { node } = desired;
  if (typeof node !== "string") return [];
  if (nodes.length === 0)
    return [{ path: ["node"], reason: `is "${node}", but the provider has one host and no nodes; leave it out` }];
  if (nodes.some((known) => known.toLowerCase() === node.toLowerCase())) return [];
  return [{ path: ["node"], reason: `must be a node that the provider names: ${nodes.join(", ")}; it is "${node}"` }];
}

type Issue = z.core.$ZodIssue;

function issueProblems(definition: AnyDefinition, issue: Issue): Problem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const at = schemaAt(definition.schema, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      reason: `is not a property of ${path.length > 0 ? pathText(path) : definition.kind}; there are: ${keysOf(at).join(", ")}`,
    }));
  return [{ path, reason: reasonOf(issue, at, path) }];
}

function reasonOf(issue: Issue, schema: z.ZodType | undefined, path: Path): string {
  const value = "input" in issue ? issue.input : undefined;
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return `is required: ${kindOf(issue.expected, path)}`;
      return `must be ${kindOf(issue.expected, path)}; it is ${shown(value)}`;
    case "invalid_value":
      return value === undefined
        ? `is required: ${list(issue.values)}`
        : `must be ${list(issue.values)}; it is ${shown(value)}`;
    case "too_small":
    case "too_big":
      return `must be ${rangeOf(issue, schema, path)}; it is ${shown(sizeOf(value, issue.origin))}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}; it is ${shown(value)}`;
    case "invalid_format":
      return `${issue.message}; it is ${shown(value)}`;
    default:
      return issue.message;
  }
}

/** Both ends of the range, when the schema has them: one of them alone invites the next mistake. */
function rangeOf(
  issue: Extract<Issue, { code: "too_small" | "too_big" }>,
  schema: z.ZodType | undefined,
  path: Path,
): string {
  const inner = schema && unwrap(schema);
  const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " elements" : "";
  const write = (size: number | bigint) => `${size}${isBytes(path) ? ` (${humanBytes(Number(size))})` : unit}`;
  if (inner instanceof z.ZodNumber) {
    const { minValue, maxValue } = inner;
    const least =
      minValue !== null && Number.isSafeInteger(minValue) && minValue > Number.MIN_SAFE_INTEGER ? minValue : undefined;
    const most = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? maxValue : undefined;
    if (least !== undefined && most !== undefined) return `from ${write(least)} to ${write(most)}`;
  }
  return issue.code === "too_small" ? `at least ${write(issue.minimum)}` : `at most ${write(issue.maximum)}`;
}

function sizeOf(value: unknown, origin: string): unknown {
  if (origin === "array" && Array.isArray(value)) return value.length;
  return value;
}

function kindOf(expected: string, path: Path): string {
  if (isBytes(path)) return "a number of bytes, such as 4 * GiB";
  const article: Record<string, string> = {
    string: "a text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
  };
  return article[expected] ?? expected;
}

function isBytes(path: Path): boolean {
  return /Bytes$/.test(String(path[path.length - 1] ?? ""));
}

export function humanBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${Number(size.toFixed(2))} ${units[unit]}`;
}

function list(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? (texts[0] ?? "") : `one of ${texts.join(", ")}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const part of path) {
    const inner: z.ZodType | undefined = at && unwrap(at);
    if (inner instanceof z.ZodObject) at = inner.shape[String(part)] as z.ZodType | undefined;
    else if (inner instanceof z.ZodArray) at = inner.element as z.ZodType;
    else return undefined;
  }
  return at;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = schema && unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Unknown parts are left out of the check of the form; what is then missing is not reported. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === unknown ? undefined : withoutUnknown(item)));
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== unknown)
      .map(([key, item]) => [key, withoutUnknown(item)]),
  );
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
