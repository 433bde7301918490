import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { unknown } from "../../provider/lifecycle/values";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const a = { path: "D:\\a.vhdx" };
const b = { path: "D:\\b.vhdx" };
const adapter = { name: "Network Adapter" };
const bootsFrom = (...bootOrder: unknown[]) => ({ firmware: { bootOrder } });

/** What a preview of the running machine may not know yet. */
const cases: Record<string, Record<string, unknown>> = {
  "a disk between the others": { hardDiskDrives: [a, { path: unknown }, b] },
  "a disk before the others": { hardDiskDrives: [{ path: unknown }, a, b] },
  "a disk that replaces the first one": { hardDiskDrives: [b, { path: unknown }] },
  "a whole drive": { hardDiskDrives: [b, unknown] },
  "the medium of a DVD drive": { dvdDrives: [{ path: unknown }] },
  "the switch of a new adapter": { networkAdapters: [{ name: "new", switchName: unknown }, adapter] },
  "whether it may be restarted": { processor: { count: 4 }, allowRestart: unknown },
  "its state": { processor: { count: 4 }, state: unknown },
  "the name of an adapter": { networkAdapters: [{ name: unknown }, adapter] },
};

const bootCases: Record<string, Record<string, unknown>> = {
  "the disk to boot from": bootsFrom({ hardDiskDrive: unknown }, { networkAdapter: "Network Adapter" }),
  "a whole device to boot from": bootsFrom(unknown),
  "another disk than the one to boot from": {
    hardDiskDrives: [{ path: "D:\\c.vhdx" }, { path: unknown }],
    ...bootsFrom({ hardDiskDrive: "D:\\c.vhdx" }),
  },
  "the switch of the renamed adapter to boot from": {
    networkAdapters: [{ name: "new", switchName: unknown }],
    ...bootsFrom({ networkAdapter: "new" }),
  },
};

describe("a preview of a running machine plans a change, and refuses nothing, where it does not know", () => {
  for (const generation of [1, 2])
    for (const [what, news] of Object.entries({ ...cases, ...(generation === 2 && bootCases) }))
      it(`${what}, on generation ${generation}`, async () => {
        const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "unknown" });
        for (const { path } of [a, b]) await simulator.run("HV01", parseLine(`New-VHD -Path ${path} -SizeBytes 1GB`));
        const machines = new Lifecycle("VirtualMachine", simulator);
        const inputs = {
          name: "web",
          generation,
          state: "Running",
          hardDiskDrives: [a, b],
          networkAdapters: [adapter],
        };
        const made = await machines.create(inputs);
        assert.deepEqual(machines.diff(made, { ...inputs, ...news }), {
          changes: true,
          replaces: [],
          deleteBeforeReplace: true,
        });
      });
});

describe("a preview of a disk", () => {
  const inputs = { path: "D:\\a.vhdx", sizeBytes: 2 ** 31, blockSizeBytes: 2 ** 21 };

  it("refuses that it shrinks where it stays the same disk, and not where it may be another", async () => {
    const disks = new Lifecycle("VirtualHardDisk", Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "unknown" }));
    const made = await disks.create(inputs);
    const smaller = { ...inputs, sizeBytes: 2 ** 30 };
    assert.throws(() => disks.diff(made, smaller), /sizeBytes would shrink the disk/);
    // in another place it is the same disk
    assert.throws(() => disks.diff(made, { ...smaller, path: unknown }), /sizeBytes would shrink the disk/);
    for (const key of ["blockSizeBytes", "sizeBytes"])
      assert.deepEqual(disks.diff(made, { ...smaller, [key]: unknown }).replaces, [], key);
  });
});
