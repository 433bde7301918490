import type { Hosts } from "../host/host";
import type { AnyDefinition } from "../resources/definition";
import type { SettingNames, Settings } from "../settings";
import { isGiven } from "../settings/environment";
import { type Arguments, Door, type KindDoor } from "./door";
import { PartialFailure } from "./handlers";
import { LifecycleError } from "./messages/messages";
import { lacksKey, lookUpKey } from "./state/marks";
import { type Bag, isBag, receive, send, storable } from "./values";
import { previewKey } from "./work/verify";

/** The engine's side of the door, as the SDK's dynamic provider calls it. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): unknown } }): Promise<void>;
  check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Bag,
    news: Bag,
  ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(news: Bag): Promise<{ id: string; outs: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  read(id: string, props: Bag): Promise<{ id?: string; props?: Bag; inputs?: Bag }>;
  delete(id: string, props: Bag): Promise<void>;
}

/** The door of Pulumi's dynamic providers: what the SDK's process calls, and what it takes for an answer. */
export class DynamicDoor {
  private readonly door: Door;
  private readonly providers = new Map<string, DynamicProvider>();

  constructor(definitions: readonly AnyDefinition[], connect: (settings: Settings, names?: SettingNames) => Hosts) {
    this.door = new Door(definitions, connect);
  }

  get(kind: string): DynamicProvider {
    const known = this.providers.get(kind);
    if (known) return known;
    const provider = this.provider(kind, this.door.kind(kind));
    this.providers.set(kind, provider);
    return provider;
  }

  private provider(kind: string, door: KindDoor): DynamicProvider {
    const row = (bag: Bag) => urnOf(kind, bag.__urn);
    return {
      configure: ({ config }) => this.door.configure(argumentsIn(config)),
      check: async (olds, news) => {
        const given = taken(news);
        if (given[lacksKey] !== undefined) {
          door.warn(row(news), skippedText(given));
          return { inputs: asInputs(given), failures: [] };
        }
        const { inputs, problems } = await door.check(row(news), bagOf(olds), given, given[previewKey] === true);
        return {
          inputs: asInputs(inputs),
          // with a property the engine would print its value, which may be a secret (ran)
          failures: problems.map((reason) => ({ property: "", reason })),
        };
      },
      diff: async (id, olds, news) => {
        // what is the same would be recorded with what it lacks
        if (news[lacksKey] !== undefined) return { changes: true, replaces: [], deleteBeforeReplace: false };
        return door.difference(row(news), { id, olds: bagOf(olds), news: taken(news) });
      },
      create: async (news) => {
        if (news[lacksKey] !== undefined) throw new LifecycleError(skippedText(news));
        const { id, outputs } = await door.create(row(news), taken(news)).catch((error) => halfMade(error, news));
        return { id, outs: given(outputs) };
      },
      update: async (id, olds, news) => {
        if (news[lacksKey] !== undefined) throw new LifecycleError(skippedText(news));
        const updated = door.update(row(news), id, bagOf(olds), taken(news));
        const { outputs } = await updated.catch((error) => halfMade(error, news));
        return { outs: given(outputs) };
      },
      read: async (id, props) => {
        if (isBag(props[lookUpKey])) {
          const foundId = await door.lookUp(props[lookUpKey]);
          return { id, props: { ...bagOf(props), foundId }, inputs: {} };
        }
        const found = await door.read(row(props), id, bagOf(props));
        if (!found) return { id: "" };
        // what the engine has sent, it can store; inputs that it is not told of stay as they are (read in the engine's source)
        if (found.isAsRecorded) return { id: found.id, props: bagOf(found.outputs) };
        return { id: found.id, props: given(found.outputs), inputs: given(found.inputs) };
      },
      delete: (id, props) => door.delete(row(props), id, bagOf(props)),
    };
  }
}

/** What the engine calls a kind. */
export const typeOf = (kind: string): string => `pulumi-nodejs:dynamic/hyperv:${kind}`;

/** Of the short form that the program gives. */
export function urnOf(kind: string, short: unknown): string | undefined {
  if (typeof short !== "string" || short === "") return undefined;
  return `urn:pulumi:${short.replace("*::", `${typeOf(kind)}::`)}`;
}

/** Stands among the arguments of an explicit provider: nothing else tells it from the one that the engine makes (read). */
const explicit = "__explicit";

function argumentsIn(config: { get(key: string): unknown }): Arguments {
  const get = (name: string) => config.get(`hyperv:${name}`);
  return { get, names: namesIn(config), isExplicit: isGiven(get(explicit)) };
}

/** The SDK's configuration tells only what it is asked for; what is misspelt is in what it holds. */
function namesIn(config: unknown): string[] {
  const { rawConfig, projectName } = isBag(config) ? config : {};
  // a project of the provider's name has settings of its own there
  if (!isBag(rawConfig) || projectName === "hyperv") return [];
  return Object.keys(rawConfig).flatMap((key) =>
    key.startsWith("hyperv:") && key !== `hyperv:${explicit}` ? [key.slice("hyperv:".length)] : [],
  );
}

function skippedText({ [lacksKey]: names }: Bag): string {
  const failed =
    Array.isArray(names) && names.length > 0 ? names.map((name) => `"${String(name)}"`).join(", ") : "another resource";
  return `Skipped: it depends on ${failed}, which failed or was skipped. Nothing was done to it; the next pulumi up continues.`;
}

/** The shape that makes the engine keep what was half made; it must hold the provider's own text (ran). */
function halfMade(error: unknown, { __provider }: Bag): never {
  if (!(error instanceof PartialFailure)) throw error;
  const { id, message, outputs } = error;
  throw Object.assign(new Error(message), { id, properties: { ...given(outputs), __provider }, reasons: [message] });
}

/** What a program says, in our own values; in what a state holds nothing is unknown. */
const taken = (value: unknown): Bag => bagOf(receive(value));
/** As the engine takes it. */
const given = (value: Bag): Bag => bagOf(storable(value));
const asInputs = (value: Bag): Bag => bagOf(storable(send(value)));

/** Without the provider's own text, which the SDK puts back. */
function bagOf(value: unknown): Bag {
  if (!isBag(value)) return {};
  const { __provider: _text, ...rest } = value;
  return rest;
}
