import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { unknown } from "../../provider/lifecycle/values";
import { Run } from "../../provider/lifecycle/work/run";
import { Simulator, type WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

/** One run of the engine on hosts that hold a few things already. */
async function preview(description: Partial<WorldDescription> = {}, nodes: string[] = []) {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "verify", ...description });
  for (const line of [
    "New-VMSwitch -Name lan -SwitchType Private",
    "New-VHD -Path D:\\disks\\base.vhdx -SizeBytes 1GB",
    "New-VM -Name old -NoVHD",
  ])
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined);
  const run = new Run();
  const sent: string[] = [];
  const send = simulator.run.bind(simulator);
  simulator.run = ((node, calls, options) => {
    sent.push(...calls.flatMap((call) => ("cmdlet" in call ? [call.cmdlet] : [])));
    return send(node, calls, options);
  }) as typeof simulator.run;
  const of = (kind: string) => new Lifecycle(kind, simulator, nodes, undefined, run);
  const verify = (kind: string, name: string, inputs: Inputs, olds: Inputs = {}) =>
    of(kind).handlers.verify(olds, { ...inputs, __urn: `stack::project::*::${name}` }, of(kind).surroundings);
  return { simulator, verify, of, sent };
}

describe("a preview that verifies", () => {
  it("finds nothing in the way of what can be created", async () => {
    const { verify } = await preview();
    assert.deepEqual(await verify("VirtualSwitch", "dmz", { name: "dmz", switchType: "Private" }), []);
    assert.deepEqual(await verify("VirtualHardDisk", "web", { path: "D:\\disks\\web.vhdx", sizeBytes: 2 ** 30 }), []);
    const machine = {
      name: "web",
      networkAdapters: [{ name: "front", switchName: "LAN" }],
      hardDiskDrives: [{ path: "d:\\disks\\BASE.vhdx" }],
    };
    assert.deepEqual(await verify("VirtualMachine", "web", machine), []);
  });

  for (const [claim, kind, inputs, expected] of [
    [
      "a machine's name that is taken",
      "VirtualMachine",
      { name: "OLD" },
      /Unable to create virtual machine "OLD" on the simulated host: a virtual machine with this name already exists, with the id [0-9a-f-]+\. /,
    ],
    [
      "a switch's name that is taken",
      "VirtualSwitch",
      { name: "lan", switchType: "Private" },
      /a virtual switch with this name already exists/,
    ],
    [
      "a disk's path that is taken",
      "VirtualHardDisk",
      { path: "D:\\disks\\base.vhdx", sizeBytes: 2 ** 30 },
      /a virtual hard disk with this path already exists/,
    ],
    [
      "a switch that is not there",
      "VirtualMachine",
      { name: "web", networkAdapters: [{ name: "a" }, { name: "b", switchName: "wan" }] },
      /^networkAdapters\[1\]\.switchName names the virtual switch "wan", which the simulated host does not have; it has "lan"$/,
    ],
    [
      "a disk that is not there",
      "VirtualMachine",
      { name: "web", hardDiskDrives: [{ path: "D:\\disks\\none.vhdx" }] },
      /^hardDiskDrives\[0\]\.path names D:\\disks\\none\.vhdx, which the simulated host does not have\. Create the file first/,
    ],
    [
      "an image whose folder is not there",
      "VirtualMachine",
      { name: "web", dvdDrives: [{ path: "D:\\iso\\none.iso" }] },
      /^dvdDrives\[0\]\.path names D:\\iso\\none\.iso, which the simulated host does not have/,
    ],
    [
      "a parent that is not there",
      "VirtualHardDisk",
      { path: "D:\\a.vhdx", parentPath: "D:\\gone.vhdx" },
      /^parentPath names D:\\gone\.vhdx, which/,
    ],
    [
      "a source that is not there",
      "VirtualHardDisk",
      { path: "D:\\a.vhdx", sourcePath: "D:\\gone.vhdx" },
      /^sourcePath names D:\\gone\.vhdx, which/,
    ],
    [
      "a drive that is not there",
      "VirtualHardDisk",
      { path: "Q:\\a.vhdx", sizeBytes: 2 ** 30 },
      /^path is on a drive that the simulated host does not have$/,
    ],
    [
      "a physical adapter that is not there",
      "VirtualSwitch",
      { name: "wan", switchType: "External", netAdapterNames: ["Ethernet 9"] },
      /^netAdapterNames\[0\] names the physical adapter "Ethernet 9", which the simulated host does not have; it has "/,
    ],
    [
      "a machine of a checkpoint that is not there",
      "Checkpoint",
      { name: "before", vmId: "08995118-bf4e-4d4b-82f0-c7c708d461f4" },
      /vmId must be the id of an existing machine/,
    ],
  ] as const)
    it(`says ${claim}`, async () => {
      const { verify } = await preview();
      const problems = await verify(kind, "new", inputs);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", expected);
    });

  it("counts as there what the same run is about to create", async () => {
    const { verify } = await preview();
    await verify("VirtualSwitch", "wan", { name: "wan", switchType: "Private" });
    await verify("VirtualHardDisk", "disk", { path: "D:\\new\\web.vhdx", sizeBytes: 2 ** 30 });
    const machine = {
      name: "web",
      networkAdapters: [{ name: "front", switchName: "wan" }],
      hardDiskDrives: [{ path: "D:\\new\\web.vhdx" }],
    };
    assert.deepEqual(await verify("VirtualMachine", "web", machine), []);
    assert.deepEqual(
      await verify("VirtualHardDisk", "child", { path: "D:\\child.vhdx", parentPath: "D:\\new\\web.vhdx" }),
      [],
    );
  });

  it("of another node's switch does not", async () => {
    const nodes = ["HV01", "HV02"];
    const { verify } = await preview({ nodes: nodes.map((name) => ({ name })) }, nodes);
    await verify("VirtualSwitch", "wan", { name: "wan", switchType: "Private", node: "HV01" });
    const on = (node: string) => ({
      name: `web-${node}`,
      node,
      networkAdapters: [{ name: "front", switchName: "wan" }],
    });
    assert.deepEqual(await verify("VirtualMachine", "one", on("HV01")), []);
    const [problem = ""] = await verify("VirtualMachine", "two", on("HV02"));
    assert.match(problem, /which HV02 does not have; it has none$/);
  });

  it("asks for one listing of each noun and folder, however many resources there are", async () => {
    const { verify, sent } = await preview();
    for (let index = 0; index < 20; index += 1) {
      await verify("VirtualHardDisk", `disk${index}`, {
        path: `D:\\disks\\${index}.vhdx`,
        parentPath: "D:\\disks\\base.vhdx",
      });
      await verify("VirtualMachine", `web${index}`, {
        name: `web${index}`,
        networkAdapters: [{ name: "front", switchName: "lan" }],
        hardDiskDrives: [{ path: `D:\\disks\\${index}.vhdx` }],
      });
    }
    assert.deepEqual(sent.sort(), ["Get-ChildItem", "Get-VM", "Get-VMSwitch"]);
  });

  it("passes over what is not known yet, and sees all the same that the host answers", async () => {
    const { verify, sent } = await preview();
    const machine = {
      name: unknown,
      networkAdapters: [
        { name: "a", switchName: unknown },
        { name: "b", switchName: "wan" },
      ],
    };
    const [problem = "", ...others] = await verify("VirtualMachine", "web", machine);
    assert.match(problem, /^networkAdapters\[1\]\.switchName names the virtual switch "wan"/);
    assert.deepEqual(others, []);
    assert.deepEqual(await verify("Checkpoint", "before", { name: "before", vmId: unknown }), []);
    assert.ok(sent.includes("Get-VMHost"));
  });

  it("says once for each resource that the host cannot be asked, without asking it again", async () => {
    const { verify, simulator, sent } = await preview();
    await simulator.order({ effect: { kind: "drop", effectDone: false }, times: 1 });
    for (const name of ["web", "db"]) {
      const [problem = ""] = await verify("VirtualMachine", name, { name });
      assert.match(problem, new RegExp(`^Unable to create virtual machine "${name}" on the simulated host: `));
      assert.match(problem, /The state on the simulated host is unknown/);
    }
    assert.deepEqual(sent, ["Get-VM"]);
  });

  it("leaves out what a resource has that is replaced by itself, and what another gives up", async () => {
    const { of, verify } = await preview();
    const lifecycle = of("VirtualMachine");
    const __urn = "stack::project::*::web";
    const state = await lifecycle.create({ name: "web", __urn });
    lifecycle.diff(state, { name: "web", generation: 1, __urn });
    assert.deepEqual(await verify("VirtualMachine", "web", { name: "web", generation: 1 }), []);
    assert.match(
      (await verify("VirtualMachine", "other", { name: "web" }))[0] ?? "",
      /it belongs to the resource "web"/,
    );
    await verify("VirtualMachine", "web", { name: "web2" }, state.outputs);
    assert.deepEqual(await verify("VirtualMachine", "other", { name: "web" }), []);
  });

  it("of what exists looks only for what is new to it", async () => {
    const { of, verify, sent } = await preview();
    const state = await of("VirtualMachine").create({
      name: "web",
      networkAdapters: [{ name: "a", switchName: "lan" }],
    });
    sent.length = 0;
    const other = { name: "old", networkAdapters: [{ name: "a", switchName: "lan" }] };
    assert.deepEqual(await verify("VirtualMachine", "web", other, state.outputs), []);
    assert.deepEqual(sent, []);
    const wan = { name: "web", networkAdapters: [{ name: "a", switchName: "wan" }] };
    assert.match(
      (await verify("VirtualMachine", "web", wan, state.outputs))[0] ?? "",
      /names the virtual switch "wan"/,
    );
  });

  it("looks on every node for what a machine needs that exists or is adopted, as it may have moved", async () => {
    const nodes = ["HV01", "HV02"];
    const { simulator, verify, of } = await preview({ nodes: nodes.map((name) => ({ name })) }, nodes);
    for (const line of ["New-VM -Name moved -NoVHD", "New-VMSwitch -Name there -SwitchType Private"])
      for (const { error } of await simulator.run("HV02", parseLine(line))) assert.equal(error, undefined);
    const wanted = (switchName: string) => ({ name: "moved", networkAdapters: [{ name: "a", switchName }] });
    assert.deepEqual(await verify("VirtualMachine", "m", { ...wanted("there"), adopt: true }), []);
    const state = await of("VirtualMachine").create({ name: "own", node: "HV01" });
    assert.deepEqual(await verify("VirtualMachine", "own", { ...wanted("there"), name: "own" }, state.outputs), []);
    const [problem = ""] = await verify("VirtualMachine", "m", { ...wanted("nowhere"), adopt: true });
    assert.match(
      problem,
      /names the virtual switch "nowhere", which HV01 and HV02 do not have; they have "lan", "there"$/,
    );
  });

  it("says of two new resources that they are to be one thing", async () => {
    const { verify } = await preview();
    const disk = { path: "D:\\new\\a.vhdx", sizeBytes: 2 ** 30 };
    assert.deepEqual(await verify("VirtualHardDisk", "one", disk), []);
    assert.deepEqual(await verify("VirtualHardDisk", "two", { ...disk, path: "d:\\NEW\\a.vhdx" }), [
      'path is also declared by the resource "one": declare it once, or choose another',
    ]);
  });

  it("says what to do where the engine replaces by hand, which looks like a new resource", async () => {
    const { of, verify } = await preview();
    await of("VirtualMachine").create({ name: "web" });
    const [problem = ""] = await verify("VirtualMachine", "web", { name: "web" });
    assert.match(
      problem,
      /\n {2}If this resource already has it and is being replaced by --replace or a taint, set hyperv:verify to false/,
    );
  });

  it("hides values of a resource with a secret, and not where they are", async () => {
    const { verify } = await preview();
    const machine = {
      name: "web",
      __secret: true,
      networkAdapters: [{ name: "a" }, { name: "b", switchName: "hidden" }],
    };
    const [problem = ""] = await verify("VirtualMachine", "web", machine);
    assert.match(problem, /^networkAdapters\[1\]\.switchName names the virtual switch "\*+"/);
  });

  it("lets what is adopted be there", async () => {
    const { verify } = await preview();
    assert.deepEqual(await verify("VirtualMachine", "old", { name: "old", adopt: true }), []);
  });
});
