import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { fields } from "../../provider/schema";
import type { World } from "../../provider/simulator";
import { type Sample, sampleWorld } from "../samples";
import { nameOf, SampleProgram } from "./sample-program";
import { engineSuite, Stack } from "./stack";

/** Kinds of which a twin needs nothing but another name. */
const ofItsOwn = ["VirtualSwitch", "VirtualHardDisk", "VirtualMachine"];

for (const { kind, schema, birth } of definitions) {
  // of what is only set there is one, which only-set.test.ts sets whole
  if (!birth) continue;
  // a world has one cluster: cluster.exhaustive.test.ts
  if (kind === "Cluster") continue;
  const program = new SampleProgram(kind);
  const { own } = program;

  engineSuite(`every property of ${kind}, through the real engine`, () => {
    let stack: Stack;
    let original: World;

    const expected = (op: (sample: Sample) => string) =>
      Object.fromEntries(
        own
          .map((sample) => [`${kind} ${nameOf(sample)}`, op(sample)])
          .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)),
      );
    const succeeded = (run: { code: number; output: string }) => assert.equal(run.code, 0, run.output);

    before(async () => {
      stack = await Stack.make(sampleWorld, { nodes: ["HV01", "HV02"] });
      await program.prepare(stack);
      original = await stack.world();
    });
    after(() => stack?.remove());

    it("has a sample for each", () => {
      const known = fields(schema).map(({ path }) =>
        path.reduce((text, part) => (part === "[]" ? `${text}[]` : text === "" ? part : `${text}.${part}`), ""),
      );
      assert.deepEqual(own.map(({ property }) => property).sort(), known.sort());
    });

    it("is created as the program says", async () => {
      stack.declare(program.declared("set"));
      const run = await stack.previewedUp();
      succeeded(run);
      assert.deepEqual(
        run.ops,
        expected(() => "create"),
      );
    });

    it("then has nothing left to do", async () => {
      succeeded(await stack.preview("--expect-no-changes"));
    });

    it("changes in the step that preview names", async () => {
      stack.declare(program.declared("changed"));
      const run = await stack.previewedUp();
      succeeded(run);
      assert.deepEqual(
        run.ops,
        expected(({ step }) => step),
      );
      succeeded(await stack.preview("--expect-no-changes"));
    });

    it("when changed by hand is seen by refresh and repaired by up", async () => {
      const drifting = own.filter(({ drift }) => drift);
      if (drifting.length === 0) return;
      const inputsOf = async () =>
        new Map((await stack.resources()).map(({ urn, inputs }) => [urn.split("::").pop(), inputs]));
      const right = await inputsOf();
      for (const sample of drifting)
        for (const line of sample.drift?.(nameOf(sample)) ?? [])
          await stack.run(parseLine(line), await owner(stack, nameOf(sample)));
      succeeded(await stack.refresh());
      const seen = await inputsOf();
      for (const sample of own) {
        const changed = JSON.stringify(seen.get(nameOf(sample))) !== JSON.stringify(right.get(nameOf(sample)));
        assert.equal(
          changed,
          sample.drift !== undefined,
          `${sample.property} after refresh: ${JSON.stringify(seen.get(nameOf(sample)))}`,
        );
      }
      const run = await stack.previewedUp();
      succeeded(run);
      assert.deepEqual(
        run.ops,
        expected(({ drift }) => (drift ? "update" : "same")),
      );
      succeeded(await stack.refresh("--expect-no-changes"));
      assert.deepEqual(await inputsOf(), right);
    });

    it("when taken out of the program is what it is without", async () => {
      const twins = program.declared("removed").map(({ name, args }) => ({
        kind,
        name: `${name}-twin`,
        args: twinOf(args, name),
      }));
      stack.declare(program.declared("removed"));
      const run = await stack.previewedUp();
      succeeded(run);
      assert.deepEqual(
        run.ops,
        expected(({ removal }) => (removal === "left" ? "update" : removal)),
      );
      succeeded(await stack.preview("--expect-no-changes"));
      const comparable = own.filter(({ removal }) => removal !== "same" && removal !== "left");
      if (!ofItsOwn.includes(kind) || comparable.length === 0) return;
      stack.declare([
        ...program.declared("removed"),
        ...twins.filter(({ name }) => comparable.some((sample) => name === `${nameOf(sample)}-twin`)),
      ]);
      succeeded(await stack.up());
      const observed = new Map(
        (await stack.resources()).map(({ urn, id = "", outputs }) => [urn.split("::").pop(), observedIn(id, outputs)]),
      );
      for (const sample of comparable)
        assert.deepEqual(
          withoutIdentity(observed.get(nameOf(sample))),
          withoutIdentity(observed.get(`${nameOf(sample)}-twin`)),
          sample.property,
        );
    });

    it("leaves the world as it was when all are destroyed", async () => {
      succeeded(await stack.destroy());
      assert.deepEqual(comparableWorld(await stack.world()), comparableWorld(original));
    });
  });
}

/** The node that has the machine of the name, or the first. */
async function owner(stack: Stack, name: string): Promise<string> {
  const { nodes } = await stack.world();
  return nodes.find(({ machines }) => machines.some((machine) => machine.name.startsWith(name)))?.name ?? "HV01";
}

function twinOf(args: Record<string, unknown>, name: string): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(args)
      .replaceAll(`${name}-1.vhdx`, `${name}-twin-1.vhdx`)
      .replaceAll(`${name}.vhds`, `${name}-twin.vhds`)
      .replaceAll("Ethernet 2", "Ethernet 4"),
  ) as Record<string, unknown>;
}

/** What was observed, without what tells one thing from another. */
function withoutIdentity(observed: unknown): unknown {
  return JSON.parse(JSON.stringify(observed), (key, value: unknown) =>
    [
      "id",
      "name",
      "path",
      "dataFiles",
      "snapshotFileLocation",
      "smartPagingFilePath",
      "macAddress",
      "diskIdentifier",
      "dataFiles",
      "deviceId",
      "computerName",
      "ipAddresses",
      "netAdapterNames",
      "interfaceDescriptions",
    ].includes(key)
      ? undefined
      : value,
  );
}

/**
 * Without ids that were given out and addresses that were taken; where a role was moved to, its machine stays; empty
 * folders stay too, as Hyper-V leaves them.
 */
function comparableWorld({ serial: _serial, nodes, sharedDisks, ...world }: World): unknown {
  return {
    ...world,
    // a disk keeps the folder under which it was a volume, with what is in it
    sharedDisks: sharedDisks?.map(({ kept, ...disk }) => ({ ...disk, files: Object.keys(kept?.files ?? {}) })),
    nodes: nodes.map(({ macPool: _pool, machines: _machines, files, ...node }) => ({
      ...node,
      files: Object.fromEntries(Object.entries(files).filter(([, { kind }]) => kind === "file")),
    })),
    machines: nodes.flatMap(({ machines }) => machines).sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}
