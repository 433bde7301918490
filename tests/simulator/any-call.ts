import fc from "fast-check";
import { type CmdletData, isA, type ParameterData, reference } from "../../provider/simulator/engine/reference";

export type Given = [name: string, value: unknown][];

export interface GivenCall {
  cmdlet: string;
  given: Given;
}

// The file cmdlets of the lab are simpler than PowerShell's; and it drops WhatIf and Confirm where a function declares them itself.
export const cmdlets = Object.entries(reference.cmdlets).filter(
  ([name, { module }]) =>
    module !== "Microsoft.PowerShell.Management" && !/Workgroup|Update-ClusterFunctionalLevel/.test(name),
);

// Types whose objects need Windows, and boot devices, which the lab knows none of.
const untried = /^(?:CimSession|ciminstance|pscredential|securestring|VMComponentObject)/;

export const anyCall: fc.Arbitrary<GivenCall> = fc
  .constantFrom(...cmdlets)
  .chain(([cmdlet, data]) => given(data).map((parameters) => ({ cmdlet, given: parameters })));

/** Mostly what one set wants, so that many calls bind; with other sets' parameters, unknown names and odd values mixed in. */
function given(data: CmdletData): fc.Arbitrary<Given> {
  const own = Object.entries(data.parameters).filter(([, { type }]) => !untried.test(type));
  const sets = [...new Set(own.flatMap(([, { sets: flags }]) => Object.keys(flags ?? { "*": "" })))];
  return fc.constantFrom(...(sets.length ? sets : ["*"])).chain((set) => {
    const chosen = own.map(([name, parameter]) =>
      sometimes(percent(parameter, set), fc.tuple(written(name, parameter), valueFor(parameter))),
    );
    return fc
      .tuple(sometimes(8, fc.constantFrom(...strays)), ...chosen)
      .chain((pairs) => fc.shuffledSubarray(pairs, { minLength: pairs.length }))
      .map(distinct);
  });
}

const strays: readonly [string, unknown][] = [
  ["Nope", 1],
  ["WhatIf", true],
  ["wi", true],
  ["Verbose", true],
  ["V", true],
  ["Out", "x"],
  ["ea", "Stop"],
];

function sometimes<T>(often: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: often, arbitrary }, { weight: 100 - often, arbitrary: fc.constant(undefined) });
}

/** How often a parameter is given, when a call is to fit this set. */
function percent({ sets = { "*": "" } }: ParameterData, set: string): number {
  const flags = sets[set] ?? sets["*"];
  return flags === undefined ? 3 : flags.startsWith("m") ? 92 : 22;
}

function distinct(pairs: readonly ([string, unknown] | undefined)[]): Given {
  const seen = new Set<string>();
  return pairs
    .filter((pair) => pair !== undefined)
    .filter(([name]) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}

function written(name: string, { aliases = [] }: ParameterData): fc.Arbitrary<string> {
  const start = fc.integer({ min: 1, max: name.length }).map((length) => name.slice(0, length));
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: start },
    { weight: 1, arbitrary: fc.constantFrom(name.toUpperCase(), ...aliases) },
  );
}

function valueFor(parameter: ParameterData): fc.Arbitrary<unknown> {
  const type = parameter.type.replace(/\[\]$/, "").replace(/\?$/, "");
  const one = scalar(type, parameter);
  return parameter.type.endsWith("[]")
    ? fc.oneof(one, fc.array(one, { maxLength: 2 }))
    : fc.oneof({ weight: 15, arbitrary: one }, { weight: 1, arbitrary: fc.tuple(one) });
}

function scalar(type: string, { validateSet }: ParameterData): fc.Arbitrary<unknown> {
  const values = reference.enums[type];
  const likelyValue = validateSet
    ? fc.constantFrom(...validateSet)
    : values
      ? enumMember(values)
      : reference.classes[type]
        ? object(type)
        : fc.constantFrom(...(samples[type] ?? integers));
  return fc.oneof(
    { weight: 6, arbitrary: likelyValue },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, "Nope", "", true, 3) },
  );
}

function enumMember(values: Readonly<Record<string, number>>): fc.Arbitrary<unknown> {
  const name = fc.constantFrom(...Object.keys(values));
  const start = name.chain((whole) =>
    fc.integer({ min: 1, max: whole.length }).map((length) => whole.slice(0, length)),
  );
  const number = fc.constantFrom<unknown>(...Object.values(values), ...Object.values(values).map(String));
  const two = fc.tuple(name, name).map((names) => names.join(","));
  return fc.oneof(
    { weight: 6, arbitrary: name },
    start,
    number,
    two,
    name.map((whole) => whole.toLowerCase()),
  );
}

function object(type: string): fc.Arbitrary<unknown> {
  const fitting = Object.keys(reference.classes).filter((name) => made.has(name) && isA(name, type));
  return fc
    .constantFrom(...(fitting.length ? fitting : ["VirtualMachine"]), "VirtualMachine")
    .map(($type) => ({ $type }));
}

// Classes that the lab has, with objects of their own.
const made = new Set(
  Object.keys(reference.classes).filter((name) => {
    const { base, properties } = reference.classes[name] ?? { properties: {} };
    return (
      Object.keys(properties).length > 0 &&
      (base === undefined ||
        ["VMNetworkAdapterBase", "VMDriveController", "VirtualMachineBase", "VMDevice", "Drive"].includes(base))
    );
  }),
);

const integers = [0, 1, 2, -1, 255, 256, 65536, 4294967296, "1", "0x10", "1GB", 2.5, "1e2"];

const guid = "b1f6a2d0-0000-4000-8000-000000000001";
const samples: Readonly<Record<string, readonly unknown[]>> = {
  string: ["x", "a b", 7, 1.5],
  bool: [true, false, 0, 1, 0.5],
  switch: [true, false, 1],
  guid: [guid, `{${guid.toUpperCase()}}`, guid.replaceAll("-", "")],
  version: ["9.0", 9.1, "9"],
  timespan: ["01:00:00", "1.02:03:04", 5, "24", "25:00"],
  datetime: ["2024-01-02T03:04:05Z"],
  hashtable: [{ a: 1 }],
  psobject: ["x", 5],
  Object: ["x", 5],
  StringCollection: ["x", ["a", "b"], [], [""], 5],
};
