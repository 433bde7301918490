import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, CallResult } from "../../provider/calls";
import { createWorld, Simulator, saveWorld, type World, type WorldDescription } from "../../provider/simulator";
import { engine, findEngine } from "../../tools/engine.cjs";
import { linkPackages, pulumiEnvironment } from "../../tools/pulumi-environment.cjs";

/** A resource of the program, as data. `{ "$of": "web", "property": "id" }` in its arguments is an output of another. */
export interface Declared {
  kind: string;
  name: string;
  args?: Record<string, unknown>;
  provider?: string;
  /** An id, or the name that it is looked up by. */
  get?: string | { name: string; node?: string };
  dependsOn?: string[];
  options?: Record<string, unknown>;
}

export interface Run {
  code: number;
  output: string;
  /** Engine's steps by `Kind name`; `same` ones too. */
  ops: Record<string, string>;
}

/** A suite that needs the real engine; where there is none it is skipped, and its name says so. */
export function engineSuite(name: string, body: (this: Mocha.Suite) => void): void {
  if (findEngine()) describe(name, body);
  else describe.skip(`${name} (skipped: there is no Pulumi engine, and no Go to build one)`, body);
}

export interface StackOptions {
  config?: Record<string, string>;
  /** Name of the project. */
  project?: string;
  /** Folder of an example; a program that is declared as data if not given. */
  example?: string;
  nodes?: string[];
  /** Configuration of the hosts that play the world of a file, where the provider is not to play it itself. */
  hosts?: (worldFile: string) => Promise<Record<string, string>>;
}

/** One stack with a simulated world of its own, driven by the real engine. */
export class Stack {
  readonly folder: string;
  readonly worldFile: string;
  readonly environment: Record<string, string>;

  private constructor(environment: (folder: string) => Record<string, string>) {
    this.folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-"));
    this.worldFile = join(this.folder, "world.json");
    // without it the CLI has no --event-log
    this.environment = { ...environment(join(this.folder, "pulumi")), PULUMI_DEBUG_COMMANDS: "true" };
  }

  /** A stack of a program that is declared as data, or of a copy of the example in a folder. */
  static async make(description: WorldDescription, options: StackOptions = {}): Promise<Stack> {
    const built = await engine();
    const stack = new Stack((folder) => pulumiEnvironment(built, folder));
    linkPackages(stack.folder);
    await saveWorld(stack.worldFile, createWorld({ seed: "tests", ...description }));
    if (options.example) cpSync(options.example, stack.folder, { recursive: true });
    else {
      // the program is JavaScript: a compiler takes a tenth of a run
      const runtime = { name: "nodejs", options: { typescript: false } };
      writeFileSync(
        join(stack.folder, "Pulumi.yaml"),
        JSON.stringify({ name: options.project ?? "tests", runtime }), // which is YAML too
      );
      writeFileSync(
        join(stack.folder, "package.json"),
        JSON.stringify({ name: "tests", private: true, main: "index.js" }),
      );
      writeFileSync(join(stack.folder, "index.js"), readFileSync(join(__dirname, "declared-program.js")));
    }
    stack.declare([]);
    const config = {
      ...((await options.hosts?.(stack.worldFile)) ?? {
        "hyperv:transport": "simulator",
        "hyperv:simulator": stack.worldFile,
        ...(options.nodes && { "hyperv:nodes": JSON.stringify(options.nodes) }),
      }),
      ...options.config,
    };
    writeFileSync(
      stack.configFile,
      `config:\n${Object.entries(config)
        .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`)
        .join("")}`,
    );
    const { code, output } = await stack.pulumi(["stack", "init", "dev"]);
    if (code !== 0) throw new Error(output);
    return stack;
  }

  private get configFile(): string {
    return join(this.folder, "Pulumi.dev.yaml");
  }

  declare(resources: Declared[]): this {
    writeFileSync(join(this.folder, "program.json"), JSON.stringify(resources));
    return this;
  }

  setConfig(key: string, value: string): void {
    const lines = readFileSync(this.configFile, "utf8")
      .split("\n")
      .filter((line) => !line.startsWith(`  ${key}: `));
    const at = lines.indexOf("config:");
    lines.splice(at + 1, 0, `  ${key}: ${JSON.stringify(value)}`);
    writeFileSync(this.configFile, lines.join("\n"));
  }

  preview(...more: string[]): Promise<Run> {
    return this.engineRun(["preview", ...more]);
  }

  up(...more: string[]): Promise<Run> {
    return this.engineRun(["up", "--skip-preview", "--yes", ...more]);
  }

  refresh(...more: string[]): Promise<Run> {
    return this.engineRun(["refresh", "--skip-preview", "--yes", ...more]);
  }

  destroy(...more: string[]): Promise<Run> {
    return this.engineRun(["destroy", "--skip-preview", "--yes", ...more]);
  }

  /** A preview, and an up that must do the same; its run. */
  async previewedUp(): Promise<Run> {
    const said = await this.preview();
    const done = await this.up();
    if (JSON.stringify(said.ops) !== JSON.stringify(done.ops) && done.code === 0)
      throw new Error(
        `preview said ${JSON.stringify(said.ops)} and up did ${JSON.stringify(done.ops)}\n${said.output}\n${done.output}`,
      );
    return done;
  }

  /** Starts an up that the test may kill. */
  start(args: string[]): ChildProcess {
    return spawn("pulumi", this.full(args), { cwd: this.folder, env: this.environment, detached: true, stdio: "pipe" });
  }

  /** The deployment's resources, as the state holds them. */
  async resources(): Promise<
    {
      urn: string;
      type: string;
      id?: string;
      inputs: Record<string, unknown>;
      outputs: Record<string, unknown>;
      dependencies?: string[];
      initErrors?: string[];
    }[]
  > {
    const { output } = await this.pulumi(["stack", "export"]);
    return JSON.parse(output).deployment.resources ?? [];
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.pulumi(["stack", "output", "--json"]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** The host, asked from outside. */
  get simulator(): Simulator {
    return Simulator.open(this.worldFile);
  }

  world(): Promise<World> {
    return this.simulator.world();
  }

  async run(calls: Call[], node?: string): Promise<CallResult[]> {
    const results = await this.simulator.run(node, calls);
    const failed = results.find(({ error }) => error);
    if (failed) throw new Error(JSON.stringify(failed.error));
    return results;
  }

  async pulumi(args: string[]): Promise<{ code: number; output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", this.full(args), { cwd: this.folder, env: this.environment });
      let output = "";
      child.stdout.on("data", (data) => (output += data));
      child.stderr.on("data", (data) => (output += data));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? -1, output }));
    });
  }

  remove(): void {
    // the link first: what it points to stays
    unlinkSync(join(this.folder, "node_modules"));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private full(args: string[]): string[] {
    return [...args, "--non-interactive", "--color", "never", ...(args[0] === "stack" ? [] : ["--stack", "dev"])];
  }

  private async engineRun(args: string[]): Promise<Run> {
    const log = join(this.folder, "events.jsonl");
    rmSync(log, { force: true });
    const { code, output } = await this.pulumi([...args, "--event-log", log]);
    return { code, output, ops: stepsIn(log) };
  }
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
}

function stepsIn(log: string): Record<string, string> {
  let text = "";
  try {
    text = readFileSync(log, "utf8");
  } catch {
    return {};
  }
  const steps = text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata ?? [])
    .filter(({ type }) => type.includes("hyperv:"))
    .map(({ op, urn, type }) => [`${type.split(":").pop()} ${urn.split("::").pop()}`, op] as const);
  const ops: Record<string, string> = {};
  // a replacement is several steps; its own name is the one that a person reads
  for (const [key, op] of steps.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)))
    ops[key] = ops[key] === undefined || /replace/.test(op) ? (/replace/.test(op) ? "replace" : op) : (ops[key] ?? op);
  return ops;
}
