import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
});

function made(name: string): Call {
  return { cmdlet: "New-VM", parameters: { Name: name, NoVHD: true } };
}

async function machines(simulator: Simulator): Promise<unknown[]> {
  const [answer] = await simulator.run("HV01", [{ cmdlet: "Get-VM", select: { Name: null } }]);
  return (answer?.values ?? []).map((value) => (value as { Name: string }).Name);
}
