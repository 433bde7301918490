import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const lan = { name: "lan", switchType: "Private" };

async function host() {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "switch" });
  const switches = new Lifecycle("VirtualSwitch", simulator);
  const machines = new Lifecycle("VirtualMachine", simulator);
  const made = await switches.create(lan);
  const web = await machines.create({ name: "web", networkAdapters: [{ name: "front", switchName: "lan" }] });
  const left = async () => (await simulator.world()).nodes[0]?.switches.map(({ name }) => name);
  return { simulator, switches, machines, made, web, left };
}

describe("a virtual switch that machines are connected to", () => {
  it("is not removed, and the message names them and says what to do", async () => {
    const { simulator, switches, machines, made, web, left } = await host();
    const removed: string[] = await switches.changesDuring(() =>
      assert.rejects(switches.delete(made), {
        message:
          'Unable to delete virtual switch "lan" on the simulated host: could not check that no machine is connected to it: after 60 seconds there are ' +
          'still adapters of "web" on it, and they would be left without a switch. Disconnect them (leave out their switchName, ' +
          "or name another switch) or remove the machines, then run pulumi up or destroy again.",
      }),
    );
    assert.deepEqual(removed, []);
    assert.deepEqual(await left(), ["lan"]);
    assert.ok((await simulator.world()).nodes[0]?.machines[0]?.adapters[0]?.switchId);
    await machines.update(web, { name: "web", networkAdapters: [{ name: "front" }] });
    await switches.delete(made);
    assert.deepEqual(await left(), []);
  });

  it("is removed when a machine that goes at the same time is gone", async () => {
    const { simulator, switches, made, left } = await host();
    const hosts = switches.surroundings.hosts;
    const remove: Call[] = [{ cmdlet: "Remove-VM", parameters: { Name: "web", Force: true } }];
    hosts.pause = async () => void (await simulator.run("HV01", remove));
    await switches.delete(made);
    assert.deepEqual(await left(), []);
  });

  it("keeps its adapters to other switches out of it", async () => {
    const { switches, left } = await host();
    await switches.delete(await switches.create({ name: "other", switchType: "Internal" }));
    assert.deepEqual(await left(), ["lan"]);
  });
});
