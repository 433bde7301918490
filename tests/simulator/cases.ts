import assert from "node:assert/strict";
import type { Call, CallResult, Value } from "../../provider/calls";
import { type References, SimulatedConnectionError } from "../../provider/simulator/batch";
import type { WorldEvent } from "../../provider/simulator/events";
import { Simulator } from "../../provider/simulator/simulator";
import type { WorldDescription } from "../../provider/simulator/world/world";
import { Remembered } from "./remembered";

/** What a host does, as a list of steps: the format of the conformance cases. */
export interface Case {
  title: string;
  steps: Step[];
}

export type Step = { on?: string; call: Call; expect?: Expectation } | { world: WorldEvent };

export interface Expectation {
  values?: unknown[];
  count?: number;
  error?: { id?: string; idStartsWith?: string; category?: string; exception?: string; hresult?: number };
  warnings?: number | "$some";
}

/** A step on the first node. */
export function does(
  cmdlet: string,
  parameters: Record<string, Value> = {},
  expect: Expectation = {},
  as?: string,
): Step {
  const select = selectOf(expect.values);
  return { call: { cmdlet, parameters, ...(select && { select }), ...(as && { as }) } as Call, expect };
}

export function refuses(
  cmdlet: string,
  parameters: Record<string, Value>,
  error: NonNullable<Expectation["error"]> = {},
): Step {
  return does(cmdlet, parameters, { error });
}

/** What a read shows: of each result the named properties. */
export function shows(cmdlet: string, parameters: Record<string, Value>, ...values: object[]): Step {
  return does(cmdlet, parameters, { values });
}

/** Asks for the properties that are expected. */
function selectOf(expected: unknown): object | null {
  const sample = Array.isArray(expected)
    ? expected.find((item) => typeof item === "object" && item !== null)
    : expected;
  if (typeof sample !== "object" || sample === null || Object.keys(sample).some((key) => key.startsWith("$")))
    return null;
  return Object.fromEntries(Object.entries(sample).map(([property, below]) => [property, selectOf(below)]));
}

/** Asks a node of a world with one call after the other; what a call refers to may come from any earlier one. */
export type Asking = (simulator: Simulator) => (node: string, call: Call) => Promise<Answer>;

/** Runs the steps in a fresh world, in which references last. */
export async function runCase(claim: Case, world: WorldDescription, asking: Asking = directly): Promise<void> {
  const simulator = Simulator.inMemory(structuredClone(world));
  const first = world.nodes[0]?.name ?? "";
  const ask = asking(simulator);
  const remembered = new Remembered(claim);
  for (const [index, step] of claim.steps.entries()) {
    if ("world" in step) {
      await simulator.happen(step.world);
      continue;
    }
    const context = `step ${index + 1}: ${JSON.stringify(step.call)}`;
    const call = asked(step, remembered);
    const result = await ask(step.on ?? first, call);
    if ("cmdlet" in call && call.as !== undefined) remembered.keep(call.as, result.values);
    compare(result, remembered.resolve(step.expect ?? {}) as Expectation, context);
  }
}

/** What is expected of the results is asked for: nothing comes back where nothing is selected. */
function asked({ call, expect }: Extract<Step, { call: Call }>, remembered: Remembered): Call {
  if (!("cmdlet" in call)) return call;
  const further = remembered.selectOf(call.as);
  const isRead = expect?.values !== undefined || expect?.count !== undefined || further !== undefined;
  const select = call.select === undefined && !isRead ? undefined : { ...further, ...call.select };
  return select === undefined ? call : Object.assign({}, call, { select });
}

export type Answer = Omit<CallResult, "error"> & { error?: Partial<NonNullable<CallResult["error"]>> };

/** A node that does not answer is an error too, of no cmdlet. */
const directly: Asking = (simulator) => {
  const references: References = new Map();
  return async (node, call) => {
    try {
      const [result] = await simulator.run(node, [call], { references });
      assert(result, "a call has a result");
      return result;
    } catch (error) {
      if (!(error instanceof SimulatedConnectionError)) throw error;
      return { values: [], warnings: [], milliseconds: 0, error: {} };
    }
  };
};

function compare(result: Answer, expected: Expectation, context: string): void {
  assert.notEqual(result.error?.category, "NotImplemented", `${context}\n${result.error?.message}`);
  if (expected.error) compareError(result.error, expected.error, context);
  else assert.equal(result.error, undefined, `${context}\n${JSON.stringify(result.error)}`);
  if (expected.count !== undefined) assert.equal(result.values.length, expected.count, `${context}: how many results`);
  if (expected.warnings === "$some") assert(result.warnings.length > 0, `${context}: there is no warning`);
  else if (expected.warnings !== undefined)
    assert.equal(result.warnings.length, expected.warnings, `${context}: how many warnings`);
  if (expected.values) compareValue(result.values, expected.values, `${context}: values`);
}

function compareError(error: Answer["error"], expected: NonNullable<Expectation["error"]>, context: string): void {
  assert(error, `${context}: was expected to fail`);
  const { idStartsWith, ...exact } = expected;
  if (idStartsWith !== undefined)
    assert(
      error.id?.toLowerCase().startsWith(idStartsWith.toLowerCase()),
      `${context}: ${error.id} does not start with ${idStartsWith}`,
    );
  for (const [field, value] of Object.entries(exact))
    assert.equal(error[field as keyof typeof error], value, `${context}: ${field} of ${JSON.stringify(error)}`);
}

/** Objects on the named properties only; lists in order and length. */
function compareValue(actual: unknown, expected: unknown, at: string): void {
  if (expected === "$any") return;
  if (Array.isArray(expected)) compareList(actual, expected, at);
  else if (typeof expected === "object" && expected !== null) compareObject(actual, expected, at);
  else if (typeof expected === "string" && typeof actual === "string" && comparesWithoutCase(expected))
    assert.equal(actual.toLowerCase(), expected.toLowerCase(), at);
  else assert.deepEqual(actual, expected, at);
}

function compareList(actual: unknown, expected: readonly unknown[], at: string): void {
  assert(Array.isArray(actual), `${at}: ${JSON.stringify(actual)} is no list`);
  assert.equal(actual.length, expected.length, `${at}: how many of ${JSON.stringify(actual)}`);
  for (const [index, item] of expected.entries()) compareValue(actual[index], item, `${at}[${index}]`);
}

function compareObject(actual: unknown, expected: object, at: string): void {
  if ("$any" in expected) return;
  if ("$contains" in expected)
    assert(contains(actual, expected.$contains), `${at}: ${JSON.stringify(actual)} has no such member`);
  else if ("$matches" in expected) assert.match(String(actual), new RegExp(String(expected.$matches)), at);
  else if ("$count" in expected)
    assert.equal(lengthOf(actual), expected.$count, `${at}: how many of ${JSON.stringify(actual)}`);
  else {
    assert(typeof actual === "object" && actual !== null, `${at}: ${JSON.stringify(actual)} is no object`);
    for (const [property, value] of Object.entries(expected))
      compareValue((actual as Record<string, unknown>)[property], value, `${at}.${property}`);
  }
}

function contains(list: unknown, member: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.some((item) => {
      try {
        compareValue(item, member, "");
        return true;
      } catch (error) {
        if (error instanceof assert.AssertionError) return false;
        throw error;
      }
    })
  );
}

function lengthOf(list: unknown): number | undefined {
  return Array.isArray(list) ? list.length : undefined;
}

/** Guids and paths. */
function comparesWithoutCase(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^[a-z]:\\/i.test(text) || /^\\\\/.test(text);
}
