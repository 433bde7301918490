import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import type { Simulator, World } from "../../provider/simulator";
import { booting, type Inputs, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";
import { powershell, reason } from "../powershell";
import { PlayedHosts } from "./played-hosts";

const runs = Number(process.env.HYPERV_TEST_TRANSITIONS ?? 10);

/** Known difference: drives and adapters can't be bound as devices of a boot order in the engine (its README). */
const withoutBootOrder = ({ firmware, ...inputs }: Inputs): Inputs => {
  const { bootOrder: _, ...rest } = (firmware ?? {}) as Inputs;
  return firmware === undefined ? inputs : { ...inputs, firmware: rest };
};

const machine = (generation: number) => booting(generation).map(withoutBootOrder);

const transition = fc.constantFrom(1, 2).chain((generation) =>
  fc.record({
    a: machine(generation),
    b: machine(generation),
    power: fc.constantFrom("Running", "Off", "Saved", "Paused"),
    drift: fc.subarray(drifts),
  }),
);

/** What an administrator does behind the program's back; what the machine's state refuses is left. */
const drifts = [
  "Set-VM -Name $name -Notes drifted",
  "Set-VMProcessor -VMName $name -Count 3",
  "Set-VMMemory -VMName $name -StartupBytes 768MB",
  "Add-VMNetworkAdapter -VMName $name -Name stranger",
  "Rename-VMNetworkAdapter -VMName $name -Name front -NewName back",
  "Add-VMDvdDrive -VMName $name",
  "Add-VMHardDiskDrive -VMName $name -Path D:\\stranger.vhdx",
  "Disable-VMIntegrationService -VMName $name -Name VSS",
];

const powers: Readonly<Record<string, readonly string[]>> = {
  Running: ["Start-VM -Name $name"],
  Off: ["Stop-VM -Name $name -TurnOff -Force"],
  Saved: ["Start-VM -Name $name", "Save-VM -Name $name"],
  Paused: ["Start-VM -Name $name", "Suspend-VM -Name $name"],
};

async function types(simulator: Simulator, name: string, lines: readonly string[]): Promise<void> {
  const escaped = name.replace(/[`*?[\]]/g, "`$&").replace(/'/g, "''");
  for (const line of lines) await simulator.run("HV01", parseLine(line.replace("$name", `'${escaped}'`)));
}

/** Whether the program drops a disk that has a checkpoint's file in front of it. */
function losesUnderCheckpoint({ nodes }: World, id: string, { hardDiskDrives = [] }: Inputs): boolean {
  const kept = (hardDiskDrives as Inputs[]).map(({ path }) => path);
  const drives = nodes.flatMap(({ machines }) => machines).find((machine) => machine.id === id)?.drives ?? [];
  const behind = drives.flatMap(({ path }) => /^(.*)_[0-9A-F-]{36}\.avhdx$/.exec(path ?? "")?.[1] ?? []);
  return behind.some((disk) => !kept.includes(`${disk}.vhdx`));
}

const inputsOf = (checked: Inputs): Inputs =>
  Object.fromEntries(Object.entries(checked).filter(([key]) => !key.startsWith("__")));

describe(`over PowerShell, from any desired state to any other, in any power state, a machine${reason}`, function () {
  this.timeout(600_000 + runs * 30_000);
  let hosts: PlayedHosts;

  before(async function () {
    if (powershell === undefined) return this.skip();
    hosts = await PlayedHosts.open(await world(), ["HV01"]);
  });
  after(() => hosts?.close());

  it("converges, then needs nothing more, reads back what the program says, and goes", async () => {
    await fc.assert(
      fc.asyncProperty(transition, async ({ a, b, power, drift }) => {
        const simulator = await world();
        const lifecycle = new Lifecycle("VirtualMachine", simulator, [], hosts.of(simulator));
        const made = await lifecycle.create(a);
        assert.equal(lifecycle.diff(made, a).changes, false, "after create");
        await types(simulator, String(a.name), [...drift, ...(powers[power] ?? [])]);
        const read = (await lifecycle.read(made)) ?? assert.fail("it is gone");
        const asItWas = await simulator.world();
        if (losesUnderCheckpoint(asItWas, made.id, b)) {
          await assert.rejects(lifecycle.update(read, b), /the file of a checkpoint stands in front of it/);
          assert.deepEqual(await simulator.world(), asItWas);
          return;
        }
        const updated = await lifecycle.update(read, b);
        assert.equal(updated.id, made.id);
        assert.equal(lifecycle.diff(updated, b).changes, false, "after update");
        assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(updated, b)), []);
        assert.deepEqual((await lifecycle.read(updated))?.inputs, inputsOf(lifecycle.checked(b)));
        await lifecycle.delete(updated);
        assert.equal(await lifecycle.read(updated), undefined);
      }),
      // to make a case smaller takes a minute, and the seed finds it again
      { numRuns: runs, seed: 7, endOnFailure: true },
    );
  });
});
