import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { AnyDefinition } from "../../resources/definition";
import { fields, type Problem, problem, type Surroundings, sizeText, unwrap } from "../../schema";
import { maskWords } from "../../text/secrets";
import { asBag, type Bag, isBag, mapValues, type Path, pathText, unknown, unknownPaths, whereKnown } from "../values";

/**
 * Everything that is wrong with what a program asks for, each with its property and what is allowed; nothing of it secret.
 * With `hidden` any of it may be: then no value is said.
 */
export function problemsOf(
  definition: AnyDefinition,
  desired: Bag,
  surroundings: Surroundings,
  hidden?: readonly string[],
): string[] {
  const unknowns = unknownPaths(desired);
  const isSecret = secretsOf(definition.schema);
  const isHidden = hidden ? () => true : isSecret;
  const malformed = formProblems(definition.schema, withoutUnknown(desired), definition.kind, isHidden).filter(
    // that a property is not known says nothing of its value, but there must be one of its name
    ({ path }) => !schemaAt(definition.schema, path) || !unknowns.some((known) => startsWith(path, known)),
  );
  // rules trust the types of what they read: what is malformed counts as unknown to them
  const readable = asBag(malformed.reduce<unknown>((value, { path }) => withUnknownAt(value, path), desired));
  const broken = [nodeIsKnown, ...(definition.inputs?.rules ?? [])].flatMap((rule) => [
    ...whereKnown(readable, (value) => rule(value, surroundings), []),
  ]);
  return [
    ...malformed,
    ...(definition.list.clustered ? noCluster(surroundings) : []),
    ...broken.map(({ path, reason }) => {
      if (isSecret(path)) return { path, reason: "is not valid" };
      // what it is may also be said in another unit
      return { path, reason: hidden ? maskWords(reason.replace(/; it is .*$/, ""), hidden) : reason };
    }),
  ].map(({ path, reason }) => (path.length > 0 ? `${pathText(path)} ${reason}` : reason));
}

/** Why a provider has nothing that only a cluster has. */
function noCluster({ nodes, isClustered = true }: Surroundings): Problem[] {
  if (nodes.length === 0) return [problem([], "it belongs to a failover cluster, and needs a provider with nodes")];
  return isClustered
    ? []
    : [problem([], "it belongs to a failover cluster, and the provider's nodes are in none: it has clustered: false")];
}

/** What is wrong with the form of a value, one reason for each place; `whole` is what the schema describes. */
export function formProblems(
  schema: z.ZodObject,
  value: unknown,
  whole: string,
  isSecret = secretsOf(schema),
): Problem[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  return (
    (parsed.error?.issues ?? [])
      .flatMap((issue) => issueProblems({ schema, whole, isSecret }, issue))
      // one mistake, one line: a size in the wrong unit is seldom a multiple of the right one
      .filter(({ path }, index, all) => all.findIndex((other) => pathText(other.path) === pathText(path)) === index)
  );
}

/** Whether what stands at a path must not be shown. */
export function secretsOf(schema: z.ZodType): (path: Path) => boolean {
  const secrets = new Set(
    fields(schema)
      .filter(({ secret }) => secret)
      .map(({ path }) => path[0]),
  );
  return (path) => secrets.has(String(path[0]));
}

/** A copy in which what stands at the path, or the nearest thing on the way to it, is unknown. */
function withUnknownAt(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return unknown;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? withUnknownAt(item, rest) : item));
  if (!isBag(value)) return unknown;
  return { ...value, [first]: withUnknownAt(value[first], rest) };
}

/** Any kind may name a node; it must be one that the provider has. */
export function nodeIsKnown(desired: Bag, { nodes }: Surroundings): Problem[] {
  const { node } = desired;
  if (typeof node !== "string") return [];
  if (nodes.length === 0)
    return [{ path: ["node"], reason: `is "${node}", but the provider has one host and no nodes; leave it out` }];
  if (nodes.some((known) => known.toLowerCase() === node.toLowerCase())) return [];
  return [{ path: ["node"], reason: `must be a node that the provider names: ${nodes.join(", ")}; it is "${node}"` }];
}

type Issue = z.core.$ZodIssue;

interface Form {
  schema: z.ZodType;
  whole: string;
  isSecret: (path: Path) => boolean;
}

function issueProblems(form: Form, issue: Issue, start: Path = []): Problem[] {
  const path = [...start, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  const at = schemaAt(form.schema, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      reason:
        `is not a property of ${path.length > 0 ? pathText(path) : form.whole}; there are: ${keysOf(at).join(", ")}` +
        meant(key, keysOf(at)),
    }));
  if (issue.code === "invalid_union" && issue.message === unsaid) {
    // the alternative that was meant is the one whose kind of value was given
    const meant = issue.errors.find((alternative) => alternative.every((below) => !isOfOtherKind(below)));
    if (meant) return meant.flatMap((below) => issueProblems(form, below, path));
  }
  const value = "input" in issue ? issue.input : undefined;
  const shown = form.isSecret(path) ? "" : `; it is ${shownValue(value)}`;
  return [{ path, reason: reasonOf(issue, at, path, shown) }];
}

/** The name that a misspelt one is nearest to, if it is near enough. */
function meant(written: string, names: readonly string[]): string {
  const near = names
    .map((name) => ({ name, distance: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance: is }) => is <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return near[0] ? `. Did you mean ${near[0].name}?` : "";
}

/** What zod says of a union whose schema says nothing. */
const unsaid = "Invalid input";

function isOfOtherKind({ code, path }: Issue): boolean {
  return code === "invalid_type" && path.length === 0;
}

/** `itIs` says the value, where it may be said. */
function reasonOf(issue: Issue, schema: z.ZodType | undefined, path: Path, itIs: string): string {
  const value = "input" in issue ? issue.input : undefined;
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return `is required: ${kindOf(issue.expected, schema, path)}`;
      return `must be ${kindOf(issue.expected, schema, path)}${itIs}`;
    case "invalid_union": {
      if (issue.message !== unsaid) return `${issue.message}${itIs}`;
      const kinds = issue.errors.flatMap(([first]) =>
        first?.code === "invalid_type" ? [kindOf(first.expected, undefined, path)] : [],
      );
      return `must be ${kinds.join(", or ")}${itIs}`;
    }
    case "invalid_value":
      return value === undefined ? `is required: ${list(issue.values)}` : `must be ${list(issue.values)}${itIs}`;
    case "too_small":
    case "too_big":
      return limitOf(issue, schema, path, itIs);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}${itIs}`;
    case "invalid_format":
      return `${issue.message}${itIs}`;
    default:
      // its own words may quote the value
      return itIs === "" ? "is not valid" : issue.message;
  }
}

type Limit = Extract<Issue, { code: "too_small" | "too_big" }>;

function limitOf(issue: Limit, schema: z.ZodType | undefined, path: Path, itIs: string): string {
  const { origin, input } = issue;
  if (origin !== "array" && origin !== "string")
    return `must be ${(schema && rangeOf(schema, path)) ?? endOf(issue, path)}${itIs}`;
  const unit = origin === "array" ? "element" : "character";
  const [size, end] = issue.code === "too_small" ? [issue.minimum, "at least"] : [issue.maximum, "at most"];
  if (issue.code === "too_small" && Number(size) === 1) return "must not be empty";
  const has = itIs && (Array.isArray(input) || typeof input === "string") ? `; it has ${input.length}` : "";
  return `must have ${end} ${size} ${unit}${Number(size) === 1 ? "" : "s"}${has}`;
}

function endOf(issue: Limit, path: Path): string {
  return issue.code === "too_small"
    ? `at least ${amount(issue.minimum, path)}`
    : `at most ${amount(issue.maximum, path)}`;
}

function amount(size: number | bigint, path: Path): string {
  return `${size}${isBytes(path) ? ` (${sizeText(Number(size))})` : ""}`;
}

/** Both ends of the range, when the schema has them: one of them alone invites the next mistake. */
function rangeOf(schema: z.ZodType, path: Path): string | undefined {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodNumber)) return undefined;
  const { minValue: least, maxValue: most } = inner;
  if (least === null || least <= Number.MIN_SAFE_INTEGER || most === null || most >= Number.MAX_SAFE_INTEGER)
    return undefined;
  return `from ${amount(least, path)} to ${amount(most, path)}`;
}

function kindOf(expected: string, schema: z.ZodType | undefined, path: Path): string {
  if (isBytes(path)) return "a number of bytes, such as 4 * GiB";
  const inner = schema && unwrap(schema);
  if (inner instanceof z.ZodNumber && inner.isInt) {
    const range = rangeOf(inner, path);
    return `a whole number${range ? ` ${range}` : ""}`;
  }
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

function list(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? (texts[0] ?? "") : `one of ${texts.join(", ")}`;
}

function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const part of path) {
    const inner: z.ZodType | undefined = at && objectIn(unwrap(at));
    if (inner instanceof z.ZodObject) at = inner.shape[String(part)] as z.ZodType | undefined;
    else if (inner instanceof z.ZodArray) at = inner.element as z.ZodType;
    else return undefined;
  }
  return at;
}

/** Of alternatives the one that has properties. */
function objectIn(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  return (schema.options as z.ZodType[]).find((option) => option instanceof z.ZodObject) ?? schema;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = schema && objectIn(unwrap(schema));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Unknown parts count as missing in the check of the form, which is then not reported. */
function withoutUnknown(value: unknown): unknown {
  return value === unknown ? undefined : mapValues(value, withoutUnknown);
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
