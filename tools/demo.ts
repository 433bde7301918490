// The main job, on a simulated two-node cluster through the real Pulumi CLI: example 03 built, changed, drifted, repaired,
// failed over and moved; example 05, a guest cluster, built beside it and grown; and all of it torn down. Ends with an error
// at the first step that does not do what its headline says.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { parseLine } from "../cli/powershell-line";
import { worldTables } from "../cli/world-tables";
import { createWorld, Simulator, saveWorld, type World } from "../provider/simulator";
import { type Cli, DemoProgram } from "./demo-program";
import { engine } from "./engine.cjs";
import { pulumiEnvironment } from "./pulumi-environment.cjs";

const scratch = mkdtempSync(join(tmpdir(), "pulumi-hyperv-demo-"));
const worldFile = join(scratch, "world.json");
const simulator = Simulator.open(worldFile);

const nodes = ["HV01", "HV02"];
const provider = {
  "hyperv:transport": "simulator",
  "hyperv:simulator": worldFile,
  "hyperv:nodes": JSON.stringify(nodes),
};

async function main(): Promise<void> {
  const tools = await cli();
  await saveWorld(
    worldFile,
    createWorld({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, guestsBoot: true }),
  );
  const before = await simulator.world();

  const program = new DemoProgram(tools, "03-cluster", "hyperv-cluster");
  const run = program.run.bind(program);
  const set = program.set.bind(program);
  const outside = async (line: string, node: string) => {
    console.log(pc.dim(`[${node}] PS> ${line}`));
    const results = await simulator.run(node, parseLine(line));
    const failed = results.find(({ error }) => error);
    if (failed) throw new Error(failed.error?.message);
  };

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

  headline("A guest cluster beside it: two members on two nodes that share a quorum disk and a data disk");
  const guests = new DemoProgram(tools, "05-guest-cluster", "hyperv-guest-cluster");
  guests.set({ nodes: JSON.stringify(nodes) });
  guests.run(["up", "--yes", "--skip-preview"]);
  await show();

  headline("The data disk of the guest cluster grows while both members run");
  const running = startsIn(await simulator.world());
  guests.set({ dataGiB: "200" });
  guests.run(["up", "--yes"]);
  guests.run(["preview", "--expect-no-changes"]);
  same("the running machines", running, startsIn(await simulator.world()));

  headline("HV01 is paused for service, and everything on it moves to HV02 while it runs");
  const service = new DemoProgram(tools, "06-host-service", "hyperv-host-service");
  service.set({ nodes: JSON.stringify(nodes) });
  service.run(["up", "--yes", "--skip-preview"]);
  const placed = placesIn(await simulator.world());
  service.set({ inService: "HV01" });
  service.run(["up", "--yes"]);
  await show();
  same(
    "what is on HV01",
    [],
    placesIn(await simulator.world()).filter((place) => place.startsWith("HV01")),
  );

  headline("HV01 comes back, and its machines with it");
  service.set({ inService: "none" });
  service.run(["up", "--yes"]);
  await show();
  same("the places of the machines", placed, placesIn(await simulator.world()));
  same("the running machines", running, startsIn(await simulator.world()));

  headline("Everything is taken down");
  service.run(["destroy", "--yes", "--skip-preview"]);
  guests.run(["destroy", "--yes", "--skip-preview"]);
  run(["destroy", "--yes", "--skip-preview"]);
  await show();
  same("the world", comparable(before), comparable(await simulator.world()));
  console.log(pc.green("\nThe world is as it was before."));
}

async function cli(): Promise<Cli> {
  const found = await engine();
  const environment = pulumiEnvironment(found, join(scratch, "pulumi"));
  return { pulumi: found.pulumi, environment, scratch, provider };
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

/** Where each machine is. */
function placesIn(world: World): string[] {
  return world.nodes.flatMap(({ name, machines }) => machines.map((machine) => `${name} ${machine.name}`)).sort();
}

/** How often each machine was started, and whether it runs. */
function startsIn(world: World): string[] {
  return world.nodes
    .flatMap(({ machines }) => machines.map(({ name, state, starts = 0 }) => `${name} ${state} ${starts}`))
    .sort();
}

/**
 * Without what only counts up (ids that were given out, addresses that were taken), and without the nodes on which the cluster has
 * its own groups and volumes: they stay where a failure or a drain has brought them.
 */
function comparable({ serial: _serial, nodes, cluster, ...world }: World): unknown {
  const plainGroups = cluster?.plainGroups?.map(({ ownerNode: _owner, ...group }) => group);
  const sharedVolumes = cluster?.sharedVolumes.map(({ ownerNode: _owner, ...volume }) => volume);
  return {
    ...world,
    cluster: { ...cluster, plainGroups, sharedVolumes },
    nodes: nodes.map(({ macPool: _pool, ...node }) => node),
  };
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
