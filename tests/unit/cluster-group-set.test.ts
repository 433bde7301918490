import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";

/** A cluster with running roles of these names. */
async function cluster(...machines: string[]) {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "sets",
  });
  const does = async (line: string) => {
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  };
  for (const name of machines) {
    await does(`New-VM -Name ${name} -Path ${volume} -NoVHD -Generation 2`);
    await does(`Add-ClusterVirtualMachineRole -VMName ${name}`);
    await does(`Start-VM -Name ${name}`);
  }
  const all = await simulator.look((world) => world.nodes.flatMap((node) => node.machines));
  const id = (name: string) => all.find((machine) => machine.name === name)?.id ?? assert.fail(name);
  const seen = async (name: string) => {
    const select = { GroupNames: null, ProviderNames: null };
    return (await simulator.run("HV01", [{ cmdlet: "Get-ClusterGroupSet", parameters: { Name: name }, select }]))[0]
      ?.values[0];
  };
  return { does, id, seen, lifecycle: new Lifecycle("ClusterGroupSet", simulator, nodes) };
}

describe("a set of groups", () => {
  it("has the roles of the machines whose ids the program says, whatever a person calls them", async () => {
    const { does, id, seen, lifecycle } = await cluster("web", "db");
    const inputs = { name: "front", vmIds: [id("web")] };
    const state = await lifecycle.create(inputs);
    await does('(Get-ClusterGroup -Name web).Name = "shop"');
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
    // another role takes the name
    await does('(Get-ClusterGroup -Name db).Name = "web"');
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
    await lifecycle.update(state, { ...inputs, vmIds: [id("db"), id("web")] });
    assert.deepEqual(await seen("front"), { GroupNames: ["shop", "web"], ProviderNames: [] });
  });

  it("owns its list whole: what somebody added is drift, and goes, and nothing is started or stopped", async () => {
    const { does, id, seen, lifecycle } = await cluster("web", "db");
    const inputs = { name: "front", vmIds: [id("web")] };
    const state = await lifecycle.create(inputs);
    await does("Add-ClusterGroupToSet -Name front -Group db");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs.vmIds, [id("web"), id("db")]);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, inputs));
    assert.deepEqual(changes, ["Remove-ClusterGroupFromSet"]);
    assert.deepEqual(await seen("front"), { GroupNames: ["web"], ProviderNames: [] });
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), ["Remove-ClusterGroupSet"]);
  });

  it("says so where its role is in another set, or the machine has none, and goes on when that is put right", async () => {
    const { does, id, lifecycle } = await cluster("web");
    await does("New-ClusterGroupSet -Name other -Group web");
    const inputs = { name: "front", vmIds: [id("web")] };
    const failure = await lifecycle.create(inputs).then(
      () => assert.fail("it was free"),
      (error: Error) => error,
    );
    assert.match(failure.message, /could not add the role of machine .* to the set.*'web' is in the set 'other'/s);
    await does("Remove-ClusterGroupFromSet -Name other -Group web");
    const { id: made, outputs } = failure as unknown as { id: string; outputs: Record<string, unknown> };
    const state = await lifecycle.update({ id: made, outputs }, inputs);
    assert.equal(lifecycle.diff(state, inputs).changes, false);
  });

  it("keeps who is in it, and what it needs, where what is to take their place cannot be had", async () => {
    const { does, id, seen, lifecycle } = await cluster("web", "db");
    await does("New-VM -Name alone -NoVHD -Generation 2");
    await does("New-ClusterGroupSet -Name data");
    const state = await lifecycle.create({ name: "front", vmIds: [id("web")], providers: ["data"] });
    const before = await seen("front");
    const none = "5e0d1a0b-6a52-4c0e-a9a5-2f1f8c4bb0c1";
    await assert.rejects(
      lifecycle.update(state, { name: "front", vmIds: [none], providers: ["data"] }),
      /could not add the role/,
    );
    assert.deepEqual(await seen("front"), before);
    await assert.rejects(
      lifecycle.update(state, { name: "front", vmIds: [id("web")], providers: ["nowhere"] }),
      /could not add the dependency on nowhere/,
    );
    assert.deepEqual(await seen("front"), before);
  });

  it("is not removed while another needs it, and leaves its roles running", async () => {
    const { does, id, lifecycle } = await cluster("db");
    const state = await lifecycle.create({ name: "data", vmIds: [id("db")] });
    await does("New-ClusterGroupSet -Name front -Providers data");
    await assert.rejects(lifecycle.delete(state), /The set 'front' depends on it/);
    await does("Remove-ClusterGroupSet -Name front");
    await lifecycle.delete(state);
    const running = await lifecycle.simulator.look((world) => world.nodes.flatMap((node) => node.machines));
    assert.deepEqual(
      running.map((machine) => machine.state),
      ["Running"],
    );
  });

  it("is empty in a cluster without roles, and read so", async () => {
    const { lifecycle } = await cluster();
    const state = await lifecycle.create({ name: "front" });
    assert.deepEqual((await lifecycle.read(state))?.inputs, { name: "front" });
  });

  it("is refused to need itself, or to have a machine twice", async () => {
    const { lifecycle } = await cluster();
    const id = "3f2b1c4d-0000-4000-8000-000000000001";
    const { problems } = lifecycle.handlers.check(
      { name: "front", providers: ["FRONT"], vmIds: [id, id.toUpperCase()] },
      nodes,
    );
    assert.deepEqual(problems, [
      "vmIds[1] is the machine of vmIds[0] again",
      "providers[0] is the set itself, which cannot need itself",
    ]);
  });
});
