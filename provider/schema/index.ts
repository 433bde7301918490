import { z } from "zod";
import type { CmdletName, CmdletParameters } from "../calls/cmdlets.generated";

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

/** What sets a property on the host, and under which name the thing's Get cmdlet shows it. */
export interface Setter {
  cmdlet: CmdletName;
  /** Absent where the cmdlet itself is the setting: `Enable-VMTPM`. */
  parameter?: string;
  reads?: string;
  /** The property of what the cmdlet gets that is assigned to, where no cmdlet sets it. */
  assigns?: string;
}

/** What else a property is, beside how it changes. */
export type Trait =
  | "secret"
  /** Says which thing is meant: a change means another one, and is no difference of what is observed. */
  | "meant"
  /** Is another resource's id: one that a preview does not know is about to be another id, or thing. */
  | "follows"
  /** Decides whether a change is refused: while a preview does not know it, none is. */
  | "permits";

interface Mark extends Partial<Record<Trait, boolean>> {
  change?: Change;
  setter?: Setter;
}

const marks = new WeakMap<z.ZodType, Mark>();

const marked =
  (mark: Mark) =>
  <Schema extends z.ZodType>(schema: Schema): Schema => {
    marks.set(schema, { ...marks.get(schema), ...mark });
    return schema;
  };

/** Marks a property with how it changes, and where one parameter of a cmdlet sets it, with that. */
const changing =
  (change: Change) =>
  <Schema extends z.ZodType, Name extends CmdletName>(
    schema: Schema,
    cmdlet?: Name,
    parameter?: keyof CmdletParameters[Name] & string,
    reads: string | undefined = parameter,
  ): Schema =>
    marked({ change, ...(cmdlet && { setter: { cmdlet, parameter, reads } }) })(schema);

export const hot = changing("hot");
export const off = changing("off");
export const replaces = changing("replaces");
export const policy = changing("policy");
export const secret = marked({ secret: true });
export const meant = marked({ meant: true });
export const follows = marked({ follows: true });
export const permits = marked({ permits: true });

/** Marks a property that is set by assignment to a property of what a cmdlet gets. */
export const assigned = (cmdlet: CmdletName, assigns: string) => marked({ setter: { cmdlet, assigns } });

/** One property of a schema, nested ones with their path: `memory.startupBytes`, `networkAdapters[].vlan`. */
export interface Field extends Readonly<Mark> {
  path: readonly string[];
  schema: z.ZodType;
}

/** Every check and diff asks for the same few schemas. */
const known = new WeakMap<z.ZodType, readonly Field[]>();

/** All properties of an object schema, depth first. A list's elements stand under `[]`. */
export function fields(schema: z.ZodType): readonly Field[] {
  const found = known.get(schema) ?? fieldsAt(schema, []);
  known.set(schema, found);
  return found;
}

function fieldsAt(schema: z.ZodType, path: readonly string[]): Field[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return fieldsAt(inner.element as z.ZodType, [...path, "[]"]);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const field = value as z.ZodType;
    return [{ ...markOf(field), path: [...path, key], schema: field }, ...fieldsAt(field, [...path, key])];
  });
}

/** Top-level properties that carry a mark. */
export function keysMarked(schema: z.ZodType, mark: Change | Trait): string[] {
  return fields(schema)
    .filter((field) => field.path.length === 1 && (field.change === mark || field[mark as Trait] === true))
    .map((field) => String(field.path[0]));
}

export const changeOf = (schema: z.ZodType): Change | undefined => markOf(schema).change;
export const setterOf = (schema: z.ZodType): Setter | undefined => markOf(schema).setter;

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

/** A number of bytes as a person reads it: `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${Number(size.toFixed(2))} ${units[unit]}`;
}

/** A name that people and cmdlets find a thing by: up to 100 characters, as Hyper-V takes them (D, hyper-v.md 1.3). */
export const name = () =>
  z
    .string()
    .min(1)
    .max(100)
    .regex(
      /^(?!\s)[^\p{Cc}]+(?<!\s)$/u,
      "must not begin or end with a blank, or contain line breaks or other control characters",
    );

/** What Windows keeps for devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

/** The folder or file must be absolute: a relative path would resolve in the folder of the host's process. */
export const path = () =>
  z.string().check((context) => {
    const { value } = context;
    const problem =
      /[<>"|?*]|(?<!^.):/.test(value) || [...value].some((character) => character < " ")
        ? 'must not contain control characters or any of < > : " | ? * behind the drive'
        : /(?<!^)\\\\/.test(value) || /(^|\\)\.{1,2}(\\|$)/.test(value)
          ? "must be the plain path, without doubled backslashes and without . and .."
          : value.includes("/")
            ? "must be written with backslashes"
            : value.split("\\").some((part) => /[. ]$/.test(part))
              ? "must not have a folder or file whose name ends in a dot or a blank, which Windows drops"
              : value.split("\\").some((part) => reserved.test(part))
                ? "must not have a name that Windows keeps for devices, such as CON or COM1"
                : /^[a-z]:\\/i.test(value) || /^\\\\[^\\]+\\[^\\]+/.test(value)
                  ? undefined
                  : "must be absolute, such as C:\\\\ClusterStorage\\\\Volume1\\\\web.vhdx";
    if (problem)
      context.issues.push({ code: "custom", message: `${problem}; it is ${JSON.stringify(value)}`, input: value });
  });

export const guid = (otherwise = "must be a GUID") =>
  z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, otherwise);

/** What is wrong with one property. */
export interface Problem {
  path: readonly (string | number)[];
  reason: string;
}

/** Of a property, by its name or, within others, by its path. */
export function problem(path: string | Problem["path"], reason: string): Problem {
  return { path: typeof path === "string" ? [path] : path, reason };
}

/** What a rule across properties may know beside them. */
export interface Surroundings {
  /** Nodes that the provider names; one host has one, whose name may be empty. */
  nodes: readonly string[];
  /** Whether they are one failover cluster; several are, where it is not said. */
  isClustered?: boolean;
}
