import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Simulator } from "../../provider/simulator";
import { engineRegistrySuite, type Ran, run, succeeded, Workshop } from "./installed";
import { type Combination, combinations, type Manager, type Modules, managers } from "./installed-combinations";
import { project, readmeProgram } from "./readme";

const exe = process.platform === "win32" ? ".exe" : "";
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const sdk = "@pulumi/pulumi";

/** What docs/installing.md says does not work, and in which words that shows; of an SDK that does not change any more. */
const refused: (Combination & { says: RegExp; docs: string })[] = [
  {
    ...{ manager: "yarn classic", modules: "JavaScript, CommonJS", node: 20, adds: [], flags: [] },
    says: /The engine "node" is incompatible/,
    docs: "refuses the newest SDK",
  },
  {
    ...{ manager: "pnpm", modules: "JavaScript, CommonJS", node: 22, adds: [], flags: [] },
    says: /Ignored build scripts/,
    docs: "Ignored build scripts",
  },
  {
    ...{ manager: "npm", modules: "TypeScript, ES module", node: 20, adds: [], flags: ["--force"] },
    says: /Unknown file extension/,
    docs: "Unknown file extension",
  },
  {
    ...{ manager: "bun", modules: "TypeScript, CommonJS", node: 24, adds: ["typescript@7"], flags: [] },
    says: /Cannot read properties of undefined \(reading 'readFile'\)/,
    docs: "Cannot read properties of undefined (reading 'readFile')",
  },
];

engineRegistrySuite("a program of a user,", () => {
  let workshop: Workshop;
  const nodes = new Map<number, string>();
  const commands = new Map<Manager, (node: string) => [string, string[]]>();

  before(async () => {
    workshop = await Workshop.make();
    const versions = [...new Set(combinations.map(({ node }) => node))];
    const packages = await workshop.tools(
      ...versions.map((version) => `node${version}@npm:node-${platform}@${version}`),
      `npm@${managers.npm}`,
      `pnpm@${managers.pnpm}`,
      `yarn@${managers["yarn classic"]}`,
      `@yarnpkg/cli-dist@${managers["yarn berry"]}`,
      `bun@${managers.bun}`,
    );
    for (const version of versions) nodes.set(version, join(packages, `node${version}`, "bin"));
    const script = (manager: Manager, ...path: string[]) =>
      commands.set(manager, (node) => [join(node, `node${exe}`), [join(packages, ...path)]]);
    script("npm", "npm", "bin", "npm-cli.js");
    script("pnpm", "pnpm", "bin", "pnpm.mjs");
    script("yarn classic", "yarn", "bin", "yarn.js");
    script("yarn berry", "@yarnpkg", "cli-dist", "bin", "yarn.js");
    const own = `bun-${platform.replace(/^win/, "windows").replace("arm64", "aarch64")}`;
    commands.set("bun", () => [join(packages, "@oven", own, "bin", `bun${exe}`), []]);
  });
  after(() => workshop?.remove());

  for (const combination of combinations)
    it(`${described(combination)}, is previewed, made and destroyed`, async () => {
      const { folder, env, installed } = await install(combination, kinds[combination.modules].program());
      succeeded(installed);
      await lifecycle(folder, env);
    });

  const [first = assert.fail()] = combinations;
  it(`${described(first)}, with several resources in a component, is previewed, made and destroyed`, async () => {
    const { folder, env, installed } = await install(first, inComponent());
    succeeded(installed);
    await lifecycle(folder, env, 5);
  });

  for (const { says, docs, ...combination } of refused)
    it(`${described(combination)}, does not work, and the docs say what to do`, async () => {
      const exact = `${sdk}@3.276.0`;
      const { folder, env, installed } = await install(combination, kinds[combination.modules].program(), exact);
      const failed = installed.code === 0 ? await preview(folder, env) : installed;
      assert.notEqual(failed.code, 0, failed.output);
      assert.match(failed.output, says);
      assert(readFileSync(join(project, "docs", "installing.md"), "utf8").includes(docs));
    });

  async function install({ manager, modules, node, adds, flags }: Combination, program: string, pulumi = sdk) {
    const folder = workshop.emptyFolder();
    const { file, manifest } = kinds[modules];
    const bin = nodes.get(node) ?? assert.fail();
    writeFileSync(join(folder, "Pulumi.yaml"), "name: installed\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true, ...manifest }));
    writeFileSync(join(folder, file), program);
    if (manager === "yarn berry") writeFileSync(join(folder, ".yarnrc.yml"), "nodeLinker: node-modules\n");
    const env = await workshop.withEngine(`${folder}-pulumi`, bin);
    const [command, script] = (commands.get(manager) ?? assert.fail())(bin);
    const archive = manager === "yarn berry" ? `pulumi-hyperv@file:${workshop.archive}` : workshop.archive;
    const verb = manager === "npm" ? "install" : "add";
    const installed = await run(env, folder, command, [...script, verb, archive, pulumi, ...adds, ...flags]);
    return { folder, env, installed };
  }
});

async function preview(folder: string, env: Record<string, string>, ...more: string[]): Promise<Ran> {
  const command = join(folder, "node_modules", ".bin", "pulumi-hyperv");
  succeeded(await run(env, folder, command, ["simulator", "create"]));
  succeeded(await pulumi(folder, env, "stack", "init", "dev"));
  succeeded(await pulumi(folder, env, "config", "set", "hyperv:transport", "simulator"));
  succeeded(await pulumi(folder, env, "config", "set", "hyperv:simulator", "hyperv-simulator.json"));
  return pulumi(folder, env, "preview", ...more);
}

async function lifecycle(folder: string, env: Record<string, string>, creates = 4): Promise<void> {
  const made = async () => {
    const [host] = (await Simulator.open(join(folder, "hyperv-simulator.json")).world()).nodes;
    return host?.machines.map(({ name, state }) => [name, state]);
  };
  const previewed = quiet(await preview(folder, env));
  assert.match(previewed.output, new RegExp(`\\+ ${creates} to create`));
  quiet(await pulumi(folder, env, "up", "--skip-preview", "--yes"));
  assert.deepEqual(await made(), [["web", "Running"]]);
  quiet(await pulumi(folder, env, "preview", "--expect-no-changes"));
  quiet(await pulumi(folder, env, "destroy", "--skip-preview", "--yes"));
  assert.deepEqual(await made(), []);
}

function pulumi(folder: string, env: Record<string, string>, ...args: string[]): Promise<Ran> {
  return run(env, folder, "pulumi", [...args, "--non-interactive", "--color", "never"]);
}

/** Succeeded, and nothing was warned of. */
function quiet(ran: Ran): Ran {
  succeeded(ran);
  assert.doesNotMatch(ran.output, /warning|error/i, ran.output);
  return ran;
}

function described({ manager, modules, node, adds, flags }: Combination): string {
  const more = [...adds, ...flags];
  return `installed by ${manager}, in ${modules}, on Node ${node}${more.length > 0 ? `, with ${more.join(" ")}` : ""}`;
}

const kinds: Record<Modules, { file: string; manifest: object; program: () => string }> = {
  "TypeScript, CommonJS": { file: "index.ts", manifest: { main: "index.ts" }, program: readmeProgram },
  "TypeScript, ES module": { file: "index.ts", manifest: { main: "index.ts", type: "module" }, program: readmeProgram },
  "JavaScript, CommonJS": {
    file: "index.js",
    manifest: { main: "index.js" },
    program: () =>
      readmeProgram()
        .replace(/import \* as (\w+) from (".*");/g, "const $1 = require($2);")
        .replace(/import (\{.*\}) from (".*");/g, "const $1 = require($2);"),
  },
  "JavaScript, ES module": { file: "index.js", manifest: { main: "index.js", type: "module" }, program: readmeProgram },
};

/** The README's resources, inside of a component. */
function inComponent(): string {
  const [imports = "", ...resources] = readmeProgram().split("\n\n");
  const own = resources.join("\n\n").replace(/^(\}|.*\{.*\})\);$/gm, "$1, { parent: this });");
  return `import * as pulumi from "@pulumi/pulumi";
${imports}

class Lab extends pulumi.ComponentResource {
  constructor(name: string) {
    super("example:index:Lab", name);
${own}
    this.registerOutputs({ id: web.id });
  }
}

new Lab("lab");
`;
}
