// A simulated host's machines that Pulumi does not know: written as an import file and a program, imported, and previewed without a
// change, beside as many resources that do nothing and have the same inputs. Prints a table, which docs/benchmarks.md holds too.
// usage: npm run bench -- import [machines] (default: 1000)
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { section } from "../cli/world-tables";
import { Simulator, saveWorld } from "../provider/simulator";
import { engine } from "./engine.cjs";
import { pulumiEnvironment } from "./pulumi-environment.cjs";

// programs find the packages that this project has from here
const base = resolve(__dirname, "../node_modules/.cache/pulumi-hyperv/bench");
const cli = resolve(__dirname, "../dist/cli/index.js");

interface Imported {
  resources: {
    type: string;
    name: string;
    id: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
  }[];
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1000);
  const built = await engine();
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, "import-"));
  const world = join(folder, "world.json");
  const environment = pulumiEnvironment(built, join(folder, "pulumi"));
  const run = (command: string, args: string[], cwd = folder): number => {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      env: environment,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
    return (performance.now() - begun) / 1000;
  };
  /** A project whose program and import file are given. */
  const project = (name: string, files: Record<string, string>): string => {
    const place = join(folder, name);
    mkdirSync(place);
    writeFileSync(join(place, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    writeFileSync(
      join(place, "Pulumi.dev.yaml"),
      `config:\n  hyperv:transport: simulator\n  hyperv:simulator: ${JSON.stringify(world)}\n`,
    );
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
    run(built.pulumi, ["stack", "init", "dev", "--non-interactive"], place);
    return place;
  };
  const engineSteps = (place: string): number[] =>
    [
      ["import", "--file", "import.json", "--generate-code=false", "-y"],
      ["preview", "--expect-no-changes"],
    ].map((args) => run(built.pulumi, [...args, "--non-interactive", "--stack", "dev"], place));
  try {
    await machines(world, count);
    const listed = run(process.execPath, [cli, "import", "--no-config", "--simulator", world, "--out", "imported"]);
    const [state, program] = ["import.json", "index.ts"].map((file) =>
      readFileSync(join(folder, "imported", file), "utf8"),
    );
    const { resources } = JSON.parse(state ?? "") as Imported;
    const idle = resources.map(({ name, id, inputs }) => {
      const own = { ...inputs, __provider: idleProvider };
      return { type: "pulumi-nodejs:dynamic/bench:Nothing", name, id, inputs: own, outputs: own };
    });
    const [ourImport = 0, ourPreview = 0] = engineSteps(
      project("ours", { "import.json": state ?? "", "index.ts": program ?? "" }),
    );
    const [idleImport = 0, idlePreview = 0] = engineSteps(
      project("idle", {
        "import.json": JSON.stringify({ resources: idle }),
        "index.ts": idleProgram(idle),
        "noop.js": noop,
      }),
    );
    const row = (what: string, idleSeconds: number | undefined, ours: number) => [
      what,
      idleSeconds?.toFixed(1) ?? "",
      ours.toFixed(1),
      idleSeconds === undefined ? "" : (ours / idleSeconds).toFixed(2),
    ];
    console.log(
      section(
        `Import of ${count} machines, ${resources.length} resources`,
        ["Step", "Nothing, s", "Ours, s", "Ratio"],
        [
          row("pulumi-hyperv import", undefined, listed),
          row("pulumi import", idleImport, ourImport),
          row("pulumi preview (no change)", idlePreview, ourPreview),
        ],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Machines as a person made them, each a little other than the defaults. */
async function machines(file: string, count: number): Promise<void> {
  const world = Simulator.inMemory({ nodes: [{ name: "HV01", memoryBytes: 2 ** 42 }], latency: "none" });
  for (let number = 0; number < count; number += 1) {
    const machine = { VMName: `machine${number}` };
    const results = await world.run(undefined, [
      {
        cmdlet: "New-VM",
        parameters: { Name: machine.VMName, Generation: 2, NoVHD: true, MemoryStartupBytes: 2 ** 31 },
      },
      { cmdlet: "Set-VMProcessor", parameters: { ...machine, Count: 2 } },
      { cmdlet: "Set-VMNetworkAdapterVlan", parameters: { ...machine, Access: true, VlanId: 20 } },
      { cmdlet: "Set-VM", parameters: { Name: machine.VMName, Notes: `Machine number ${number}` } },
    ]);
    for (const { error } of results) if (error) throw new Error(error.message);
  }
  await saveWorld(file, await world.world());
}

const idleProvider = "exports.handler=()=>require(process.cwd()+'/noop.js')";

const noop = `
module.exports = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: JSON.stringify(olds.notes) !== JSON.stringify(news.notes), replaces: [], deleteBeforeReplace: false }),
  create: async (news) => ({ id: news.name, outs: news }),
  read: async (id, props) => ({ id, props, inputs: props }),
  delete: async () => {},
};
`;

function idleProgram(resources: readonly { name: string; inputs: Record<string, unknown> }[]): string {
  return `
import * as pulumi from "@pulumi/pulumi";
class Nothing extends pulumi.CustomResource {
  constructor(name: string, args: object) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, args);
  }
}
${resources.map(({ name, inputs }) => `new Nothing(${JSON.stringify(name)}, ${JSON.stringify(inputs)});`).join("\n")}
`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
