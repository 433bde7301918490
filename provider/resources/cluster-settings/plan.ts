import { z } from "zod";
import { type Action, result, type Select } from "../../calls";
import { setterOf, unwrap } from "../../schema";
import type { Plan, Refusal, Step } from "../definition";
import { same } from "../definition";
import { type Desired, schema } from "./schema";

const value = z.union([z.string(), z.number(), z.boolean()]);

export const recorded = z.object({ name: z.string(), properties: z.record(z.string(), value) });

export interface Observed {
  name: string;
  /** By our names; what a cluster of an older Windows does not have is not there. */
  properties: Record<string, string | number | boolean>;
}

type Value = z.output<typeof value>;

const keys = Object.keys(schema.shape) as (keyof Desired)[];

/** The property of the cluster's object. */
function propertyOf(key: keyof Desired): string {
  const property = setterOf(schema.shape[key])?.assigns;
  if (property === undefined) throw new Error(`Nothing sets ${key}.`);
  return property;
}

export const select: Select = Object.fromEntries(["Name", ...keys.map(propertyOf)].map((property) => [property, null]));

/** A cluster writes 0 and 1 for no and yes. */
const isYesOrNo = (key: keyof Desired) => unwrap(schema.shape[key]) instanceof z.ZodBoolean;

export function parsed(shown: unknown): Observed {
  const cluster = z.record(z.string(), z.unknown()).parse(shown);
  const properties = keys.flatMap((key) => {
    const { data: is } = value.safeParse(cluster[propertyOf(key)]);
    return is === undefined ? [] : [[key, isYesOrNo(key) ? Number(is) !== 0 : is] as const];
  });
  return { name: z.string().parse(cluster.Name), properties: Object.fromEntries(properties) };
}

/** Names of sites are the same in any case. */
function isSame(key: keyof Desired, is: Value, wanted: Value): boolean {
  return key === "preferredSite" ? same(String(is), String(wanted)) : is === wanted;
}

/** One by one, so that what the cluster refuses is one property. */
export function plan({ properties }: Observed, desired: Desired): Plan {
  const steps: Step[] = [];
  const refusals: Refusal[] = [];
  for (const key of keys) {
    const [is, wanted] = [properties[key], desired[key]];
    if (wanted === undefined || (is !== undefined && isSame(key, is, wanted))) continue;
    if (is === undefined) refusals.push({ path: [key], reason: unknownThere });
    else steps.push(step(key, wanted));
  }
  return { steps, refusals, replaces: [] };
}

const unknownThere =
  "is not a property of this cluster: its Windows Server is older than the property. Leave it out, or update the cluster";

function step(key: keyof Desired, wanted: Value): Step {
  const sent = typeof wanted === "boolean" ? Number(wanted) : wanted;
  const cluster: Action = { cmdlet: "Get-Cluster", as: "cluster" };
  const assign: Action = { assign: propertyOf(key), target: result("cluster"), value: sent };
  const notice = notices[key]?.(wanted);
  return { does: `set ${key}`, properties: [key], calls: [cluster, assign], ...(notice && { notice }) };
}

/** What a change means for what runs. */
const notices: Partial<Record<keyof Desired, (wanted: Value) => string | undefined>> = {
  clusterEnforcedAntiAffinity: (wanted) =>
    wanted === true ? "a role that finds no node for itself stays offline, for clusterEnforcedAntiAffinity" : undefined,
  drainOnShutdown: (wanted) =>
    wanted === false ? "a node that shuts down takes its machines down with it, for drainOnShutdown" : undefined,
};

/** What no program can say is left as the program has it. */
export function reflect({ properties }: Observed, desired: Desired): Desired {
  const shown = keys.map((key) => {
    const [is, wanted] = [properties[key], desired[key]];
    const isMeant = is !== undefined && wanted !== undefined && isSame(key, is, wanted);
    const sayable = isMeant ? wanted : schema.shape[key].safeParse(is).data;
    return [key, sayable ?? wanted];
  });
  return Object.fromEntries(shown) as Desired;
}
