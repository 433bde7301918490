import assert from "node:assert/strict";
import type { Call, Where } from "../../provider/calls";
import type { Hosts, RunOptions } from "../../provider/host/host";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;
const nodes = ["HV01", "HV02"];
const path = (disk: number) => `C:\\ClusterStorage\\Volume1\\disk${disk}.vhdx`;
const disks = [0, 1, 2, 3];

/** Four disks of machines that run, in turn on either node. */
async function cluster() {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "shared",
  });
  const lifecycle = new Lifecycle("VirtualHardDisk", simulator, nodes);
  const states = await Promise.all(disks.map((disk) => lifecycle.create({ path: path(disk), sizeBytes: GiB })));
  for (const disk of disks) {
    const name = `machine${disk}`;
    const calls: Call[] = [
      {
        cmdlet: "New-VM",
        parameters: { Name: name, Generation: 2, VHDPath: path(disk), Path: path(disk).slice(0, 25) },
      },
      { cmdlet: "Start-VM", parameters: { Name: name } },
    ];
    for (const { error } of await simulator.run(nodes[disk % 2], calls)) assert.equal(error, undefined, error?.message);
  }
  const grown = async (sizeBytes = 2 * GiB) =>
    Promise.allSettled(states.map((state, disk) => lifecycle.update(state, { path: path(disk), sizeBytes }))).then(
      (all) => all.map((one) => (one.status === "fulfilled" ? "grown" : String(one.reason))),
    );
  return { simulator, lifecycle, states, grown };
}

describe("disks on a shared volume", () => {
  it("grow side by side, each on the node whose running machine has it open", async () => {
    const { grown } = await cluster();
    assert.deepEqual(
      await grown(),
      disks.map(() => "grown"),
    );
  });

  it("grow where the machine went, when it was moved between the look and the change", async () => {
    const { simulator, lifecycle, states } = await cluster();
    const [state] = states;
    assert.ok(state);
    const hosts = lifecycle.surroundings.hosts;
    const run = hosts.run.bind(hosts);
    hosts.run = (async (where: Where, calls: readonly Call[], options?: RunOptions) => {
      const ran = await run(where, calls, options);
      const [call] = calls;
      if (call && "cmdlet" in call && call.cmdlet === "Get-VHD") {
        hosts.run = run;
        const id = (await simulator.world()).nodes[0]?.machines.find(({ name }) => name === "machine0")?.id ?? "";
        const move: Call[] = [
          { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: id } },
          { cmdlet: "Move-ClusterVirtualMachineRole", parameters: { VMId: id, Node: "HV02", MigrationType: "Live" } },
        ];
        for (const { error } of await simulator.run("HV01", move)) assert.equal(error, undefined, error?.message);
      }
      return ran;
    }) as Hosts["run"];
    await lifecycle.update(state, { path: path(0), sizeBytes: 2 * GiB });
  });

  it("grow through the nodes that are left, when one of them died", async () => {
    const { simulator, grown } = await cluster();
    await grown();
    await simulator.happen({ fail: "HV01" });
    assert.deepEqual(
      await grown(3 * GiB),
      disks.map(() => "grown"),
    );
  });
});
