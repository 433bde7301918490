import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";

/** A cluster with running roles of these names. */
async function cluster(machines: readonly string[], windowsBuild = 20348) {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name, windowsBuild })),
    cluster: { name: "LAB" },
    seed: "rules",
  });
  const does = async (line: string) => {
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  };
  for (const name of machines) {
    await does(`New-VM -Name ${name} -Path ${volume} -NoVHD -Generation 2`);
    await does(`Add-ClusterVirtualMachineRole -VMName ${name}`);
  }
  const all = await simulator.look((world) => world.nodes.flatMap((node) => node.machines));
  const id = (name: string) => all.find((machine) => machine.name === name)?.id ?? assert.fail(name);
  const seen = async () => {
    const select = { RuleType: null, Groups: null, Enabled: null, SoftAntiAffinity: null };
    return (await simulator.run("HV01", [{ cmdlet: "Get-ClusterAffinityRule", select }]))[0]?.values;
  };
  return { simulator, does, id, seen, lifecycle: new Lifecycle("ClusterAffinityRule", simulator, nodes) };
}

describe("an affinity rule", () => {
  it("is made, filled, and only then switched on", async () => {
    const { id, seen, lifecycle } = await cluster(["web", "db"]);
    const inputs = { name: "apart", ruleType: "DifferentNode", vmIds: [id("db"), id("web")] };
    const changes = await lifecycle.changesDuring(() => lifecycle.create(inputs));
    assert.deepEqual(changes, [
      "New-ClusterAffinityRule",
      "Add-ClusterGroupToAffinityRule",
      "Add-ClusterGroupToAffinityRule",
      "Set-ClusterAffinityRule",
    ]);
    assert.deepEqual(await seen(), [
      { RuleType: "DifferentNode", Groups: ["db", "web"], Enabled: 1, SoftAntiAffinity: 0 },
    ]);
  });

  it("is about machines, whatever a person calls their roles, and takes out what somebody put in", async () => {
    const { does, id, lifecycle } = await cluster(["web", "db"]);
    const inputs = { name: "apart", ruleType: "DifferentNode", vmIds: [id("web")] };
    const state = await lifecycle.create(inputs);
    await does('(Get-ClusterGroup -Name web).Name = "shop"');
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
    await does("Add-ClusterGroupToAffinityRule -Name apart -Groups db");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    const changes = await lifecycle.changesDuring(() => lifecycle.update(read, inputs));
    assert.deepEqual(changes, ["Remove-ClusterGroupFromAffinityRule"]);
  });

  it("leaves the shared volumes that are in it", async () => {
    const { does, id, lifecycle, simulator } = await cluster(["web"]);
    const inputs = { name: "near", ruleType: "SameNode", vmIds: [id("web")] };
    const state = await lifecycle.create(inputs);
    const [volumeName = assert.fail()] = await simulator.look(
      ({ cluster: own }) => own?.sharedVolumes.map(({ name }) => name) ?? [],
    );
    await does(`Add-ClusterSharedVolumeToAffinityRule -Name near -ClusterSharedVolumes "${volumeName}"`);
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, inputs);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(read, inputs)), []);
  });

  it("moves nothing when it is removed", async () => {
    const { id, seen, lifecycle } = await cluster(["web"]);
    const state = await lifecycle.create({ name: "near", ruleType: "SameNode", vmIds: [id("web")] });
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), ["Remove-ClusterAffinityRule"]);
    assert.deepEqual(await seen(), []);
  });

  it("is an error that names the Windows that it needs, on an older one, in preview as well", async () => {
    const { id, lifecycle } = await cluster(["web"], 17763);
    const inputs = { name: "near", ruleType: "SameNode", vmIds: [id("web")] };
    await assert.rejects(lifecycle.create(inputs), /affinity rules need Windows Server 2022 or later/);
    const problems = await lifecycle.handlers.verify({}, lifecycle.checked(inputs), lifecycle.surroundings);
    assert.match(problems.join(), /affinity rules need Windows Server 2022 or later/);
  });
});
