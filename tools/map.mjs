// Prints the structure: each folder of source with what it holds, how many files and lines, and which folders it imports.
// usage: npm run map [-- folder]
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const only = (process.argv[2] ?? "").replace(/[\\/]+$/, "").replaceAll("\\", "/");

const holds = {
  sdk: "what a program imports: a class for each resource, Provider, sizes",
  cli: "npx pulumi-hyperv: doctor, import, simulator",
  "examples/*": "a program",
  provider: "puts the pieces together: kinds, hosts, the door of the engine",
  "provider/calls": "calls as data, types of cmdlets (generated)",
  "provider/schema": "how a property is marked: hot, off, replaces, policy; its cmdlet",
  "provider/settings": "settings of a provider, and their variables",
  "provider/text": "what may be shown: secrets, control characters",
  "provider/resources": "the list of kinds, and what a definition is",
  "provider/resources/*": "a kind: schema.ts, definition.ts, and a file for each part of it",
  "provider/lifecycle": "the only code that knows the engine: its verbs, in terms of definitions",
  "provider/lifecycle/inputs": "what a program gives: checks, defaults, secrets, adoption",
  "provider/lifecycle/state": "what a stack's state holds of what was observed",
  "provider/lifecycle/state/*": "from a shape of it to the next",
  "provider/lifecycle/verbs": "check, diff, create, read, update, delete, import",
  "provider/lifecycle/work": "from a plan to calls on hosts: find, apply, wait, prove",
  "provider/lifecycle/messages": "what a person reads: errors, progress",
  "provider/host": "what a host is, the nodes of a cluster, errors and conditions",
  "provider/host/session": "one PowerShell: agent, frames, bounds, trace",
  "provider/host/pool": "the sessions of a host: queue, supply, reads that travel together",
  "provider/host/ssh": "SSH: keys, trust, sign-in",
  "provider/host/local": "PowerShell on this machine",
  "provider/simulator": "a stateful Hyper-V at cmdlet level; nouns.ts has its cmdlets",
  "provider/simulator/world": "the world as data, and its file",
  "provider/simulator/engine": "binder, values, failures: what all nouns use",
  "provider/simulator/storage": "files, disks, volumes",
  "provider/simulator/network": "switches, adapters, addresses, NAT",
  "provider/simulator/devices": "processor, memory, drives, firmware, ports",
  "provider/simulator/machine": "machines: power, checkpoints, moves, security",
  "provider/simulator/cluster": "clusters: roles, quorum, failover, migration",
  tests: "samples, worlds and what several suites share",
  "tests/unit": "definitions, planners, lifecycle pieces; no process",
  "tests/simulator": "the simulator, cmdlet by cmdlet",
  "tests/host": "sessions, pools, transports, in a real PowerShell engine and over SSH",
  "tests/parity": "the same questions behind PowerShell; a fault at every call",
  "tests/pulumi": "the real engine: preview, up, refresh, import, destroy",
  tools: "run.mjs: every npm script; engine, build, generators, benchmarks",
  "tools/docs": "the pages and types that are written from the schemas",
  "tools/generate": "the cmdlet types that are written from the reference",
};

const roots = ["sdk", "provider", "cli", "examples", "tests", "tools"];
const files = roots
  .flatMap((root) =>
    readdirSync(join(project, root), { recursive: true, encoding: "utf8" }).map((name) => `${root}/${name}`),
  )
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.([cm]?[jt]s|ps1)$/.test(file) && !file.includes("node_modules"));

const folders = new Map(files.map((file) => [posix.dirname(file), { files: 0, lines: 0, imports: new Set() }]));
for (const file of files) {
  const folder = posix.dirname(file);
  const text = readFileSync(join(project, file), "utf8");
  const own = folders.get(folder);
  own.files += 1;
  own.lines += text.split("\n").length - 1;
  for (const [, specifier] of text.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*"(\.[^"]+)"/g)) {
    const path = posix.join(folder, specifier);
    const target = folders.has(path) && !files.includes(`${path}.ts`) ? path : posix.dirname(path);
    if (target !== folder) own.imports.add(target);
  }
}
for (const [folder, { files: count, lines, imports }] of [...folders].sort(([one], [other]) =>
  one < other ? -1 : 1,
)) {
  if (only && !`${folder}/`.startsWith(`${only}/`)) continue;
  const what = holds[folder] ?? holds[`${posix.dirname(folder)}/*`] ?? "";
  console.log(`${folder.padEnd(50)}${`${count}`.padStart(4)} files ${`${lines}`.padStart(6)} lines  ${what}`.trimEnd());
  if (imports.size > 0) console.log(`    imports ${[...imports].sort().join(", ")}`);
}
