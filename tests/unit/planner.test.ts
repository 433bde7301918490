import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import type { Call } from "../../provider/calls";
import type { State } from "../../provider/lifecycle/handlers";
import { Simulator, type World } from "../../provider/simulator";
import { booting, GiB, type Inputs, merged, optional, paths, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

const pair = fc.constantFrom(1, 2).chain((generation) =>
  fc.record({
    a: booting(generation),
    b: booting(generation),
    power: fc.constantFrom("Running", "Off", "Saved", "Paused"),
    drift: fc.subarray(drifts),
    checkpoint: fc.boolean(),
  }),
);

/** What an administrator does behind the program's back; what the machine's state refuses is left. */
const drifts = [
  "Set-VM -Name $name -Notes drifted",
  "Set-VMProcessor -VMName $name -Reserve 5",
  "Set-VMProcessor -VMName $name -Count 3",
  "Set-VMMemory -VMName $name -StartupBytes 768MB",
  "Add-VMNetworkAdapter -VMName $name -Name stranger",
  "Rename-VMNetworkAdapter -VMName $name -Name front -NewName back",
  "Set-VMNetworkAdapterVlan -VMName $name -Access -VlanId 99",
  "Add-VMDvdDrive -VMName $name",
  "Remove-VMHardDiskDrive -VMName $name -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0",
  "Add-VMHardDiskDrive -VMName $name -Path D:\\stranger.vhdx",
  "Add-VMScsiController -VMName $name",
  "Disable-VMIntegrationService -VMName $name -Name VSS",
  "Set-VMFirmware -VMName $name -EnableSecureBoot Off",
];

/** Puts the machine into a state as an administrator would. */
async function power(simulator: Simulator, id: string, state: string): Promise<void> {
  const vm = { cmdlet: "Get-VM" as const, parameters: { Id: id }, as: "vm", select: { State: null } };
  const reference = { VM: { $ref: "vm" } };
  const [answer] = await simulator.run("HV01", [vm]);
  const now = (answer?.values[0] as { State?: string } | undefined)?.State;
  if (now === state) return;
  if (now !== "Off")
    await simulator.run("HV01", [vm, { cmdlet: "Stop-VM", parameters: { ...reference, TurnOff: true, Force: true } }]);
  if (state !== "Off") await simulator.run("HV01", [vm, { cmdlet: "Start-VM", parameters: reference }]);
  if (state === "Saved") await simulator.run("HV01", [vm, { cmdlet: "Save-VM", parameters: reference }]);
  if (state === "Paused") await simulator.run("HV01", [vm, { cmdlet: "Suspend-VM", parameters: reference }]);
}

/** Whether the machine, left in the state that it was in, refuses any of what was done while it was off. */
async function needsOff(world: World, calls: readonly Call[]): Promise<boolean> {
  const stop = calls.findIndex((call) => "cmdlet" in call && call.cmdlet === "Stop-VM");
  const start = calls.findIndex((call, at) => at > stop && "cmdlet" in call && call.cmdlet === "Start-VM");
  const simulator = Simulator.inMemory(world);
  const done = (some: readonly Call[]) => simulator.run("HV01", some);
  for (const step of stepsIn(calls.slice(0, stop))) if (!isPower(step)) await done(step);
  for (const step of stepsIn(calls.slice(stop, start < 0 ? undefined : start))) {
    if (isPower(step)) continue;
    const results = await done(step);
    if (results.some(({ error }) => error?.id.startsWith("InvalidState"))) return true;
  }
  return false;
}

const isPower = (step: readonly Call[]) =>
  step.some((call) => "cmdlet" in call && /^(Start|Stop|Save|Suspend|Resume)-VM$/.test(call.cmdlet));

/** Each step begins with the machine. */
function stepsIn(calls: readonly Call[]): Call[][] {
  const steps: Call[][] = [];
  for (const call of calls) {
    if ("cmdlet" in call && call.cmdlet === "Get-VM") steps.push([]);
    steps.at(-1)?.push(call);
  }
  return steps;
}

interface Known {
  id: string;
  isLegacy: boolean;
}

async function adaptersOf(simulator: Simulator, id: string): Promise<Known[]> {
  const { nodes } = await simulator.world();
  const machine = nodes[0]?.machines.find((candidate) => candidate.id === id);
  return (machine?.adapters ?? []).map(({ id: own, isLegacy }) => ({ id: own, isLegacy }));
}

/** Adapters that went although the program wants one of their kind for each of them. */
async function lostAdapters(before: readonly Known[], simulator: Simulator, id: string, b: Inputs): Promise<number> {
  const wanted = (b.networkAdapters as Inputs[] | undefined) ?? [{ name: "Network Adapter" }];
  const after = await adaptersOf(simulator, id);
  return [true, false]
    .map((legacy) => {
      const had = before.filter(({ isLegacy }) => isLegacy === legacy);
      const kept = had.filter((adapter) => after.some((other) => other.id === adapter.id));
      const room = wanted.filter(({ isLegacy = false }) => isLegacy === legacy).length;
      return Math.min(had.length, room) - kept.length;
    })
    .reduce((sum, lost) => sum + lost, 0);
}

/** Whether the program drops a disk that has a checkpoint's file in front of it. */
function detachesUnderCheckpoint({ nodes }: World, id: string, { hardDiskDrives = [] }: Inputs): boolean {
  const wanted = (hardDiskDrives as Inputs[]).map(({ path }) => path);
  const machine = nodes[0]?.machines.find((candidate) => candidate.id === id);
  return (machine?.drives ?? []).some(({ path }) => {
    const [, disk] = /^(.*)_[0-9A-F-]{36}\.avhdx$/.exec(path ?? "") ?? [];
    return disk !== undefined && !wanted.includes(`${disk}.vhdx`);
  });
}

async function neighbours(simulator: Simulator, id: string): Promise<string> {
  const { nodes } = await simulator.world();
  return JSON.stringify(nodes[0]?.machines.filter((machine) => machine.id !== id));
}

const runs = Number(process.env.HYPERV_TEST_RUNS ?? 400);

describe("from any desired state to any other, in any power state, the plan for a machine", function () {
  this.timeout(600_000 + runs * 300);

  it("converges, is then empty, is refused nowhere, and restarts at most once", async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ({ a, b, power: state, drift, checkpoint }) => {
        const simulator = await world();
        const lifecycle = new Lifecycle("VirtualMachine", simulator);
        const made = await lifecycle.create(a);
        assert.equal(lifecycle.diff(made, a).changes, false, "after create");
        const beside = await neighbours(simulator, made.id);
        // what is deleted, and not only let go, is named by the administrator as wildcards want it
        const name = String(a.name)
          .replace(/[`*?[\]]/g, "`$&")
          .replace(/'/g, "''");
        for (const line of drift) await simulator.run("HV01", parseLine(line.replace("$name", `'${name}'`)));
        if (checkpoint) await simulator.run("HV01", parseLine(`Checkpoint-VM -Name '${name}' -SnapshotName before`));
        await power(simulator, made.id, state);
        const read = await lifecycle.read(made);
        assert.ok(read);
        const kept = await adaptersOf(simulator, made.id);
        let updated: State | undefined;
        const before = lifecycle.calls.length;
        const asItWas = await simulator.world();
        if (detachesUnderCheckpoint(asItWas, made.id, b)) {
          await assert.rejects(lifecycle.update(read, b), /the file of a checkpoint stands in front of it/);
          assert.deepEqual(await simulator.world(), asItWas);
          return;
        }
        updated = await lifecycle.update(read, b);
        const calls = lifecycle.calls.slice(before);
        assert.ok(updated);
        assert.equal(await lostAdapters(kept, simulator, made.id, b), 0, "adapters that could have stayed");
        assert.equal(updated.id, made.id);
        assert.equal(lifecycle.diff(updated, b).changes, false, "after update");
        assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(updated as State, b)), []);
        // a guest that does not answer is asked first and turned off then: that is one stop
        const stops = calls.filter(
          (call) => "cmdlet" in call && call.cmdlet === "Stop-VM" && call.parameters?.AsJob === true,
        );
        assert.ok(stops.length <= 1, JSON.stringify(calls));
        if (stops.length === 1 && b.state !== "Off")
          assert.ok(await needsOff(asItWas, calls), `stopped for what needs no stop: ${JSON.stringify(calls)}`);
        const again = await lifecycle.read(updated);
        assert.deepEqual(
          again?.inputs,
          updated.outputs && inputsOf(lifecycle.checked(b)),
          "read gives back what the program says",
        );
        assert.equal(await neighbours(simulator, made.id), beside, "the neighbours");
        await lifecycle.delete(updated);
        assert.equal(await lifecycle.read(updated), undefined);
      }),
      { numRuns: runs, seed: 7 },
    );
  });

  it("never stops a running machine for changes that are all hot", async () => {
    const hot = merged(
      fc.constant<Inputs>({ name: "web", state: "Running", memory: { startupBytes: GiB } }),
      optional("notes", fc.constantFrom("one", "two")),
      optional(
        "networkAdapters",
        fc
          .uniqueArray(fc.constantFrom("front", "back", "third"), { maxLength: 3 })
          .map((names) => names.map((name) => ({ name, switchName: "lan", vlan: 5 }))),
      ),
      optional(
        "hardDiskDrives",
        fc.uniqueArray(fc.constantFrom(...paths), { maxLength: 4 }).map((chosen) => chosen.map((path) => ({ path }))),
      ),
      optional("automaticStartDelay", fc.constantFrom(0, 30)),
      optional("checkpointType", fc.constantFrom("Standard", "Disabled")),
      optional("memory", fc.constantFrom({ startupBytes: GiB }, { startupBytes: 2 * GiB })),
    );
    await fc.assert(
      fc.asyncProperty(hot, hot, async (a, b) => {
        const simulator = await world();
        const lifecycle = new Lifecycle("VirtualMachine", simulator);
        // a guest is up only in a machine that has a disk, and only a willing guest takes other memory
        const disk = [{ path: "D:\\boot.vhdx" }];
        await simulator.run("HV01", [{ cmdlet: "New-VHD", parameters: { Path: "D:\\boot.vhdx", SizeBytes: GiB } }]);
        const withBoot = (inputs: Inputs) => ({
          ...inputs,
          hardDiskDrives: [...disk, ...((inputs.hardDiskDrives as Inputs[]) ?? [])],
        });
        const made = await lifecycle.create(withBoot(a));
        const changes = await lifecycle.changesDuring(() => lifecycle.update(made, withBoot(b)));
        assert.deepEqual(
          changes.filter((cmdlet) => /^(Stop|Start|Save|Suspend|Resume|Restart)-VM$/.test(cmdlet)),
          [],
        );
      }),
      { numRuns: Math.ceil(runs / 4), seed: 7 },
    );
  });
});

function inputsOf(checked: Inputs): Inputs {
  return Object.fromEntries(Object.entries(checked).filter(([key]) => !key.startsWith("__")));
}
