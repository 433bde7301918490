import { textOf } from "../host/errors";
import type { Hosts } from "../host/host";
import type { AnyDefinition } from "../resources/definition";
import { type SettingNames, type Settings, settingNames } from "../settings";
import { isGiven, misspeltIn, namesOf, settingsIn, variableOf } from "../settings/environment";
import { parseSettings } from "./given-settings";
import { Handlers, PartialFailure, type Surroundings } from "./handlers";
import { LifecycleError } from "./messages/messages";
import { Progress } from "./messages/progress";
import { Process } from "./process";
import { lacksKey, lookUpKey } from "./state/marks";
import { recordedKey } from "./state/recorded";
import { type Bag, isBag, receive, send, storable, unwrapSecrets } from "./values";
import { Run } from "./work/run";
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

interface Configured {
  settings: Settings;
  hosts: Hosts;
}

/** All kinds of one process: they share its configuration and its connections. */
export class Door {
  private readonly process = new Process();
  private readonly progress = new Progress(this.process.engineAddress);
  private readonly run = new Run();
  private readonly providers = new Map<string, DynamicProvider>();
  /** Set once by whichever kind is configured first: one process serves one provider. */
  private readonly configured: Promise<Configured>;
  private configure: (config: { get(key: string): unknown }) => void = () => {};

  constructor(
    private readonly definitions: readonly AnyDefinition[],
    /** Opens nothing yet: previews of what does not change touch no host. */
    private readonly connect: (settings: Settings, names?: SettingNames) => Hosts,
  ) {
    this.configured = new Promise((resolve) => {
      this.configure = (config) => {
        // every kind is configured, with the same arguments: one of them is enough
        this.configure = () => {};
        resolve(this.configuration(config));
      };
    });
    // every method awaits it and says what is wrong
    this.configured.catch(() => {});
  }

  get(kind: string): DynamicProvider {
    const known = this.providers.get(kind);
    if (known) return known;
    const definition = this.definitions.find((candidate) => candidate.kind === kind);
    if (!definition)
      throw new Error(`pulumi-hyperv has no resource "${kind}". Is the package older than the program that made it?`);
    const provider = this.provider(definition);
    this.providers.set(kind, provider);
    return provider;
  }

  private provider(definition: AnyDefinition): DynamicProvider {
    const handlers = new Handlers(definition, this.run);
    /** Runs a handler that works on hosts, with progress on the resource's row. */
    const onHosts = <T>(bag: Bag, work: (surroundings: Surroundings) => Promise<T>): Promise<T> =>
      this.process.guard(async () => {
        const { hosts, settings } = await this.configured;
        const { report, say, tell, end } = this.progress.begin(urnOf(definition.kind, bag.__urn));
        try {
          return await work({ hosts, timeoutSeconds: settings.timeoutSeconds, report, say, tell });
        } finally {
          end();
        }
      });
    return {
      configure: async ({ config }) => {
        this.process.start();
        this.configure(config);
        await this.configured;
      },
      check: (olds, news) =>
        this.process.guard(async () => {
          const { hosts, settings } = await this.configured;
          const given = bagOf(receive(news));
          if (given[lacksKey] !== undefined) {
            this.progress.begin(urnOf(definition.kind, news.__urn)).say(skippedText(given));
            return { inputs: bagOf(storable(send(given))), failures: [] };
          }
          const { inputs, problems } = handlers.check(given, hosts.nodes);
          if (settings.verify && given[previewKey] === true && problems.length === 0)
            problems.push(
              ...(await onHosts(news, (surroundings) =>
                handlers.verify(bagOf(receive(olds)), bagOf(receive(news)), surroundings),
              )),
            );
          return {
            inputs: bagOf(storable(send(inputs))),
            // with a property the engine would print its value, which may be a secret (ran)
            failures: problems.map((reason) => ({ property: "", reason })),
          };
        }),
      diff: (id, olds, news) =>
        onHosts(news, async (surroundings) =>
          news[lacksKey] === undefined
            ? handlers.difference(id, bagOf(receive(olds)), bagOf(receive(news)), surroundings)
            : // what is the same would be recorded with what it lacks
              { changes: true, replaces: [], deleteBeforeReplace: false },
        ),
      create: async (news) => {
        if (news[lacksKey] !== undefined) throw new LifecycleError(skippedText(news));
        let made: string | undefined;
        try {
          return await onHosts(news, async (surroundings) => {
            const exists = (id: string) => {
              made = id;
            };
            const { id, outputs } = await handlers.create(bagOf(receive(news)), { ...surroundings, exists });
            return { id, outs: bagOf(storable(outputs)) };
          });
        } catch (error) {
          throw partial(error, news, made);
        }
      },
      update: async (id, olds, news) => {
        if (news[lacksKey] !== undefined) throw new LifecycleError(skippedText(news));
        try {
          return await onHosts(news, async (surroundings) => {
            const { outputs } = await handlers.update(id, bagOf(receive(olds)), bagOf(receive(news)), surroundings);
            return { outs: bagOf(storable(outputs)) };
          });
        } catch (error) {
          throw partial(error, { ...olds, ...news }, id);
        }
      },
      read: (id, props) =>
        onHosts(props, async (surroundings) => {
          if (isBag(props[lookUpKey])) {
            const foundId = await handlers.lookUp(props[lookUpKey], surroundings);
            return { id, props: { ...bagOf(props), foundId }, inputs: {} };
          }
          const found = await handlers.read(id, bagOf(receive(props)), surroundings);
          if (!found) return { id: "" };
          return { id: found.id, props: bagOf(storable(found.outputs)), inputs: bagOf(storable(found.inputs)) };
        }),
      delete: (id, props) => onHosts(props, (surroundings) => handlers.delete(id, bagOf(receive(props)), surroundings)),
    };
  }

  private async configuration(config: { get(key: string): unknown }): Promise<Configured> {
    const get = (name: string) => config.get(`hyperv:${name}`);
    const given = Object.fromEntries(settingNames.map((name) => [name, unwrapSecrets(get(name))]));
    // an explicit provider is what its arguments say, wherever the program runs
    const environment = isGiven(get(explicit)) ? {} : process.env;
    for (const warning of misspeltIn(environment)) this.progress.warn(warning);
    const variables = settingsIn(environment, given);
    const parsed = parseSettings(
      (name) => variables[name] ?? get(name),
      namesIn(config),
      (name) => (name in variables ? variableOf(name) : `hyperv:${name}`),
    );
    const hosts = this.connected(parsed, namesOf(variables));
    this.process.onEnd(() => hosts.close());
    return { settings: parsed, hosts };
  }

  /** What is wrong with an argument shows only as it is used: a file that cannot be written. */
  private connected(parsed: Settings, names: SettingNames): Hosts {
    try {
      return this.connect(parsed, names);
    } catch (error) {
      throw new LifecycleError(textOf(error), { cause: error });
    }
  }
}

/** Stands among the arguments of an explicit provider: nothing else tells it from the one that the engine makes (read). */
const explicit = "__explicit";

function skippedText({ [lacksKey]: names }: Bag): string {
  const failed =
    Array.isArray(names) && names.length > 0 ? names.map((name) => `"${String(name)}"`).join(", ") : "another resource";
  return `Skipped: it depends on ${failed}, which failed or was skipped. Nothing was done to it; the next pulumi up goes on.`;
}

/** What the engine calls a kind. */
export const typeOf = (kind: string): string => `pulumi-nodejs:dynamic/hyperv:${kind}`;

/** Of the short form that the program gives. */
export function urnOf(kind: string, short: unknown): string | undefined {
  if (typeof short !== "string" || short === "") return undefined;
  return `urn:pulumi:${short.replace("*::", `${typeOf(kind)}::`)}`;
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

/** The shape that makes the engine keep what was half made; it must hold the provider's own text (ran). */
function partial(error: unknown, news: Bag, exists: string | undefined): unknown {
  // what was recorded is not what these inputs say
  const { [recordedKey]: _recorded, ...rest } = bagOf(news);
  const failure =
    error instanceof PartialFailure || exists === undefined
      ? error
      : new PartialFailure(exists, rest, error instanceof Error ? error.message : String(error));
  if (!(failure instanceof PartialFailure)) return failure;
  return Object.assign(new Error(failure.message), {
    id: failure.id,
    properties: { ...bagOf(storable(failure.outputs)), __provider: news.__provider },
    reasons: [failure.message],
  });
}

/** Without the provider's own text, which the SDK puts back. */
function bagOf(value: unknown): Bag {
  if (!isBag(value)) return {};
  const { __provider: _text, ...rest } = value;
  return rest;
}
