import {
  type Call,
  type CallResult,
  isAssignment,
  isReference,
  type Reference,
  result,
  type Select,
  type Value,
} from "../../calls";
import { type CmdletName, readsOfMachines } from "../../calls/cmdlets.generated";

/** Batches of reads as fewer calls, and the way back. */
export interface Merged {
  batches: readonly (readonly Call[])[];
  /** Results of each batch as it was; undefined where they do not tell what it would have been answered alone. */
  split(results: readonly (readonly CallResult[])[]): readonly (readonly CallResult[] | undefined)[];
}

/**
 * What several batches ask of a machine each, by the same cmdlet and for the same properties, is asked once of all these
 * machines: `Get-VM -Name one, other`, then `Get-VMMemory -VM $one, $other`. A cmdlet takes its time for each call more than
 * for each machine. Batches that have nothing in common with another stay as they are.
 *
 * `mixed` is kept from one time to the next: what does not say of which machine it is, and was found to differ.
 */
export function merge(batches: readonly (readonly Call[])[], mixed = new Set<string>()): Merged {
  const parts = batches.map((batch) => batch.map((call) => partIn(batch, call, mixed)));
  const keys = parts.flatMap((row) => [...new Set(row.flatMap((part) => part?.key ?? []))]);
  const repeated = new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
  const merges = parts.map((row) => row.some((part) => part && repeated.has(part.key)));
  const nameOf = ({ key }: Part) => `machines ${keys.indexOf(key)}`;
  const own: Call[] = [];
  const asked = new Map<string, Asked>();
  const sources = batches.map((batch, index) => {
    if (!merges[index]) return [];
    // a machine that is alone is rather asked for by its id
    const row = (parts[index] ?? []).map((part) => (part?.finds && !repeated.has(part.key) ? undefined : part));
    const named = ($ref: string): Reference => {
      const found = row[batch.findIndex((call) => !isAssignment(call) && call.as === $ref)];
      return found ? result(nameOf(found), undefined, { Id: found.machine }) : result(`${$ref} of ${index}`);
    };
    return batch.map((call, at): Source => {
      const part = row[at];
      if (!part) return { at: own.push(renamed(call, named)) - 1 };
      const all = asked.get(part.key) ?? { ...part, name: nameOf(part), machines: new Map() };
      // a machine that is asked for twice is named once
      if (!all.machines.has(part.machine)) all.machines.set(part.machine, part.finds ?? named(part.of));
      asked.set(part.key, all);
      return part;
    });
  });
  // machines are found before anything is asked of them
  const common = [...asked.values()].sort((one, other) => Number(!one.finds) - Number(!other.finds));
  const finding = common.filter(({ finds }) => finds).length;
  const commonCalls = common.map((all) => callOf(all, common));
  const together = [...commonCalls.slice(0, finding), ...own, ...commonCalls.slice(finding)];
  const alone = batches.filter((_, index) => !merges[index]);
  return {
    batches: together.length > 0 ? [together, ...alone] : alone,
    split: (results) => {
      const rest = [...results];
      const answers = together.length > 0 ? (rest.shift() ?? []) : [];
      const deals = new Map(
        common.map((all, at) => [all.key, deal(answers[at < finding ? at : at + own.length], all, mixed)]),
      );
      return sources.map((calls, index) => {
        if (!merges[index]) return rest.shift() ?? [];
        return complete(calls.map((source) => ("at" in source ? answers[finding + source.at] : dealt(deals, source))));
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
  of: string;
  /** By what the machine itself is found among others. */
  finds?: string;
}

/** A common call, with what stands in it for the machines, by their ids. */
interface Asked extends Omit<Part, "machine" | "of"> {
  name: string;
  machines: Map<string, Reference | string>;
}

/** Cmdlets that give one object for each machine, which does not say for which: VMSecurity has no VMId in the reference. */
const oneForEach: ReadonlySet<string> = new Set(["Get-VMSecurity"]);

function partIn(batch: readonly Call[], call: Call, mixed: ReadonlySet<string>): Part | undefined {
  if (isAssignment(call) || !call.select) return undefined;
  const { cmdlet, select, as } = call;
  const key = JSON.stringify([cmdlet, select]);
  if (cmdlet === "Get-VM") {
    const { Id: id, ...others } = call.parameters ?? {};
    const finds = call.byName;
    if (as === undefined || finds === undefined || typeof id !== "string" || Object.keys(others).length > 0)
      return undefined;
    // a reference can choose among the machines, or among the parts of one
    const plain = batch.every((each) => referencesIn(each).every((one) => one.$ref !== as || isPlain(one)));
    return plain ? { key, cmdlet, select, machine: id.toLowerCase(), of: as, finds } : undefined;
  }
  if (as !== undefined || !(readsOfMachines.has(cmdlet) || oneForEach.has(cmdlet)) || mixed.has(key)) return undefined;
  const { VM: machine, ...others } = (call.parameters ?? {}) as Record<string, Value | undefined>;
  if (!isReference(machine) || !isPlain(machine) || Object.keys(others).length > 0) return undefined;
  const named = batch.filter((each) => !isAssignment(each) && each.as === machine.$ref);
  const [source] = named;
  if (named.length !== 1 || !source || isAssignment(source) || source.cmdlet !== "Get-VM") return undefined;
  const id = source.parameters?.Id;
  if (typeof id !== "string") return undefined;
  return { key, cmdlet, select, machine: id.toLowerCase(), of: machine.$ref };
}

const isPlain = (reference: Reference) => Object.keys(reference).length === 1;

function referencesIn(value: unknown): Reference[] {
  if (isReference(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

function callOf({ name, cmdlet, select, finds, machines }: Asked, common: readonly Asked[]): Call {
  const named = [...machines.values()];
  if (finds) return { cmdlet, parameters: { Name: named }, select: { ...select, Id: null }, as: name } as Call;
  const whose = oneForEach.has(cmdlet) ? {} : { VMId: null };
  const [first] = named.flatMap((one) => (isReference(one) ? one.$ref : []));
  const found = common.find((all) => all.finds && all.name === first);
  // all that one call has found need not be looked up one by one
  const all =
    found && [...found.machines.keys()].every((id) => machines.has(id)) && machines.size === found.machines.size;
  return { cmdlet, parameters: { VM: all ? result(found.name) : named }, select: { ...select, ...whose } } as Call;
}

/** The same call with names of its batch's own: names of several batches meet in one. */
function renamed(call: Call, named: (name: string) => Reference): Call {
  const value = (item: unknown): unknown => {
    if (isReference(item)) return { ...item, ...named(item.$ref) };
    if (Array.isArray(item)) return item.map(value);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, value(each)]));
  };
  if (isAssignment(call)) return value(call) as Call;
  const { parameters, as, ...rest } = call;
  return {
    ...rest,
    ...(parameters && { parameters: value(parameters) }),
    ...(as !== undefined && { as: named(as).$ref }),
  } as Call;
}

type Deal = ReadonlyMap<string, CallResult> | undefined;

/** Results by the ids of their machines. Undefined where one of them, an error or a warning may be anybody's. */
function deal(result: CallResult | undefined, { key, cmdlet, finds, machines }: Asked, mixed: Set<string>): Deal {
  if (!result || result.error || result.warnings.length > 0) return undefined;
  const ids = [...machines.keys()];
  if (oneForEach.has(cmdlet)) {
    const [first, ...others] = result.values.map((value) => JSON.stringify(value));
    if (others.length >= ids.length - 1 && others.every((other) => other === first))
      return new Map(ids.map((id) => [id, { ...result, values: result.values.slice(0, 1) }]));
    mixed.add(key);
    return undefined;
  }
  const hands = new Map(ids.map((id) => [id, { ...result, values: [] as unknown[] }]));
  for (const value of result.values) {
    const id = (value as Record<string, unknown> | null)?.[finds ? "Id" : "VMId"];
    if (typeof id !== "string") return undefined;
    // those of another machine, which has the same name, are nobody's
    hands.get(id.toLowerCase())?.values.push(value);
  }
  return hands;
}

function dealt(deals: ReadonlyMap<string, Deal>, { key, machine, select, finds }: Part): CallResult | undefined {
  const hand = deals.get(key)?.get(machine);
  // by its id it would be an error that there is none of that name any more
  if (finds && hand?.values.length !== 1) return undefined;
  const whose = finds ? "Id" : "VMId";
  if (!hand || whose in select) return hand;
  const without = (value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    const { [whose]: _, ...rest } = value as Record<string, unknown>;
    return rest;
  };
  return { ...hand, values: hand.values.map(without) };
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
