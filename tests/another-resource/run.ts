import assert from "node:assert/strict";
import { Simulator } from "../provider/simulator";
import { Lifecycle } from "./lifecycle";

/** The whole life of one, in a copy of the repository that has the resource. */
async function main(): Promise<void> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "another" });
  const lifecycle = new Lifecycle("PrivateNetwork", simulator);
  const inputs = { name: "storage" };
  const state = await lifecycle.create(inputs);
  assert.equal(lifecycle.diff(state, inputs).changes, false);
  await assert.rejects(lifecycle.create(inputs), /a private network with this name already exists/);
  const renamed = { name: "backup", notes: "nightly" };
  const updated = await lifecycle.update(state, renamed);
  assert.equal(lifecycle.diff(updated, renamed).changes, false);
  assert.equal((await lifecycle.read(updated))?.inputs.name, "backup");
  await lifecycle.delete(updated);
  assert.equal(await lifecycle.read(updated), undefined);
  console.log("created, renamed, read and removed");
}

void main();
