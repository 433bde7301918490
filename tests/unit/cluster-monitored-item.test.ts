import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";

/** A cluster with a running role whose guest answers, as far as it is asked for. */
async function cluster({ isRole = true, runs = true, boots = true } = {}) {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "monitored",
  });
  const does = async (line: string) => {
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  };
  await does(`New-VM -Name web -Path ${volume} -NoVHD -Generation 2`);
  if (isRole) await does("Add-ClusterVirtualMachineRole -VMName web");
  if (runs) await does("Start-VM -Name web");
  if (boots) await simulator.happen({ guest: "web", boots: true });
  const [machine] = await simulator.look((world) => world.nodes.flatMap(({ machines }) => machines));
  const vmId = machine?.id ?? assert.fail();
  const watched = async () => {
    const [answer] = await simulator.run("HV01", parseLine("Get-ClusterVMMonitoredItem -VirtualMachine web"));
    assert.equal(answer?.error, undefined);
    return simulator.look(
      (world) =>
        world.nodes.flatMap(({ machines }) => machines).find(({ id }) => id === vmId)?.guest.monitoredItems ?? [],
    );
  };
  const lifecycle = new Lifecycle("ClusterVirtualMachineMonitoredItem", simulator, nodes);
  return { simulator, does, vmId, watched, lifecycle };
}

const event = { eventLog: "Microsoft-Windows-Backup/Operational", eventSource: "Backup", eventId: 517 };

describe("what the cluster watches in a guest", () => {
  it("is a service or an event, read back and removed by its name", async () => {
    const { vmId, watched, lifecycle } = await cluster();
    for (const [item, name] of [
      [{ service: "spooler" }, "spooler"],
      [event, "Microsoft-Windows-Backup+Operational,Backup,517"],
    ] as const) {
      const state = await lifecycle.create({ vmId, ...item });
      assert.equal(state.id, `${vmId}/${name}`);
      assert.deepEqual(await watched(), [name]);
      assert.equal(lifecycle.diff(state, { vmId, ...item }).changes, false);
      assert.deepEqual((await lifecycle.read(state))?.inputs, { vmId, ...item });
      assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(state)), ["Remove-ClusterVMMonitoredItem"]);
      assert.deepEqual(await watched(), []);
    }
  });

  it("is another one with another name", async () => {
    const { vmId, lifecycle } = await cluster();
    const state = await lifecycle.create({ vmId, service: "spooler" });
    assert.deepEqual(lifecycle.diff(state, { vmId, service: "Spooler" }).replaces, []);
    assert.deepEqual(lifecycle.diff(state, { vmId, service: "w32time" }).replaces, ["service"]);
    assert.deepEqual(lifecycle.diff(state, { vmId, ...event }).replaces, [
      "service",
      "eventLog",
      "eventSource",
      "eventId",
    ]);
  });

  it("comes back where a guest that was built anew has lost it", async () => {
    const { vmId, does, watched, lifecycle } = await cluster();
    const state = await lifecycle.create({ vmId, service: "spooler" });
    await does("Remove-ClusterVMMonitoredItem -VirtualMachine web -Service spooler");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(read.outputs.isMonitored, false);
    assert.equal(lifecycle.diff(read, { vmId, service: "spooler" }).changes, true);
    await lifecycle.update(read, { vmId, service: "spooler" });
    assert.deepEqual(await watched(), ["spooler"]);
  });

  it("is as it was while the role is offline, and is not removed then", async () => {
    const { vmId, does, lifecycle } = await cluster();
    const state = await lifecycle.create({ vmId, service: "spooler" });
    await does("Stop-ClusterGroup -Name web");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, { vmId, service: "spooler" });
    assert.equal(lifecycle.diff(read, { vmId, service: "spooler" }).changes, false);
    await assert.rejects(lifecycle.delete(read), /it is kept in the guest, and the role of its machine is not online/);
  });

  for (const [what, world, said] of [
    ["is no role", { isRole: false }, /it is not a role of the cluster: give it a ClusterVirtualMachineRole/],
    ["does not run", { runs: false, boots: false }, /it is Off: start it, by state: "Running"/],
    ["has a guest that does not answer", { boots: false }, /its guest does not answer \(heartbeat NoContact\)/],
    ["is none of this", { isRole: false, runs: false, boots: false }, /not a role of the cluster: .*; it is Off/],
  ] as const)
    it(`is refused in one message where the machine ${what}, in preview as well`, async () => {
      const { vmId, lifecycle } = await cluster(world);
      const inputs = { vmId, service: "spooler" };
      await assert.rejects(lifecycle.create(inputs), said);
      const problems = await lifecycle.handlers.verify({}, lifecycle.checked(inputs), lifecycle.surroundings);
      assert.match(problems.join(), said);
    });

  it("is one item, and a whole one", async () => {
    const { vmId, lifecycle } = await cluster();
    assert.throws(() => lifecycle.checked({ vmId }), /service is required, or else eventLog, eventSource and eventId/);
    assert.throws(() => lifecycle.checked({ vmId, eventLog: "System" }), /eventSource is required with eventLog/);
    assert.throws(() => lifecycle.checked({ vmId, service: "a", ...event }), /eventLog is given beside service/);
  });

  it("that is watched is taken over, and stays at the end", async () => {
    const { vmId, does, watched, lifecycle } = await cluster();
    await does("Add-ClusterVMMonitoredItem -VirtualMachine web -Service spooler");
    await assert.rejects(lifecycle.create({ vmId, service: "Spooler" }), /a monitored item already exists/);
    const state = await lifecycle.create({ vmId, service: "Spooler", adopt: true });
    await lifecycle.delete(state);
    assert.deepEqual(await watched(), ["spooler"]);
  });
});
