import { type Call, type CallResult, isAssignment, isReference, type Select, type Value } from "../calls";
import { type CmdletName, readsOfMachines } from "../cmdlets.generated";

/** Batches of reads as fewer calls, and the way back. */
export interface Merged {
  batches: readonly (readonly Call[])[];
  /** Results of each batch as it was; undefined where they do not tell what it would have been answered alone. */
  split(results: readonly (readonly CallResult[])[]): readonly (readonly CallResult[] | undefined)[];
}

/**
 * What several batches ask of a machine each, by the same cmdlet and for the same properties, is asked once of all these
 * machines: `Get-VMMemory -VM $one, $other`. A cmdlet takes its time for each call more than for each machine. Batches that
 * have nothing in common with another stay as they are.
 */
export function merge(batches: readonly (readonly Call[])[]): Merged {
  const parts = batches.map((batch) => batch.map((call) => partIn(batch, call)));
  const keys = parts.flatMap((row) => [...new Set(row.flatMap((part) => part?.key ?? []))]);
  const repeated = new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
  const merges = parts.map((row) => row.some((part) => part && repeated.has(part.key)));
  const own: Call[] = [];
  const asked = new Map<string, Asked>();
  const sources = batches.map((batch, index) => {
    if (!merges[index]) return [];
    return batch.map((call, at): Source => {
      const part = parts[index]?.[at];
      if (!part) return { at: own.push(renamed(call, index)) - 1 };
      const all = asked.get(part.key) ?? { cmdlet: part.cmdlet, select: part.select, machines: new Map() };
      // a machine that is asked for twice is named once
      if (!all.machines.has(part.machine)) all.machines.set(part.machine, nameOf(part.name, index));
      asked.set(part.key, all);
      return part;
    });
  });
  const order = [...asked.keys()];
  const together = [...own, ...[...asked.values()].map(callOf)];
  const alone = batches.filter((_, index) => !merges[index]);
  return {
    batches: together.length > 0 ? [together, ...alone] : alone,
    split: (results) => {
      const rest = [...results];
      const answers = together.length > 0 ? (rest.shift() ?? []) : [];
      const deals = new Map(
        order.map((key, at) => [key, deal(answers[own.length + at], asked.get(key)?.machines ?? new Map())]),
      );
      return sources.map((calls, index) => {
        if (!merges[index]) return rest.shift() ?? [];
        return complete(calls.map((source) => ("at" in source ? answers[source.at] : dealt(deals, source))));
      });
    },
  };
}

/** Where the answer to a call is: a call of its own, or its machine's part of a common one. */
type Source = { at: number } | Part;

/** A call that asks for one machine what it could ask for several. */
interface Part {
  key: string;
  cmdlet: CmdletName;
  select: Select;
  machine: string;
  /** The machine's name in the batch. */
  name: string;
}

/** A common call, with the names of the machines by their ids. */
interface Asked {
  cmdlet: CmdletName;
  select: Select;
  machines: Map<string, string>;
}

function partIn(batch: readonly Call[], call: Call): Part | undefined {
  if (isAssignment(call) || call.as !== undefined || !call.select || !readsOfMachines.has(call.cmdlet))
    return undefined;
  const { VM: machine, ...others } = (call.parameters ?? {}) as Record<string, Value | undefined>;
  if (!isReference(machine) || Object.keys(machine).length > 1 || Object.keys(others).length > 0) return undefined;
  const named = batch.filter((each) => !isAssignment(each) && each.as === machine.$ref);
  const [source] = named;
  if (named.length !== 1 || !source || isAssignment(source) || source.cmdlet !== "Get-VM") return undefined;
  const id = source.parameters?.Id;
  if (typeof id !== "string") return undefined;
  const { cmdlet, select } = call;
  return { key: JSON.stringify([cmdlet, select]), cmdlet, select, machine: id.toLowerCase(), name: machine.$ref };
}

function callOf({ cmdlet, select, machines }: Asked): Call {
  const VM = [...machines.values()].map(($ref) => ({ $ref }));
  return { cmdlet, parameters: { VM }, select: { ...select, VMId: null } } as Call;
}

/** The same call with names of its batch's own: names of several batches meet in one. */
function renamed(call: Call, batch: number): Call {
  const value = (item: unknown): unknown => {
    if (isReference(item)) return { ...item, $ref: nameOf(item.$ref, batch) };
    if (Array.isArray(item)) return item.map(value);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, value(each)]));
  };
  if (isAssignment(call)) return value(call) as Call;
  const { parameters, as, ...rest } = call;
  return {
    ...rest,
    ...(parameters && { parameters: value(parameters) }),
    ...(as !== undefined && { as: nameOf(as, batch) }),
  } as Call;
}

const nameOf = (name: string, batch: number) => `${name} of ${batch}`;

/** Results by the id of their machine. Undefined where one of them, an error or a warning may be anybody's. */
function deal(
  result: CallResult | undefined,
  machines: ReadonlyMap<string, string>,
): ReadonlyMap<string, CallResult> | undefined {
  if (!result || result.error || result.warnings.length > 0) return undefined;
  const hands = new Map([...machines.keys()].map((id) => [id, { ...result, values: [] as unknown[] }]));
  for (const value of result.values) {
    const id = typeof value === "object" && value !== null && "VMId" in value ? value.VMId : undefined;
    const hand = typeof id === "string" ? hands.get(id.toLowerCase()) : undefined;
    if (!hand) return undefined;
    hand.values.push(value);
  }
  return hands;
}

function dealt(
  deals: ReadonlyMap<string, ReadonlyMap<string, CallResult> | undefined>,
  { key, machine, select }: Part,
): CallResult | undefined {
  const hand = deals.get(key)?.get(machine);
  if (!hand || "VMId" in select) return hand;
  return {
    ...hand,
    values: hand.values.map((value) => {
      const { VMId, ...rest } = value as Record<string, unknown>;
      return rest;
    }),
  };
}

/** All results of a batch, or those to its first error; undefined with a gap. */
function complete(results: readonly (CallResult | undefined)[]): CallResult[] | undefined {
  const known: CallResult[] = [];
  for (const result of results) {
    if (!result) return undefined;
    known.push(result);
    if (result.error) break;
  }
  return known;
}
