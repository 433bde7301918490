import { type Call, isAssignment, isReference, isSecretValue, type Value, withParameters } from "../calls";

/** The secrets in calls or other plain data, longest first. */
export function secretsIn(data: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (isSecretValue(value)) {
      if (value.$secret !== "") found.add(value.$secret);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(data);
  return longestFirst(found);
}

/** The same data with every text free of the secrets. */
export function maskIn<T>(data: T, secrets: readonly string[]): T {
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return secrets.reduce((text, secret) => text.replaceAll(secret, "********"), value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
    return value;
  };
  return mask(data) as T;
}

/** Calls without their values: what remains says what is done to which id. */
export function withoutValues(calls: readonly Call[]): Call[] {
  const hide = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value === "string" || typeof value === "number") return "********";
    if (value === null || typeof value !== "object" || isSecretValue(value)) return value;
    if (isReference(value)) return value.where ? { ...value, where: hideIn(value.where) } : value;
    return hideIn(value as Record<string, Value>);
  };
  const hideIn = <T extends object>(values: T): T =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, /^(Id|VMId)$/.test(key) ? value : hide(value)]),
    ) as T;
  return calls.map((call) => {
    if (isAssignment(call)) return { ...call, value: hide(call.value) };
    return call.parameters ? withParameters(call, hideIn(call.parameters)) : call;
  });
}

/** A text free of others, where they stand as words of their own. */
export function maskWords(text: string, hidden: readonly string[]): string {
  if (hidden.length === 0) return text;
  const words = hidden.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, "gu"), "********");
}

/** What is not to be said of a host: secrets of calls wherever they stand, other texts where they are words of their own. */
export class Unsaid {
  private readonly secrets = new Set<string>();
  private readonly words = new Set<string>();

  add(calls: unknown, hidden: readonly string[] = []): void {
    for (const secret of secretsIn(calls).flatMap(formsOf)) this.secrets.add(secret);
    for (const word of hidden.flatMap(formsOf)) this.words.add(word);
  }

  mask(text: string): string {
    return maskWords(maskIn(text, longestFirst(this.secrets)), longestFirst(this.words));
  }
}

/** Of several lines what a log of lines shows: each that says enough, and all in one. */
function formsOf(text: string): string[] {
  if (!/\s/.test(text)) return [text];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [text, ...lines.filter((line) => line.length > 3), text.replace(/\s+/g, " ").trim()].filter(Boolean);
}

/** So that one within another leaves no rest. */
export function longestFirst(texts: Iterable<string>): string[] {
  return [...texts].sort((one, other) => other.length - one.length);
}
