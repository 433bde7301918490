import assert from "node:assert/strict";
import { type Declared, engineSuite, Stack } from "./stack";

const GiB = 2 ** 30;

/** The history of one machine: what its owner changes, one edit after the other, and what each costs. */
engineSuite("ten edits of one running machine", () => {
  let stack: Stack;
  let args: Record<string, unknown>;

  const machine = async () => (await stack.world()).nodes[0]?.machines[0] ?? assert.fail("the machine is gone");
  const declared = (): Declared[] => [
    { kind: "VirtualSwitch", name: "front", args: { switchType: "Private" } },
    { kind: "VirtualSwitch", name: "back", args: { switchType: "Private" } },
    { kind: "VirtualHardDisk", name: "system", args: { path: "D:\\system.vhdx", sizeBytes: 40 * GiB } },
    { kind: "VirtualHardDisk", name: "data", args: { path: "D:\\data.vhdx", sizeBytes: 100 * GiB } },
    { kind: "VirtualMachine", name: "db", args },
  ];

  before(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }], guestsBoot: true });
    for (const image of ["D:\\debian.iso", "D:\\drivers.iso"])
      await stack.simulator.happen({ touch: image, sizeBytes: 2 ** 20 });
    args = {
      memory: { startupBytes: 2 * GiB },
      processor: { count: 2 },
      networkAdapters: [{ name: "lan", switchName: { $of: "front", property: "name" }, vlan: 10 }],
      hardDiskDrives: [{ path: { $of: "system", property: "path" } }],
      dvdDrives: [{ path: "D:\\debian.iso" }],
      state: "Running",
      allowRestart: true,
    };
  });
  after(() => stack?.remove());

  /** Changes the program; preview says an update, up makes it, and then nothing is left. */
  async function edit(change: Record<string, unknown>): Promise<{ restarts: number }> {
    args = { ...args, ...change };
    stack.declare(declared());
    const { id, starts, adapters } = await lived();
    const run = await stack.previewedUp();
    assert.equal(run.code, 0, run.output);
    assert.equal(run.ops["VirtualMachine db"], "update");
    assert.deepEqual(Object.values(run.ops).sort(), ["same", "same", "same", "same", "update"]);
    const still = await stack.preview("--expect-no-changes");
    assert.equal(still.code, 0, still.output);
    const now = await lived();
    assert.equal(now.id, id, "it is the same machine");
    assert.deepEqual(now.adapters, adapters, "its adapters are the same ones");
    assert.equal((await machine()).state, "Running");
    return { restarts: now.starts - starts };
  }

  /** A start gives the machine a new life; the simulator counts them. */
  async function lived(): Promise<{ id: string; starts: number; adapters: string[] }> {
    const { id, starts = 0, adapters } = await machine();
    return { id, starts, adapters: adapters.map((adapter) => adapter.id) };
  }

  it("it is made, and runs", async () => {
    stack.declare(declared());
    const run = await stack.previewedUp();
    assert.equal(run.code, 0, run.output);
    assert.equal((await machine()).state, "Running");
  });

  it("it gets more memory while it runs", async () => {
    assert.deepEqual(await edit({ memory: { startupBytes: 4 * GiB } }), { restarts: 0 });
    assert.equal((await machine()).memory.startupBytes, 4 * GiB);
  });

  it("more processors need one restart", async () => {
    assert.deepEqual(await edit({ processor: { count: 4 } }), { restarts: 1 });
    assert.equal((await machine()).processor.count, 4);
  });

  it("a second disk is attached while it runs", async () => {
    const disks = [{ path: { $of: "system", property: "path" } }, { path: { $of: "data", property: "path" } }];
    assert.deepEqual(await edit({ hardDiskDrives: disks }), { restarts: 0 });
    assert.equal((await machine()).drives.filter(({ kind }) => kind === "HardDisk").length, 2);
  });

  it("the disk is moved to another place while it runs", async () => {
    const disks = [
      { path: { $of: "system", property: "path" } },
      { path: { $of: "data", property: "path" }, controllerNumber: 0, controllerLocation: 10 },
    ];
    assert.deepEqual(await edit({ hardDiskDrives: disks }), { restarts: 0 });
    assert.equal((await machine()).drives.find(({ path }) => path === "D:\\data.vhdx")?.controllerLocation, 10);
  });

  it("the image in the DVD drive is swapped while it runs", async () => {
    assert.deepEqual(await edit({ dvdDrives: [{ path: "D:\\drivers.iso" }] }), { restarts: 0 });
    assert.equal((await machine()).drives.find(({ kind }) => kind === "Dvd")?.path, "D:\\drivers.iso");
  });

  it("the adapter goes to another switch while it runs, and keeps its address", async () => {
    const { adapters } = await machine();
    const lan = { name: "lan", switchName: { $of: "back", property: "name" }, vlan: 10 };
    assert.deepEqual(await edit({ networkAdapters: [lan] }), { restarts: 0 });
    const after = (await machine()).adapters;
    assert.equal(after[0]?.switchName, "back");
    assert.equal(after[0]?.macAddress, adapters[0]?.macAddress);
  });

  it("its VLAN becomes a trunk while it runs", async () => {
    const lan = {
      name: "lan",
      switchName: { $of: "back", property: "name" },
      vlanTrunk: { allowedVlanIdList: "10-20,30" },
    };
    assert.deepEqual(await edit({ networkAdapters: [lan] }), { restarts: 0 });
    assert.equal((await machine()).adapters[0]?.vlan.mode, "Trunk");
  });

  it("another template of secure boot needs one restart", async () => {
    const firmware = { secureBootTemplate: "MicrosoftUEFICertificateAuthority" };
    assert.deepEqual(await edit({ firmware }), { restarts: 1 });
    assert.equal((await machine()).firmware.secureBootTemplate, "MicrosoftUEFICertificateAuthority");
  });

  it("a virtual TPM needs one restart", async () => {
    assert.deepEqual(await edit({ security: { tpmEnabled: true } }), { restarts: 1 });
    assert.equal((await machine()).security.tpmEnabled, true);
  });

  it("from then on the template is locked, and preview says so", async () => {
    const template = { firmware: { secureBootTemplate: "MicrosoftWindows" } };
    stack.declare([...declared().slice(0, -1), { kind: "VirtualMachine", name: "db", args: { ...args, ...template } }]);
    const preview = await stack.preview();
    assert.notEqual(preview.code, 0);
    assert.match(preview.output, /firmware\.secureBootTemplate is locked once the machine has had a virtual TPM/);
  });

  it("it is renamed while it runs", async () => {
    assert.deepEqual(await edit({ name: "db-primary" }), { restarts: 0 });
    assert.equal((await machine()).name, "db-primary");
  });

  it("and it is destroyed without a trace", async () => {
    const run = await stack.destroy();
    assert.equal(run.code, 0, run.output);
    const { nodes } = await stack.world();
    assert.deepEqual(
      nodes.map(({ machines, switches }) => [machines, switches]),
      [[[], []]],
    );
  });
});
