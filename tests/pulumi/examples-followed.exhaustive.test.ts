import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Simulator, type World } from "../../provider/simulator";
import { engineRegistrySuite, type Ran, run, Workshop } from "./installed";
import { fenced, project, readmeProgram } from "./readme";

/** What a command is to do, where that is more than to end with 0. */
interface Expected {
  code?: number;
  says?: RegExp;
  /** What is there after it, by node; the files are the simulated worlds. */
  machines?: Record<string, string[]>;
}

/** Of each example, the worlds that its commands make, and what its page says of commands; in order, each once. */
const examples: Record<string, { worlds?: string[]; expected: [command: string, Expected][] }> = {
  "01-machine": {
    expected: [
      ["pulumi up", { says: /\+ 4 created/, machines: { HV01: ["web Running"] } }],
      ["npx pulumi-hyperv simulator show", { says: /web/ }],
      ["pulumi destroy", { machines: { HV01: [] } }],
    ],
  },
  "02-golden-image": {
    expected: [
      ["pulumi up", { machines: { HV01: ["blue Running", "green Running", "red Running"] } }],
      ["pulumi destroy", { machines: { HV01: [] } }],
    ],
  },
  "03-cluster": {
    expected: [
      ["pulumi up", { machines: { HV01: ["web Running"], HV02: ["db Running"] } }],
      [
        "pulumi up",
        {
          says: /Moves the machine live from HV02 to HV01/,
          machines: { HV01: ["db Running", "web Running"], HV02: [] },
        },
      ],
      ["pulumi refresh", { code: 1, says: /HV02/ }],
      ["pulumi refresh", { says: /unchanged/, machines: { HV01: ["db Running", "web Running"], HV02: [] } }],
      ["pulumi destroy", { machines: { HV01: [], HV02: [] } }],
    ],
  },
  "04-two-providers": {
    worlds: ["office.json", "branch.json"],
    expected: [
      ["pulumi up", { machines: { OFFICE: ["printer Off"], BRANCH: ["printer Off"] } }],
      ["npx pulumi-hyperv simulator show --file office.json", { says: /printer/ }],
      ["pulumi destroy", { machines: { OFFICE: [], BRANCH: [] } }],
    ],
  },
  "05-guest-cluster": {
    expected: [
      ["pulumi up", { machines: { HV01: ["sql1 Running"], HV02: ["sql2 Running"], HV03: [] } }],
      ["pulumi up", { says: /1 updated/, machines: { HV01: ["sql1 Running"], HV02: ["sql2 Running"], HV03: [] } }],
      [
        "pulumi up",
        {
          says: /Moves the machine live from HV01 to HV03/,
          machines: { HV01: [], HV02: ["sql2 Running"], HV03: ["sql1 Running"] },
        },
      ],
      ["pulumi refresh", { code: 1, says: /HV02/ }],
      ["npx pulumi-hyperv simulator show", { machines: { HV01: ["sql2 Running"], HV02: [], HV03: ["sql1 Running"] } }],
      ["pulumi refresh", { machines: { HV01: ["sql2 Running"], HV02: [], HV03: ["sql1 Running"] } }],
      ["pulumi destroy", { machines: { HV01: [], HV02: [], HV03: [] } }],
    ],
  },
  "06-host-service": {
    expected: [
      ["pulumi up", { says: /2 created/, machines: { HV01: [], HV02: [] } }],
      ["pulumi up", { says: /Drains HV01: no machine is on it/, machines: { HV01: [], HV02: [] } }],
      ["pulumi up", { says: /Resumes HV01/, machines: { HV01: [], HV02: [] } }],
    ],
  },
};

engineRegistrySuite("who follows", () => {
  let workshop: Workshop;
  before(async () => {
    workshop = await Workshop.make();
  });
  after(() => workshop?.remove());

  it("the README in an empty folder, has a machine and destroys it", () => useIt((line) => line));
  it("it without a TypeScript of their own, has the same", () => useIt((line) => line.replace(/ typescript@\S+/, "")));

  for (const name of readdirSync(join(project, "examples")))
    it(`examples/${name}/README.md in a copy of the example, sees what it says`, async () => {
      const example = examples[name] ?? assert.fail(`what it says is not in this test`);
      const folder = workshop.emptyFolder();
      cpSync(join(project, "examples", name), folder, {
        recursive: true,
        filter: (file) => !/node_modules|Pulumi\..+\.yaml|\.json\.|simulator\.json/.test(file.slice(project.length)),
      });
      const manifest = join(folder, "package.json");
      const own = readFileSync(manifest, "utf8");
      writeFileSync(
        manifest,
        own.replace(/("pulumi-hyperv": )".*"/, `$1${JSON.stringify(`file:${workshop.archive}`)}`),
      );
      const page = readFileSync(join(folder, "README.md"), "utf8");
      await follow(await workshop.withEngine(`${folder}-pulumi`), folder, fenced(page, ""), example);
    });

  /** The section of the README, with its files, in an empty folder. */
  async function useIt(changed: (line: string) => string): Promise<void> {
    const page = readFileSync(join(project, "README.md"), "utf8");
    const section = page.slice(page.indexOf("\n## Use it\n"));
    const folder = workshop.emptyFolder();
    writeFileSync(join(folder, "index.ts"), readmeProgram());
    writeFileSync(join(folder, "Pulumi.yaml"), fenced(section, "yaml")[0] ?? assert.fail());
    // who logs in has no backend set
    const { PULUMI_BACKEND_URL: _backend, ...env } = await workshop.withEngine(`${folder}-pulumi`);
    const blocks = fenced(section, "").map((block) =>
      changed(block).replace(/(install) pulumi-hyperv/, `$1 ${workshop.archive}`),
    );
    await follow(env, folder, blocks, {
      expected: [
        ["pulumi up", { says: /\+ 4 created/, machines: { HV01: ["web Running"] } }],
        ["npx pulumi-hyperv simulator show", { says: /web/ }],
        ["pulumi destroy", { machines: { HV01: [] } }],
      ],
    });
  }
});

async function follow(
  env: Record<string, string>,
  folder: string,
  blocks: string[],
  { worlds = ["hyperv-simulator.json"], expected }: (typeof examples)[string],
): Promise<void> {
  const left = [...expected];
  const lines = blocks.flatMap((block) => block.trim().split("\n"));
  for (const line of lines) {
    const { code = 0, says, machines } = left[0]?.[0] === line ? (left.shift()?.[1] ?? {}) : {};
    const ran = await shell(env, folder, line);
    assert.equal(ran.code === 0, code === 0, `${line}\n${ran.output}`);
    assert.doesNotMatch(ran.output, /warning:/, line);
    if (says) assert.match(ran.output, says, line);
    if (machines) assert.deepEqual(await there(folder, worlds), machines, `${line}\n${ran.output}`);
  }
  assert.deepEqual(left, [], "commands that the page no longer has");
}

function shell(env: Record<string, string>, folder: string, line: string): Promise<Ran> {
  return run(env, folder, "sh", ["-c", line]);
}

async function there(folder: string, worlds: string[]): Promise<Record<string, string[]>> {
  const all = await Promise.all(worlds.map((file): Promise<World> => Simulator.open(join(folder, file)).world()));
  return Object.fromEntries(
    all
      .flatMap(({ nodes }) => nodes)
      .map(({ name, machines }) => [name, machines.map((one) => `${one.name} ${one.state}`).sort()]),
  );
}
