import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { createWorld, Simulator, saveWorld, type World, type WorldDescription } from "../../provider/simulator";
import { engineSuite, Stack } from "./stack";

interface Example {
  name: string;
  claim: string;
  description: WorldDescription;
  nodes?: string[];
  config?: Record<string, string>;
  setup?: string[];
  /** Worlds beside the stack's own, by the configuration key that names each. */
  beside?: string[];
  /** What is there after up. */
  shows: (world: World, beside: World[]) => void;
}

const machines = (world: World) =>
  world.nodes.flatMap((node) => node.machines.map(({ name, state }) => `${node.name} ${name} ${state}`));

const examples: Example[] = [
  {
    name: "01-machine",
    claim: "makes a private switch and a running machine on it",
    description: { nodes: [{ name: "HV01" }], guestsBoot: true },
    shows: (world) => {
      assert.deepEqual(machines(world), ["HV01 web Running"]);
      assert.deepEqual(
        world.nodes[0]?.switches.map(({ name, type }) => [name, type]),
        [["lab", "Private"]],
      );
    },
  },
  {
    name: "02-golden-image",
    claim: "makes three machines on children of a copied image",
    description: { nodes: [{ name: "HV01" }], guestsBoot: true },
    setup: [
      "New-Item -Path D:\\images -ItemType Directory",
      "New-VHD -Path D:\\images\\windows-2025.vhdx -SizeBytes 40GB",
    ],
    shows: (world) => {
      assert.deepEqual(machines(world).sort(), ["HV01 blue Running", "HV01 green Running", "HV01 red Running"]);
      const parents = Object.values(world.nodes[0]?.files ?? {}).flatMap(({ vhd }) => vhd?.parentPath ?? []);
      assert.deepEqual(parents, Array(3).fill("D:\\images\\golden.vhdx"));
    },
  },
  {
    name: "03-cluster",
    claim: "makes two highly available machines on two nodes",
    description: { nodes: [{ name: "HV01" }, { name: "HV02" }], cluster: { name: "LAB" }, guestsBoot: true },
    nodes: ["HV01", "HV02"],
    shows: (world) => {
      assert.deepEqual(machines(world), ["HV01 web Running", "HV02 db Running"]);
      assert.deepEqual(
        world.cluster?.groups.map(({ antiAffinityClassNames }) => antiAffinityClassNames),
        [["example"], ["example"]],
      );
    },
  },
  {
    name: "04-two-providers",
    claim: "makes the same machine on two hosts",
    description: { nodes: [{ name: "UNUSED" }] },
    beside: ["office", "branch"],
    shows: (world, beside) => {
      assert.deepEqual(machines(world), []);
      for (const other of beside) assert.deepEqual(machines(other), ["HV01 printer Off"]);
    },
  },
  {
    name: "05-guest-cluster",
    claim: "makes two running machines on two nodes that share two disks",
    description: {
      nodes: ["HV01", "HV02", "HV03"].map((name) => ({ name })),
      cluster: { name: "LAB" },
      guestsBoot: true,
    },
    nodes: ["HV01", "HV02", "HV03"],
    shows: (world) => {
      assert.deepEqual(machines(world), ["HV01 sql1 Running", "HV02 sql2 Running"]);
      const shared = world.nodes.flatMap((node) =>
        node.machines.map(({ drives }) =>
          drives.filter(({ supportPersistentReservations }) => supportPersistentReservations).map(({ path }) => path),
        ),
      );
      const volume = "C:\\ClusterStorage\\Volume1";
      assert.deepEqual(shared, Array(2).fill([`${volume}\\quorum.vhds`, `${volume}\\data.vhds`]));
    },
  },
  {
    name: "06-host-service",
    claim: "has every node of the cluster up",
    description: { nodes: [{ name: "HV01" }, { name: "HV02" }], cluster: { name: "LAB" } },
    nodes: ["HV01", "HV02"],
    shows: ({ cluster }) =>
      assert.deepEqual(
        cluster?.nodes.map(({ name, paused }) => [name, paused]),
        [
          ["HV01", false],
          ["HV02", false],
        ],
      ),
  },
];

for (const { name, claim, description, nodes, setup, beside = [], shows } of examples)
  engineSuite(`example ${name}`, () => {
    let stack: Stack;
    after(() => stack?.remove());

    it(`${claim}, has nothing left to do, and destroys it all`, async () => {
      stack = await Stack.make(description, { example: resolve(__dirname, "../../examples", name), nodes });
      for (const line of setup ?? []) await stack.run(parseLine(line));
      const files = await Promise.all(
        beside.map(async (key) => {
          const file = `${stack.worldFile}.${key}.json`;
          await saveWorld(file, createWorld({ nodes: [{ name: "HV01" }], seed: key }));
          stack.setConfig(`hyperv-two-providers:${key}`, JSON.stringify({ transport: "simulator", simulator: file }));
          return file;
        }),
      );
      const worlds = () => Promise.all(files.map((file) => Simulator.open(file).world()));
      const original = [await stack.world(), ...(await worlds())];

      const up = await stack.previewedUp();
      assert.equal(up.code, 0, up.output);
      shows(await stack.world(), await worlds());
      const again = await stack.preview("--expect-no-changes");
      assert.equal(again.code, 0, again.output);
      const refreshed = await stack.refresh("--expect-no-changes");
      assert.equal(refreshed.code, 0, refreshed.output);
      const destroyed = await stack.destroy();
      assert.equal(destroyed.code, 0, destroyed.output);
      assert.deepEqual([await stack.world(), ...(await worlds())].map(comparable), original.map(comparable));
    });
  });

/** Without what only counts up, and the folders that were made for files: they stay, as nobody owns them. */
function comparable({ serial: _serial, nodes, ...world }: World): unknown {
  return {
    ...world,
    nodes: nodes.map(({ macPool: _pool, files, ...node }) => ({
      ...node,
      files: Object.fromEntries(Object.entries(files).filter(([, { kind }]) => kind === "file")),
    })),
  };
}
