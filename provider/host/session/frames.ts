import { z } from "zod";
import { type Call, isAssignment, type Select } from "../../calls";
import { most } from "./bounds";
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
