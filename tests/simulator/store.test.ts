import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call } from "../../provider/calls";
import { createWorld, readWorld, Simulator, saveWorld } from "../../provider/simulator";

describe("a world's file", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "world-"));
    file = join(folder, "world.json");
    await saveWorld(file, createWorld({ nodes: [{ name: "HV01" }], seed: "test" }));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps what many made at once, whoever opened it", async () => {
    const openers = [Simulator.open(file), Simulator.open(file)];
    const names = Array.from({ length: 20 }, (_, index) => `machine${index}`);
    await Promise.all(names.map((name, index) => openers[index % 2]?.run("HV01", [made(name)])));
    const kept = readWorld(file).nodes[0]?.machines.map(({ name }) => name) ?? [];
    assert.deepEqual(kept.sort(), names.sort());
  });

  it("holds a change as soon as it is answered, and shows it to whoever has it open", async () => {
    const [one, other] = [Simulator.open(file), Simulator.open(file)];
    assert.deepEqual(await machines(other), []);
    await one.run("HV01", [made("web")]);
    assert.deepEqual(
      readWorld(file).nodes[0]?.machines.map(({ name }) => name),
      ["web"],
    );
    assert.deepEqual(await machines(other), ["web"]);
  });

  it("answers who only looks while changes wait for it", async () => {
    const simulator = Simulator.open(file);
    const making = simulator.run("HV01", [made("web")]);
    assert.deepEqual(await machines(simulator), []);
    await making;
    assert.deepEqual(await machines(simulator), ["web"]);
  });

  it("is the same one by another path", async () => {
    mkdirSync(join(folder, "elsewhere"));
    const link = join(folder, "elsewhere", "link");
    symlinkSync(folder, link, "junction");
    await Promise.all(
      [file, join(link, "world.json")].map((path, index) =>
        Simulator.open(path).run("HV01", [made(`machine${index}`)]),
      ),
    );
    assert.equal(readWorld(file).nodes[0]?.machines.length, 2);
  });

  it("forgets a change that could not be written, and says so", async () => {
    const simulator = Simulator.open(file);
    const before = readFileSync(file, "utf8");
    const failing = simulator.happen({ touch: "D:\\x.iso", sizeBytes: 2n as unknown as number });
    await assert.rejects(failing, /BigInt/);
    assert.equal(readFileSync(file, "utf8"), before);
    await simulator.run("HV01", [made("web")]);
    assert.deepEqual(await machines(simulator), ["web"]);
  });

  it("is left as it is when it is damaged", async () => {
    const simulator = Simulator.open(file);
    await simulator.run("HV01", [made("web")]);
    writeFileSync(file, "{");
    await assert.rejects(simulator.run("HV01", [made("api")]), /is damaged .* and was left as it is/);
    await assert.rejects(machines(simulator), /is damaged/);
    assert.equal(readFileSync(file, "utf8"), "{");
  });

  describe("of a large world", () => {
    let simulator: Simulator;
    let changes: string;

    beforeEach(async () => {
      changes = `${file}.changes`;
      simulator = Simulator.open(file);
      await simulator.run("HV01", [made("large"), ...set("large", "x".repeat(300_000))]);
    });

    afterEach(() => simulator.close());

    it("is not written for each change, and holds all of them once nothing more comes", async () => {
      const before = readFileSync(file, "utf8");
      await simulator.run("HV01", [made("web")]);
      await simulator.run("HV01", [made("web"), made("never")]);
      assert.equal(readFileSync(file, "utf8"), before);
      const world = readWorld(file);
      assert.deepEqual(
        world.nodes[0]?.machines.map(({ name }) => name),
        ["large", "web", "web", "never"],
      );
      await simulator.close();
      assert.equal(existsSync(changes), false);
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), world);
    });

    it("is one file again by itself", async () => {
      await simulator.run("HV01", [made("web")]);
      while (existsSync(changes)) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), await simulator.world());
    });

    it("is written with its changes before these become many", async () => {
      for (let index = 0; index < 100; index += 1) {
        await simulator.run("HV01", set("large", `${index}`.repeat(1000)));
        if (existsSync(changes)) assert.ok(statSync(changes).size < 80_000);
      }
      assert.match(readWorld(file).nodes[0]?.machines[0]?.notes ?? "", /^(99)+$/);
    });

    it("loses nothing that was answered when a process is killed, wherever it stood", async () => {
      await simulator.run("HV01", [made("web")]);
      await simulator.run("HV01", [{ cmdlet: "Start-VM", parameters: { Name: "web" } }, ...set("web", "ü€😀")]);
      await simulator.run("HV01", [made("api"), ...set("missing", ""), made("never")]);
      const world = await simulator.world();
      const killed = join(folder, "killed.json");
      for (const rest of ["", '{"node":"HV01","calls":[{"cmdl']) {
        cpSync(file, killed);
        cpSync(changes, `${killed}.changes`);
        appendFileSync(`${killed}.changes`, rest);
        assert.deepEqual(readWorld(killed), world);
        const next = Simulator.open(killed);
        await next.run("HV01", [made("next")]);
        assert.deepEqual(await machines(Simulator.open(killed)), ["large", "web", "api", "next"]);
        await next.close();
      }
    });

    it("does not take changes twice that it was written with", async () => {
      await simulator.run("HV01", [made("web")]);
      const left = readFileSync(changes);
      await simulator.close();
      writeFileSync(changes, left);
      assert.deepEqual(await machines(Simulator.open(file)), ["large", "web"]);
      await simulator.run("HV01", [made("api")]);
      assert.deepEqual(await machines(Simulator.open(file)), ["large", "web", "api"]);
    });

    it("is the same for all who have it open, whoever changes it", async () => {
      const others = [simulator, Simulator.open(file), Simulator.open(file)];
      const names = Array.from({ length: 30 }, (_, index) => `machine${index}`);
      await Promise.all(names.map((name, index) => others[index % 3]?.run("HV01", [made(name)])));
      const worlds = await Promise.all(others.map((other) => other.world()));
      assert.equal(worlds[0]?.nodes[0]?.machines.length, 31);
      assert.deepEqual(worlds[1], worlds[0]);
      assert.deepEqual(worlds[2], worlds[0]);
      assert.deepEqual(readWorld(file), worlds[0]);
      await Promise.all(others.map((other) => other.close()));
    });

    it("keeps what happens to it outside of any call", async () => {
      await simulator.run("HV01", [made("web")]);
      await simulator.happen({ touch: "D:\\x.iso" });
      await simulator.order({ cmdlet: "Start-VM", effect: { kind: "fail" } });
      await simulator.run("HV01", [{ cmdlet: "Start-VM", parameters: { Name: "web" } }]);
      assert.deepEqual(readWorld(file), await simulator.world());
      assert.equal(readWorld(file).faults[0]?.times, 0);
    });

    it("is left as it is when its changes are damaged", async () => {
      await simulator.run("HV01", [made("web")]);
      const left = readFileSync(changes, "utf8");
      for (const bad of [left.replace("New-VM", "New-VX"), left.replace('{"node"', "{node")]) {
        writeFileSync(changes, bad);
        assert.throws(() => readWorld(file), /is damaged .*its changes.* and was left as it is/);
        await assert.rejects(Simulator.open(file).run("HV01", [made("api")]), /is damaged/);
        assert.equal(readFileSync(changes, "utf8"), bad);
      }
      rmSync(changes);
    });
  });
});

function set(name: string, notes: string): Call[] {
  return [{ cmdlet: "Set-VM", parameters: { Name: name, Notes: notes } }];
}

function made(name: string): Call {
  return { cmdlet: "New-VM", parameters: { Name: name, NoVHD: true } };
}

async function machines(simulator: Simulator): Promise<unknown[]> {
  const [answer] = await simulator.run("HV01", [{ cmdlet: "Get-VM", select: { Name: null } }]);
  return (answer?.values ?? []).map((value) => (value as { Name: string }).Name);
}
