import { integer, numberText } from "./numbers";
import { type Conversion, typeName } from "./parameter-type";
import { isA } from "./reference";
import { dateTime, ticksSinceYearOne, timeSpan, timeSpanText } from "./times";

/** An object that a cmdlet returned: `type` is its class in the reference. */
export interface Typed {
  readonly type: string;
}

/** `kind`: what was given is no such thing at all (a list, a text for a bool); `value`: it is, but not with this value. */
export type Refusal =
  | { kind: "null" }
  | { kind: "kind"; value: string; type: string; reason: string }
  | { kind: "value"; reason: string };

type Converted = { ok: true; value: unknown } | { ok: false; refusal: Refusal };

/** As PowerShell's binder coerces an argument to a parameter's type; checked against the engine by binder-parity.test.ts. */
export function convert(conversion: Conversion, value: unknown): Converted {
  if (value === null) return nullFor(conversion);
  return conversion.isList ? convertList(conversion, value) : convertOne(conversion, value);
}

function nullFor({ type, isList, isNullable }: Conversion): Converted {
  if (isList) return good(null);
  if (type === "bool" && !isNullable) return { ok: false, refusal: { kind: "null" } };
  return good(type === "switch" ? true : null); // a switch that is given null is on
}

function convertList(conversion: Conversion, value: unknown): Converted {
  const element: Conversion = { ...conversion, isList: false };
  const values: unknown[] = [];
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const converted =
      conversion.type === "StringCollection"
        ? textOnly(one)
        : one === null
          ? nullElement(element)
          : convertOne(element, one);
    if (!converted.ok) return converted;
    values.push(converted.value);
  }
  return good(values);
}

/** Null in a list of value types is their zero, not an error. */
function nullElement(element: Conversion): Converted {
  if (!element.isValueType || element.type === "bool") return nullFor(element);
  if (element.values) return good(nameOf(element.values, 0) ?? "0");
  return good(element.type === "guid" ? "00000000-0000-0000-0000-000000000000" : 0);
}

function textOnly(value: unknown): Converted {
  if (value === null || typeof value === "string") return good(value);
  return notKind(
    value,
    "System.Collections.Specialized.StringCollection",
    "Unable to cast object to type 'System.String'.",
  );
}

function convertOne(conversion: Conversion, value: unknown): Converted {
  const { type, values } = conversion;
  if (type === "psobject" || type === "Object") return good(value);
  if (type === "bool" || type === "switch") return convertBool(conversion, value);
  if (Array.isArray(value)) {
    if (values && !conversion.isNullable) return convertEnum(conversion, value.map(text).join(","), values);
    return notKind(value, typeName(conversion), "Specified method is not supported.");
  }
  if (values) return convertEnum(conversion, value, values);
  const own = converters[type];
  if (own) return wrap(own(value), conversion, value);
  return isTyped(value) && isA(value.type, type) ? good(value) : notValue(value, conversion);
}

/** Numbers are taken for true and false, texts are not. */
function convertBool(conversion: Conversion, value: unknown): Converted {
  if (typeof value === "boolean") return good(value);
  if (typeof value === "number") return good(value !== 0);
  return notKind(dotNetType(value), typeName(conversion), "");
}

/** By name in any case, by an unambiguous beginning of one, by number, or several with commas between them. */
function convertEnum(conversion: Conversion, value: unknown, values: Readonly<Record<string, number>>): Converted {
  if (typeof value !== "number" && typeof value !== "string") return notValue(value, conversion);
  const number = typeof value === "number" && Number.isInteger(value) ? value : enumNumber(text(value), values);
  const name = number === undefined ? undefined : nameOf(values, number);
  return name === undefined
    ? notValue(
        value,
        conversion,
        `Specify one of the following enumeration values and try again: "${namesByValue(values).join(",")}".`,
      )
    : good(name);
}

function enumNumber(written: string, values: Readonly<Record<string, number>>): number | undefined {
  const names = Object.keys(values);
  const exact = (part: string): number | undefined => {
    const wanted = part.trim().toLowerCase();
    const name = names.find((candidate) => candidate.toLowerCase() === wanted);
    if (name !== undefined) return values[name];
    return /^[+-]?\d+$/.test(wanted) ? Number(wanted) : undefined;
  };
  const parts = written.split(",").map(exact);
  if (parts.every((part) => part !== undefined)) return parts.reduce((sum, part) => sum | part);
  const begins = names.filter((name) => name.toLowerCase().startsWith(written.toLowerCase()));
  const only = begins.length === 1 ? begins[0] : undefined;
  return only === undefined ? undefined : values[only];
}

function nameOf(values: Readonly<Record<string, number>>, number: number): string | undefined {
  return Object.keys(values).find((name) => values[name] === number);
}

function namesByValue(values: Readonly<Record<string, number>>): string[] {
  return Object.keys(values).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
}

type Convert = (value: unknown) => unknown;

/** From a value that is neither null nor a list; undefined when it cannot be converted. */
const converters: Readonly<Record<string, Convert>> = {
  string: text,
  byte: integer(0, 255),
  int16: integer(-32768, 32767),
  uint16: integer(0, 65535),
  int: integer(-2147483648, 2147483647),
  uint32: integer(0, 4294967295),
  long: integer(-(2 ** 63), 2 ** 63),
  uint64: integer(0, 2 ** 64),
  guid: (value) => (typeof value === "string" ? guid(value) : undefined),
  version: (value) => (typeof value === "string" || typeof value === "number" ? version(text(value)) : undefined),
  timespan: (value) =>
    typeof value === "number" && Number.isInteger(value)
      ? timeSpanText(BigInt(value))
      : typeof value === "number" || typeof value === "string"
        ? timeSpan(text(value))
        : undefined,
  datetime: (value) =>
    value instanceof Date
      ? value.toISOString()
      : typeof value === "string"
        ? dateTime(value)
        : typeof value === "number"
          ? ticksSinceYearOne(value)
          : undefined,
  hashtable: (value) => (isPlain(value) ? value : undefined),
  ciminstance: (value) => (typeof value === "object" ? value : undefined),
  CimSession: (value) => (typeof value === "string" || isTyped(value) ? value : undefined), // a name opens a session
  pscredential: (value) => (typeof value === "object" ? value : undefined),
  securestring: (value) => (typeof value === "object" ? value : undefined),
};

function guid(written: string): string | undefined {
  const trimmed = written.trim();
  const hexadecimals =
    /^\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\{((?:0x[0-9a-f]{1,2},){7}0x[0-9a-f]{1,2})\}\}$/i.exec(
      trimmed,
    );
  const digits = hexadecimals
    ? [
        hexadecimals[1]?.padStart(8, "0"),
        hexadecimals[2]?.padStart(4, "0"),
        hexadecimals[3]?.padStart(4, "0"),
        ...(hexadecimals[4] ?? "").split(",").map((byte) => byte.slice(2).padStart(2, "0")),
      ].join("")
    : /^(?:\{[0-9a-f-]{36}\}|\([0-9a-f-]{36}\)|[0-9a-f-]{36}|[0-9a-f]{32})$/i.test(trimmed)
      ? trimmed.replace(/^[{(]|[)}]$/g, "")
      : "";
  const parts = /^([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})$/i.exec(digits);
  return parts ? [parts[1], parts[3], parts[4], parts[5], parts[6]].join("-").toLowerCase() : undefined;
}

function version(written: string): string | undefined {
  const parts = written.split(".");
  if (
    parts.length < 2 ||
    parts.length > 4 ||
    parts.some((part) => !/^\s*\+?\d+\s*$/.test(part) || Number(part) > 2147483647)
  )
    return undefined;
  return parts.map(Number).join(".");
}

/** What an object is as text, in the invariant culture. */
function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(text).join(" ");
  if (!isTyped(value)) return "System.Collections.Hashtable";
  const own = String(value);
  return own === "[object Object]" ? value.type : own;
}

function isTyped(value: unknown): value is Typed {
  return typeof value === "object" && value !== null && typeof (value as Partial<Typed>).type === "string";
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

const good = (value: unknown): Converted => ({ ok: true, value });

const wrap = (converted: unknown, conversion: Conversion, value: unknown): Converted =>
  converted === undefined ? notValue(value, conversion) : good(converted);

const notKind = (value: unknown, type: string, reason: string): Converted => ({
  ok: false,
  refusal: { kind: "kind", value: text(value), type, reason },
});

const notValue = (value: unknown, conversion: Conversion, reason = ""): Converted => ({
  ok: false,
  refusal: {
    kind: "value",
    reason: `Cannot convert value "${text(value)}" to type "${typeName(conversion)}". ${reason}`.trimEnd(),
  },
});

function dotNetType(value: unknown): string {
  if (typeof value === "string") return "System.String";
  if (Array.isArray(value)) return "System.Object[]";
  return isTyped(value) ? value.type : "System.Collections.Hashtable";
}
