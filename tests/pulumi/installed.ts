import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { engine, findEngine } from "../../tools/engine.cjs";
import { pulumiEnvironment } from "../../tools/pulumi-environment.cjs";
import { project } from "./readme";

/** A suite that needs the engine and a package registry; where one is missing it is skipped, and its name says why. */
export function engineRegistrySuite(name: string, body: (this: Mocha.Suite) => void): void {
  const reason = findEngine() ? whyNotInstalled() : "there is no Pulumi engine, and no Go to build one";
  if (reason) describe.skip(`${name} (skipped: ${reason})`, body);
  else describe(name, body);
}

function whyNotInstalled(): string | undefined {
  const asked = spawnSync(...npmCommand("view", "@pulumi/pulumi", "version"), {
    env: bareEnvironment(),
    timeout: 30_000,
    ...shellOnWindows,
  });
  return asked.status === 0 ? undefined : "the package registry does not answer";
}

/** A folder outside of this checkout, with the packed package in it; what package managers keep goes there too. */
export class Workshop {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-hyperv-installed-")));
  private readonly registry = spawnSync(...npmCommand("config", "get", "registry"), {
    env: bareEnvironment(),
    encoding: "utf8",
    ...shellOnWindows,
  }).stdout.trim();
  archive = "";
  private made = 0;

  static async make(): Promise<Workshop> {
    const workshop = new Workshop();
    const packed = await run(
      workshop.environment(),
      project,
      ...npmCommand("pack", "--ignore-scripts", "--pack-destination", workshop.folder),
    );
    succeeded(packed);
    const [archive = ""] = readdirSync(workshop.folder).filter((name) => name.endsWith(".tgz"));
    workshop.archive = join(workshop.folder, archive);
    return workshop;
  }

  /** An empty folder. */
  emptyFolder(): string {
    const folder = join(this.folder, `program-${++this.made}`);
    mkdirSync(folder);
    return folder;
  }

  /** Packages of the registry, for the tests' own use; where they are. */
  async tools(...specs: string[]): Promise<string> {
    const folder = join(this.folder, "tools");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    succeeded(
      await run(
        this.environment(),
        folder,
        ...npmCommand("install", "--force", "--ignore-scripts", "--silent", ...specs),
      ),
    );
    return join(folder, "node_modules");
  }

  /** As a user's shell has it; with the folders first on its path. */
  environment(...first: string[]): Record<string, string> {
    const bare = bareEnvironment();
    const kept = join(this.folder, "kept");
    return {
      ...bare,
      npm_config_cache: join(kept, "npm"),
      pnpm_config_store_dir: join(kept, "pnpm"),
      YARN_CACHE_FOLDER: join(kept, "yarn"),
      YARN_GLOBAL_FOLDER: join(kept, "yarn-berry"),
      BUN_INSTALL_CACHE_DIR: join(kept, "bun"),
      npm_config_update_notifier: "false",
      YARN_ENABLE_TELEMETRY: "0",
      // each package manager has a registry of its own; a user here has set npm's
      npm_config_registry: this.registry,
      YARN_REGISTRY: this.registry,
      YARN_NPM_REGISTRY_SERVER: this.registry,
      PATH: [...first, bare.PATH ?? ""].join(delimiter),
    };
  }

  /** The same, and the engine in it, with stacks in a folder. Programs are type-checked, as they are for users. */
  async withEngine(folder: string, ...first: string[]): Promise<Record<string, string>> {
    const { PULUMI_NODEJS_TRANSPILE_ONLY: _checked, ...pulumi } = pulumiEnvironment(await engine(), folder);
    const { PATH: withEngine = "" } = pulumi;
    const own = this.environment(...first, ...withEngine.split(delimiter).slice(0, 1));
    const settings = Object.entries(pulumi).filter(([name]) => name.startsWith("PULUMI_"));
    return { ...own, ...Object.fromEntries(settings) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export interface Ran {
  code: number;
  output: string;
}

export function run(env: Record<string, string>, cwd: string, command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(command, args, { cwd, env, maxBuffer: 2 ** 26, ...shellOnWindows }, (error, stdout, stderr) =>
      done({
        code: error ? (typeof error.code === "number" ? error.code : -1) : 0,
        output: `${stdout}${stderr}${error && typeof error.code !== "number" ? error.message : ""}`,
      }),
    );
  });
}

export function succeeded(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${ran.output}`);
  return ran;
}

export const shellOnWindows = process.platform === "win32" ? { shell: true } : {};

/** The npm that runs the tests, or the one on the path. */
export function npmCommand(...args: string[]): [string, string[]] {
  const cli = process.env.npm_execpath;
  return cli?.endsWith("npm-cli.js") ? ["node", [cli, ...args]] : ["npm", args];
}

/** Without what npm gives to what it runs, and without this checkout's commands on the path. */
function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(npm_|pulumi_|init_cwd$|node$|ci$)/i.test(name)
      ? []
      : [[name.toUpperCase() === "PATH" ? "PATH" : name, value]],
  );
  const { PATH = "", ...others } = Object.fromEntries(kept);
  const own = PATH.split(delimiter).filter((folder) => !/node_modules[\\/]\.bin|node-gyp-bin/.test(folder));
  // the test's own Node first: who has no other
  return {
    ...others,
    PATH: [dirname(process.execPath), ...own].join(delimiter),
  };
}
