import { existsSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Select } from "../provider/calls";
import { toPowerShell } from "../provider/calls/powershell-text";
import {
  createWorld,
  type FaultEffect,
  Simulator,
  saveWorld,
  type WorldDescription,
  type WorldEvent,
} from "../provider/simulator";
import { usualNetAdapters } from "../provider/simulator/world/world";
import { requireReplaceable } from "../provider/simulator/world/world-place";
import { shown, shownJson } from "../provider/text/shown";
import { knownCmdlet } from "./cmdlet";
import { parseLine } from "./powershell-line";
import { programFolder } from "./program-folder";
import { resultsText, usual } from "./shown-results";
import { worldTables } from "./world-tables";

const file = () =>
  new Option("-f, --file <path>", "state file of the simulator; where it is not given, in the program's folder")
    .argParser((path: string) => {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
        throw new InvalidArgumentError("It is a folder, and must be a file.");
      return path;
    })
    .default("hyperv-simulator.json")
    .env("HYPERV_SIMULATOR");

/** `pulumi-hyperv simulator`: worlds to try programs on, and to change as an administrator would. */
export function simulatorCommand(): Command {
  const command = new Command("simulator").description(
    "a simulated Hyper-V host or cluster in a file, which programs use with hyperv:transport simulator",
  );
  // what is not said here is the world of the program, wherever in the project somebody stands
  command.hook("preAction", (_simulator, ran) => {
    const { file } = ran.opts<{ file: string }>();
    if (ran.getOptionValueSource("file") !== "cli" && !isAbsolute(file))
      ran.setOptionValue("file", relative(".", join(programFolder(), file)));
  });

  command
    .command("create")
    .description("make a new world")
    .addOption(file())
    .option("-n, --nodes <names>", "names of the hosts, with commas between them", "HV01")
    .option("-c, --cluster <name>", "make the hosts nodes of a failover cluster of this name, with a shared volume")
    .option("--memory <GiB>", "memory of each host", positive, 64)
    .option("--processors <count>", "logical processors of each host", positive, 16)
    .option("--latency <kind>", "none, real (as measured on hosts), or milliseconds for each cmdlet", "none")
    .option("--no-guests", "machines start, but no guest operating system boots")
    .option("--force", "replace an existing world")
    .addHelpText(
      "after",
      "\nExamples:\n  pulumi-hyperv simulator create\n  pulumi-hyperv simulator create --nodes HV01,HV02 --cluster LAB --file cluster.json",
    )
    .action(async (options: CreateOptions) => {
      requireReplaceable(options.file);
      if (existsSync(options.file) && !options.force)
        throw new Error(`${options.file} is already there. Use --force to replace the world in it.`);
      const world = createWorld(describe(options));
      await saveWorld(options.file, world);
      const names = world.nodes.map(({ name }) => name);
      const settings = [
        "hyperv:transport simulator",
        `hyperv:simulator ${word(inConfiguration(options.file))}`,
        // an element at a time: shells do not agree on how to quote JSON
        ...(options.cluster ? names.map((name, index) => `--path "hyperv:nodes[${index}]" ${word(name)}`) : []),
      ];
      console.log(
        [
          `Made ${options.file} with the ${names.length === 1 ? "host" : "hosts"} ${names.join(", ")}. Use it with:`,
          ...settings.map((setting) => `  pulumi config set ${setting}`),
        ].join("\n"),
      );
    });

  command
    .command("show")
    .description("show the world as tables")
    .addOption(file())
    .option("--json", "print it as JSON")
    .action(async (options: { file: string; json?: boolean }) => {
      const world = await Simulator.open(options.file).world();
      console.log(options.json ? shownJson(JSON.stringify(world, undefined, 2)) : worldTables(world));
    });

  command
    .command("run")
    .description("run one cmdlet, as an administrator would outside of Pulumi")
    .argument("<line>", "the cmdlet with its parameters, in quotes")
    .addOption(file())
    .option("--on <node>", "host that runs it; the first one if not given")
    .option("--select <properties>", "properties to show, with commas between them")
    .addHelpText(
      "after",
      "\nExamples:\n  pulumi-hyperv simulator run \"Set-VM -Name web -Notes 'changed by hand'\"\n" +
        '  pulumi-hyperv simulator run "(Get-ClusterGroup web).Priority = 3000"',
    )
    .action(async (line: string, options: { file: string; on?: string; select?: string }) => {
      const calls = parseLine(line);
      const select = options.select ? selection(options.select) : usual(calls);
      const last = calls[calls.length - 1];
      if (last && "cmdlet" in last) last.select = select;
      const simulator = Simulator.open(options.file);
      await requireHost(simulator, options.on);
      const results = await simulator.run(options.on, calls);
      const answer = results[results.length - 1];
      for (const warning of answer?.warnings ?? []) console.error(`WARNING: ${shown(warning)}`);
      if (answer?.error)
        throw new Error(
          `${toPowerShell(calls)}\n${answer.error.message}\n  ${answer.error.id} (${answer.error.category})`,
        );
      const values = answer?.values ?? [];
      if (values.length > 0) console.log(resultsText(values, { isAsked: options.select !== undefined }));
      else if (last && "cmdlet" in last && /^(Get|Test)-/.test(last.cmdlet)) console.error("(no results)");
      else console.error("(done, no output)");
    });

  const fault = command.command("fault").description("schedule a fault");
  const ordered = (name: string, description: string) =>
    fault
      .command(name)
      .description(description)
      .addOption(file())
      .option("--on <node>", "only on this host")
      .option("--cmdlet <name>", "only at this cmdlet")
      .option("--after <calls>", "matching calls that pass before it happens", count, 0)
      .option("--times <calls>", "matching calls that it then happens to", positive, 1);
  ordered("fail", "a call fails")
    .option("--error-id <id>", "id of its error", "OperationFailed")
    .option("--category <category>", "category of its error", "NotSpecified")
    .action((options: FaultOptions & { errorId: string; category: string }) =>
      order(options, { kind: "fail", errorId: options.errorId, category: options.category }),
    );
  ordered("drop", "the session is lost at a call")
    .option("--done", "after the call had its effect; before it if not given")
    .action((options: FaultOptions & { done?: boolean }) =>
      order(options, { kind: "drop", effectDone: options.done === true }),
    );
  ordered("late", "a call answers late")
    .requiredOption("--milliseconds <milliseconds>", "how late", positive)
    .action((options: FaultOptions & { milliseconds: number }) =>
      order(options, { kind: "late", milliseconds: options.milliseconds }),
    );
  fault
    .command("clear")
    .description("cancel the scheduled faults")
    .addOption(file())
    .action((options: { file: string }) => Simulator.open(options.file).clearFaults());
  for (const [name, description, event] of nodeEvents)
    fault
      .command(`${name} <node>`)
      .description(description)
      .addOption(file())
      .action((node: string, options: { file: string }) => Simulator.open(options.file).happen(event(node)));
  return command;
}

const nodeEvents: readonly (readonly [string, string, (node: string) => WorldEvent])[] = [
  ["node-fails", "a host dies; in a cluster its roles restart elsewhere", (node) => ({ fail: node })],
  ["node-returns", "a host that died returns", (node) => ({ return: node })],
  [
    "vmms-stops",
    "the Hyper-V service of a host stops; its machines run on",
    (node) => ({ stopService: "vmms", on: node }),
  ],
  ["vmms-starts", "the Hyper-V service of a host starts again", (node) => ({ startService: "vmms", on: node })],
  ["clussvc-stops", "the cluster service of a host stops", (node) => ({ stopService: "clussvc", on: node })],
  ["clussvc-starts", "the cluster service of a host starts again", (node) => ({ startService: "clussvc", on: node })],
];

interface CreateOptions {
  file: string;
  nodes: string;
  cluster?: string;
  memory: number;
  processors: number;
  latency: string;
  guests: boolean;
  force?: boolean;
}

interface FaultOptions {
  file: string;
  on?: string;
  cmdlet?: string;
  after: number;
  times: number;
}

function describe({ nodes, cluster, memory, processors, latency, guests }: CreateOptions): WorldDescription {
  if (latency !== "none" && latency !== "real" && !Number.isFinite(Number(latency)))
    throw new Error(`--latency must be none, real or a number of milliseconds; it is "${latency}".`);
  return {
    nodes: hostNames(nodes).map((name, index) => ({
      name,
      logicalProcessors: processors,
      memoryBytes: memory * 2 ** 30,
      // a team needs two
      netAdapters: usualNetAdapters(index, 2),
    })),
    ...(cluster !== undefined && { cluster: { name: cluster } }),
    latency: latency === "none" || latency === "real" ? latency : Number(latency),
    guestsBoot: guests,
  };
}

function hostNames(written: string): string[] {
  const names = written.split(",").map((name) => name.trim());
  if (names.includes(""))
    throw new Error("--nodes must be names of hosts with commas between them, such as HV01,HV02.");
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((_name, index) => lower.indexOf(lower[index] ?? "") < index);
  if (twice !== undefined) throw new Error(`--nodes names the host ${twice} twice.`);
  return names;
}

/** As the provider sees it from the program's folder. */
function inConfiguration(file: string): string {
  return isAbsolute(file) ? file : relative(programFolder(), file);
}

/** One argument for any shell: cmd.exe knows only double quotes. */
function word(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `"${text}"`;
}

async function requireHost(simulator: Simulator, name: string | undefined): Promise<void> {
  const hosts = await simulator.look(({ nodes }) => nodes.map((node) => node.name));
  if (name !== undefined && !hosts.some((host) => host.toLowerCase() === name.toLowerCase()))
    throw new Error(`There is no host "${name}". There are: ${hosts.join(", ")}.`);
}

async function order({ file, on, cmdlet, after, times }: FaultOptions, effect: FaultEffect): Promise<void> {
  const simulator = Simulator.open(file);
  await requireHost(simulator, on);
  await simulator.order({ on, cmdlet: cmdlet && knownCmdlet(cmdlet), after, times, effect });
}

function selection(properties: string): Select {
  return Object.fromEntries(properties.split(",").map((property) => [property.trim(), null]));
}

function positive(value: string): number {
  return whole(value, 1);
}

function count(value: string): number {
  return whole(value, 0);
}

function whole(value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  return number;
}
