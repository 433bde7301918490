import { z } from "zod";
import { type Call, isAssignment, type Select } from "../../calls";
import { most, TooMuchError } from "./bounds";
import type { Plain } from "./clixml";

/** Lists are checked as a whole: each element that does not fit would be a problem of its own. */
const listOf = <T>(is: (item: unknown) => item is T) =>
  z.custom<T[]>((value) => Array.isArray(value) && value.length <= most.entries && value.every(is), "is no such list");

const isText = (value: unknown): value is string => typeof value === "string";

const isNumber = (value: unknown): value is number => typeof value === "number";

export const recordedError = z.object({
  id: z.string(),
  category: z.string(),
  exception: z.string(),
  message: z.string(),
  hresult: z.number().optional(),
  hresults: listOf(isNumber).optional(),
  target: z.string().transform((text) => text || undefined),
});

const name = z.string().max(most.nameLength);

export const helloBody = z.object({
  version: name,
  edition: name.nullable(),
  system: name,
  culture: name,
  computer: name,
  user: name,
  process: z.object({ id: z.number(), started: name }),
  /** Null where there is no Windows to ask. */
  rights: z.object({ administrator: z.boolean(), hyperVAdministrator: z.boolean() }).nullable(),
  modules: z
    .custom<object>((value) => Object.keys(Object(value)).length <= most.entries, "are too many")
    .pipe(z.record(z.string(), z.union([z.object({ version: name }), z.object({ error: recordedError })]))),
  cluster: z
    .union([z.object({ name: name, node: name }), z.object({ error: recordedError })])
    .nullable()
    .catch(null),
});

export const callBody = z.object({
  batch: z.number(),
  call: z.number(),
  values: z.array(z.unknown()),
  warnings: listOf(isText),
  error: recordedError.nullable(),
  milliseconds: z.number(),
});

export type CallBody = z.output<typeof callBody>;

/** What the host says of itself when a session begins. */
export type Hello = z.output<typeof helloBody>;

/** A call without what is not given; the agent goes by whether `select` is there. */
export function toPlain(call: Call): Plain {
  if (isAssignment(call)) return { assign: call.assign, target: { ...call.target }, value: call.value as Plain };
  const { cmdlet, parameters = {}, select, as } = call;
  return { cmdlet, parameters: parameters as Plain, select: select && inOrder(select), as };
}

/** PowerShell's tables have an order of their own, in each process another one. */
function inOrder(select: Select): Plain {
  return Object.entries(select).map(([name, below]) => [name, below && inOrder(below)]);
}

/** The values of columns: what each of them is, then what is selected of all objects among them. */
export function rows(token: string, select: Select, [kinds = [], ...columns]: readonly unknown[]): unknown[] {
  if (!Array.isArray(kinds)) throw new Error("values without kinds");
  const properties = Object.entries(select).map(([name, below], at): [string, unknown[]] => {
    const column = columns[at] ?? [];
    if (!Array.isArray(column)) throw new Error(`values of ${name} that are no list`);
    return [name, below ? rows(token, below, column) : column];
  });
  let [at, row] = [0, 0];
  const next = (depth: number): unknown => {
    if (at >= kinds.length) throw new Error("a list that lacks values");
    const kind: unknown = kinds[at++];
    if (kind === token) {
      const index = row++;
      return Object.fromEntries(properties.map(([name, column]) => [name, column[index]]));
    }
    if (typeof kind !== "string" || !kind.startsWith(`${token} `)) return kind;
    const count = Number(kind.slice(token.length));
    // before anything is made of it
    if (!Number.isInteger(count) || count < 0 || count > kinds.length - at)
      throw new Error(`a list of ${count} values where ${kinds.length - at} follow`);
    if (depth > most.levels) throw new TooMuchError(`values more than ${most.levels} deep`);
    return Array.from({ length: count }, () => next(depth + 1));
  };
  const values: unknown[] = [];
  while (at < kinds.length) values.push(next(1));
  for (const [name, column] of properties)
    if (column.length !== row) throw new Error(`${column.length} values of ${name} for ${row} objects`);
  return values;
}
