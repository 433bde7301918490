import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];

async function hosts(names: readonly string[] = []) {
  const simulator = Simulator.inMemory({ nodes: nodes.map((name) => ({ name })), seed: "get" });
  const ids: string[] = [];
  for (const [node, line] of [
    ["HV01", "New-VM -Name web -NoVHD"],
    ["HV01", "New-VM -Name twin -NoVHD"],
    ["HV02", "New-VM -Name twin -NoVHD"],
    ["HV01", "New-VMSwitch -Name lan -SwitchType Private"],
    ["HV02", "New-VMSwitch -Name lan -SwitchType Private"],
  ] as const)
    for (const { error } of await simulator.run(node, parseLine(line))) assert.equal(error, undefined);
  for (const { machines } of await simulator.look((world) => world.nodes)) ids.push(...machines.map(({ id }) => id));
  const of = (kind: string) => new Lifecycle(kind, simulator, names);
  const lookUp = (kind: string, by: Record<string, unknown>) => of(kind).handlers.lookUp(by, of(kind).surroundings);
  return { simulator, of, lookUp, ids };
}

describe("what is looked up by its name", () => {
  it("is the one that has it, in any case", async () => {
    const { lookUp, ids } = await hosts(nodes);
    assert.equal(await lookUp("VirtualMachine", { name: "WEB" }), ids[0]);
    assert.equal(await lookUp("VirtualMachine", { name: "twin", node: "hv02" }), ids[2]);
  });

  for (const [claim, names, kind, by, expected] of [
    [
      "has several",
      nodes,
      "VirtualMachine",
      { name: "twin" },
      /^Unable to get virtual machine "twin": 2 virtual machines have this name: .*, or set node\.$/,
    ],
    [
      "has several on several nodes",
      nodes,
      "VirtualSwitch",
      { name: "lan" },
      /^Unable to get virtual switch "lan": 2 virtual switches have this name: /,
    ],
    [
      "nobody has",
      nodes,
      "VirtualMachine",
      { name: "gone" },
      /"gone": no virtual machine has this name on any of the provider's nodes\. Check the name and the provider's nodes\.$/,
    ],
    [
      "nobody has on one host",
      [],
      "VirtualMachine",
      { name: "gone" },
      /no virtual machine has this name on the simulated host\. Check the name and the provider's address\.$/,
    ],
    [
      "is looked for on a node that there is not",
      nodes,
      "VirtualMachine",
      { name: "web", node: "HV09" },
      /node must be a node that the provider names: HV01, HV02; it is "HV09"\.$/,
    ],
  ] as const)
    it(`is an error where the name ${claim}`, async () => {
      const { lookUp } = await hosts(names);
      await assert.rejects(lookUp(kind, by), expected);
    });

  it("is never taken for gone where a node cannot be asked", async () => {
    const { lookUp, simulator } = await hosts(nodes);
    await simulator.happen({ fail: "HV02" });
    await assert.rejects(lookUp("VirtualMachine", { name: "gone" }), /HV02/);
  });
});

describe("what is got by what is no id", () => {
  for (const [kind, id, expected] of [
    [
      "VirtualMachine",
      "web",
      'Unable to get virtual machine "web": its id must be a GUID. To look it up by its name: VirtualMachine.get("...", { name: "web" }).',
    ],
    [
      "VirtualSwitch",
      "lan",
      'Unable to get virtual switch "lan": its id must be a GUID. To look it up by its name: VirtualSwitch.get("...", { name: "lan" }).',
    ],
    ["Checkpoint", "before", 'Unable to get checkpoint "before": its id must be a GUID.'],
    ["VirtualHardDisk", "web.vhdx", 'Unable to get virtual hard disk "web.vhdx": its id must be an absolute path.'],
  ] as const)
    it(`is refused: the ${kind} "${id}"`, async () => {
      const { of } = await hosts();
      const lifecycle = of(kind);
      await assert.rejects(lifecycle.handlers.read(id, { __get: true }, lifecycle.surroundings), { message: expected });
      assert.deepEqual(lifecycle.calls, []);
    });
});
