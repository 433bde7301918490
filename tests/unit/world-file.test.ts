import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulatorCommand } from "../../cli/simulator";
import type { Call } from "../../provider/calls";
import { createWorld, readWorld, Simulator, saveWorld } from "../../provider/simulator";

const made = (name: string): Call =>
  ({ cmdlet: "New-VM", parameters: { Name: name, NoVHD: true, MemoryStartupBytes: 2 ** 30 } }) as Call;
const empty = () =>
  createWorld({ nodes: [{ name: "HV01" }, { name: "HV02" }], cluster: { name: "LAB" }, seed: "file" });

describe("a world's file that cannot be used", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-world-"));
    file = join(folder, "world.json");
    await saveWorld(file, empty());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const command = (...args: string[]) => simulatorCommand().parseAsync([...args, "--file", file], { from: "user" });
  const text = () => readFileSync(file, "utf8");
  const said = async (working: Promise<unknown>, pattern: RegExp) => {
    const before = text();
    await assert.rejects(working, (error: unknown) => {
      assert(error instanceof Error);
      assert.match(error.message, pattern);
      return true;
    });
    assert.equal(text(), before);
  };

  it("is told to be read-only at the first change, and shows what it has", async () => {
    chmodSync(file, 0o444);
    const simulator = Simulator.open(file);
    await said(
      simulator.run("HV01", [made("web")]),
      /world\.json is read-only, so that nothing can happen in its world/,
    );
    await said(simulator.happen({ fail: "HV01" }), /is read-only/);
    await said(command("create", "--force"), /is read-only/);
    assert.equal((await simulator.look(({ nodes }) => nodes)).length, 2);
    const [answer] = await simulator.run("HV01", [{ cmdlet: "Get-VM", select: { Name: null } }]);
    assert.deepEqual(answer?.values, []);
    chmodSync(file, 0o644);
    await simulator.run("HV01", [made("web")]);
    assert.equal(readWorld(file).nodes[0]?.machines.length, 1);
  });

  it("is told at once to be locked until a time that lies in the future", async () => {
    const lock = `${file}.lock`;
    mkdirSync(lock);
    utimesSync(lock, new Date(), new Date("2199-01-01T00:00:00Z"));
    await said(
      Simulator.open(file).run("HV01", [made("web")]),
      /is locked by .*world\.json\.lock, whose time lies in the future \(2199-01-01T00:00:00\.000Z\)/,
    );
    await said(command("create", "--force"), /whose time lies in the future/);
    assert(statSync(lock).isDirectory());
  });

  it("is told to be behind something that is no lock", async () => {
    writeFileSync(`${file}.lock`, "mine");
    utimesSync(`${file}.lock`, new Date(0), new Date(0));
    await said(Simulator.open(file).run("HV01", [made("web")]), /cannot be locked: .*world\.json\.lock is no folder/);
    assert.equal(readFileSync(`${file}.lock`, "utf8"), "mine");
  });

  for (const [what, put] of [
    ["notes of somebody", (path: string) => writeFileSync(path, "remember the milk")],
    ["something shorter than ours begins", (path: string) => writeFileSync(path, '{"off')],
    ["changes of something else", (path: string) => writeFileSync(path, '{"of":"main"}\n{"add":1}\n')],
    ["a folder", (path: string) => mkdirSync(path)],
  ] as const)
    it(`is told to have ${what} in the place of its changes, and nothing is written`, async () => {
      const changes = `${file}.changes`;
      put(changes);
      const there = () => (statSync(changes).isFile() ? readFileSync(changes, "utf8") : "a folder");
      const before = there();
      const pattern =
        /world\.json\.changes is there and holds no changes of a simulated world, .* left as it is: move it away\.$/;
      const simulator = Simulator.open(file);
      await said(simulator.run("HV01", [made("web")]), pattern);
      await said(command("create", "--force"), pattern);
      await said(saveWorld(file, empty()), pattern);
      // looking changes nothing
      assert.equal((await simulator.look(({ nodes }) => nodes)).length, 2);
      await simulator.close();
      assert.equal(there(), before);
      rmSync(file);
      await assert.rejects(saveWorld(file, empty()), pattern);
      rmSync(changes, { recursive: true });
      await saveWorld(file, empty());
      await Simulator.open(file).run("HV01", [made("web")]);
    });

  it("is told to have others' changes before it becomes large, and takes what a killed process began", async () => {
    const large = Simulator.open(file);
    await large.run("HV01", [{ ...made("large"), parameters: { Name: "large", NoVHD: true } } as Call]);
    await large.run("HV01", [{ cmdlet: "Set-VM", parameters: { Name: "large", Notes: "x".repeat(300_000) } }]);
    writeFileSync(`${file}.changes`, '{"of":"0123');
    await large.run("HV01", [made("web")]);
    await large.close();
    assert.deepEqual(
      readWorld(file).nodes[0]?.machines.map(({ name }) => name),
      ["large", "web"],
    );
    writeFileSync(`${file}.changes`, "remember the milk");
    await said(large.run("HV01", [made("api")]), /holds no changes of a simulated world/);
    assert.equal(readFileSync(`${file}.changes`, "utf8"), "remember the milk");
    rmSync(`${file}.changes`);
  });

  for (const [where, change, why] of [
    ["nodes", "HV01", "nodes is a text and must be a list"],
    ["nodes.0", "HV01", "nodes[0] is a text and must be an object"],
    ["nodes.0.name", 5, "nodes[0].name is a number and must be a text"],
    ["nodes.1.name", undefined, "it has no nodes[1].name"],
    ["nodes.0.machines", {}, "nodes[0].machines is an object and must be a list"],
    ["nodes.0.machines", undefined, "it has no nodes[0].machines"],
    ["nodes.0.machines.0", null, "nodes[0].machines[0] is null and must be an object"],
    ["nodes.0.machines.0.name", ["web"], "nodes[0].machines[0].name is a list and must be a text"],
    ["nodes.0.machines.0.memory", 1024, "nodes[0].machines[0].memory is a number and must be an object"],
    [
      "nodes.0.machines.0.memory.startupBytes",
      "1 GB",
      "nodes[0].machines[0].memory.startupBytes is a text and must be a number",
    ],
    ["nodes.0.machines.0.drives", null, "nodes[0].machines[0].drives is null and must be a list"],
    [
      "nodes.0.machines.0.integrationServices.x",
      1,
      'nodes[0].machines[0].integrationServices["x"] is a number and must be true or false',
    ],
    ["nodes.0.switches", 1, "nodes[0].switches is a number and must be a list"],
    ["nodes.0.files", [], "nodes[0].files is a list and must be an object"],
    ["nodes.0.files.x", { path: 1 }, 'nodes[0].files["x"].path is a number and must be a text'],
    ["nodes.0.up", "yes", "nodes[0].up is a text and must be true or false"],
    ["nodes.0.volumes.0.sizeBytes", null, "nodes[0].volumes[0].sizeBytes is null and must be a number"],
    ["faults", {}, "faults is an object and must be a list"],
    ["faults", [{ after: 0, times: 1, effect: "fail" }], "faults[0].effect is a text and must be an object"],
    ["cluster", [], "cluster is a list and must be an object"],
    ["cluster.groups", undefined, "it has no cluster.groups"],
    ["serial", "1", "serial is a text and must be a number"],
    ["seed", true, "seed is true and must be a text"],
    ["latency", "slow", "latency is a text and must be none, real or a number"],
  ] as const)
    it(`is damaged where ${why}`, async () => {
      await Simulator.open(file).run("HV01", [made("web")]);
      const world = JSON.parse(text());
      const path = where.split(".");
      const last = path.pop() ?? "";
      const parent = path.reduce((value, key) => value[key], world);
      parent[last] = change;
      writeFileSync(file, JSON.stringify(world));
      const pattern = new RegExp(`is damaged \\(${why.replace(/[[\](){}.]/g, "\\$&")}\\) and was left as it is`);
      await said(Simulator.open(file).run("HV01", [made("api")]), pattern);
      await said(command("show"), pattern);
    });

  for (const [what, content] of [
    ["notes", "remember the milk"],
    ["a state of Pulumi", '{"version":3,"deployment":{}}'],
    ["settings with a version of their own", '{"schemaVersion":39,"panels":[]}'],
    ["a graph with a version of its own", '{"schemaVersion":1,"nodes":[],"edges":[]}'],
    ["JSON of another kind", "[1,2]"],
    ["bytes", "\u0000\u0001\ufffd"],
    ["half of some JSON", '{"schemaVersion":2,"name'],
  ] as const)
    it(`is not offered for a new world where it has ${what}`, async () => {
      writeFileSync(file, content);
      const working = Simulator.open(file).run("HV01", [made("web")]);
      await said(
        working.catch((error: Error) => {
          assert.doesNotMatch(error.message, /--force/);
          throw error;
        }),
        /is no world or is damaged .* and was left as it is/,
      );
      for (const flags of [[], ["--force"]])
        await said(
          command("create", ...flags).catch((error: Error) => {
            assert.doesNotMatch(error.message, /--force/);
            throw error;
          }),
          /holds no world \(.*\), so that it was left as it is\. Choose another file/,
        );
      await said(saveWorld(file, empty()), /holds no world/);
    });

  it("is replaced by force where it was a world: damaged, broken off, empty, or of a later release", async () => {
    const world = text();
    for (const content of [
      world.slice(0, 500),
      world.slice(0, 5),
      "",
      JSON.stringify(JSON.parse(world), undefined, 2).slice(0, 400),
      JSON.stringify({ ...JSON.parse(world), schemaVersion: 2 }),
      JSON.stringify({ ...JSON.parse(world), nodes: 5 }),
    ]) {
      writeFileSync(file, content);
      assert.throws(() => readWorld(file), /is damaged|schema version 2/);
      await said(command("create"), /is already there. Use --force to replace the world in it/);
      const { log } = console;
      console.log = () => {};
      try {
        await command("create", "--force");
      } finally {
        console.log = log;
      }
      assert.equal(readWorld(file).nodes[0]?.name, "HV01");
    }
  });

  it("is never what is no file at all", async () => {
    if (process.platform === "win32") return;
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await assert.rejects(saveWorld(pipe, empty()), /holds no world \(it is no file\)/);
    assert(statSync(pipe).isFIFO());
  });
});
