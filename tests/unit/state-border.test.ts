import assert from "node:assert/strict";
import { definitions } from "../../provider";
import type { Migration } from "../../provider/lifecycle/state/migrations";
import { observedIn, record, recordedKey } from "../../provider/lifecycle/state/recorded";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const kinds: Record<string, Inputs> = {
  VirtualSwitch: { name: "lan", switchType: "Private" },
  VirtualHardDisk: { path: "D:\\data.vhdx", sizeBytes: 2 ** 30 },
  VirtualMachine: { name: "it" },
};

describe("what a state holds of what was observed", () => {
  for (const [kind, inputs] of Object.entries(kinds))
    it(`of a ${kind}: no missing or strange property plans a replacement or a refusal; the host is asked`, async () => {
      const lifecycle = new Lifecycle(kind, Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "border" }));
      const state = await lifecycle.create(inputs);
      const observed = observedIn(state.id, state.outputs) as Inputs;
      const { recorded } = (definitions.find((definition) => definition.kind === kind) ?? assert.fail()).read;
      assert(recorded.safeParse(observed).success);
      let unknowns = 0;
      for (const key of Object.keys(observed))
        for (const change of [
          ({ [key]: _gone, ...rest }: Inputs) => rest,
          (all: Inputs) => ({ ...all, [key]: typeof all[key] === "number" ? "seven" : 7 }),
        ]) {
          const text = record(state.id, change(observed), { settled: false }, {});
          const outputs = { ...state.outputs, [recordedKey]: text };
          const { changes, replaces } = lifecycle.diff({ id: state.id, outputs }, inputs);
          assert.deepEqual(replaces, [], key);
          if (!changes) continue;
          unknowns += 1;
          const updated = await lifecycle.update({ id: state.id, outputs }, inputs);
          assert.equal(lifecycle.diff(updated, inputs).changes, false);
        }
      assert(unknowns > 0);
    });

  it("of an earlier shape is brought into this one, step by step and by kind", async () => {
    const text = record("x", { id: "x", size: 1 }, { settled: false }, {});
    const renamed: Migration = (kind, { size, ...rest }) =>
      kind === "Disk" ? { ...rest, sizeBytes: size } : { size, ...rest };
    const doubled: Migration = (_kind, observed) => ({ ...observed, twice: observed.sizeBytes });
    const of = (shape: string) => ({ [recordedKey]: text.replace(/^(\d+)/, `$1${shape}`) });
    const both = [renamed, doubled];
    assert.deepEqual(observedIn("x", of(""), "Disk", both), { id: "x", sizeBytes: 1, twice: 1 });
    assert.deepEqual(observedIn("x", of(""), "Other", both), { id: "x", size: 1, twice: undefined });
    assert.deepEqual(observedIn("x", of(".2"), "Disk", both), { id: "x", size: 1, twice: undefined });
    assert.deepEqual(observedIn("x", of(".3"), "Disk", both), { id: "x", size: 1 });
    for (const shape of [".0", ".4"]) assert.equal(observedIn("x", of(shape), "Disk", both), undefined);
  });

  it("of another version is as if it were not there", async () => {
    const lifecycle = new Lifecycle("VirtualSwitch", Simulator.inMemory({ nodes: [{ name: "HV01" }] }));
    const inputs = kinds.VirtualSwitch ?? {};
    const state = await lifecycle.create(inputs);
    const [number, ...rest] = String(state.outputs[recordedKey]).split(" ");
    const later = { id: state.id, outputs: { ...state.outputs, [recordedKey]: [`${number}.7`, ...rest].join(" ") } };
    assert.equal(observedIn(state.id, later.outputs), undefined);
    assert.deepEqual(lifecycle.diff(later, { ...inputs, notes: "x" }).replaces, []);
    assert.equal((await lifecycle.read(later))?.inputs.name, "lan");
  });
});
