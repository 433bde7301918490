import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { definitions } from "../../provider";
import { keysMarked } from "../../provider/schema";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const GiB = 2 ** 30;
const volume = "C:\\ClusterStorage\\Volume1";
const nodes = ["HV01", "HV02", "HV03"];
const runs = Number(process.env.HYPERV_TEST_RUNS ?? 400);

const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((chosen): Inputs => (chosen === undefined ? {} : { [key]: chosen }));
const merged = (...parts: fc.Arbitrary<Inputs>[]) => fc.tuple(...parts).map((all): Inputs => Object.assign({}, ...all));

const ethernet = (number: number) => ({
  name: `Ethernet ${number}`,
  interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+ #${number}`,
  macAddress: `3CFDFE00010${number}`,
  linkSpeedBps: 10_000_000_000,
});

const vmSwitch = merged(
  fc.constantFrom("lan", "s[1]*", "O'Brien").map((name): Inputs => ({ name })),
  fc.oneof(
    fc.constantFrom("Private", "Internal").map((switchType): Inputs => ({ switchType })),
    merged(
      fc.constant<Inputs>({ switchType: "External" }),
      fc.constantFrom(["Ethernet 1"], ["Ethernet 2"]).map((netAdapterNames): Inputs => ({ netAdapterNames })),
      optional("allowManagementOS", fc.boolean()),
    ),
  ),
  optional("notes", fc.constantFrom("one", "two")),
);

const role = merged(
  optional("priority", fc.constantFrom(0, 1000, 2000, 3000)),
  fc
    .subarray(nodes)
    .chain((owners) => fc.shuffledSubarray(owners, { minLength: owners.length }))
    .chain((preferredOwners) =>
      merged(
        fc.constant<Inputs>({ preferredOwners }),
        preferredOwners.length > 0 ? optional("autoFailback", fc.boolean()) : fc.constant<Inputs>({}),
      ),
    ),
  optional("antiAffinityClassNames", fc.subarray(["a", "b", "c"])),
  fc
    .option(fc.tuple(fc.nat(23), fc.nat(23)), { nil: undefined })
    .map((window): Inputs => (window ? { failbackWindowStart: window[0], failbackWindowEnd: window[1] } : {})),
  optional("failoverThreshold", fc.constantFrom(0, 1, 5)),
  optional("failoverPeriod", fc.constantFrom(1, 6, 24)),
  optional("ownerNode", fc.constantFrom(...nodes)),
);

/** From a to b: converges, is then empty, reads back what the program says, and goes without a trace. */
async function converges(lifecycle: Lifecycle, a: Inputs, b: Inputs): Promise<void> {
  const made = await lifecycle.create(a);
  assert.equal(lifecycle.diff(made, a).changes, false, "after create");
  const planned = lifecycle.diff(made, b);
  if (planned.replaces.length > 0) return;
  let state = made;
  const changes = await lifecycle.changesDuring(async () => {
    state = await lifecycle.update(made, b);
  });
  // what preview says is what up does: changes if and only if something went out, or is left alone from then on
  const { schema } = definitions.find(({ kind }) => kind === lifecycle.kind) ?? assert.fail();
  const leaves = Object.entries(schema.shape).some(
    ([key, field]) =>
      field instanceof z.ZodOptional &&
      !keysMarked(schema, "replaces").includes(key) &&
      a[key] !== undefined &&
      b[key] === undefined,
  );
  assert.equal(planned.changes, changes.length > 0 || leaves, changes.join(", "));
  const updated = await lifecycle.read(state);
  assert.ok(updated);
  assert.equal(lifecycle.diff(updated, b).changes, false, "after update");
  assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(updated, b)), []);
  await lifecycle.delete(updated);
  assert.equal(await lifecycle.read(updated), undefined);
}

describe("from any desired state to any other, the plan", () => {
  it("for a switch converges and is then empty, with machines connected that stay so", async () => {
    await fc.assert(
      fc.asyncProperty(vmSwitch, vmSwitch, async (a, b) => {
        const simulator = Simulator.inMemory({
          nodes: [{ name: "HV01", netAdapters: [1, 2].map(ethernet) }],
          seed: "switch",
        });
        await converges(new Lifecycle("VirtualSwitch", simulator), a, b);
      }),
      { numRuns: runs, seed: 7 },
    );
  });

  it("for a role converges and is then empty, and never stops its machine", async () => {
    await fc.assert(
      fc.asyncProperty(role, role, fc.boolean(), async (a, b, running) => {
        const simulator = Simulator.inMemory({
          nodes: nodes.map((name) => ({ name })),
          cluster: { name: "LAB" },
          seed: "role",
        });
        const results = await simulator.run("HV01", [
          {
            cmdlet: "New-VM",
            parameters: { Name: "web", Generation: 2, Path: volume, MemoryStartupBytes: GiB },
            as: "vm",
          },
          ...(running ? [{ cmdlet: "Start-VM" as const, parameters: { VM: { $ref: "vm" } } }] : []),
        ]);
        assert.ok(results.every(({ error }) => !error));
        const machine = async () => (await simulator.world()).nodes.flatMap(({ machines }) => machines)[0];
        const vmId = (await machine())?.id;
        await converges(new Lifecycle("ClusterVirtualMachineRole", simulator, nodes), { ...a, vmId }, { ...b, vmId });
        assert.equal((await machine())?.state, running ? "Running" : "Off");
      }),
      { numRuns: Math.ceil(runs / 2), seed: 7 },
    );
  });

  it("for a disk grows it, and refuses to shrink it before anything is done", async () => {
    const size = fc.integer({ min: 1, max: 64 }).map((count) => count * 2 ** 26);
    await fc.assert(
      fc.asyncProperty(size, size, fc.constantFrom("Fixed", "Dynamic", undefined), async (before, after, vhdType) => {
        const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "disk" });
        const lifecycle = new Lifecycle("VirtualHardDisk", simulator);
        const inputs = (sizeBytes: number) => ({ path: "D:\\a.vhdx", sizeBytes, ...(vhdType && { vhdType }) });
        const made = await lifecycle.create(inputs(before));
        if (after < before) {
          assert.throws(() => lifecycle.diff(made, inputs(after)), /sizeBytes would shrink/);
          assert.deepEqual(
            await lifecycle.changesDuring(() => assert.rejects(lifecycle.update(made, inputs(after)))),
            [],
          );
          return;
        }
        const changes = await lifecycle.changesDuring(() => lifecycle.update(made, inputs(after)));
        assert.deepEqual(changes, after > before ? ["Resize-VHD"] : []);
      }),
      { numRuns: Math.ceil(runs / 4), seed: 7 },
    );
  });
});
