import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Simulator } from "../../provider/simulator";
import { engine } from "../../tools/engine.cjs";
import { linkPackages, pulumiEnvironment } from "../../tools/pulumi-environment.cjs";
import { run } from "./installed";
import { fenced, project, readmeProgram } from "./readme";
import { engineSuite } from "./stack";

const page = readFileSync(join(project, "docs/README.md"), "utf8").replaceAll("\r\n", "\n");
const hour = page.slice(page.indexOf("\n## First hour\n"), page.indexOf("\n## Internals\n"));

describe("the first hour of docs/README.md", () => {
  it("has the README's program, project and commands", () => {
    const readme = readFileSync(join(project, "README.md"), "utf8").replaceAll("\r\n", "\n");
    const used = readme.slice(readme.indexOf("\n## Use it\n"));
    assert.deepEqual(fenced(hour, "ts"), [readmeProgram()]);
    assert.deepEqual(fenced(hour, "yaml"), fenced(used, "yaml"));
    const linesOf = (text: string) => fenced(text, "").join("").trim().split("\n");
    const lines = linesOf(hour);
    assert.deepEqual(
      linesOf(used).filter((line) => !lines.includes(line)),
      [],
    );
  });
});

/** What a command of the page is to do, where that is more than to end with 0; in order, each once. */
const expected: [command: string, { fails?: true; says?: RegExp; machine?: unknown }][] = [
  ["pulumi up", { says: /\+ 4 created/, machine: ["web", "Running", 2, 20, ""] }],
  ["npx pulumi-hyperv simulator show", { says: /web/ }],
  ["pulumi up", { says: /networkAdapters/, machine: ["web", "Running", 2, 30, ""] }],
  ["pulumi preview", { fails: true, says: /changes only while the machine is off/ }],
  ["pulumi up", { says: /Restarts the machine, for processor\.count/, machine: ["web", "Running", 4, 30, ""] }],
  [
    "npx pulumi-hyperv simulator run \"Set-VM -Name web -Notes 'by hand'\"",
    { machine: ["web", "Running", 4, 30, "by hand"] },
  ],
  ["pulumi refresh", { says: /notes/ }],
  ["pulumi up", { machine: ["web", "Running", 4, 30, ""] }],
  ["pulumi destroy", { machine: undefined }],
];

engineSuite("who follows the first hour", () => {
  let folder: string;
  let env: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-hour-"));
    const found = await engine();
    const { PULUMI_BACKEND_URL: _backend, ...rest } = pulumiEnvironment(found, `${folder}-pulumi`);
    env = { ...rest, PATH: [join(folder, "node_modules", ".bin"), rest.PATH].join(delimiter) };
    linkPackages(folder);
  });
  after(() => {
    unlinkSync(join(folder, "node_modules"));
    for (const made of [folder, `${folder}-pulumi`]) rmSync(made, { recursive: true, force: true });
  });

  it("sees what the page says, after each change of the program", async () => {
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "Pulumi.yaml"), fenced(hour, "yaml")[0] ?? assert.fail());
    const file = join(folder, "index.ts");
    writeFileSync(file, readmeProgram());
    const left = [...expected];
    for (const { from, to, commands } of steps()) {
      if (from !== undefined) {
        const program = readFileSync(file, "utf8");
        assert.equal(program.split(from).length, 2, from);
        writeFileSync(file, program.replace(from, to));
      }
      // the package and Pulumi are there
      for (const line of commands.filter((command) => !command.startsWith("npm "))) {
        const { fails, says, ...then } = left[0]?.[0] === line ? (left.shift()?.[1] ?? {}) : {};
        const { code, output } = await run(env, folder, "sh", ["-c", line]);
        assert.equal(code !== 0, fails === true, `${line}\n${output}`);
        if (says) assert.match(output, says, line);
        if ("machine" in then) assert.deepEqual(await machine(), then.machine, `${line}\n${output}`);
      }
    }
    assert.deepEqual(left, []);
  });

  async function machine(): Promise<unknown> {
    const world = await Simulator.open(join(folder, "hyperv-simulator.json")).world();
    const [only] = world.nodes.flatMap(({ machines }) => machines);
    return only && [only.name, only.state, only.processor.count, only.adapters[0]?.vlan.accessVlanId, only.notes];
  }
});

/** What the page says to change in the program and to run, in its order. */
function steps(): { from: string | undefined; to: string; commands: string[] }[] {
  const found = hour
    .replace(/^```\w+\n[\s\S]*?^```$/gm, "")
    .matchAll(/[Cc]hange `([^`]+)` to `([^`]+)`|^```\n([\s\S]*?)\n```$/gm);
  return [...found].map(([, from, to = "", commands]) => ({ from, to, commands: commands?.split("\n") ?? [] }));
}
