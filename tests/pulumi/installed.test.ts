import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, succeeded, Workshop } from "./installed";
import { combinations, managers } from "./installed-combinations";
import { project, tableOf } from "./readme";
import { engineSuite } from "./stack";

it("docs/installing.md lists the combinations that are tried, and what each needs", () => {
  const rows = tableOf(readFileSync(join(project, "docs", "installing.md"), "utf8"), "| package manager |");
  assert.deepEqual(
    rows.map(([manager, modules, node, , adds]) => [manager?.replace(/\.[\d.]+$/, ""), modules, node, adds]),
    combinations.map(({ manager, modules, node, adds, flags }) => [
      `${manager} ${managers[manager]}`,
      modules,
      String(node),
      [...adds, ...flags].map((each) => `\`${each}\``).join(" ") || "nothing",
    ]),
  );
  for (const [manager, , node, sdk, , ...steps] of rows) {
    assert.match(sdk ?? "", /^3\.\d+\.\d+$/, `${manager} on Node ${node}`);
    assert.deepEqual(steps, ["yes", "yes", "yes"]);
  }
});

engineSuite("a program that does not have the package itself", () => {
  let workshop: Workshop;
  before(() => {
    workshop = new Workshop();
  });
  after(() => workshop?.remove());

  it("but uses a library that has it, is told to add it, in one sentence", async () => {
    const folder = program("const { lan } = require('lab-network'); exports.id = lan('lan').id;\n");
    const library = join(folder, "node_modules", "lab-network");
    write(join(library, "package.json"), JSON.stringify({ name: "lab-network", version: "1.0.0" }));
    write(
      join(library, "index.js"),
      'const hyperv = require("pulumi-hyperv");\n' +
        'exports.lan = (name) => new hyperv.VirtualSwitch(name, { switchType: "Private" });\n',
    );
    link("pulumi-hyperv", library);
    const { pulumi } = await stackIn(folder);
    const refused = await pulumi("preview");
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /error: pulumi-hyperv is not found from .*, where its provider starts: add it to the dependencies of the program itself/,
    );
    assert.doesNotMatch(refused.output, /Cannot find module|\n +at /);

    link("pulumi-hyperv", folder);
    succeeded(await pulumi("preview"));
  });

  it("in the Automation API is run from its own folder, or from the one that workDir or main names", async () => {
    const folder = program("");
    const elsewhere = workshop.emptyFolder();
    link("pulumi-hyperv", folder);
    const { env: stacks } = await stackIn(folder);
    // the Automation API leaves its working directories behind
    const env = { ...stacks, TMPDIR: elsewhere, TMP: elsewhere, TEMP: elsewhere };
    write(join(folder, "inline.js"), inline);
    const creates = async (cwd: string, options: object) =>
      run(env, cwd, process.execPath, [join(folder, "inline.js"), JSON.stringify(options)]);
    const settings = { name: "inline", runtime: "nodejs" };
    for (const [cwd, options] of [
      [folder, {}],
      [elsewhere, { workDir: folder }],
      [elsewhere, { projectSettings: { ...settings, main: folder } }],
    ] as const)
      assert.match(succeeded(await creates(cwd, options)).output, /previewed \{"create":2\}/, JSON.stringify(options));
    // what the docs name, so that who looks for it finds the way out
    const lost = await creates(folder, { projectSettings: settings });
    const said = "Cannot find module '@pulumi/pulumi/cmd/dynamic-provider'";
    assert(lost.output.includes(said), lost.output);
    assert(readFileSync(join(project, "docs", "installing.md"), "utf8").includes(said));
  });

  /** A program that has Pulumi's SDK, and nothing else. */
  function program(text: string): string {
    const folder = workshop.emptyFolder();
    write(join(folder, "Pulumi.yaml"), "name: tests\nruntime: nodejs\n");
    write(join(folder, "package.json"), JSON.stringify({ name: "tests", private: true, main: "index.js" }));
    write(join(folder, "index.js"), text);
    const config = { "hyperv:transport": "simulator", "hyperv:simulator": join(folder, "world.json") };
    write(join(folder, "Pulumi.dev.yaml"), JSON.stringify({ config }));
    link("@pulumi", folder);
    return folder;
  }

  async function stackIn(folder: string) {
    const env = await workshop.withEngine(`${folder}-pulumi`);
    const pulumi = (...args: string[]) =>
      run(env, folder, "pulumi", [...args, "--non-interactive", "--color", "never"]);
    succeeded(await pulumi("stack", "init", "dev"));
    return { env, pulumi };
  }
});

/** Its Pulumi is the program's, as with any package manager. */
function link(name: string, folder: string): void {
  const at = join(folder, "node_modules", name);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(join(project, "node_modules", name), at, "junction");
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const inline = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const hyperv = require("pulumi-hyperv");
const program = async () => void new hyperv.VirtualSwitch("lan", { switchType: "Private" });
(async () => {
  const named = { stackName: "inline", projectName: "inline", program };
  const stack = await LocalWorkspace.createOrSelectStack(named, JSON.parse(process.argv[2]));
  await stack.setConfig("hyperv:transport", { value: "simulator" });
  await stack.setConfig("hyperv:simulator", { value: __dirname + "/world.json" });
  const { changeSummary } = await stack.preview();
  console.log("previewed", JSON.stringify(changeSummary));
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
`;
