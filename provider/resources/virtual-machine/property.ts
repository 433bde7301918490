import { z } from "zod";
import type { Call, Reference, Select } from "../../calls";
import { changeOf, setterOf } from "../../schema";
import type { Change } from "./change";

type Shape = Readonly<Record<string, z.ZodType>>;

/** Properties that are one parameter of one cmdlet each, as a host shows them; what it does not show is absent. */
export type Shown<S extends Shape> = { [K in keyof S]?: Exclude<z.output<S[K]>, undefined> };

interface Single {
  key: string;
  schema: z.ZodType;
  cmdlet: string;
  parameter: string;
  /** Names of the property on the way to the value: `BandwidthSetting`, `MaximumBandwidth`. */
  reads: readonly string[];
}

function singles(shape: Shape): Single[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const { cmdlet, parameter, reads } = setterOf(schema) ?? {};
    return cmdlet && parameter && reads ? [{ key, schema, cmdlet, parameter, reads: reads.split(".") }] : [];
  });
}

/** What to ask the thing's Get cmdlet for. */
export function selected(shape: Shape): Select {
  const select: Select = {};
  for (const { reads } of singles(shape)) {
    let at = select;
    for (const name of reads.slice(0, -1)) {
      const below = at[name] ?? {};
      at[name] = below;
      at = below;
    }
    at[reads.at(-1) ?? ""] = null;
  }
  return select;
}

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** The values in what the host said. */
export function shown<S extends Shape>(shape: S, answer: unknown): Shown<S> {
  const values = singles(shape).flatMap(({ key, reads }) => {
    const said = value.nullish().parse(reads.reduce<unknown>(below, answer));
    return said === null || said === undefined ? [] : [[key, said] as const];
  });
  // which values a host may give is its own affair: newer builds know more than the schema
  return Object.fromEntries(values) as Shown<S>;
}

/** The values as the state holds them. */
export function recordedSettings<S extends Shape>(): z.ZodType<Shown<S>> {
  // as a host gives them, whatever the schema knows of
  return z.record(z.string(), value) as unknown as z.ZodType<Shown<S>>;
}

function below(answer: unknown, name: string): unknown {
  return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
}

interface Comparison<S extends Shape> {
  /** What a message writes before the property: `processor.`. */
  at: string;
  /** The parameter that takes the object, and the object. */
  target: Readonly<Record<string, Reference>>;
  desired: { readonly [K in keyof S]?: unknown } | undefined;
  observed: Shown<S>;
}

/** The changes of properties that differ: what the program leaves open stays. */
export function differences<S extends Shape>(
  shape: S,
  { at, target, desired, observed }: Comparison<S>,
): (Change & { key: string })[] {
  return singles(shape).flatMap(({ key, schema, cmdlet, parameter }) => {
    const wanted = desired?.[key];
    // a host without the setting has it at its default
    if (wanted === undefined || alike(wanted, observed[key] ?? schema.safeParse(undefined).data)) return [];
    const call = { cmdlet, parameters: { ...target, [parameter]: wanted } };
    return [
      {
        key,
        does: `set ${at}${key}`,
        properties: [`${at}${key}`],
        when: changeOf(schema) === "off" ? ("off" as const) : ("hot" as const),
        // the mark's types know that the cmdlet has the parameter
        calls: [call as Call],
        joins: true,
      },
    ];
  });
}

const guid = /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;

/** The same value; a GUID in any writing. */
export function alike(one: unknown, other: unknown): boolean {
  if (typeof one === "string" && typeof other === "string" && guid.test(one) && guid.test(other))
    return one.replace(/[{}]/g, "").toLowerCase() === other.replace(/[{}]/g, "").toLowerCase();
  return JSON.stringify(one) === JSON.stringify(other);
}
