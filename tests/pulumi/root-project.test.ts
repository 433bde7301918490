import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createWorld, Simulator, saveWorld, type World } from "../../provider/simulator";
import { engine } from "../../tools/engine.cjs";
import { linkPackages, pulumiEnvironment } from "../../tools/pulumi-environment.cjs";
import { engineSuite } from "./stack";

const project = resolve(__dirname, "../..");

const machines = ({ nodes }: World) =>
  nodes.flatMap((node) => node.machines.map(({ name, state }) => `${node.name} ${name} ${state}`));

let scratch: string;
let cli: (cwd: string, ...args: string[]) => Promise<{ code: number; output: string }>;

async function prepare(): Promise<void> {
  const found = await engine();
  scratch = mkdtempSync(join(tmpdir(), "pulumi-hyperv-root-"));
  const env = pulumiEnvironment(found, join(scratch, "pulumi"));
  cli = (cwd, ...args) =>
    new Promise((done, fail) => {
      const child = spawn(found.pulumi, [...args, "--non-interactive", "--color", "never"], { cwd, env });
      let output = "";
      child.stdout.on("data", (data) => (output += data));
      child.stderr.on("data", (data) => (output += data));
      child.on("error", fail);
      child.on("close", (code) => done({ code: code ?? -1, output }));
    });
}

async function succeeds(ran: ReturnType<typeof cli>): Promise<string> {
  const { code, output } = await ran;
  assert.equal(code, 0, output);
  return output;
}

engineSuite("a clone as a Pulumi project", () => {
  let there: string[];
  const stack = `test-${process.pid}`;
  const stackFile = join(project, `Pulumi.${stack}.yaml`);
  // what the stack says is in a file outside the clone; what it leaves open is from Pulumi.yaml
  const configFile = () => join(scratch, "config.yaml");
  const pulumi = (...args: string[]) => cli(project, ...args, "--stack", stack, "--config-file", configFile());
  const written = () => readdirSync(project).filter((name) => /^(Pulumi\.|hyperv-simulator)/.test(name));
  const world = () => Simulator.open(join(scratch, "world.json")).world();

  before(async () => {
    await prepare();
    there = written();
    await succeeds(cli(project, "stack", "init", stack));
    // the command has no --config-file
    copyFileSync(stackFile, configFile());
    rmSync(stackFile);
  });
  after(() => {
    rmSync(stackFile, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  });

  it("has a simulated cluster as its configuration, which a stack's own comes before", async () => {
    const shown = async () => {
      const entries = JSON.parse(await succeeds(pulumi("config", "--json"))) as Record<string, { value: string }>;
      return Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value]));
    };
    const own = { "hyperv:transport": "simulator", "hyperv:nodes": '["HV01","HV02"]' };
    assert.deepEqual(await shown(), { ...own, "hyperv:simulator": "hyperv-simulator.json" });
    const file = join(scratch, "world.json");
    await succeeds(pulumi("config", "set", "hyperv:simulator", file));
    assert.deepEqual(await shown(), { ...own, "hyperv:simulator": file });
  });

  it("creates the cluster's world at the first preview, and the demo's machines at up", async () => {
    assert(!existsSync(join(scratch, "world.json")));
    assert.match(await succeeds(pulumi("preview")), /\+ 9 to create/);
    assert.deepEqual(machines(await world()), []);
    await succeeds(pulumi("up", "--yes", "--skip-preview"));
    assert.deepEqual(machines(await world()), ["HV01 web Running", "HV02 db Running"]);
    await succeeds(pulumi("preview", "--expect-no-changes"));
  });

  it("takes the example's configuration under its own name: a machine moves live", async () => {
    await succeeds(pulumi("config", "set", "dbOwner", "HV01"));
    assert.match(await succeeds(pulumi("up", "--yes")), /Moves the machine live from HV02 to HV01/);
    assert.deepEqual(machines(await world()).sort(), ["HV01 db Running", "HV01 web Running"]);
  });

  it("destroys it all, and leaves nothing in the clone", async () => {
    await succeeds(pulumi("destroy", "--yes", "--skip-preview"));
    assert.deepEqual(machines(await world()), []);
    assert.deepEqual(written(), there);
  });

  it("keeps worlds and stacks out of git", () => {
    const files = ["hyperv-simulator.json", "hyperv-simulator.json.changes", "Pulumi.dev.yaml"];
    const { stdout } = spawnSync("git", ["check-ignore", ...files], { cwd: project, encoding: "utf8" });
    assert.deepEqual(stdout.split("\n").filter(Boolean), files);
  });
});

engineSuite("the template", () => {
  let folder: string;

  before(async () => {
    await prepare();
    folder = join(scratch, "lab");
    mkdirSync(folder);
  });
  after(() => {
    if (existsSync(join(folder, "node_modules"))) unlinkSync(join(folder, "node_modules"));
    rmSync(scratch, { recursive: true, force: true });
  });

  it("becomes a project of the name that is given, whose program makes a machine", async () => {
    const template = join(project, "templates", "hyperv-typescript");
    const about = ["--name", "lab", "--description", "Machines of the lab"];
    await succeeds(cli(folder, "new", template, "--generate-only", "--yes", "--force", ...about));
    const made = readdirSync(folder).sort();
    assert.deepEqual(made, [".gitignore", "Pulumi.yaml", "README.md", "index.ts", "package.json"]);
    for (const file of made) assert.doesNotMatch(readFileSync(join(folder, file), "utf8"), /\$\{/, file);
    assert.equal((JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string }).name, "lab");

    linkPackages(folder);
    await saveWorld(
      join(folder, "hyperv-simulator.json"),
      createWorld({ nodes: [{ name: "HV01" }], guestsBoot: true }),
    );
    await succeeds(cli(folder, "stack", "init", "dev"));
    for (const [key, value] of templateConfig(template)) await succeeds(cli(folder, "config", "set", key, value));
    await succeeds(cli(folder, "up", "--yes", "--skip-preview"));
    const simulator = Simulator.open(join(folder, "hyperv-simulator.json"));
    assert.deepEqual(machines(await simulator.world()), ["HV01 web Running"]);
    await succeeds(cli(folder, "destroy", "--yes", "--skip-preview"));
  });
});

/** What `pulumi new` asks for, with what it sets where nothing is answered. */
function templateConfig(template: string): [key: string, value: string][] {
  const text = readFileSync(join(template, "Pulumi.yaml"), "utf8");
  const found = [...text.matchAll(/^ {4}(hyperv:\w+):\n {6}description: .+\n {6}default: (.+)$/gm)];
  assert.equal(found.length, 2);
  return found.map(([, key = "", value = ""]) => [key, value]);
}
