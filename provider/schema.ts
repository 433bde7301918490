import { z } from "zod";

/** How a change of a property reaches what already exists. */
export type Change =
  /** While the machine runs, and in every other state. */
  | "hot"
  /** The machine must be off: one restart, if the program allows it. */
  | "off"
  /** Only by a new one in place of the old. */
  | "replaces"
  /** Nothing on the host: it says how we work. */
  | "policy";

interface Mark {
  change?: Change;
  secret?: boolean;
}

const marks = new WeakMap<z.ZodType, Mark>();

const marked =
  (mark: Mark) =>
  <Schema extends z.ZodType>(schema: Schema): Schema => {
    marks.set(schema, { ...marks.get(schema), ...mark });
    return schema;
  };

export const hot = marked({ change: "hot" });
export const off = marked({ change: "off" });
export const replaces = marked({ change: "replaces" });
export const policy = marked({ change: "policy" });
export const secret = marked({ secret: true });

/** One property of a schema, nested ones with their path: `memory.startupBytes`, `networkAdapters[].vlan`. */
export interface Field {
  path: readonly string[];
  schema: z.ZodType;
  change: Change | undefined;
  secret: boolean;
}

/** All properties of an object schema, depth first. A list's elements stand under `[]`. */
export function fields(schema: z.ZodType, path: readonly string[] = []): Field[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return fields(inner.element as z.ZodType, [...path, "[]"]);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const field = value as z.ZodType;
    const mark = markOf(field);
    return [
      { path: [...path, key], schema: field, change: mark.change, secret: mark.secret === true },
      ...fields(field, [...path, key]),
    ];
  });
}

/** Top-level properties that carry a mark. */
export function keysMarked(schema: z.ZodType, change: Change): string[] {
  return fields(schema)
    .filter((field) => field.path.length === 1 && field.change === change)
    .map((field) => String(field.path[0]));
}

function markOf(schema: z.ZodType): Mark {
  for (let at: z.ZodType | undefined = schema; at; at = wrapped(at)) {
    const mark = marks.get(at);
    if (mark) return mark;
  }
  return {};
}

/** The schema below optional, default and nullable. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const below = wrapped(schema);
  return below ? unwrap(below) : schema;
}

function wrapped(schema: z.ZodType): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return schema.unwrap() as z.ZodType;
  return undefined;
}

// values that several nouns share

/** A whole number of bytes that a double holds exactly. */
export const bytes = () => z.int().min(0);

/** The folder or file must be absolute: a relative path would resolve in the folder of the host's process. */
export const path = () =>
  z.string().check((context) => {
    const { value } = context;
    const problem =
      /[<>"|?*]/.test(value) || [...value].some((character) => character < " ")
        ? 'must not contain control characters or any of < > " | ? *'
        : /(?<!^)\\\\/.test(value) || /(^|\\)\.{1,2}(\\|$)/.test(value)
          ? "must be the plain path, without doubled backslashes and without . and .."
          : value.includes("/")
            ? "must be written with backslashes"
            : /^[a-z]:\\/i.test(value) || /^\\\\[^\\]+\\[^\\]+/.test(value)
              ? undefined
              : "must be absolute, such as C:\\\\ClusterStorage\\\\Volume1\\\\web.vhdx";
    if (problem)
      context.issues.push({ code: "custom", message: `${problem}; it is ${JSON.stringify(value)}`, input: value });
  });

export const guid = () => z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "must be a GUID");

/** What is wrong with one property. */
export interface Problem {
  path: readonly (string | number)[];
  reason: string;
}

/** What a rule across properties may know beside them. */
export interface Surroundings {
  /** Nodes that the provider names; one host has one, whose name may be empty. */
  nodes: readonly string[];
}
