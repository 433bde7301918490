import assert from "node:assert/strict";
import fc from "fast-check";
import { unknown } from "../../provider/lifecycle/values";
import { booting, GiB, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

describe("which properties differ", () => {
  const inputs = {
    name: "web",
    generation: 2,
    notes: "one",
    processor: { count: 2 },
    memory: { startupBytes: GiB },
    networkAdapters: [{ name: "front", switchName: "lan", macAddress: "00155D000001" }],
    allowRestart: true,
  };
  const made = async () => {
    const machines = new Lifecycle("VirtualMachine", await world());
    return { machines, state: await machines.create(inputs) };
  };

  it("is nothing where nothing does, however it is written", async () => {
    const { machines, state } = await made();
    assert.deepEqual(machines.properties(state, inputs), []);
    const spelt = [{ name: "front", switchName: "LAN", macAddress: "00-15-5d-00-00-01" }];
    assert.deepEqual(machines.properties(state, { ...inputs, networkAdapters: spelt }), []);
  });

  it("is said by path and kind, within objects and lists", async () => {
    const { machines, state } = await made();
    const [adapter] = inputs.networkAdapters;
    const { allowRestart, ...others } = inputs;
    assert.deepEqual(
      machines
        .properties(state, {
          ...others,
          notes: "two",
          processor: { count: 2, reserve: 10 },
          networkAdapters: [{ ...adapter, vlan: 5 }, { name: "back" }],
        })
        .sort(),
      [
        "add networkAdapters[0].vlan",
        "add networkAdapters[1]",
        "update allowRestart",
        "update notes",
        "update processor.reserve",
      ],
    );
  });

  it("tells what a new thing is made for", async () => {
    const { machines, state } = await made();
    assert.deepEqual(machines.properties(state, { ...inputs, generation: 1 }), ["update (replaces) generation"]);
  });

  it("takes what is not known yet for another value", async () => {
    const { machines, state } = await made();
    assert.deepEqual(
      machines.handlers
        .properties({ id: state.id, olds: state.outputs, news: { ...inputs, notes: unknown }, by: "program" })
        .map(({ path }) => path),
      [["notes"]],
    );
  });

  it("compares with what was observed last, and not with what was wanted then", async () => {
    const { machines, state } = await made();
    await machines.simulator.run("HV01", [{ cmdlet: "Set-VM", parameters: { Name: "web", Notes: "by hand" } }]);
    const read = await machines.read(state);
    assert.ok(read);
    assert.deepEqual(machines.properties({ id: read.id, outputs: read.outputs }, inputs), ["update notes"]);
    assert.deepEqual(machines.properties({ id: read.id, outputs: read.outputs }, { ...inputs, notes: "by hand" }), []);
  });

  it("is nothing where an update would do nothing, and something where it would do something", () =>
    fc.assert(
      fc.asyncProperty(booting(2), booting(2), async (one, other) => {
        const machines = new Lifecycle("VirtualMachine", await world());
        const state = await machines.create({ name: "web", allowRestart: true, ...one });
        const wanted = { name: "web", allowRestart: true, ...other };
        const properties = machines.properties(state, wanted);
        const difference = answered(() => machines.diff(state, wanted));
        // what is refused differs too
        if (!difference) return assert.notDeepEqual(properties, []);
        const { changes, replaces } = difference;
        assert.equal(properties.length > 0, changes, properties.join());
        assert.equal(
          properties.some((text) => text.includes("(replaces)")),
          replaces.length > 0,
        );
      }),
      { numRuns: 15 },
    ));
});

function answered<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
