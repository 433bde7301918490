import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { keysMarked } from "../../provider/schema";
import { sampleWorld } from "../samples";
import { nameOf, SampleProgram } from "./sample-program";
import { engineSuite, type Run, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const nodes = ["HV01", "HV02"];

/** What an import leaves open, as the host or nobody says it. */
const open = ["version", "state", "ownerNode", "sourcePath"];
/** Read of a role only where a program names them: to say what is usual is an update of the state alone. */
const unread = [
  "checkHeartbeat",
  "checkApplicationHealth",
  "offlineAction",
  "shutdownAction",
  "defaultMoveType",
  "possibleOwners",
];

interface Written {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, unknown>;
}

/** One stack makes a world with every property of a kind; another, which knows nothing of it, imports that world. */
for (const { kind, schema, birth } of definitions) {
  // of what is only set there is one, which only-set.test.ts sets whole
  if (!birth) continue;
  // a world has one cluster: cluster.exhaustive.test.ts
  if (kind === "Cluster") continue;
  const policy = keysMarked(schema, "policy");

  engineSuite(`every property of ${kind}, imported through the real engine`, () => {
    let maker: Stack;
    let importer: Stack;

    beforeEach(async () => {
      maker = await Stack.make(sampleWorld, { nodes });
      importer = await Stack.make(sampleWorld, { nodes, config: { "hyperv:simulator": maker.worldFile } });
    });
    afterEach(() => {
      for (const stack of [maker, importer]) stack?.remove();
    });

    for (const pick of ["set", "changed"] as const)
      it(`as ${pick} is said by the program that the import writes, which then changes nothing`, async () => {
        const program = new SampleProgram(kind);
        await program.prepare(maker);
        const declared = program.declared(pick);
        succeeded(await maker.declare(declared).up());
        // a disk is found by the machine that has it
        if (kind === "VirtualHardDisk") for (const { args } of declared) await attach(maker, args);
        const world = await maker.world();

        const { resources } = await importOf(
          importer,
          maker.worldFile,
          kind === "ClusterSharedVolume" ? "volumes" : undefined,
        );
        const previewed = succeeded(await importer.preview("--expect-no-changes"));
        assert.equal(Object.keys(previewed.ops).length, resources.length);
        succeeded(await importer.refresh("--expect-no-changes"));

        // a program that says of each property what the first one said has nothing to do either
        const ids = new Map((await maker.resources()).map(({ urn, id }) => [urn.split("::").pop(), id?.toLowerCase()]));
        const said = new Map(
          program.own.map((sample, index) => {
            const key = /^\w+/.exec(sample.property)?.[0] ?? "";
            const { [key]: value } = declared[index]?.args ?? {};
            const isOpen = open.includes(key) || unread.includes(key) || policy.includes(key) || value === undefined;
            return [ids.get(nameOf(sample)), isOpen ? {} : { [key]: value }] as const;
          }),
        );
        const own = resources.filter(({ type, id }) => kindOf(type) === kind && said.has(id.toLowerCase()));
        assert.equal(own.length, program.own.length);
        importer.declare(
          resources.map(({ type, name, id, inputs: { __provider, ...inputs } }) => ({
            kind: kindOf(type),
            name,
            args: { ...inputs, ...(kindOf(type) === kind && said.get(id.toLowerCase())) },
          })),
        );
        mainOf(importer, "index.js");
        succeeded(await importer.preview("--expect-no-changes"));
        assert.deepEqual(await maker.world(), world, "nothing is changed on the hosts");
      });
  });
}

const kindOf = (type: string) => type.split(":").pop() ?? "";

function mainOf(stack: Stack, main: string): void {
  writeFileSync(join(stack.folder, "package.json"), JSON.stringify({ name: "tests", private: true, main }));
}

/** What a person does: both commands, and the program that the first one wrote becomes the stack's. */
async function importOf(stack: Stack, worldFile: string, only?: string): Promise<{ resources: Written[] }> {
  const { folder } = stack;
  const where = ["--no-config", "--simulator", worldFile, "--nodes", nodes.join(), "--out", "imported"];
  // what all the rest stands on is taken only if it is asked for
  if (only !== undefined) where.push("--only", only);
  await promisify(execFile)(process.execPath, [cli, "import", ...where], { cwd: folder, maxBuffer: 2 ** 26 }).catch(
    // what was left out, and why
    ({ stdout, stderr }: { stdout: string; stderr: string }) => assert.fail(stdout + stderr),
  );
  succeeded(await stack.pulumi(["import", "--file", "imported/import.json", "--generate-code=false", "-y"]));
  copyFileSync(join(folder, "imported/index.ts"), join(folder, "index.ts"));
  mainOf(stack, "index.ts");
  return JSON.parse(readFileSync(join(folder, "imported/import.json"), "utf8")) as { resources: Written[] };
}

async function attach(stack: Stack, { node, path }: Record<string, unknown>): Promise<void> {
  const name = `user of ${String(path).split("\\").pop()}`;
  for (const line of [
    `New-VM -Name '${name}' -Generation 2 -NoVHD`,
    `Add-VMHardDiskDrive -VMName '${name}' -Path '${path}'`,
  ])
    await stack.run(parseLine(line), String(node ?? "HV01"));
}

function succeeded<Done extends Pick<Run, "code" | "output">>(run: Done): Done {
  assert.equal(run.code, 0, run.output);
  return run;
}
