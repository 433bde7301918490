import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { definitions } from "../provider";
import { connect } from "../provider/connect";
import { UnreachableError } from "../provider/host/errors";
import type { Hosts } from "../provider/host/host";
import { typeOf } from "../provider/lifecycle/dynamic-provider";
import { Handlers, type Imported } from "../provider/lifecycle/handlers";
import type { Settings } from "../provider/settings";
import { shown } from "../provider/text/shown";
import { connectionFrom, connectionHelp, withConnection } from "./connection-options";
import { next, progress, tables } from "./import-report";
import { logicalNames } from "./logical-names";
import { programText, Reference } from "./program-text";

/** What a person calls the kinds, in the order in which a program declares them. */
const kinds = {
  hosts: "HostSettings",
  switches: "VirtualSwitch",
  disks: "VirtualHardDisk",
  machines: "VirtualMachine",
  checkpoints: "Checkpoint",
  clusters: "Cluster",
  roles: "ClusterVirtualMachineRole",
  nodes: "ClusterNode",
  settings: "ClusterSettings",
  quorums: "ClusterQuorum",
  sets: "ClusterGroupSet",
  rules: "ClusterAffinityRule",
  networks: "ClusterNetwork",
  migrations: "ClusterMigrationNetworks",
  domains: "ClusterFaultDomain",
  volumes: "ClusterSharedVolume",
  monitors: "ClusterVirtualMachineMonitoredItem",
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

/** What all the rest stands on, and who destroys it first destroys nothing else any more: taken only where it is asked for. */
const foundations: readonly Kind[] = ["Cluster", "ClusterSharedVolume"];

interface Options {
  out: string;
  only?: string;
  match?: string;
  force?: boolean;
}

export function importCommand(): Command {
  return withConnection(
    new Command("import")
      .description("write what a host or cluster has as an import file for Pulumi, and as a program that declares it")
      .option("--out <folder>", "folder for import.json and index.ts", ".")
      .option(
        "--only <kinds>",
        `what to take, with commas between them: ${Object.keys(kinds).join(", ")}; clusters and volumes only if named`,
      )
      .option("--match <glob>", "only what has such a name; * is any text, ? a character")
      .option("--force", "replace existing files"),
  )
    .addHelpText(
      "after",
      `\n${connectionHelp}\n\nOf a disk the name of its file counts for --match, of a checkpoint and a role the machine's.\n` +
        "Nothing is changed on the host. What Pulumi has imported it manages, protected until the program says otherwise: then pulumi\n" +
        "destroy deletes it. Ends with 1 if something that was found cannot be imported; the rest is written all the same.\n\n" +
        "Examples:\n  pulumi-hyperv import --out imported\n  pulumi-hyperv import --only machines,disks --match 'web*' --address hv01",
    )
    .action(async (flags: Options & Record<string, string | boolean | undefined>) => {
      const files = { state: join(flags.out, "import.json"), program: join(flags.out, "index.ts") };
      const there = Object.values(files).filter((file) => existsSync(file));
      if (there.length > 0 && !flags.force)
        throw new Error(
          `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} already there. Choose another folder with --out, or use --force ` +
            "to replace what is there.",
        );
      const only = kindsIn(flags.only);
      const { settings, names, warnings } = await connectionFrom(flags);
      for (const warning of warnings) console.error(`WARNING: ${shown(warning)}`);
      const hosts = connect(settings, names);
      try {
        const found = await everything(hosts, { only, matches: globOf(flags.match), timeoutSeconds: 3600 }, progress());
        const taken = found.filter(isTaken);
        if (found.length === 0) throw new Error("There is nothing to import: no host has what you asked for.");
        console.log(tables(found, isTaken));
        if (taken.length < found.length) process.exitCode = 1;
        if (taken.length === 0) return;
        mkdirSync(flags.out, { recursive: true });
        const { state, program } = written(taken);
        await writeFileAtomic(files.state, state);
        await writeFileAtomic(files.program, program);
        console.log(next(files, flags.stack as string | undefined));
      } finally {
        await hosts.close();
      }
    });
}

/** A thing that a host has, and what became of the attempt to put it into a program. */
export interface Found {
  kind: Kind;
  id: string;
  /** What a person knows it by. */
  title: string;
  /** Where it was found. */
  node: string | undefined;
  /** What the program calls it; unique across all kinds. */
  name: string;
  imported: Imported | undefined;
  problems: readonly string[];
}

type Taken = Found & { imported: Imported };

function isTaken(found: Found): found is Taken {
  return found.imported !== undefined && found.problems.length === 0;
}

interface Choice {
  only: readonly Kind[];
  matches: (name: string) => boolean;
  timeoutSeconds: Settings["timeoutSeconds"];
}

/** All that the hosts have of what is wanted, as the state and the program would have it. */
export async function everything(
  hosts: Hosts,
  { only, matches, timeoutSeconds }: Choice,
  say: (done: number, all: number) => void = () => {},
): Promise<Found[]> {
  const surroundings = { hosts, timeoutSeconds, report: () => {} };
  const work = only.map((kind) => {
    const definition = definitions.find((one) => one.kind === kind);
    if (!definition) throw new Error(`There is no kind ${kind}.`);
    return { kind, handlers: new Handlers(definition) };
  });
  const listed = await Promise.all(
    work.map(async ({ kind, handlers }) => {
      const things = await handlers.list(surroundings);
      return things.filter(({ name, machine }) => matches(machine ?? name)).map((thing) => ({ kind, handlers, thing }));
    }),
  );
  const all = listed.flat();
  const found: Found[] = [];
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async (_unused, worker) => {
      for (let index = worker; index < all.length; index += atOnce) {
        const one = all[index];
        if (!one) continue;
        const { kind, handlers, thing } = one;
        const base = { kind, id: thing.id, title: thing.name, node: thing.node, name: "" };
        try {
          const imported = await handlers.imported(thing, surroundings);
          found[index] = { ...base, imported, problems: imported.problems };
        } catch (error) {
          // half of what there is would look like all of it
          if (error instanceof Error && error.cause instanceof UnreachableError) throw error;
          found[index] = {
            ...base,
            imported: undefined,
            problems: [error instanceof Error ? error.message : String(error)],
          };
        }
        done += 1;
        say(done, all.length);
      }
    }),
  );
  return named(found);
}

/** More at once than a host has sessions only wait for each other. */
const atOnce = 16;

/** Whether a resource without a name has its thing named like itself. */
const takesItsName = (kind: Kind): boolean =>
  definitions.some((definition) => definition.kind === kind && definition.namedBy === "name");

/** Gives everything a name of its own. */
function named(found: readonly Found[]): Found[] {
  const machines = found.filter(({ kind }) => kind === "VirtualMachine");
  const has = ({ imported }: Found, path: string) =>
    drivesOf(imported).some((drive) => String(drive.path).toLowerCase() === path.toLowerCase());
  const names = logicalNames(found, ({ id, imported, node }) =>
    machines
      // a path on a node's own volume is another file on each
      .filter((machine) => has(machine, id) && (imported?.inputs.node === undefined || machine.node === node))
      .map(({ title }) => title),
  );
  return found.map((one) => ({ ...one, name: names.get(one) ?? one.name }));
}

function drivesOf(imported: Imported | undefined): readonly Record<string, unknown>[] {
  const drives = imported?.inputs.hardDiskDrives;
  return Array.isArray(drives) ? drives : [];
}

/** The import file, and the program. */
export function written(taken: readonly Taken[]): { state: string; program: string } {
  const resources = taken.map(({ kind, id, name, imported: { inputs, outputs } }) => {
    const literal = { __provider: provider(kind) };
    return {
      type: typeOf(kind),
      name,
      id,
      inputs: { ...inputs, ...literal },
      outputs: { ...outputs, ...literal },
    };
  });
  const declarations = inOrder(taken).map((one) => ({ kind: one.kind, name: one.name, args: argsOf(one, taken) }));
  return { state: `${JSON.stringify({ resources }, undefined, 2)}\n`, program: programText(declarations) };
}

/** As the program's own side of the package writes it: the state holds this text, and evaluates it to find us. */
export const provider = (kind: string): string =>
  `exports.handler=()=>require('pulumi-hyperv/provider').get('${kind}')`;

/** Kind by kind, a disk after the one that it is based on. */
function inOrder(taken: readonly Taken[]): Taken[] {
  const placed = new Set<Taken>();
  const place = (one: Taken): void => {
    if (placed.has(one)) return;
    const { parentPath } = one.imported.inputs;
    const parent = typeof parentPath === "string" ? diskAt(parentPath, one, taken) : undefined;
    if (parent && parent !== one) place(parent);
    placed.add(one);
  };
  for (const kind of Object.values(kinds)) for (const one of taken) if (one.kind === kind) place(one);
  return [...placed];
}

/** What the program says of it, with references to what else is imported. */
function argsOf(one: Taken, taken: readonly Taken[]): Record<string, unknown> {
  const { kind, name, imported } = one;
  const { name: own, ...args } = imported.inputs;
  const refer = (value: unknown, other: Taken | undefined, property: string) =>
    other ? new Reference(other.name, property) : value;
  const disk = (value: unknown) =>
    typeof value === "string" ? refer(value, diskAt(value, one, taken), "path") : value;
  const within = (items: unknown, change: (item: Record<string, unknown>) => Record<string, unknown>) =>
    (items as Record<string, unknown>[]).map(change);
  return {
    ...(own !== undefined && !(own === name && takesItsName(kind)) && { name: own }),
    ...args,
    ...(args.vmId !== undefined && {
      vmId: refer(
        args.vmId,
        taken.find((other) => other.kind === "VirtualMachine" && other.id === args.vmId),
        "id",
      ),
    }),
    ...(args.parentPath !== undefined && { parentPath: disk(args.parentPath) }),
    ...(args.networkAdapters !== undefined && {
      networkAdapters: within(args.networkAdapters, (adapter) =>
        adapter.switchName === undefined
          ? adapter
          : {
              ...adapter,
              switchName: refer(adapter.switchName, switchOf(String(adapter.switchName), one, taken), "name"),
            },
      ),
    }),
    ...(kind === "VirtualMachine" &&
      args.hardDiskDrives !== undefined && {
        hardDiskDrives: within(args.hardDiskDrives, (drive) =>
          drive.path === undefined ? drive : { ...drive, path: disk(drive.path) },
        ),
      }),
  };
}

/** A path means another file on each node, unless it is on a shared volume. */
function diskAt(path: string, { node }: Found, taken: readonly Taken[]): Taken | undefined {
  const there = taken.filter(({ kind, id }) => kind === "VirtualHardDisk" && id.toLowerCase() === path.toLowerCase());
  return there.find(({ imported }) => imported.inputs.node === undefined) ?? there.find((disk) => disk.node === node);
}

/** The machine's own node's: others have switches of the same name. Where it has two of one name, neither is meant for sure. */
function switchOf(name: string, { node }: Found, taken: readonly Taken[]): Taken | undefined {
  const there = taken.filter(
    ({ kind, node: other, imported }) =>
      kind === "VirtualSwitch" && other === node && String(imported.inputs.name).toLowerCase() === name.toLowerCase(),
  );
  return there.length === 1 ? there[0] : undefined;
}

function kindsIn(only: string | undefined): Kind[] {
  if (only === undefined) return Object.values(kinds).filter((kind) => !foundations.includes(kind));
  const wanted = only.split(",").map((word) => word.trim());
  const unknown = wanted.find((word) => !(word in kinds));
  if (unknown !== undefined)
    throw new Error(`--only must be some of ${Object.keys(kinds).join(", ")}; it has ${JSON.stringify(unknown)}.`);
  return Object.entries(kinds).flatMap(([word, kind]) => (wanted.includes(word) ? [kind] : []));
}

function globOf(glob: string | undefined): (name: string) => boolean {
  if (glob === undefined) return () => true;
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  const pattern = new RegExp(`^${escaped}$`, "isu");
  return (name) => pattern.test(name);
}
