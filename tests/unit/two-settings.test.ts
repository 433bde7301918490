import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Run } from "../../provider/lifecycle/work/run";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { sampleWorld } from "../samples";

type Inputs = Record<string, unknown>;

/** Of each kind that is only set: two programs for one thing that name different properties of it, and the thing in other words. */
const kinds: Record<string, { one: Inputs; other: Inputs; respelled?: Inputs }> = {
  HostSettings: {
    one: { node: "HV01", enableEnhancedSessionMode: true },
    other: { node: "HV01", numaSpanningEnabled: false },
    respelled: { node: "hv01" },
  },
  ClusterSettings: { one: { sameSubnetThreshold: 30 }, other: { description: "lab" } },
  ClusterQuorum: {
    one: { type: "FileShare", fileShareWitness: "\\\\FS01\\one" },
    other: { type: "None" },
  },
  ClusterNetwork: {
    one: { subnet: "10.0.1.0/24", name: "one" },
    other: { subnet: "10.0.1.0/24", role: "None" },
  },
  ClusterMigrationNetworks: {
    one: { migrationNetworkOrder: ["10.0.1.0/24"] },
    other: { migrationExcludeNetworks: ["10.0.2.0/24"] },
  },
  ClusterNode: {
    one: { node: "HV01", nodeWeight: true },
    other: { node: "HV01", state: "Up" },
    respelled: { node: "hv01" },
  },
};

const urn = (name: string) => ({ __urn: `dev::tests::*::${name}` });
const once = /: the resource "first" of this program declares it as well\. Declare it once\.$/;

describe("two resources of a program that set one thing", () => {
  for (const { kind, birth } of definitions) {
    // of what is made two-resources-one-thing.test.ts tells
    if (birth) continue;
    const { one, other, respelled } = kinds[kind] ?? assert.fail(`${kind} has no case`);
    const nodes = ["HV01", "HV02"];
    const process = () =>
      new Lifecycle(kind, Simulator.inMemory({ ...sampleWorld, seed: "two" }), nodes, undefined, new Run());

    it(`${kind}: are told to be one, though they name different properties of it`, async () => {
      const lifecycle = process();
      await lifecycle.create({ ...one, ...urn("first") });
      const changes = await lifecycle.changesDuring(() =>
        assert.rejects(lifecycle.create({ ...other, ...urn("second") }), once),
      );
      assert.deepEqual(changes, []);
    });

    it(`${kind}: are refused in a preview that verifies`, async () => {
      const lifecycle = process();
      const verified = (inputs: Inputs) => lifecycle.handlers.verify({}, inputs, lifecycle.surroundings);
      assert.deepEqual(await verified({ ...one, ...urn("first") }), []);
      assert.match((await verified({ ...other, ...urn("second") })).join(), once);
    });

    if (respelled)
      it(`${kind}: are one in other words too: ${Object.values(respelled).join()}`, async () => {
        const lifecycle = process();
        const state = await lifecycle.create({ ...one, ...urn("first") });
        lifecycle.diff(state, { ...one, ...urn("first") });
        await assert.rejects(lifecycle.create({ ...other, ...respelled, ...urn("second") }), once);
      });

    if (respelled?.node)
      it(`${kind}: a node's name with a domain that the provider does not write is refused, and is no second one`, () =>
        assert.throws(
          () => process().checked({ ...one, node: "hv01.corp.example" }),
          /node must be a node that the provider names: HV01, HV02; it is "hv01\.corp\.example"/,
        ));
  }
});
