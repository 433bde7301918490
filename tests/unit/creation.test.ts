import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import type { Call, Where } from "../../provider/calls";
import type { Hosts, RunOptions } from "../../provider/host/host";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { Simulator, type World } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { must } from "./must";

const GiB = 2 ** 30;
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

/** How many calls a creation makes that goes well. */
async function callsOf(kind: Kind): Promise<number> {
  const { lifecycle, inputs } = await prepared(kind);
  await lifecycle.create(inputs);
  return lifecycle.calls.length;
}

for (const kind of kinds)
  describe(`a ${kind.kind} whose creation`, () => {
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
