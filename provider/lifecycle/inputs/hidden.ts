import { z } from "zod";
import type { Call, Where } from "../../calls";
import type { Hosts, Ran, RunOptions } from "../../host/host";
import type { AnyDefinition } from "../../resources/definition";
import { fields, keysMarked, sizeText, unwrap } from "../../schema";
import { longestFirst } from "../../text/secrets";
import { type Bag, wrapSecret } from "../values";

/**
 * What must not be shown of a resource of which something is a secret: nobody knows what, as the engine gives secrets in clear.
 * Choices are no one's secret, and the title is what a message must name. Undefined where nothing is secret.
 */
export function hiddenOf({ schema, show }: AnyDefinition, inputs: Bag, ...bags: readonly Bag[]): string[] | undefined {
  if (![inputs, ...bags].some((bag) => bag.__secret === true)) return secretsIn(schema, [inputs, ...bags]);
  const shown = new Set([...fields(schema).flatMap((field) => choicesOf(field.schema)), String(show.title(inputs))]);
  const declared = [inputs, ...bags].map((bag) => declaredIn(schema, bag));
  return textsIn(declared)
    .filter((text) => !shown.has(text))
    .flatMap((text) => (/^\d+$/.test(text) ? [text, sizeText(Number(text))] : [text]));
}

/** What the schema says is a secret, whether the program says so or not. */
function secretsIn(schema: z.ZodObject, bags: readonly Bag[]): string[] | undefined {
  const keys = keysMarked(schema, "secret");
  const found = textsIn(bags.map((bag) => keys.map((key) => bag[key])));
  return found.length > 0 ? found : undefined;
}

/** Outputs of such a resource, in which what repeats an input is a secret too. */
export function hideRepeated({ schema }: AnyDefinition, outputs: Bag): Bag {
  const given = new Set(textsIn(declaredIn(schema, outputs)).map(bare));
  const repeats = (value: unknown) => textsIn(value).some((text) => given.has(bare(text)));
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const isComputed = !(key in schema.shape) && !key.startsWith("__");
      return [key, isComputed && repeats(value) ? wrapSecret(value) : value];
    }),
  );
}

function declaredIn(schema: z.ZodObject, bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => key in schema.shape));
}

function choicesOf(schema: z.ZodType): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  return [];
}

/** A MAC address, an id: written by a host in other letters and with other marks. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") || text;
}

/** The same hosts for the work on one resource of which something is a secret. */
export function confidential(hosts: Hosts, hidden: readonly string[]): Hosts {
  return {
    nodes: hosts.nodes,
    isClustered: hosts.isClustered,
    run: (where: Where, calls: readonly Call[], options?: RunOptions) =>
      hosts.run(where, calls, { ...options, hidden }) as Promise<Ran>,
    runEverywhere: (where, calls, options) => hosts.runEverywhere(where, calls, { ...options, hidden }),
    seen: (machine, host) => hosts.seen(machine, host),
    reaches: (endpoint) => hosts.reaches(endpoint),
    pause: (milliseconds, signal) => hosts.pause(milliseconds, signal),
    close: () => hosts.close(),
  };
}

/** Every text and number in plain data, longest first. */
export function textsIn(data: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string" || typeof value === "number") found.add(String(value));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(data);
  return longestFirst([...found].filter((text) => text.trim() !== ""));
}
