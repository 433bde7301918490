// The main job, on a simulated two-node cluster through the real Pulumi CLI: example 03 built, changed, drifted, repaired,
// failed over, moved and torn down. Ends with an error at the first step that does not do what its headline says.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { parseLine } from "../cli/powershell-line";
import { worldTables } from "../cli/world-tables";
import { createWorld, Simulator, saveWorld, type World } from "../provider/simulator";
import { engine } from "./engine.cjs";
import { pulumiEnvironment } from "./pulumi-environment.cjs";

const program = resolve(__dirname, "../examples/03-cluster");
const scratch = mkdtempSync(join(tmpdir(), "pulumi-hyperv-demo-"));
const worldFile = join(scratch, "world.json");
const configFile = join(scratch, "Pulumi.demo.yaml");
const simulator = Simulator.open(worldFile);

const config: Record<string, string> = {
  "hyperv:transport": "simulator",
  "hyperv:simulator": worldFile,
  "hyperv:nodes": '["HV01","HV02"]',
};

async function main(): Promise<void> {
  const { pulumi, environment } = await cli();
  await saveWorld(
    worldFile,
    createWorld({ nodes: [{ name: "HV01" }, { name: "HV02" }], cluster: { name: "LAB" }, guestsBoot: true }),
  );
  const before = await simulator.world();

  const run = (args: string[], expected: "succeeds" | "fails" = "succeeds") => {
    writeConfig();
    console.log(pc.dim(`$ pulumi ${args.join(" ")}`));
    const { status } = spawnSync(pulumi, [...args, "--stack", "demo", "--config-file", configFile], {
      cwd: program,
      env: environment,
      stdio: "inherit",
    });
    if ((status === 0) !== (expected === "succeeds")) throw new Error(`pulumi ${args[0]} ended with ${status}.`);
  };
  const outside = async (line: string, node: string) => {
    console.log(pc.dim(`[${node}] PS> ${line}`));
    const results = await simulator.run(node, parseLine(line));
    const failed = results.find(({ error }) => error);
    if (failed) throw new Error(failed.error?.message);
  };

  writeConfig();
  spawnSync(pulumi, ["stack", "init", "demo"], { cwd: program, env: environment, stdio: "ignore" });

  headline("What would be made");
  run(["preview"]);

  headline("It is made");
  run(["up", "--yes", "--skip-preview"]);
  await show();

  headline("Nothing is left to do");
  run(["preview", "--expect-no-changes"]);

  headline("Changes: memory, VLAN, disk, name and priority while running; processors with one restart");
  set({
    dbMemoryMiB: "4096",
    dbProcessors: "4",
    dbDiskGiB: "60",
    dbVlan: "30",
    dbPriority: "3000",
    webName: "frontend",
  });
  run(["preview"]);
  run(["up", "--yes", "--skip-preview"]);
  await show();

  headline("More processors, but no restart allowed: refused before anything is done");
  set({ dbProcessors: "8", allowRestart: "false" });
  run(["preview"], "fails");
  set({ dbProcessors: "4", allowRestart: "true" });

  headline("Somebody changes things by hand; refresh sees it, up repairs it");
  await outside("Set-VM -Name db -Notes 'temporary, do not touch'", "HV02");
  await outside("Set-VMNetworkAdapterVlan -VMName db -Access -VlanId 99", "HV02");
  await outside("(Get-ClusterGroup -Name db).Priority = 1000", "HV02");
  run(["refresh", "--yes", "--skip-preview"]);
  run(["up", "--yes", "--skip-preview"]);
  run(["preview", "--expect-no-changes"]);
  await show();

  headline("HV01 dies: its machine restarts on HV02, and is still the same machine");
  const machines = idsIn(await simulator.world());
  await simulator.happen({ fail: "HV01" });
  // what a cluster does by itself is done when it is next asked something
  await outside("Get-ClusterNode", "HV02");
  await show();
  // what is on the dead node itself cannot be read, and stays in the state
  run([
    "refresh",
    "--yes",
    "--skip-preview",
    "--target",
    "**VirtualMachine::**",
    "--target",
    "**VirtualMachineRole::**",
  ]);

  headline("HV01 returns; nothing is replaced");
  await simulator.happen({ return: "HV01" });
  run(["refresh", "--yes", "--skip-preview"]);
  run(["preview", "--expect-no-changes"]);
  same("the machines", machines, idsIn(await simulator.world()));

  headline("A new owner for db: it is live-migrated");
  set({ dbOwner: "HV01" });
  run(["up", "--yes"]);
  await show();

  headline("Everything is taken down");
  run(["destroy", "--yes", "--skip-preview"]);
  await show();
  same("the world", comparable(before), comparable(await simulator.world()));
  console.log(pc.green("\nThe world is as it was before."));
}

async function cli() {
  const found = await engine();
  return { pulumi: found.pulumi, environment: pulumiEnvironment(found, join(scratch, "pulumi")) };
}

function set(values: Record<string, string>): void {
  for (const [key, value] of Object.entries(values)) config[`hyperv-cluster:${key}`] = value;
}

function writeConfig(): void {
  const lines = Object.entries(config).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  // the salt that the CLI adds for secrets stays
  const kept = readExisting().filter((line) => line.startsWith("encryptionsalt"));
  writeFileSync(configFile, `${kept.map((line) => `${line}\n`).join("")}config:\n${lines.join("")}`);
}

function readExisting(): string[] {
  try {
    return readFileSync(configFile, "utf8").split("\n");
  } catch {
    return [];
  }
}

function headline(text: string): void {
  console.log(`\n${pc.bold(pc.cyan(`== ${text}`))}\n`);
}

async function show(): Promise<void> {
  console.log(`\n${worldTables(await simulator.world())}\n`);
}

function idsIn(world: World): string[] {
  return world.nodes.flatMap((node) => node.machines.map(({ id }) => id)).sort();
}

/** Without what only counts up: ids that were given out, addresses that were taken. */
function comparable({ serial: _serial, nodes, ...world }: World): unknown {
  return { ...world, nodes: nodes.map(({ macPool: _pool, ...node }) => node) };
}

function same(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) !== JSON.stringify(other))
    throw new Error(`${what} changed:\n${JSON.stringify(one, undefined, 1)}\n${JSON.stringify(other, undefined, 1)}`);
}

main()
  .catch((error: unknown) => {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  })
  .finally(() => rmSync(scratch, { recursive: true, force: true }));
