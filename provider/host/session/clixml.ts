import { inflateRawSync } from "node:zlib";
import { codeOf } from "../errors";
import { countOf, most, sizeOf, type Taken, TooMuchError } from "./bounds";

/** What the agent is sent: data without classes, in which absent properties are left out. */
export type Plain =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** Plain data as CLIXML, which PowerShell's PSSerializer reads back exactly: dictionaries become Hashtables. */
export function toClixml(value: Plain): string {
  let references = 0;
  const object = (name: string, body: string) => `<Obj${name} RefId="${references++}">${body}</Obj>`;
  const node = (item: Plain, name = ""): string => {
    if (item === null || item === undefined) return `<Nil${name}/>`;
    if (typeof item === "string") return `<S${name}>${encode(item)}</S>`;
    if (typeof item === "boolean") return `<B${name}>${item}</B>`;
    if (typeof item === "number" || typeof item === "bigint") return number(item, name);
    if (isList(item)) return object(name, `<LST>${item.map((each) => node(each)).join("")}</LST>`);
    const entries = Object.entries(item).filter(([, each]) => each !== undefined);
    return object(
      name,
      `<DCT>${entries.map(([key, each]) => `<En>${node(key, ' N="Key"')}${node(each, ' N="Value"')}</En>`).join("")}</DCT>`,
    );
  };
  return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${node(value)}</Objs>`;
}

/**
 * A line of standard error as a person reads it. What goes wrong in an encoded command is written there as CLIXML, in Windows
 * PowerShell whatever is asked for (ConsoleHost.ErrorFormat); progress among it says nothing.
 */
export function readable(line: string): string {
  if (line.startsWith("#< CLIXML")) return "";
  if (!line.startsWith("<Objs ")) return line;
  const texts = [...line.matchAll(/<S S="[^"]*">([^<]*)<\/S>/g)].map(([, text = ""]) => text);
  return decode(texts.join("")).replace(/\s+/g, " ").trim();
}

/** One line of a request. */
export function toLine(value: Plain): string {
  return Buffer.from(toClixml(value)).toString("base64");
}

/**
 * What one line of an answer says; what PSSerializer cannot write stands in it as the token and a letter. How much it was is
 * added to `taken`.
 */
export function fromLine(line: string, token: string, taken?: Taken): unknown {
  const text = inflated(line);
  return fromClixml(text.replaceAll(`${token}-e`, "\ufffe").replaceAll(`${token}-f`, "\uffff"), taken);
}

/** Stops where it becomes too much, and not after it was made. */
function inflated(line: string): string {
  try {
    return inflateRawSync(Buffer.from(line, "base64"), { maxOutputLength: most.inflatedBytes }).toString();
  } catch (error) {
    if (codeOf(error) !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw new TooMuchError(`an answer that inflates to more than ${sizeOf(most.inflatedBytes)}`);
  }
}

/**
 * What PSSerializer wrote, as plain data: enums by name, dates in UTC, integers that a double cannot hold as text, and in place
 * of an object of which nothing was selected its text.
 */
export function fromClixml(text: string, taken: Taken = { bytes: 0, values: 0 }): unknown {
  const { root, count } = elementsOf(text);
  const reading = new Reading(root);
  const value = reading.value(root.children[0]?.children[0]);
  taken.bytes += Math.max(text.length, reading.characters);
  taken.values += Math.max(count, reading.values);
  return value;
}

interface Element {
  tag: string;
  /** `RefId`, by which it is named again, and others as they are written. */
  attributes: string;
  text: string;
  children: Element[];
}

/** CLIXML is elements and nothing else: no comments, no instructions, and text only where there are no elements within. */
function elementsOf(text: string): { root: Element; count: number } {
  const root: Element = { tag: "", attributes: "", text: "", children: [] };
  const open = [root];
  let [count, end] = [0, 0];
  for (const [whole, closes, tag = "", attributes = "", isEmpty, inner = ""] of text.matchAll(tags)) {
    end += whole.length;
    if (closes) {
      if (open.pop()?.tag !== tag || tag === "")
        throw new Error(`CLIXML that closes ${tag.slice(0, 100)} where it is not open`);
      continue;
    }
    const element: Element = { tag, attributes, text: inner, children: [] };
    open.at(-1)?.children.push(element);
    count += 1;
    if (!isEmpty) open.push(element);
    if (count > most.values) throw new TooMuchError(`an answer of more than ${countOf(most.values)} elements`);
    if (open.length > most.elementsDeep) throw new TooMuchError(`elements more than ${most.elementsDeep} deep`);
  }
  if (end < text.length || open.length > 1) throw new Error("CLIXML that breaks off");
  return { root, count };
}

/** Sticky: each begins where the one before ended, so that no text is searched twice. */
const tags = /<(\/)?(\w+)((?:\s+[\w:]+="[^"]*")*)\s*(\/)?>([^<]*)/gy;

const scalars: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ...["S", "G", "URI", "Version", "XD", "SBK"].map((tag) => [tag, decode] as const),
  ...["By", "SB", "I16", "U16", "I32", "U32", "I64", "U64", "D"].map((tag) => [tag, exact] as const),
  ["Sg", real],
  ["Db", real],
  ["Nil", () => null],
  ["B", (text) => text === "true"],
  ["C", (text) => String.fromCharCode(Number(text))],
  ["DT", inUtc],
  ["TS", timeSpan],
  ["BA", (text) => [...Buffer.from(text, "base64")]],
]);

const lists: ReadonlySet<string> = new Set(["LST", "IE", "STK", "QUE"]);

/** One text's objects and types: what was written once is only referred to afterwards, also from elsewhere in what nobody reads. */
class Reading {
  private readonly objects = new Map<string, Element>();
  private readonly enums = new Set<string>();
  /** What is being read: an object can be in itself. */
  private readonly open = new Set<Element>();
  /** Made so far: what is referred to is made again each time. */
  values = 0;
  characters = 0;

  constructor(root: Element) {
    this.note(root);
  }

  private note(element: Element): void {
    const { tag, attributes, children } = element;
    if (tag === "Obj") this.objects.set(referenceIn(attributes), element);
    if (tag === "TN" && children.some(({ text }) => text === "System.Enum")) this.enums.add(referenceIn(attributes));
    for (const child of children) this.note(child);
  }

  value(element: Element | undefined): unknown {
    if (!element) return null;
    const { tag, text, attributes } = element;
    this.values += tag === "BA" ? text.length : 1;
    this.characters += text.length;
    if (this.values > most.values) throw new TooMuchError(`an answer of more than ${countOf(most.values)} values`);
    if (this.characters > most.inflatedBytes)
      throw new TooMuchError(`an answer of more than ${sizeOf(most.inflatedBytes)} of text`);
    if (tag === "Ref") return this.value(this.objects.get(referenceIn(attributes)));
    if (tag !== "Obj") return scalars.get(tag)?.(text);
    if (this.open.has(element)) return null;
    this.open.add(element);
    if (this.open.size > most.levels) throw new TooMuchError(`values more than ${most.levels} deep`);
    try {
      return this.object(element.children);
    } finally {
      this.open.delete(element);
    }
  }

  private object(parts: readonly Element[]): unknown {
    const part = (tag: string) => parts.find((one) => one.tag === tag);
    const list = parts.find(({ tag }) => lists.has(tag));
    if (list) return list.children.map((item) => this.value(item));
    const table = part("DCT");
    if (table)
      return Object.fromEntries(
        table.children.map(({ children: [key, value] }) => [String(this.value(key)), this.value(value)]),
      );
    const isEnum = this.enums.has(referenceIn((part("TN") ?? part("TNRef"))?.attributes ?? ""));
    const scalar = parts.find(({ tag }) => scalars.has(tag));
    return scalar && !isEnum ? this.value(scalar) : decode(part("ToString")?.text ?? "");
  }
}

function referenceIn(attributes: string): string {
  return /RefId="([^"]*)"/.exec(attributes)?.[1] ?? "";
}

/** As text where a double cannot hold it. */
function exact(text: string): number | string {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}

/** `NaN` and `INF` as text: no JSON has them. */
function real(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** A time span as .NET writes it, `1.02:30:00`, and not as XML does, `P1DT2H30M`. */
function timeSpan(text: string): unknown {
  const read = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(\.\d+)?S)?)?$/.exec(text);
  if (!read) return decode(text);
  const [, sign = "", days = "0", hours = "0", minutes = "0", seconds = "0", part = ""] = read;
  const two = (digits: string) => digits.padStart(2, "0");
  const clock = [hours, minutes, seconds].map(two).join(":");
  return `${sign}${Number(days) > 0 ? `${Number(days)}.` : ""}${clock}${part === "" ? "" : part.padEnd(8, "0")}`;
}

/** What says nothing of its zone stays as it is. */
function inUtc(text: string): string {
  const [, time, fraction = ".", zone] = /^([^.Z+]{19})(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const isDate = time !== undefined && zone !== undefined && !Number.isNaN(Date.parse(time + zone));
  if (!isDate) return text;
  return `${new Date(time + zone).toISOString().slice(0, 19)}${fraction.padEnd(8, "0")}Z`;
}

function decode(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_|&(?:(lt|gt|quot|apos|amp)|#x([0-9a-f]+));/gi, (_all, unit, name, code) =>
    name ? (entities[name] ?? "") : character(Number.parseInt(unit ?? code, 16)),
  );
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function number(value: number | bigint, name: string): string {
  if (typeof value === "number" && !Number.isInteger(value))
    return `<Db${name}>${special.get(String(value)) ?? value}</Db>`;
  const whole = BigInt(value);
  if (whole >= -(2n ** 63n) && whole < 2n ** 63n) return `<I64${name}>${whole}</I64>`;
  return whole > 0n && whole < 2n ** 64n ? `<U64${name}>${whole}</U64>` : `<Db${name}>${value}</Db>`;
}

/** XML's spelling of what is no number. */
const special: ReadonlyMap<string, string> = new Map([
  ["Infinity", "INF"],
  ["-Infinity", "-INF"],
]);

/**
 * Every UTF-16 unit that XML does not keep, or that means something there, stands as `_xHHHH_`; so does an underscore that
 * could begin such a code. An XML reader would turn a carriage return into a line feed.
 */
function encode(text: string): string {
  return text.replace(
    /[^ -%'-;=?-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]|_(?=x)/gi,
    (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
  );
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
