import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import type { Call, Where } from "../../provider/calls";
import type { Hosts, RunOptions } from "../../provider/host/host";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { unknown } from "../../provider/lifecycle/values";
import { Simulator, type World } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;
const TiB = 2 ** 40;
const volume = "C:\\ClusterStorage\\Volume1";

interface Kind {
  kind: string;
  inputs: Record<string, unknown>;
  nodes?: string[];
  setup?: Call[];
  /** Things of the kind that the world has. */
  count: (world: World) => number;
  /** What an administrator types to take it away. */
  removedByHand: (inputs: Record<string, unknown>) => string;
}

const kinds: Kind[] = [
  {
    kind: "VirtualSwitch",
    inputs: {
      name: "lan",
      switchType: "External",
      netAdapterNames: ["Ethernet"],
      allowManagementOS: false,
      notes: "x",
    },
    count: ({ nodes }) =>
      nodes.reduce((sum, node) => sum + node.switches.filter(({ name }) => name === "lan").length, 0),
    removedByHand: () => "Remove-VMSwitch -Name lan -Force",
  },
  {
    kind: "VirtualHardDisk",
    inputs: { path: "D:\\copy.vhdx", sourcePath: "D:\\image.vhdx", sizeBytes: 4 * GiB },
    setup: [{ cmdlet: "New-VHD", parameters: { Path: "D:\\image.vhdx", SizeBytes: GiB } }],
    count: ({ nodes }) =>
      nodes.reduce((sum, { files }) => sum + Object.keys(files).filter((key) => key === "d:\\copy.vhdx").length, 0),
    removedByHand: () => "Remove-Item -LiteralPath D:\\copy.vhdx",
  },
  {
    kind: "VirtualMachine",
    inputs: {
      name: "web",
      notes: "x",
      processor: { count: 2 },
      memory: { dynamicMemoryEnabled: true, startupBytes: GiB, maximumBytes: 4 * GiB },
      networkAdapters: [
        { name: "front", switchName: "s", vlan: 5 },
        { name: "back", macAddress: "00155D010203" },
      ],
      hardDiskDrives: [{ path: "D:\\a.vhdx" }],
      dvdDrives: [{}],
      firmware: { secureBoot: "Off", bootOrder: [{ networkAdapter: "front" }] },
      automaticStopAction: "ShutDown",
      state: "Running",
    },
    setup: [
      { cmdlet: "New-VMSwitch", parameters: { Name: "s", SwitchType: "Private" } },
      { cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } },
    ],
    count: ({ nodes }) =>
      nodes.reduce((sum, { machines }) => sum + machines.filter(({ name }) => name === "web").length, 0),
    removedByHand: () => "Remove-VM -Name web -Force",
  },
  {
    kind: "ClusterVirtualMachineRole",
    inputs: {
      vmId: "",
      priority: 3000,
      preferredOwners: ["HV02"],
      antiAffinityClassNames: ["a"],
      autoFailback: true,
      ownerNode: "HV02",
    },
    nodes: ["HV01", "HV02"],
    setup: [{ cmdlet: "New-VM", parameters: { Name: "web", Generation: 2, Path: volume } }],
    count: ({ cluster }) => cluster?.groups.length ?? 0,
    removedByHand: ({ vmId }) => `Remove-ClusterGroup -VMId ${vmId} -RemoveResources -Force`,
  },
  {
    kind: "Checkpoint",
    inputs: { vmId: "", name: "before", checkpointType: "Standard" },
    setup: [{ cmdlet: "New-VM", parameters: { Name: "web", Generation: 2 } }],
    count: ({ nodes }) =>
      nodes.reduce((sum, { machines }) => sum + machines.flatMap(({ checkpoints }) => checkpoints).length, 0),
    removedByHand: () => "Remove-VMSnapshot -VMName web -Confirm:$false",
  },
];

async function prepared({
  kind,
  inputs,
  nodes,
  setup,
}: Kind): Promise<{ lifecycle: Lifecycle; simulator: Simulator; inputs: Record<string, unknown> }> {
  const simulator = Simulator.inMemory({
    nodes: [{ name: "HV01" }, { name: "HV02" }],
    ...(nodes && { cluster: { name: "LAB" } }),
    guestsBoot: true,
    seed: "lifecycle",
  });
  await must(simulator, setup ?? []);
  const machine = (await simulator.world()).nodes[0]?.machines[0];
  return {
    lifecycle: new Lifecycle(kind, simulator, nodes),
    simulator,
    inputs: "vmId" in inputs ? { ...inputs, vmId: machine?.id } : inputs,
  };
}

async function must(simulator: Simulator, calls: Call[], node = "HV01"): Promise<void> {
  const failed = (await simulator.run(node, calls)).find(({ error }) => error);
  if (failed) throw new Error(JSON.stringify(failed.error));
}

/** How many calls a creation makes that goes well. */
async function callsOf(kind: Kind): Promise<number> {
  const { lifecycle, inputs } = await prepared(kind);
  await lifecycle.create(inputs);
  return lifecycle.calls.length;
}

for (const kind of kinds)
  describe(`a ${kind.kind} whose creation`, function () {
    this.timeout(120_000);

    it("goes well is there once, and needs nothing more", async () => {
      const { lifecycle, simulator, inputs } = await prepared(kind);
      const state = await lifecycle.create(inputs);
      assert.equal(kind.count(await simulator.world()), 1);
      assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, inputs)), []);
    });

    it("is asked for twice at once is made once, and the other is told that it is there", async () => {
      const { lifecycle, simulator, inputs } = await prepared(kind);
      const both = await Promise.allSettled([lifecycle.create(inputs), lifecycle.create(inputs)]);
      assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      const refused = both.find((one) => one.status === "rejected");
      assert.match((refused as PromiseRejectedResult).reason.message, /already exists.* set adopt: true/);
      assert.equal(kind.count(await simulator.world()), 1);
    });

    it("fails at any call keeps its id, says the cmdlet and the error, and is finished by the next up", async () => {
      const calls = await callsOf(kind);
      for (let at = 0; at < calls; at += 1) {
        const { lifecycle, simulator, inputs } = await prepared(kind);
        await simulator.order({ after: at, effect: { kind: "fail", errorId: "Unspecified" } });
        let state: State;
        try {
          state = await lifecycle.create(inputs);
          // a fault at the look for what is there, or after the last change, may change nothing
        } catch (error) {
          assert.match(
            (error as Error).message,
            /^Unable to create .* on .*ordered fault.*\n {2}([A-Z]\w+-\w+|assignment of \w+): Unspecified/s,
            `call ${at}`,
          );
          if (error instanceof PartialFailure)
            state = await lifecycle.update({ id: error.id, outputs: error.outputs }, inputs);
          else {
            assert.equal(kind.count(await simulator.world()), 0, `call ${at}: made, and lost`);
            state = await lifecycle.create(inputs);
          }
        }
        assert.equal(kind.count(await simulator.world()), 1, `call ${at}`);
        assert.equal(lifecycle.diff(state, inputs).changes, false, `call ${at}`);
      }
    });

    for (const effectDone of [false, true])
      it(`loses its session ${effectDone ? "after" : "before"} any call is finished all the same, and is there once`, async () => {
        const calls = await callsOf(kind);
        for (let at = 0; at < calls; at += 1) {
          const { lifecycle, simulator, inputs } = await prepared(kind);
          await simulator.order({ after: at, effect: { kind: "drop", effectDone } });
          let state: State;
          try {
            state = await lifecycle.create(inputs);
          } catch (error) {
            if (error instanceof PartialFailure)
              state = await lifecycle.update({ id: error.id, outputs: error.outputs }, inputs);
            else {
              assert.equal(
                kind.count(await simulator.world()),
                0,
                `call ${at}: made, and lost: ${(error as Error).message}`,
              );
              state = await lifecycle.create(inputs);
            }
          }
          assert.equal(kind.count(await simulator.world()), 1, `call ${at}`);
          assert.equal(lifecycle.diff(state, inputs).changes, false, `call ${at}`);
        }
      });

    it("was killed on the way is not repeated: the error names what is there, and adopt takes it over", async () => {
      const { lifecycle, simulator, inputs } = await prepared(kind);
      await lifecycle.create(inputs);
      await assert.rejects(lifecycle.create(inputs), (error: Error) => {
        assert.match(
          error.message,
          /^Unable to create .*: .* already exists.* aliases: .* set adopt: true to take it over/,
        );
        return true;
      });
      assert.equal(kind.count(await simulator.world()), 1);
      const adopted = await lifecycle.create({ ...inputs, adopt: true });
      assert.equal(kind.count(await simulator.world()), 1);
      await lifecycle.delete(adopted);
      assert.equal(kind.count(await simulator.world()), 1, "what was adopted stays");
    });

    it("is undone by delete, which succeeds again when it is gone", async () => {
      const { lifecycle, simulator, inputs } = await prepared(kind);
      const state = await lifecycle.create(inputs);
      await lifecycle.delete(state);
      assert.equal(kind.count(await simulator.world()), 0);
      await lifecycle.delete(state);
      assert.equal(await lifecycle.read(state), undefined);
    });

    it("is undone by delete also where somebody takes it away between the look and the removal", async () => {
      const { lifecycle, simulator, inputs } = await prepared(kind);
      const state = await lifecycle.create(inputs);
      const { hosts } = lifecycle.surroundings;
      const run = hosts.run.bind(hosts);
      hosts.run = (async (where: Where, calls: readonly Call[], options?: RunOptions) => {
        const removes = calls.some((call) => "cmdlet" in call && call.cmdlet.startsWith("Remove-"));
        if (removes && kind.count(await simulator.world()) > 0)
          await must(simulator, parseLine(kind.removedByHand(inputs)));
        return run(where, calls, options);
      }) as Hosts["run"];
      await lifecycle.delete(state);
      assert.equal(kind.count(await simulator.world()), 0);
    });

    it("is not forgotten while its host, or the service on it, does not answer", async () => {
      for (const event of kind.nodes
        ? [
            [
              { stopService: "clussvc" as const, on: "HV01" },
              { stopService: "clussvc" as const, on: "HV02" },
            ],
          ]
        : [[{ fail: "HV01" }], [{ stopService: "vmms" as const, on: "HV01" }]]) {
        // a disk is a file, which is there whatever the service does
        if (kind.kind === "VirtualHardDisk" && event.some((one) => "stopService" in one)) continue;
        const { lifecycle, simulator, inputs } = await prepared(kind);
        const state = await lifecycle.create(inputs);
        for (const one of event) await simulator.happen(one);
        await assert.rejects(lifecycle.read(state), /^Unable to read /);
        await assert.rejects(lifecycle.delete(state), /^Unable to delete /);
      }
    });
  });

describe("a machine on a cluster", () => {
  const nodes = ["HV01", "HV02"];
  const cluster = () =>
    Simulator.inMemory({
      nodes: nodes.map((name) => ({ name })),
      cluster: { name: "LAB" },
      guestsBoot: true,
      seed: "cluster",
    });
  const inputs = {
    name: "web",
    node: "HV01",
    path: volume,
    networkAdapters: [],
    memory: { startupBytes: GiB },
    state: "Running",
  };

  it("is the same machine after a live migration, and is changed where it is", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [
      { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } },
      { cmdlet: "Move-ClusterVirtualMachineRole", parameters: { VMId: state.id, Node: "HV02", MigrationType: "Live" } },
    ]);
    const read = await lifecycle.read(state);
    assert.equal(read?.outputs.runsOn, "HV02");
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, { ...inputs, notes: "moved" }));
    assert.deepEqual(changes, ["Set-VM"]);
    const { nodes: after } = await simulator.world();
    assert.deepEqual(
      after.map(({ machines }) => machines.map(({ notes }) => notes)),
      [[], ["moved"]],
    );
  });

  it("is found on the node to which it failed over, while its own is down", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [{ cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } }]);
    await simulator.happen({ fail: "HV01" });
    const read = await lifecycle.read(state);
    assert.equal(read?.outputs.runsOn, "HV02");
    assert.equal(lifecycle.diff(read, inputs).changes, false);
  });

  it("that is no role is unreachable while its node is down, and not gone", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await simulator.happen({ fail: "HV01" });
    await assert.rejects(lifecycle.read(state), /Unable to read virtual machine "web"/);
  });

  it("that is to be made on no node in particular is not while one does not answer, and the message says how it is", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const { node: _node, ...anywhere } = inputs;
    await simulator.happen({ fail: "HV01" });
    await assert.rejects(
      lifecycle.create(anywhere),
      /on HV01: HV01 does not answer\.\n .* Set node, or run the command again/,
    );
    await lifecycle.create({ ...inputs, node: "HV02" });
  });

  it("is gone when every node answers and none has it", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create({ ...inputs, state: "Off" });
    await must(simulator, [{ cmdlet: "Remove-VM", parameters: { Name: "web", Force: true } }]);
    assert.equal(await lifecycle.read(state), undefined);
  });

  it("is not removed while it is a role", async () => {
    const simulator = cluster();
    const lifecycle = new Lifecycle("VirtualMachine", simulator, nodes);
    const state = await lifecycle.create(inputs);
    await must(simulator, [{ cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: state.id } }]);
    const read = await lifecycle.read(state);
    await assert.rejects(lifecycle.delete(read as State), /is still a role of the cluster/);
  });
});

describe("power", () => {
  const running = {
    name: "web",
    processor: { count: 2 },
    memory: { startupBytes: GiB },
    hardDiskDrives: [{ path: "D:\\a.vhdx" }],
    state: "Running",
  };
  async function machine(more: Record<string, unknown> = {}, guestsBoot = true) {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot, seed: "power" });
    await must(simulator, [{ cmdlet: "New-VHD", parameters: { Path: "D:\\a.vhdx", SizeBytes: GiB } }]);
    const lifecycle = new Lifecycle("VirtualMachine", simulator);
    return { simulator, lifecycle, state: await lifecycle.create({ ...running, ...more }) };
  }
  const stateOf = async (simulator: Simulator) => (await simulator.world()).nodes[0]?.machines[0]?.state;

  it("is not cycled without leave: preview and up refuse what needs the machine off, and name the property", async () => {
    const { lifecycle, state } = await machine();
    const wanted = { ...running, processor: { count: 4 }, automaticStopAction: "TurnOff" };
    const refusal = (error: Error) => {
      assert.match(
        error.message,
        /processor\.count changes only while the machine is off, and it is Running\. Set allowRestart: true/,
      );
      assert.match(error.message, /automaticStopAction changes only/);
      return true;
    };
    assert.throws(() => lifecycle.diff(state, wanted), refusal);
    const changes = await lifecycle.changesDuring(() => assert.rejects(lifecycle.update(state, wanted), refusal));
    assert.deepEqual(changes, []);
  });

  it("is cycled once for all that needs it, and hot changes are made before", async () => {
    const { lifecycle, state } = await machine({ allowRestart: true });
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.update(state, {
        ...running,
        allowRestart: true,
        notes: "x",
        processor: { count: 4 },
        automaticStopAction: "TurnOff",
      }),
    );
    assert.deepEqual(changes, ["Set-VM", "Stop-VM", "Set-VM", "Set-VMProcessor", "Start-VM"]);
  });

  it("is not cycled for an adapter of the boot order that gets another name", async () => {
    const named = (name: string) => ({
      ...running,
      networkAdapters: [{ name }, { name: "back" }],
      firmware: { bootOrder: [{ networkAdapter: name }] },
    });
    const { lifecycle, state } = await machine(named("front"));
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, named("first"))), [
      "Rename-VMNetworkAdapter",
    ]);
  });

  it("is cycled once when it boots from the empty one of two DVD drives, and the other gets a medium", async () => {
    const { simulator, lifecycle, state } = await machine({
      allowRestart: true,
      dvdDrives: [{ controllerLocation: 40 }],
      firmware: { bootOrder: [{ dvdDrive: 0 }] },
    });
    await must(simulator, [
      { cmdlet: "New-Item", parameters: { Path: "D:\\a.iso", ItemType: "File" } },
      { cmdlet: "Add-VMDvdDrive", parameters: { VMName: "web" } },
    ]);
    await simulator.happen({ touch: "D:\\a.iso", sizeBytes: 2 ** 20 });
    const wanted = {
      ...running,
      allowRestart: true,
      shutdown: { timeoutSeconds: 10, onTimeout: "TurnOff" },
      dvdDrives: [{ path: "D:\\a.iso" }, {}],
      firmware: { secureBoot: "Off", bootOrder: [{ dvdDrive: 1 }] },
    };
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, wanted));
    assert.equal(changes.filter((name) => name === "Start-VM").length, 1, changes.join(" "));
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, wanted)), []);
  });

  it("is not touched by a refresh that finds a difference which would need a restart", async () => {
    const { simulator, lifecycle, state } = await machine({ allowRestart: true });
    await must(simulator, [
      { cmdlet: "Stop-VM", parameters: { Name: "web", TurnOff: true, Force: true } },
      { cmdlet: "Set-VMProcessor", parameters: { VMName: "web", Count: 8 } },
      { cmdlet: "Start-VM", parameters: { Name: "web" } },
    ]);
    const read = await lifecycle.read(state);
    const news = { ...running, allowRestart: false };
    const compared = { id: state.id, olds: read?.outputs ?? {}, news };
    assert.equal(lifecycle.handlers.diff({ ...compared, by: "refresh" }).changes, true);
    assert.throws(() => lifecycle.handlers.diff({ ...compared, by: "program" }), /changes only while the machine is/);
  });

  it("goes off gracefully, or stays on when the guest does not answer and nobody said otherwise", async () => {
    const { simulator, lifecycle, state } = await machine({}, false);
    await assert.rejects(
      lifecycle.update(state, { ...running, state: "Off", shutdown: { timeoutSeconds: 30 } }),
      /Unable to update virtual machine "web" on .*: could not shut the machine down: the guest did not shut down within 30 seconds/,
    );
    assert.equal(await stateOf(simulator), "Running");
    await lifecycle.update(state, { ...running, state: "Off", shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" } });
    assert.equal(await stateOf(simulator), "Off");
  });

  it("becomes a matter of policy when a running machine refuses a change that should be hot", async () => {
    const { simulator, lifecycle, state } = await machine({}, false);
    const wanted = { ...running, memory: { startupBytes: 2 * GiB } };
    await simulator.order({
      cmdlet: "Set-VMMemory",
      effect: { kind: "fail", errorId: "InvalidState", category: "InvalidOperation" },
    });
    await assert.rejects(lifecycle.update(state, wanted), /memory\.startupBytes changes only while the machine is off/);
    await simulator.order({
      cmdlet: "Set-VMMemory",
      effect: { kind: "fail", errorId: "InvalidState", category: "InvalidOperation" },
    });
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.update(state, { ...wanted, allowRestart: true, shutdown: { timeoutSeconds: 5, onTimeout: "TurnOff" } }),
    );
    assert.deepEqual(changes, ["Set-VMMemory", "Stop-VM", "Stop-VM", "Set-VMMemory", "Start-VM"]);
  });
});

describe("the state of a machine", () => {
  const lifecycle = () =>
    new Lifecycle("VirtualMachine", Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "state" }));
  const inputs = { name: "it", networkAdapters: [{ name: "front" }, { name: "back", vlan: 5 }] };

  it("holds what the program says, and no default", async () => {
    const { outputs } = await lifecycle().create(inputs);
    const { addresses: _1, runsOn: _2, configurationVersion: _3, __observed: observed, ...rest } = outputs;
    assert.deepEqual(rest, inputs);
    assert.equal(typeof observed, "string");
  });

  it("keeps the program's words after a read, beside what somebody changed", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(inputs);
    assert.deepEqual((await hosted.read(made))?.inputs, inputs);
    await must(hosted.simulator, [
      { cmdlet: "Set-VM", parameters: { Name: "it", Notes: "by hand" } },
      { cmdlet: "Set-VMNetworkAdapter", parameters: { VMName: "it", Name: "front", DhcpGuard: "On" } },
    ]);
    const read = await hosted.read(made);
    const [front, back] = inputs.networkAdapters;
    assert.deepEqual(read?.inputs, {
      ...inputs,
      notes: "by hand",
      networkAdapters: [{ ...front, dhcpGuard: "On" }, back],
    });
    const mended = await hosted.update(read ?? assert.fail(), inputs);
    assert.deepEqual((await hosted.read(mended))?.inputs, inputs);
  });

  it("shows what the program leaves out and the next up would change back", async () => {
    const simulator = Simulator.inMemory({
      nodes: [{ name: "HV01" }, { name: "HV02" }],
      cluster: { name: "LAB" },
      seed: "left out",
    });
    const machines = new Lifecycle("VirtualMachine", simulator, ["HV01", "HV02"]);
    const roles = new Lifecycle("ClusterVirtualMachineRole", simulator, ["HV01", "HV02"]);
    const program = { name: "it", path: volume, memory: { dynamicMemoryEnabled: true, startupBytes: GiB } };
    const machine = await machines.create(program);
    const role = await roles.create({ vmId: machine.id });
    for (const line of [
      "Set-VMMemory it -MaximumBytes 2TB -Buffer 30",
      "(Get-ClusterGroup it).FailoverThreshold = 9",
      "(Get-ClusterGroup it).AntiAffinityClassNames = 'a', 'b'",
    ])
      await must(simulator, parseLine(line));
    assert.deepEqual((await machines.read(machine))?.inputs, {
      ...program,
      memory: { ...program.memory, maximumBytes: 2 * TiB, buffer: 30 },
    });
    assert.deepEqual((await roles.read(role))?.inputs, {
      vmId: machine.id,
      antiAffinityClassNames: ["a", "b"],
      failoverThreshold: 9,
    });
  });

  it("says the same at each refresh, also of memory that somebody has made dynamic", async () => {
    const hosted = lifecycle();
    const made = await hosted.create({ name: "it", memory: { startupBytes: GiB } });
    await must(hosted.simulator, parseLine("Set-VMMemory it -DynamicMemoryEnabled $true -MaximumBytes 2GB"));
    const read = (await hosted.read(made)) ?? assert.fail();
    assert.deepEqual(read.inputs.memory, { startupBytes: GiB, dynamicMemoryEnabled: true, maximumBytes: 2 * GiB });
    assert.deepEqual(await hosted.read(read), { ...read, isAsRecorded: true });
  });

  it("is compared with what is not known yet", async () => {
    const hosted = lifecycle();
    const made = await hosted.create(inputs);
    for (const networkAdapters of [
      unknown,
      [unknown],
      [
        { name: "front", switchName: unknown },
        { name: "back", vlan: unknown },
      ],
    ])
      assert.deepEqual(hosted.diff(made, { ...inputs, networkAdapters }), {
        changes: true,
        replaces: [],
        deleteBeforeReplace: true,
      });
  });

  it("has every property of one that is only read", async () => {
    const hosted = lifecycle();
    const { id } = await hosted.create({ name: "old", generation: 1 });
    const read = await hosted.handlers.read(id, { __get: true }, hosted.surroundings);
    assert.deepEqual(read?.inputs, {});
    const { bios, firmware, processor, allowRestart } = (read?.outputs ?? {}) as Record<string, unknown>;
    assert.ok(bios);
    assert.equal(firmware, undefined);
    assert.equal((processor as Record<string, unknown>).maximum, 100);
    assert.equal(allowRestart, undefined, "a policy is the program's own");
  });
});
