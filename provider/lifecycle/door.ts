import { textOf } from "../host/errors";
import type { Hosts } from "../host/host";
import type { AnyDefinition } from "../resources/definition";
import { type SettingNames, type Settings, settingNames } from "../settings";
import { misspeltIn, namesOf, settingsIn, variableOf } from "../settings/environment";
import { parseSettings } from "./given-settings";
import {
  type Compared,
  type Difference,
  Handlers,
  type Known,
  PartialFailure,
  type State,
  type Surroundings,
} from "./handlers";
import { forTerminal, LifecycleError } from "./messages/messages";
import { Progress } from "./messages/progress";
import { Process } from "./process";
import { withoutMarks } from "./state/marks";
import { recordedKey } from "./state/recorded";
import { type Bag, canonical, unwrapSecrets } from "./values";
import { Run } from "./work/run";

/** What a provider is configured with, whichever way the engine gives it. */
export interface Arguments {
  get(name: string): unknown;
  /** All names that are given, where that can be told: a misspelt one is among them. */
  names: readonly string[];
  /** A provider that the program makes is what its arguments say, wherever the program runs. */
  isExplicit: boolean;
}

interface Configured {
  settings: Settings;
  hosts: Hosts;
}

/**
 * What any door to the engine needs: settings and hosts of one provider, the life of the process, progress, and what is kept of a
 * failure. Values are plain: unknowns are a symbol, secrets are plain.
 */
export class Door {
  private readonly process = new Process();
  private readonly progress = new Progress(this.process.engineAddress);
  private readonly run = new Run();
  /** Set once by whichever kind is configured first: one process serves one provider. */
  private readonly configured: Promise<Configured>;
  private begin: (given: Arguments) => void = () => {};

  constructor(
    private readonly definitions: readonly AnyDefinition[],
    /** Opens nothing yet: previews of what does not change touch no host. */
    private readonly connect: (settings: Settings, names?: SettingNames) => Hosts,
  ) {
    this.configured = new Promise((resolve) => {
      this.begin = (given) => {
        // every kind is configured, with the same arguments: one of them is enough
        this.begin = () => {};
        resolve(this.configuration(given));
      };
    });
    // every method awaits it and says what is wrong
    this.configured.catch(() => {});
  }

  async configure(given: Arguments): Promise<void> {
    this.process.start();
    this.begin(given);
    await this.configured;
  }

  /** The way to one kind. */
  kind(kind: string): KindDoor {
    const definition = this.definitions.find((candidate) => candidate.kind === kind);
    if (!definition)
      throw new Error(`pulumi-hyperv has no resource "${kind}". Is the package older than the program that made it?`);
    return new KindDoor(new Handlers(definition, this.run), {
      configured: () => this.configured,
      process: this.process,
      progress: this.progress,
    });
  }

  private async configuration({ get, names, isExplicit }: Arguments): Promise<Configured> {
    const given = Object.fromEntries(settingNames.map((name) => [name, unwrapSecrets(get(name))]));
    const environment = isExplicit ? {} : process.env;
    for (const warning of misspeltIn(environment)) this.progress.warn(warning);
    const variables = settingsIn(environment, given);
    const parsed = parseSettings(
      (name) => variables[name] ?? get(name),
      names,
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

const markOf = (inputs: Bag) => canonical(withoutMarks(inputs));

interface Within {
  configured(): Promise<Configured>;
  process: Process;
  progress: Progress;
}

/** The engine's calls about resources of one kind; `urn` is the row on which progress is shown. */
export class KindDoor {
  /** What programs have declared in this run: the engine does not say for whom it compares, and a refresh has nothing checked. */
  private readonly declared = new Set<string>();

  constructor(
    private readonly handlers: Handlers,
    private readonly within: Within,
  ) {}

  /** `verifies`: in a preview the hosts are asked, if the provider is set so. */
  check(
    urn: string | undefined,
    olds: Bag,
    news: Bag,
    verifies: boolean,
  ): Promise<{ inputs: Bag; problems: string[] }> {
    return this.onHosts(urn, async (surroundings, { verify }) => {
      const { hosts } = surroundings;
      const { inputs, problems } = this.handlers.check(news, hosts.nodes, hosts.isClustered);
      this.declared.add(markOf(inputs));
      if (verify && verifies && problems.length === 0)
        problems.push(...(await this.handlers.verify(olds, news, surroundings)));
      return { inputs, problems: problems.map(forTerminal) };
    });
  }

  difference(urn: string | undefined, { id, olds, news }: Omit<Compared, "by">): Promise<Difference> {
    const by = this.declared.has(markOf(news)) ? "program" : "refresh";
    return this.onHosts(urn, (surroundings) => this.handlers.difference({ id, olds, news, by }, surroundings));
  }

  /** Fails with a PartialFailure once the thing exists. */
  async create(urn: string | undefined, news: Bag): Promise<State> {
    let made: string | undefined;
    try {
      return await this.onHosts(urn, (surroundings) => {
        const exists = (id: string) => {
          made = id;
        };
        return this.handlers.create(news, { ...surroundings, exists });
      });
    } catch (error) {
      throw this.partial(error, news, made);
    }
  }

  async update(urn: string | undefined, id: string, olds: Bag, news: Bag): Promise<State> {
    try {
      return await this.onHosts(urn, (surroundings) => this.handlers.update(id, olds, news, surroundings));
    } catch (error) {
      throw this.partial(error, { ...olds, ...news }, id);
    }
  }

  read(urn: string | undefined, id: string, olds: Bag): Promise<Known | undefined> {
    return this.onHosts(urn, (surroundings) => this.handlers.read(id, olds, surroundings));
  }

  lookUp(by: Bag): Promise<string> {
    return this.onHosts(undefined, (surroundings) => this.handlers.lookUp(by, surroundings));
  }

  delete(urn: string | undefined, id: string, olds: Bag): Promise<void> {
    return this.onHosts(urn, (surroundings) => this.handlers.delete(id, olds, surroundings));
  }

  /** A warning on the resource's row. */
  warn(urn: string | undefined, message: string): void {
    this.within.progress.begin(urn).say(message);
  }

  /** Whatever went wrong: what exists must not be forgotten, nor what is secret be stored in plain. */
  private partial(error: unknown, bag: Bag, exists: string | undefined): unknown {
    if (error instanceof PartialFailure || exists === undefined) return error;
    // what was recorded is not what these inputs say
    const { [recordedKey]: _recorded, ...rest } = bag;
    return new PartialFailure(
      exists,
      this.handlers.hidden(rest),
      error instanceof Error ? error.message : String(error),
    );
  }

  /** Runs a handler that works on hosts, with progress on the resource's row. */
  private onHosts<T>(
    urn: string | undefined,
    work: (surroundings: Surroundings, settings: Settings) => Promise<T>,
  ): Promise<T> {
    const { configured, process, progress } = this.within;
    return process.guard(async () => {
      const { hosts, settings } = await configured();
      const { report, say, tell, end } = progress.begin(urn);
      try {
        return await work({ hosts, timeoutSeconds: settings.timeoutSeconds, report, say, tell }, settings);
      } finally {
        end();
      }
    });
  }
}
