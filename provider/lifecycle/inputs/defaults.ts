import { z } from "zod";
import { isBag } from "../values";

/** The value with the defaults of its schema filled in, at every depth, whether it is valid or not. */
export function complete(schema: z.ZodType, value: unknown): unknown {
  return fillerOf(schema)(value);
}

type Filler = (value: unknown) => unknown;

/** One for each schema: a schema's parts never change, and every step fills every resource's inputs. */
const fillers = new WeakMap<z.ZodType, Filler>();
const nothingToFill: Filler = (value) => value;

function fillerOf(schema: z.ZodType): Filler {
  const known = fillers.get(schema);
  if (known) return known;
  const filler = makeFiller(schema);
  fillers.set(schema, filler);
  return filler;
}

function makeFiller(schema: z.ZodType): Filler {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const inner = fillerOf(schema.unwrap() as z.ZodType);
    return inner === nothingToFill ? inner : (value) => (value === undefined || value === null ? value : inner(value));
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const inner = fillerOf(schema.unwrap() as z.ZodType);
    const whole = inner(schema.def.defaultValue);
    return (value) => (value === undefined ? whole : inner(value));
  }
  if (schema instanceof z.ZodArray) {
    const inner = fillerOf(schema.element as z.ZodType);
    return inner === nothingToFill ? inner : (value) => (Array.isArray(value) ? value.map(inner) : value);
  }
  if (!(schema instanceof z.ZodObject)) return nothingToFill;
  const parts = Object.entries(schema.shape).flatMap(([key, field]) => {
    const filler = fillerOf(field as z.ZodType);
    return filler === nothingToFill ? [] : [[key, filler] as const];
  });
  if (parts.length === 0) return nothingToFill;
  return (value) => {
    if (!isBag(value)) return value;
    const filled = { ...value };
    for (const [key, filler] of parts) {
      const item = filler(value[key]);
      if (item !== undefined) filled[key] = item;
    }
    return filled;
  };
}
