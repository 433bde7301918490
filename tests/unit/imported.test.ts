import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { keysMarked } from "../../provider/schema";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { type Args, type Sample, samples, sampleWorld, setupWorld } from "../samples";

const name = "it";
const nodes = ["HV01", "HV02"];

/** What an import leaves open, as the host or nobody says it. */
const open = [
  "version",
  "state",
  "ownerNode",
  "sourcePath",
  "checkHeartbeat",
  "checkApplicationHealth",
  "shutdownAction",
  "possibleOwners",
  "accessKey",
];

for (const { kind, schema } of definitions) {
  const policy = keysMarked(schema, "policy");

  describe(`every property of ${kind}, imported`, () => {
    for (const sample of samples.filter((one) => one.kind === kind))
      for (const pick of ["set", "changed"] as const)
        it(`${sample.property} as ${pick} is said by a program that then changes nothing`, async () => {
          const { world, vmIds } = await prepared(sample);
          const lifecycle = new Lifecycle(kind, world, nodes);
          const args = JSON.parse(
            JSON.stringify(sample[pick](name))
              .replaceAll('"$vm"', `"${vmIds[name]}"`)
              .replaceAll('"$other"', `"${vmIds[`${name}-other`]}"`),
          ) as Args;
          const made = await lifecycle.create({ ...(named.includes(kind) && { name }), ...args });
          // a disk is found by the machine that has it
          if (kind === "VirtualHardDisk") await attached(world, String(args.node ?? "HV01"), made.id);
          const listed = await lifecycle.handlers.list(lifecycle.surroundings);
          const own = listed.find(({ id }) => id.toLowerCase() === made.id.toLowerCase());
          const imported = await lifecycle.handlers.imported(
            own ?? assert.fail("it is not listed"),
            lifecycle.surroundings,
          );
          assert.deepEqual(imported.problems, []);

          // what the program says is what is there, and leaves nothing to do
          const state = { id: made.id, outputs: imported.outputs };
          assert.equal(lifecycle.diff(state, imported.inputs).changes, false);
          const read = await lifecycle.read(state);
          assert.deepEqual(read?.inputs, imported.inputs, "a refresh sees no drift");

          const key = /^\w+/.exec(sample.property)?.[0] ?? "";
          if (open.includes(key) || policy.includes(key)) return;
          // a program that says all that the first one said has nothing to do either
          const whole = {
            ...imported.inputs,
            ...(named.includes(kind) && { name }),
            ...only(key, imported.inputs, args),
          };
          assert.equal(lifecycle.diff(state, whole).changes, false, "the property is as it was made");
        });
  });
}

/** Kinds whose name is the resource's, where the program says none. */
const named = [
  "Cluster",
  "VirtualSwitch",
  "VirtualMachine",
  "Checkpoint",
  "ClusterGroupSet",
  "ClusterAffinityRule",
  "ClusterFaultDomain",
];

const only = (key: string, whole: Args, args: Args): Args =>
  key in args ? { [key]: over(whole[key], args[key]) } : {};

/** What a program leaves out of an object it no longer says, which is a change of its own. */
function over(whole: unknown, said: unknown): unknown {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject(whole) && isObject(said) ? { ...(whole as Args), ...(said as Args) } : said;
}

async function attached(world: Simulator, node: string, path: string): Promise<void> {
  for (const line of ["New-VM -Name user -Generation 1 -NoVHD", `Add-VMHardDiskDrive -VMName user -Path "${path}"`])
    for (const { error } of await world.run(node, parseLine(line))) assert.equal(error, undefined, line);
}

async function prepared(sample: Sample): Promise<{ world: Simulator; vmIds: Record<string, string> }> {
  const world = Simulator.inMemory({ ...sampleWorld, seed: "imported" });
  for (const line of [...setupWorld, ...(sample.setup?.(name) ?? [])])
    for (const { error } of await world.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  const { nodes: all } = await world.world();
  const machines = all.flatMap(({ machines }) => machines);
  return { world, vmIds: Object.fromEntries(machines.map((machine) => [machine.name, machine.id])) };
}
