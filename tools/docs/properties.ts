// What a page says of a property, as its schema has it.
import { z } from "zod";
import { type Field, type Setter, sizeText, unwrap } from "../../provider/schema";

/** What depends on other properties its own text says. */
export function requiredIn(path: Field["path"], schema: z.ZodType, text: string): "yes" | "no" | "see there" {
  if (!isOptional(path, schema)) return "yes";
  return /\bRequired\b/.test(text) ? "see there" : "no";
}

/** A resource's name defaults to the name that the program gives it. */
export function isOptional(path: Field["path"], schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success || path.join(".") === "name";
}

export function writtenSetter({ cmdlet, parameter, assigns }: Setter): string {
  if (assigns !== undefined) return `(${cmdlet}).${assigns}`;
  return parameter === undefined ? cmdlet : `${cmdlet} -${parameter}`;
}

export function nameOf(path: Field["path"]): string {
  return path.reduce((text, part) => (part === "[]" ? `${text}[]` : text === "" ? part : `${text}.${part}`), "");
}

/** The text of a property, with its default apart. */
export function described(name: string, texts: ReadonlyMap<string, string>): { text: string; usual: string } {
  const whole = texts.get(name);
  if (!whole) throw new Error(`${name} has no documentation.`);
  const [, text = whole, usual = ""] = /^([\s\S]*?)\s*Default: ([\s\S]*)\.$/.exec(whole) ?? [];
  return { text, usual };
}

/** What a property may be, as far as its schema says. */
export function valuesOf(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral)
    return [...("options" in inner ? inner.options : inner.values)].map((value) => `\`${value}\``).join(", ");
  if (inner instanceof z.ZodArray) {
    const element = unwrap(inner.element as z.ZodType);
    return `list of ${element instanceof z.ZodObject ? "objects" : valuesOf(element)}`;
  }
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map((option) => alternativeOf(option as z.ZodType)))].join(" or ");
  if (inner instanceof z.ZodNumber) return numbersOf(inner);
  return inner instanceof z.ZodObject ? "object" : "text";
}

function alternativeOf(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return valuesOf(schema);
  const names = Object.entries(inner.shape).map(
    ([name, field]) => `${name}${(field as z.ZodType).safeParse(undefined).success ? "?" : ""}`,
  );
  return `\`{ ${names.join(", ")} }\``;
}

/** The range, where it is narrower than what a whole number can be. */
function numbersOf({ minValue, maxValue }: z.ZodNumber): string {
  const most = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? sized(maxValue) : undefined;
  const least = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? sized(minValue) : undefined;
  if (least === undefined && most === undefined) return "number";
  return most === undefined ? `number, ${least} or more` : `number, ${least ?? ""} to ${most}`;
}

function sized(count: number): string {
  return count >= 2 ** 20 && count % 2 ** 20 === 0 ? sizeText(count) : String(count);
}
