import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import type { BoundCall, Reply } from "../host/backend";
import { hasSshd, sshReason } from "../host/sshd";
import { powershell, reason } from "../powershell";
import { cluster, nodes, PowerShellHosts, volume } from "./powershell-hosts";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;
const update = "Update-ClusterVirtualMachineConfiguration";

/**
 * On a host a cmdlet that has changed a clustered machine updates its role by itself, and over a remote session that is
 * refused after the change was made (hyper-v.md 7.5).
 */
engineSuite(
  `a cluster that refuses the update of a changed role, through SSH and PowerShell${reason || sshReason}`,
  () => {
    let stack: Stack;
    let hosts: PowerShellHosts;
    /** Changes of the machine while it was a role, and the explicit updates, in order. */
    let calls: BoundCall[];
    /** What an explicit update answers; undefined leaves it to the simulator. */
    let says: Reply["error"];

    before(function () {
      if (powershell === undefined || !hasSshd) this.skip();
    });
    beforeEach(async () => {
      calls = [];
      says = undefined;
      stack = await Stack.make(cluster, {
        nodes,
        hosts: async (worldFile) => {
          const simulator = Simulator.open(worldFile);
          const afterwards = async (call: BoundCall, reply: Reply): Promise<Reply> => {
            const groups = await simulator.look((world) => world.cluster?.groups.length ?? 0);
            if (call.cmdlet === update) {
              calls.push(call);
              return says ? { error: says } : reply;
            }
            if (groups === 0 || !changesMachine(call) || reply.error) return reply;
            calls.push(call);
            return {
              ...reply,
              error: {
                id: update,
                category: "NotSpecified",
                message: `The ${update} command could not be completed.`,
              },
            };
          };
          hosts = await PowerShellHosts.of(simulator, nodes, { afterwards });
          return hosts.config;
        },
      });
      for (const line of [
        "New-VMSwitch -Name lan -SwitchType Private",
        `New-VHD -Path ${volume}\\one.vhdx -SizeBytes 1GB`,
        `New-VHD -Path ${volume}\\two.vhdx -SizeBytes 1GB`,
      ])
        await stack.run(parseLine(line), "HV01");
      succeeded(await stack.declare(program({})).up());
      assert.deepEqual(calls, [], "the machine was no role yet");
    });
    afterEach(async () => {
      await hosts?.close();
      stack?.remove();
    });

    const machine = async () => {
      const { nodes: all } = await stack.world();
      const [found, ...others] = all.flatMap(({ machines }) => machines);
      assert(found && others.length === 0);
      return found;
    };

    it("each change is made once, and then the update is repeated on the node itself", async () => {
      const changed = {
        notes: "O'Brien",
        processor: { count: 4 },
        memory: { startupBytes: 2 * GiB },
        networkAdapters: [{ name: "renamed", switchName: "lan", vlan: 5 }, { name: "back" }],
        hardDiskDrives: [{ path: `${volume}\\one.vhdx`, maximumIOPS: 500 }, { path: `${volume}\\two.vhdx` }],
        dvdDrives: [{}],
        firmware: {
          secureBoot: "Off",
          bootOrder: [{ networkAdapter: "renamed" }, { hardDiskDrive: `${volume}\\one.vhdx` }],
        },
        integrationServices: { guestServiceInterface: true },
        allowRestart: true,
      };
      const { id } = await machine();
      succeeded(await stack.declare(program(changed)).previewedUp());

      const after = await machine();
      assert.equal(after.id, id);
      assert.deepEqual(
        {
          state: after.state,
          notes: after.notes,
          count: after.processor.count,
          startupBytes: after.memory.startupBytes,
          adapters: after.adapters.map(({ name }) => name),
          drives: after.drives.map(({ kind, path }) => [kind, path]),
        },
        {
          state: "Running",
          notes: "O'Brien",
          count: 4,
          startupBytes: 2 * GiB,
          adapters: ["renamed", "back"],
          drives: [
            ["HardDisk", `${volume}\\one.vhdx`],
            ["HardDisk", `${volume}\\two.vhdx`],
            ["Dvd", null],
          ],
        },
      );

      const [changes, updates] = [calls.filter((_, at) => at % 2 === 0), calls.filter((_, at) => at % 2 === 1)];
      assert.deepEqual(
        updates.map(({ cmdlet, parameters: { Cluster, VMId } }) => [cmdlet, Cluster, VMId]),
        changes.map(() => [update, ".", id]),
      );
      const names = changes.map(({ cmdlet }) => cmdlet);
      for (const cmdlet of ["Set-VM", "Set-VMProcessor", "Set-VMMemory", "Add-VMHardDiskDrive", "Add-VMDvdDrive"])
        assert(names.includes(cmdlet), `${cmdlet} is not among ${names.join(", ")}`);
      const additions = names.filter((cmdlet) => /^(Add|Rename)-/.test(cmdlet));
      assert.equal(new Set(additions).size, additions.length, additions.join(", "));
      succeeded(await stack.preview("--expect-no-changes"));
      succeeded(await stack.refresh("--expect-no-changes"));
    });

    for (const state of ["Running", "Off"])
      it(`an update that fails on the node itself too is told, of a machine that is ${state}`, async () => {
        succeeded(await stack.declare(program({ state })).up());
        calls = [];
        says = { id: "Later", category: "NotSpecified", message: "it could not be completed here either" };
        const changed = program({ state, notes: "two", allowRestart: true });
        const run = await stack.declare(changed).up();
        assert.notEqual(run.code, 0, run.output);
        assert.match(
          run.output,
          /Unable to update virtual machine "web" on HV01: could not set notes: it could not be completed here either/,
        );
        assert.match(run.output, /Later,\S*UpdateClusterVirtualMachineConfiguration/i);
        assert.match(run.output, /On HV01 run Update-ClusterVirtualMachineConfiguration -VMId/);
        assert.deepEqual(
          calls.map(({ cmdlet }) => cmdlet),
          ["Set-VM", update],
          "and nothing else is tried, least of all a restart",
        );
        assert.deepEqual([(await machine()).notes, (await machine()).state], ["two", state]);
      });

    it("a change that fails on its own account is told as it is, and no update is tried", async () => {
      await stack.simulator.order({
        cmdlet: "Set-VMMemory",
        effect: { kind: "fail", errorId: "OutOfMemory", message: "there is not enough memory" },
        times: 9,
      });
      const run = await stack.declare(program({ memory: { startupBytes: 2 * GiB }, allowRestart: true })).up();
      assert.notEqual(run.code, 0, run.output);
      assert.match(run.output, /Unable to update virtual machine "web" on HV01: .*there is not enough memory/);
      assert.match(run.output, /Set-VMMemory: OutOfMemory,Microsoft\.HyperV\.PowerShell\.Commands\.SetVMMemory/);
      assert.deepEqual(calls, []);
    });
  },
);

/** The only machine there is. */
function changesMachine({ cmdlet }: BoundCall): boolean {
  return /^(Set|Add|Remove|Rename|Connect|Disconnect|Enable|Disable)-VM/.test(cmdlet);
}

function program(changes: Record<string, unknown>): Declared[] {
  return [
    {
      kind: "VirtualMachine",
      name: "web",
      args: {
        node: "HV01",
        path: volume,
        memory: { startupBytes: GiB },
        networkAdapters: [{ name: "front" }],
        hardDiskDrives: [{ path: `${volume}\\one.vhdx` }],
        state: "Running",
        shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" },
        ...changes,
      },
    },
    { kind: "ClusterVirtualMachineRole", name: "role", args: { vmId: { $of: "web", property: "id" } } },
  ];
}

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
