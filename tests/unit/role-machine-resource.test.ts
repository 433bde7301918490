import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";

async function cluster(...lines: string[]) {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "resource",
  });
  for (const line of lines)
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  const [machine] = await simulator.look((world) => world.nodes.flatMap(({ machines }) => machines));
  return {
    simulator,
    vmId: machine?.id ?? assert.fail(),
    lifecycle: new Lifecycle("ClusterVirtualMachineRole", simulator, nodes),
  };
}

const made = `New-VM -Name web -Path ${volume} -NoVHD -Generation 2`;

describe("the machine's resource in a role", () => {
  it("has what the program names set, and nothing else of it is read or touched", async () => {
    const { lifecycle, vmId } = await cluster(made);
    const plain = await lifecycle.create({ vmId });
    const asked = lifecycle.calls.flatMap((call) => ("cmdlet" in call ? call.cmdlet : []));
    assert(!asked.includes("Get-ClusterParameter") && !asked.includes("Get-ClusterResource"), asked.join());
    const inputs = { vmId, checkHeartbeat: false, offlineAction: "ShutDown", possibleOwners: ["HV01"] };
    assert.equal(lifecycle.diff(plain, inputs).changes, true);
    const state = await lifecycle.update(plain, inputs);
    assert.equal(lifecycle.diff(state, inputs).changes, false);
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, { ...inputs, checkHeartbeat: true }));
    assert.deepEqual(changes, ["Set-ClusterParameter"]);
  });

  it("may be owned by the node that the role is moved to in the same run, and not by the one that it leaves", async () => {
    const { lifecycle, vmId } = await cluster(made);
    const first = await lifecycle.create({ vmId, possibleOwners: ["HV01"], ownerNode: "HV01" });
    const moved = { vmId, possibleOwners: ["HV02"], ownerNode: "HV02" };
    const state = await lifecycle.update(first, moved);
    assert.equal(state.outputs.currentOwner, "HV02");
    assert.equal(lifecycle.diff(state, moved).changes, false);
  });

  it("is not given to a node that may not own it", async () => {
    const { lifecycle, vmId } = await cluster(made);
    const { problems } = lifecycle.handlers.check(
      { vmId, possibleOwners: ["HV01"], preferredOwners: ["HV02"], ownerNode: "HV02" },
      nodes,
    );
    assert.deepEqual(problems, [
      'preferredOwners[0] is not among possibleOwners; it is "HV02"',
      'ownerNode is not among possibleOwners; it is "HV02"',
    ]);
  });

  it("is imported with what somebody has chosen, and without what every role has", async () => {
    const { lifecycle, vmId } = await cluster(
      made,
      "Add-ClusterVirtualMachineRole -VMName web",
      'Set-ClusterParameter -InputObject (Get-ClusterResource -Name "Virtual Machine web") -Name DefaultMoveType -Value 1',
    );
    const [listed = assert.fail()] = await lifecycle.handlers.list(lifecycle.surroundings);
    const { inputs, problems } = await lifecycle.handlers.imported(listed, lifecycle.surroundings);
    assert.deepEqual([inputs, problems], [{ vmId, defaultMoveType: "Quick" }, []]);
  });
});

describe("a role of a machine with files on a local volume", () => {
  const disk = "D:\\data.vhdx";

  it("is refused, before anything is made, with the file", async () => {
    const { lifecycle, vmId } = await cluster(
      made,
      `New-VHD -Path ${disk} -SizeBytes 1GB`,
      `Add-VMHardDiskDrive -VMName web -Path ${disk}`,
    );
    const reason =
      /vmId is web: its disk D:\\data\.vhdx is on a local volume, and the machine cannot fail over\. Move it below/;
    const changes = await lifecycle.changesDuring(() => assert.rejects(lifecycle.create({ vmId }), reason));
    assert.deepEqual(changes, []);
    const problems = await lifecycle.handlers.verify({}, lifecycle.checked({ vmId }), lifecycle.surroundings);
    assert.match(problems.join(), reason);
  });

  it("is refused for its configuration as well", async () => {
    const { lifecycle, vmId } = await cluster("New-VM -Name web -Path D:\\vms -NoVHD -Generation 2");
    await assert.rejects(lifecycle.create({ vmId }), /its configuration in D:\\vms\\web is on a local volume/);
  });
});
