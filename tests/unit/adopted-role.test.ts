import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];

/** A machine whose role was made by a run that was cut off: the cluster has it, the state does not. */
async function interrupted() {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "role",
  });
  const machines = new Lifecycle("VirtualMachine", simulator, nodes);
  const roles = new Lifecycle("ClusterVirtualMachineRole", simulator, nodes);
  const machine = await machines.create({ name: "web", node: "HV01", path: "C:\\ClusterStorage\\Volume1" });
  const role = await roles.create({ vmId: machine.id });
  return { simulator, machines, roles, machine, role };
}

describe("a role that an interrupted run left", () => {
  it("keeps its machine when it was adopted, and the message says how both go", async () => {
    const { simulator, machines, roles, machine } = await interrupted();
    await roles.delete(await roles.create({ vmId: machine.id, adopt: true }));
    await assert.rejects(machines.delete(machine), {
      message:
        'Unable to delete virtual machine "web" on HV01: the machine is still a role of the cluster. Remove its ' +
        "ClusterVirtualMachineRole first; in the program the role takes vmId from this machine's id. An adopted role stays at " +
        `destroy: remove it on a node with Remove-ClusterGroup -VMId ${machine.id} -RemoveResources.`,
    });
    const line = `Remove-ClusterGroup -VMId ${machine.id} -RemoveResources -Force`;
    assert.equal((await simulator.run("HV01", parseLine(line)))[0]?.error, undefined);
    await machines.delete(machine);
  });

  it("is made anew by the next up when it was removed by hand, and destroyed with its machine", async () => {
    const { simulator, machines, roles, machine } = await interrupted();
    await simulator.run("HV01", parseLine(`Remove-ClusterGroup -VMId ${machine.id} -RemoveResources -Force`));
    await roles.delete(await roles.create({ vmId: machine.id }));
    await machines.delete(machine);
  });

  it("counts as made by the program when it is imported, and is destroyed with its machine", async () => {
    const { machines, roles, machine } = await interrupted();
    const [listed] = await roles.handlers.list(roles.surroundings);
    assert.ok(listed);
    const imported = await roles.handlers.imported(listed, roles.surroundings);
    assert.deepEqual(imported.problems, []);
    await roles.delete(imported);
    await machines.delete(machine);
  });
});
