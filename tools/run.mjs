// What the scripts of package.json run. Needs only Node: it installs, builds and makes an engine first, each only if it has to.
// usage: node tools/run.mjs build | test [file, folder or mocha option]... | test:all [the same]... | demo | bench | engine | docs | generate | powershell | pack | lint | format | types | imports | map [folder]
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, built } from "./build.mjs";

const require = createRequire(import.meta.url);
const { alone } = require("./lock.cjs");
const { engine } = require("./engine.cjs");
const { buildPowershell } = require("./powershell-lab.cjs");

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const jobs = Math.min(4, availableParallelism());
const say = (line) => console.error(line);

/** What takes long is not run with the others, unless it is named. */
const exhaustive = "tests/**/*.exhaustive.test.ts";

const commands = {
  build: async () => {
    await prepare();
  },
  test: (args) => test(args, ["--ignore", exhaustive]),
  "test:all": (args) => test(args, []),
  demo: (args) => program("demo", args),
  bench: ([first = "", ...rest]) =>
    existsSync(join(project, `tools/bench-${first}.ts`))
      ? program(`bench-${first}`, rest)
      : program("bench", [first, ...rest].filter(Boolean)),
  engine: async () => {
    await install();
    console.log((await engine()).pulumi);
  },
  powershell: async () => {
    console.log(buildPowershell());
  },
  generate: (args) => tool("tools/generate.mjs", ...args),
  pack: async () => {
    await prepare();
    await run("npm", ["pack"], { shell: process.platform === "win32" });
  },
  docs: async () => {
    await install();
    await node("-r", "ts-node/register/transpile-only", "tools/docs.ts");
  },
  lint: (args) => tool("node_modules/@biomejs/biome/bin/biome", "check", ...args),
  format: (args) => tool("node_modules/@biomejs/biome/bin/biome", "check", "--write", ...args),
  types: (args) => tool("node_modules/typescript/bin/tsc", "-p", "tsconfig.json", ...args),
  imports: (args) => tool("tools/imports.mjs", ...args),
  map: (args) => node("tools/map.mjs", ...args),
};

/** @param {string[]} args what to run and options of mocha @param {string[]} tier options, where nothing is named */
async function test(args, tier) {
  await install();
  // what an option looks for may be called like a folder
  const specs = args.filter(
    (arg) => /^tests([\\/]|$)/.test(normalize(arg)) && (arg.includes("*") || existsSync(join(project, arg))),
  );
  const options = args.filter((arg) => !specs.includes(arg));
  if (specs.length === 0 || specs.some(needsBuild)) await prepare();
  if (specs.length === 0 || specs.some(startsEngine)) await engineForTests();
  await node(
    "node_modules/mocha/bin/mocha.js",
    ...(process.env.CI ? ["--forbid-only"] : []),
    // files side by side: most of them wait for processes that they have started
    ...(specs.length === 1 && isFile(specs[0]) ? [] : ["--parallel", "--jobs", String(jobs)]),
    ...options,
    ...(specs.length === 0 ? [...tier, "tests/**/*.test.ts"] : specs.map(pattern)),
  );
}

async function prepare() {
  await install();
  if (!built())
    await exclusively(async () => {
      if (built()) return;
      say("Building.");
      await build();
    });
}

async function install() {
  if (installed()) return;
  await exclusively(async () => {
    if (installed()) return;
    say("Installing the packages of package-lock.json.");
    const npm = process.env.npm_execpath ?? "";
    const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    if (basename(npm) === "npm-cli.js") await node(npm, ...args);
    else await run("npm", args, { shell: process.platform === "win32" }); // there npm is a .cmd
  });
}

/** Whether node_modules is what package-lock.json says, by npm's own record of what it installed, with this package's command. */
function installed() {
  const record = join(project, "node_modules", ".package-lock.json");
  if (![record, join(project, "node_modules", ".bin", "pulumi-hyperv")].every((file) => existsSync(file))) return false;
  const [wanted, present] = [join(project, "package-lock.json"), record].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages,
  );
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || (present[path] ? present[path].version === version : optional || devOptional), // other platforms' binaries
  );
}

/** Suites that need the engine are skipped, by name, where there is none and none can be built. */
async function engineForTests() {
  try {
    await engine({ say });
  } catch (error) {
    if (process.env.CI) throw error;
    say(error.message);
  }
}

/** These take the sources as they are. */
function needsBuild(spec) {
  return !/^tests[\\/](unit|simulator|parity)\b/.test(normalize(spec));
}

function startsEngine(spec) {
  return !/^tests[\\/](unit|simulator|host|parity)\b/.test(normalize(spec));
}

function pattern(spec) {
  return spec.includes("*") || isFile(spec) ? spec : `${spec.replace(/[\\/]$/, "")}/**/*.test.ts`;
}

function isFile(spec) {
  return !spec.includes("*") && statSync(join(project, spec)).isFile();
}

async function program(name, args) {
  await prepare();
  await engine({ say });
  const file = ["mjs", "cjs", "ts"]
    .map((ending) => `tools/${name}.${ending}`)
    .find((path) => existsSync(join(project, path)));
  if (!file) throw new Error(`There is no tools/${name} yet.`);
  await node(...(file.endsWith(".ts") ? ["-r", "ts-node/register/transpile-only"] : []), file, ...args);
}

async function tool(...args) {
  await install();
  await node(...args);
}

function node(...args) {
  return run(process.execPath, args);
}

function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: project, stdio: "inherit", ...options });
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done() : fail(new Failed(code ?? 1))));
  });
}

function exclusively(work) {
  return alone(join(project, ".setup.lock"), work, () => say("Waiting for another process that installs or builds."));
}

/** What was started has said itself what is wrong. */
class Failed extends Error {
  constructor(code) {
    super(`ended with ${code}`);
    this.code = code;
  }
}

const [command = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, command)) {
  say(`usage: node tools/run.mjs ${Object.keys(commands).join(" | ")}`);
  process.exitCode = 2;
} else {
  try {
    await commands[command](args);
  } catch (error) {
    if (!(error instanceof Failed)) say(error.message);
    process.exitCode = error instanceof Failed ? error.code : 1;
  }
}
