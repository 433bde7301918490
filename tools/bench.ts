// Our provider on the simulator without latencies beside a dynamic resource that does nothing: same engine, same arguments,
// in turns in one run, so that a slow machine slows both. Prints a table, which docs/benchmarks.md holds too, and ends with 1
// where ours costs more than it may.
// usage: npm run bench -- [machines]... (default: 100 1000)
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { section } from "../cli/world-tables";
import { createWorld, saveWorld } from "../provider/simulator";
import { engine } from "./engine.cjs";
import { pulumiEnvironment } from "./pulumi-environment.cjs";

// programs find the packages that this project has from here
const base = resolve(__dirname, "../node_modules/.cache/pulumi-hyperv/bench");

const kinds = { noop: "does nothing", ours: "VirtualMachine" } as const;
type Kind = keyof typeof kinds;

interface Step {
  name: string;
  args: readonly string[];
  /** How many times the time of the resource that does nothing it may take. */
  limit?: number;
  /** Changes nothing, so that it can be done several times. */
  again?: true;
}

const steps: readonly Step[] = [
  { name: "up (create)", args: ["up", "--yes", "--skip-preview"], limit: 1.5 },
  { name: "preview (no change)", args: ["preview", "--expect-no-changes"], limit: 1.3, again: true },
  { name: "refresh", args: ["refresh", "--yes", "--skip-preview"], limit: 1.5, again: true },
  { name: "destroy", args: ["destroy", "--yes", "--skip-preview"] },
];

/** What changes nothing is done so often in a round. */
const times = 3;

interface Figures {
  milliseconds: number[];
  peakBytes: number;
}

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new Error("Name numbers of machines, or one of the other benchmarks: cluster, import, powershell.");
  const { pulumi, version } = await engine();
  console.log(`Pulumi ${version}, Node ${process.version}, ${process.platform} ${process.arch}`);
  const rows: string[][] = [];
  const missed: string[] = [];
  for (const count of sizes.length > 0 ? sizes : [100, 1000]) {
    const rounds = count >= 1000 ? 1 : 3;
    const figures = new Map<string, Figures>();
    for (let round = 0; round < rounds; round += 1)
      // who begins changes from round to round
      await measure(pulumi, round % 2 === 0 ? ["noop", "ours"] : ["ours", "noop"], count, figures);
    for (const { name, limit } of steps) {
      const [noop, ours] = (["noop", "ours"] as const).map((kind) => figures.get(`${kind} ${name}`));
      if (!noop || !ours) continue;
      const [floor, own] = [median(noop.milliseconds), median(ours.milliseconds)];
      const ratio = own / floor;
      const verdict = limit === undefined ? "" : ratio <= limit ? "kept" : "MISSED";
      if (verdict === "MISSED")
        missed.push(`${name} of ${count} machines: ${ratio.toFixed(2)}, wanted at most ${limit}`);
      rows.push([
        String(count),
        name,
        seconds(floor),
        seconds(own),
        ratio.toFixed(2),
        limit?.toFixed(1) ?? "",
        verdict,
        `${Math.round(noop.peakBytes / 2 ** 20)} MiB`,
        `${Math.round(ours.peakBytes / 2 ** 20)} MiB`,
      ]);
    }
  }
  console.log(
    section(
      "Beside a resource that does nothing",
      [
        "Machines",
        "Step",
        "Nothing, s",
        "Ours, s",
        "Ratio",
        "At most",
        "Verdict",
        "Peak memory, nothing",
        "Peak memory, ours",
      ],
      rows,
    ),
  );
  console.log(
    missed.length === 0 ? "Every limit is kept." : `Missed:\n${missed.map((line) => `  ${line}`).join("\n")}`,
  );
  if (missed.length > 0) process.exitCode = 1;
}

interface Project {
  kind: Kind;
  folder: string;
}

/** Each step of all kinds, one after the other, before the next step. */
async function measure(
  pulumi: string,
  kinds: readonly Kind[],
  count: number,
  figures: Map<string, Figures>,
): Promise<void> {
  mkdirSync(base, { recursive: true });
  const projects: Project[] = [];
  try {
    for (const kind of kinds) {
      const folder = mkdtempSync(join(base, `${kind}-`));
      projects.push({ kind, folder });
      await prepare(pulumi, { kind, folder }, count);
    }
    for (const step of steps)
      for (let time = 0; time < (step.again ? times : 1); time += 1)
        for (const project of projects) await measureStep(pulumi, project, step, count, figures);
  } finally {
    for (const { folder } of projects) rmSync(folder, { recursive: true, force: true });
  }
}

const environmentOf = async ({ folder }: Project) => pulumiEnvironment(await engine(), join(folder, "pulumi"));

async function prepare(pulumi: string, project: Project, count: number): Promise<void> {
  const { kind, folder } = project;
  await saveWorld(
    join(folder, "world.json"),
    createWorld({ nodes: [{ name: "HV01", memoryBytes: 2 ** 42 }], latency: "none" }),
  );
  writeFileSync(join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    `config:\n  hyperv:transport: simulator\n  hyperv:simulator: ${JSON.stringify(join(folder, "world.json"))}\n`,
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench", private: true, main: "index.js" }));
  writeFileSync(join(folder, "noop.js"), noop);
  writeFileSync(join(folder, "index.js"), program(kind, count));
  const env = await environmentOf(project);
  spawnSync(pulumi, ["stack", "init", "dev", "--non-interactive"], { cwd: folder, env });
}

async function measureStep(
  pulumi: string,
  project: Project,
  { name, args }: Step,
  count: number,
  figures: Map<string, Figures>,
): Promise<void> {
  const key = `${project.kind} ${name}`;
  const figure = figures.get(key) ?? { milliseconds: [], peakBytes: 0 };
  figures.set(key, figure);
  const { milliseconds, peakBytes } = await timed(
    pulumi,
    [...args, "--non-interactive", "--stack", "dev"],
    project.folder,
    await environmentOf(project),
  );
  figure.milliseconds.push(milliseconds);
  figure.peakBytes = Math.max(figure.peakBytes, peakBytes);
  console.error(`${count} ${kinds[project.kind]}: ${name} ${seconds(milliseconds)} s`);
}

function timed(pulumi: string, args: string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ milliseconds: number; peakBytes: number }>((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(pulumi, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    let peakBytes = 0;
    const timer = setInterval(() => {
      peakBytes = Math.max(peakBytes, providerMemory(child.pid));
    }, 500);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      if (code !== 0) reject(new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`));
      else resolve({ milliseconds: Number(process.hrtime.bigint() - start) / 1e6, peakBytes });
    });
  });
}

/** Memory of the provider that this CLI started, as the system's list of processes shows it; 0 where there is no such list. */
function providerMemory(cli: number | undefined): number {
  const { stdout } = spawnSync("ps", ["-axo", "pid=,ppid=,rss=,args="], { encoding: "utf8" });
  const processes = (stdout ?? "").split("\n").flatMap((line) => {
    const [, pid, parent, kilobytes, args = ""] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), kilobytes: Number(kilobytes), args }];
  });
  // others may run programs of their own meanwhile
  const below = (pid: number | undefined): typeof processes =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  const providers = below(cli).filter(({ args }) => /node.*dynamic-provider/.test(args) && !/sh -c/.test(args));
  return Math.max(0, ...providers.map(({ kilobytes }) => kilobytes * 1024));
}

function program(kind: Kind, count: number): string {
  return `
const pulumi = require("@pulumi/pulumi");
const hyperv = require("pulumi-hyperv");
class Nothing extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { ...args, __provider: "exports.handler=()=>require(process.cwd()+'/noop.js')" });
  }
}
const Kind = ${kind === "ours" ? "hyperv.VirtualMachine" : "Nothing"};
for (let i = 0; i < ${count}; i += 1)
  new Kind("machine" + i, {
    name: "machine" + i,
    notes: "Machine number " + i,
    processor: { count: 2 },
    memory: { startupBytes: 2 ** 30, dynamicMemoryEnabled: true, minimumBytes: 2 ** 29, maximumBytes: 2 ** 32 },
    networkAdapters: [{ name: "front", vlan: 20 }],
    automaticStartAction: "Start",
  });
`;
}

const noop = `
const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const bare = ({ __provider, ...rest }) => rest;
module.exports = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: !equal(bare(olds), bare(news)), replaces: [], deleteBeforeReplace: false }),
  create: async (news) => ({ id: news.name, outs: bare(news) }),
  update: async (id, olds, news) => ({ outs: bare(news) }),
  read: async (id, props) => ({ id, props: bare(props), inputs: bare(props) }),
  delete: async () => {},
};
`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
