import { isA, reference } from "./reference";

/** An object that a cmdlet returned: `type` is its class in the reference. */
export interface Typed {
  readonly type: string;
}

/** What is known of a parameter's type; `type` is that of an element where it is a list. */
export interface Conversion {
  type: string;
  /** Names and values of an enum. */
  values: Readonly<Record<string, number>> | undefined;
  isNullable: boolean;
  isList: boolean;
  /** Cannot hold null. */
  isValueType: boolean;
}

/** `kind`: what was given is no such thing at all (a list, a text for a bool); `value`: it is, but not with this value. */
export type Refusal =
  | { kind: "null" }
  | { kind: "kind"; value: string; type: string; reason: string }
  | { kind: "value"; reason: string };

export type Converted = { ok: true; value: unknown } | { ok: false; refusal: Refusal };

/** From a type as the reference writes it. */
export function conversionOf(type: string): Conversion {
  const known = conversions.get(type);
  if (known) return known;
  const conversion = parseType(type);
  conversions.set(type, conversion);
  return conversion;
}

/** As PowerShell's binder coerces an argument to a parameter's type; checked against the engine by binder-parity.test.ts. */
export function convert(conversion: Conversion, value: unknown): Converted {
  if (value === null) return nullFor(conversion);
  return conversion.isList ? convertList(conversion, value) : convertOne(conversion, value);
}

export function typeName({ type, isNullable, isList }: Conversion): string {
  const name = systemTypes[type] ?? type;
  const whole = isNullable ? `System.Nullable\`1[${name}]` : name;
  return isList && type !== "StringCollection" ? `${whole}[]` : whole;
}

const conversions = new Map<string, Conversion>();

function parseType(written: string): Conversion {
  const isArray = written.endsWith("[]");
  const element = isArray ? written.slice(0, -2) : written;
  const isNullable = element.endsWith("?");
  const type = isNullable ? element.slice(0, -1) : element;
  const values = enumValues(type);
  return {
    type,
    values,
    isNullable,
    isList: isArray || type === "StringCollection",
    isValueType: !isNullable && (values !== undefined || valueTypes.has(type)),
  };
}

const valueTypes = new Set([
  "int",
  "int16",
  "long",
  "byte",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "switch",
  "guid",
  "timespan",
  "datetime",
]);

function enumValues(type: string): Readonly<Record<string, number>> | undefined {
  return type === "ActionPreference" ? actionPreference : reference.enums[type];
}

const actionPreference = { SilentlyContinue: 0, Stop: 1, Continue: 2, Inquire: 3, Ignore: 4, Suspend: 5, Break: 6 };

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

const integer =
  (low: number, high: number): Convert =>
  (value) => {
    const number =
      typeof value === "boolean"
        ? Number(value)
        : typeof value === "number"
          ? roundHalfEven(value)
          : typeof value === "string"
            ? numberOf(value, low)
            : undefined;
    if (number === undefined || Number.isNaN(number) || number < low || number > high) return undefined;
    return number === 0 ? 0 : number; // not -0
  };

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

/** A number as .NET and PowerShell read it from a text: literals with their suffixes, then hex of other styles, then thousands separators. */
function numberOf(written: string, low: number): number | undefined {
  const trimmed = written.trim();
  if (trimmed === "") return 0;
  const literal =
    /^([+-]?)(?:0x([0-9a-f]+)|0b([01]+)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))(?:ul|us|uy|[ulsynd])?([kmgtp]b)?$/i.exec(
      trimmed,
    );
  if (literal) {
    const [, sign, hex, binary, decimal, unit] = literal;
    const magnitude =
      hex !== undefined ? hexadecimal(hex, low) : binary !== undefined ? Number.parseInt(binary, 2) : Number(decimal);
    const number = roundHalfEven(
      magnitude * (unit === undefined ? 1 : 1024 ** ("kmgtp".indexOf(unit.charAt(0).toLowerCase()) + 1)),
    );
    return Number.isFinite(number) ? (sign === "-" ? -number : number) : undefined;
  }
  const other = /^(?:#|&h|0x)([0-9a-f]*)$/i.exec(trimmed);
  if (other) return Number.parseInt(`0${other[1] ?? ""}`, 16);
  return /^[+-]?\d[\d,]*(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(trimmed)
    ? roundHalfEven(Number(trimmed.replaceAll(",", "")))
    : undefined;
}

/** Eight digits are an int and sixteen a long, so that the highest bit is a sign; an unsigned type reads them again without. */
function hexadecimal(digits: string, low: number): number {
  const value = BigInt(`0x${digits}`);
  const signed =
    digits.length === 8 ? BigInt.asIntN(32, value) : digits.length === 16 ? BigInt.asIntN(64, value) : value;
  return Number(signed < 0n && low === 0 ? value : signed);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

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

const ticksPerSecond = 10_000_000n;

/** `[-][days.]hours:minutes[:seconds[.fraction]]`, `days:hours:minutes:seconds` or just days, as TimeSpan.Parse reads it. */
function timeSpan(written: string): string | undefined {
  const parts =
    /^\s*(-?)(?:(\d+)|(?:(\d+)[.:](?=\d+:\d+:)|(\d+)\.(?=\d+:\d+$))?(\d+):(\d+)(?::(\d+)(?:\.(\d{1,7}))?)?)\s*$/.exec(
      written,
    );
  if (!parts) return undefined;
  const [, sign, only, long, short, hours = "0", minutes = "0", seconds = "0", fraction = ""] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const days = only ?? long ?? short ?? "0";
  if (Number(days) > 10675199) return undefined;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * ticksPerSecond + BigInt(fraction.padEnd(7, "0"));
  return timeSpanText(sign === "-" ? -ticks : ticks);
}

function timeSpanText(ticks: bigint): string {
  const positive = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint): string => value.toString().padStart(2, "0");
  const seconds = positive / ticksPerSecond;
  const days = seconds / 86400n;
  const fraction = positive % ticksPerSecond;
  const clock = [two((seconds / 3600n) % 24n), two((seconds / 60n) % 60n), two(seconds % 60n)].join(":");
  return `${ticks < 0n ? "-" : ""}${days === 0n ? "" : `${days}.`}${clock}${fraction === 0n ? "" : `.${fraction.toString().padStart(7, "0")}`}`;
}

/** In UTC, as agents send times; a time without a zone is the host's, and the simulator's clock is UTC. */
function dateTime(written: string): string | undefined {
  const zoned = /(?:z|[+-]\d\d:?\d\d)\s*$/i.test(written) ? written : `${written} UTC`;
  const iso = /^\d{4}-\d\d-\d\d$/.test(written.trim()) || /t/i.test(written) ? written.trim() : zoned;
  const time = Date.parse(/t/i.test(iso) && !/(?:z|[+-]\d\d:?\d\d)$/i.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function ticksSinceYearOne(ticks: number): string | undefined {
  const date = new Date(ticks / 10_000 - 62_135_596_800_000);
  return Number.isInteger(ticks) && ticks >= 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
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

function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 2 ** 63) return BigInt(value).toString();
  const [mantissa = "", exponent] = (size < 1e-4 || size >= 1e15 ? value.toExponential() : String(value)).split("e");
  if (exponent === undefined) return mantissa;
  return `${mantissa}E${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
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

const systemTypes: Readonly<Record<string, string>> = {
  string: "System.String",
  bool: "System.Boolean",
  switch: "System.Management.Automation.SwitchParameter",
  byte: "System.Byte",
  int16: "System.Int16",
  uint16: "System.UInt16",
  int: "System.Int32",
  uint32: "System.UInt32",
  long: "System.Int64",
  uint64: "System.UInt64",
  guid: "System.Guid",
  version: "System.Version",
  timespan: "System.TimeSpan",
  datetime: "System.DateTime",
  hashtable: "System.Collections.Hashtable",
  psobject: "System.Management.Automation.PSObject",
  Object: "System.Object",
  StringCollection: "System.Collections.Specialized.StringCollection",
  CimSession: "Microsoft.Management.Infrastructure.CimSession",
  ciminstance: "Microsoft.Management.Infrastructure.CimInstance",
  pscredential: "System.Management.Automation.PSCredential",
  securestring: "System.Security.SecureString",
};
