import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const place = { controllerNumber: 0, controllerLocation: 5 };
const shutdown = { timeoutSeconds: 5, onTimeout: "TurnOff" };

async function running(first: Record<string, unknown>) {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "put back" });
  for (const name of ["one", "two"])
    for (const { error } of await simulator.run("HV01", parseLine(`New-VHD -Path D:\\${name}.vhdx -SizeBytes 1GB`)))
      assert.equal(error, undefined);
  for (const image of ["D:\\a.iso", "D:\\b.iso"]) await simulator.happen({ touch: image, sizeBytes: 2 ** 20 });
  const lifecycle = new Lifecycle("VirtualMachine", simulator);
  const args = (own: Record<string, unknown>) => ({ name: "web", state: "Running", shutdown, ...own });
  const state = await lifecycle.create(args(first));
  const drives = () =>
    simulator.look(({ nodes }) =>
      nodes[0]?.machines[0]?.drives.map(({ kind, path, controllerLocation, maximumIOPS }) => ({
        kind,
        path,
        controllerLocation,
        maximumIOPS,
      })),
    );
  return { simulator, lifecycle, args, state, drives };
}

describe("what had to go for another one that then cannot come", () => {
  for (const [what, cmdlet, first, then] of [
    [
      "a disc, for a disk in its place,",
      "Add-VMHardDiskDrive",
      { dvdDrives: [{ path: "D:\\a.iso", ...place }] },
      { dvdDrives: [], hardDiskDrives: [{ path: "D:\\two.vhdx", ...place }] },
    ],
    [
      "a disk, for a disc in its place,",
      "Add-VMDvdDrive",
      { hardDiskDrives: [{ path: "D:\\one.vhdx", maximumIOPS: 500, ...place }] },
      { hardDiskDrives: [], dvdDrives: [{ path: "D:\\b.iso", ...place }] },
    ],
  ] as const)
    it(`${what} is put back as it was, and the next up goes on`, async () => {
      const { simulator, lifecycle, args, state, drives } = await running(first);
      const before = await drives();
      await simulator.order({
        cmdlet,
        times: 1,
        effect: { kind: "fail", errorId: "OperationFailed", hresult: -2147024891 },
      });
      await assert.rejects(lifecycle.update(state, args(then)), new RegExp(`Unable to update .*${cmdlet}`, "s"));
      assert.deepEqual(await drives(), before);
      const updated = await lifecycle.update(state, args(then));
      assert.equal(lifecycle.diff(updated, args(then)).changes, false);
    });
});
