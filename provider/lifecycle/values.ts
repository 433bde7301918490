/** A value that a preview does not know yet. */
export const unknown: unique symbol = Symbol("unknown");

/** What the engine sends for it, one for each type of value (read in the engine's source; the first is the usual one). */
const unknownTexts = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const [unknownText = ""] = unknownTexts;

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export type Bag = Record<string, unknown>;
export type Path = readonly (string | number)[];

export function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engine's unknowns as our symbol, at any depth. */
export function receive(value: unknown): unknown {
  return typeof value === "string" && unknownTexts.has(value) ? unknown : mapValues(value, receive);
}

export function asBag(value: unknown): Bag {
  return isBag(value) ? value : {};
}

/** Our symbol as the engine's unknown. */
export function send(value: unknown): unknown {
  return value === unknown ? unknownText : mapValues(value, send);
}

/** Nested secrets of an explicit provider arrive wrapped (ran). */
export function unwrapSecrets(value: unknown): unknown {
  if (isBag(value) && value[signature] === secretSignature) return unwrapSecrets(value.value);
  return mapValues(value, unwrapSecrets);
}

/** A secret that the engine encrypts in its state, wherever it stands. */
export function wrapSecret(value: unknown): unknown {
  return { [signature]: secretSignature, value };
}

/**
 * A copy that the engine can store: without `undefined`, which would lose what was just made, and with nothing that it
 * damages silently.
 */
export function storable(value: unknown, path: Path = []): unknown {
  const refuse = (what: string): never => {
    throw new Error(`${pathText(path)} is ${what}, which Pulumi cannot store.`);
  };
  if (value === undefined || typeof value === "function" || typeof value === "symbol")
    return refuse(String(typeof value));
  if (typeof value === "bigint") return refuse("a bigint");
  if (typeof value === "number" && !Number.isFinite(value)) return refuse(String(value));
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    return refuse(`${value}, beyond 2^53`);
  if (value instanceof Date || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
    return refuse(`a ${value.constructor.name}`);
  if (Array.isArray(value))
    return value.map((item, index) =>
      isPlain(item) ? item : storable(item === undefined ? null : item, [...path, index]),
    );
  if (!isBag(value)) return value;
  const stored: Bag = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) stored[key] = isPlain(item) ? item : storable(item, [...path, key]);
  }
  return stored;
}

/** What is stored as it is; most values are, and every resource's are looked at in every step. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || value === null;
}

/** Paths of everything that is not known. */
export function unknownPaths(value: unknown, path: Path = []): Path[] {
  if (value === unknown) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...path, index]));
  if (isBag(value)) return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...path, key]));
  return [];
}

/**
 * The value with, in place of what is not known, what `known` has there. A list counts as unknown with any of its elements:
 * which of them is which of the known ones, nobody can say yet.
 */
export function fillUnknown(value: unknown, known: unknown): unknown {
  if (value === unknown || (Array.isArray(value) && hasUnknown(value))) return known;
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, fillUnknown(item, isBag(known) ? known[key] : undefined)] as const)
      .filter(([, item]) => item !== undefined),
  );
}

/** The value without what is not known; an element of a list keeps its place. */
export function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === unknown ? undefined : known(item)));
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== unknown)
      .map(([key, item]) => [key, known(item)]),
  );
}

class TouchedUnknown extends Error {}

/**
 * Runs `work` on a value in which reading what is not known ends the work; then the answer is `otherwise`. In a `flatMap` it
 * ends the work on that element, which then gives nothing.
 */
export function whereKnown<T, R>(value: T, work: (value: T) => R, otherwise: R): R {
  try {
    return work(guarded(value));
  } catch (error) {
    if (error instanceof TouchedUnknown) return otherwise;
    throw error;
  }
}

function guarded<T>(value: T): T {
  if (typeof value !== "object" || value === null || !hasUnknown(value)) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      if (Array.isArray(target) && key === "flatMap") return flatMapOf(target);
      const item: unknown = Reflect.get(target, key, receiver);
      if (item === unknown) throw new TouchedUnknown();
      return typeof item === "object" && item !== null ? guarded(item) : item;
    },
  });
}

function flatMapOf(list: readonly unknown[]) {
  return (work: (item: unknown, index: number) => unknown) =>
    list.flatMap((_item, index) => whereKnown(list, (items) => work(items[index], index), []));
}

/** Whether there is anything in it that is not known. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return value === unknown || (isBag(value) && Object.values(value).some(hasUnknown));
}

/** Equal in content: the order of an object's keys says nothing, nor does a key without a value. */
export function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => equal(item, other[index]));
  if (!isBag(one) || !isBag(other)) return false;
  for (const key in one) if (!equal(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

/** Text that is the same for equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isBag(value)) return JSON.stringify(value === unknown ? unknownText : value) ?? "null";
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
}

/** Of `value` what `shape` has keys for, in objects within objects; lists whole, as their elements are no one's to cut. */
export function restrict(value: unknown, shape: unknown): unknown {
  if (!isBag(value) || !isBag(shape)) return value;
  return Object.fromEntries(
    Object.keys(shape).flatMap((key) => (value[key] === undefined ? [] : [[key, restrict(value[key], shape[key])]])),
  );
}

/** `networkAdapters[0].vlan` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}

export function mapValues(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (!isBag(value)) return value;
  const changed: Bag = {};
  for (const key of Object.keys(value)) changed[key] = change(value[key]);
  return changed;
}
