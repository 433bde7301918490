import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Bag, canonical, equal } from "../values";
import { type Migration, migrated, migrations, shapeOf } from "./migrations";
import { typical } from "./recorded-typical";

/**
 * What the state holds of what was observed, as one short text: the engine writes all state anew for each step, every byte of
 * it (docs/benchmarks.md). "<number of the typical text>[.<version>] <release that found nothing to do, or -> <what was observed> <mark of
 * the host's answers, if it is known>".
 */
export const recordedKey = "__observed";

/** Stand for the thing's id, which the state holds anyway: no JSON has one of them as it is. */
const [upper, lower] = ["\u0001", "\u0002"];

const dictionaries = typical.map((text) => Buffer.from(text.replaceAll("<ID>", upper).replaceAll("<id>", lower)));

/** The text for what was observed; the one that is there already, where it says the same. */
export function record(
  id: string,
  observed: unknown,
  { settled, answered }: { settled: boolean; answered?: string | undefined },
  olds: Bag,
): string {
  const by = settled ? release() : "-";
  const before = parts(olds);
  // packed by another release of Node it may be another text
  if (
    before?.by === by &&
    before.shape === shapeOf() &&
    before.answered === answered &&
    equal(observedIn(id, olds), observed)
  )
    return String(olds[recordedKey]);
  const number = dictionaries.length - 1;
  const text = canonical(observed).replaceAll(id.toUpperCase(), upper).replaceAll(id, lower);
  const packed = deflateRawSync(text, { level: 9, dictionary: dictionaries[number] });
  const shape = shapeOf();
  const form = shape === 1 ? `${number}` : `${number}.${shape}`;
  return [form, by, packed.toString("base64"), ...(answered === undefined ? [] : [answered])].join(" ");
}

/** Undefined where nothing is recorded, or what is cannot be read: then the host must be asked. */
export function observedIn(id: string, outputs: Bag, kind = "", all: readonly Migration[] = migrations): unknown {
  const { dictionary, packed, shape = 0 } = parts(outputs) ?? {};
  if (dictionary === undefined || packed === undefined) return undefined;
  try {
    const text = inflateRawSync(Buffer.from(packed, "base64"), { dictionary }).toString();
    const observed: unknown = JSON.parse(text.replaceAll(lower, () => id).replaceAll(upper, () => id.toUpperCase()));
    return migrated(kind, observed, shape, all);
  } catch {
    return undefined;
  }
}

/** Whether this release has found that what is recorded is what the inputs beside it say. Another one may see more. */
export function isSettled(outputs: Bag): boolean {
  return parts(outputs)?.by === release();
}

/** Of the answers that told what is recorded, if nothing was left to do then: the same ones say that nothing has happened. */
export function answeredIn(outputs: Bag): string | undefined {
  const { by, answered } = parts(outputs) ?? {};
  return by === release() ? answered : undefined;
}

/** Short, and the same for the same answers: hosts give properties in the order in which they are asked for. */
export function markOf(answers: unknown): string {
  return createHash("sha256").update(JSON.stringify(answers)).digest("base64").slice(0, 16);
}

interface Parts {
  by: string;
  dictionary: Buffer | undefined;
  packed: string;
  answered: string | undefined;
  shape: number;
}

function parts({ [recordedKey]: text }: Bag): Parts | undefined {
  const [, number, shape, by, packed, answered] =
    (typeof text === "string" && /^(\d+)(?:\.(\d+))? (\S+) (\S+)(?: (\S+))?$/.exec(text)) || [];
  if (by === undefined || packed === undefined) return undefined;
  // the first one is not written
  return { by, packed, answered, dictionary: dictionaries[Number(number)], shape: Number(shape ?? 1) };
}

let version: string | undefined;

function release(): string {
  version ??= String(JSON.parse(readFileSync(require.resolve("pulumi-hyperv/package.json"), "utf8")).version);
  return version;
}
