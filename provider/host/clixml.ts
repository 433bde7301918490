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

function decode(text: string): string {
  return text
    .replace(/_x([0-9a-f]{4})_/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_all, name: string) => entities[name] ?? "");
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** One line of a request. */
export function toLine(value: Plain): string {
  return Buffer.from(toClixml(value)).toString("base64");
}

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
