import assert from "node:assert/strict";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { a, attached, b, c, type Inputs, made, paths, running, typo } from "./drive-world";

const iso = "D:\\one.iso";

describe("a disk that cannot be had", () => {
  const missing = (property: string, path: string) =>
    new RegExp(
      `Unable to update virtual machine "web" on the simulated host: could not find .*${property} names ${path.replace(/\\/g, "\\\\")}, which does not exist\\. Nothing was taken`.replace(
        /\[/g,
        "\\[",
      ),
    );

  /** The update fails so, and afterwards all is as it was. */
  async function keeps(inputs: Inputs, wanted: Inputs, says: RegExp, ...lines: string[]): Promise<string[]> {
    const { simulator, lifecycle, state } = await made(inputs, ...lines);
    const before = await attached(simulator);
    let failure: unknown;
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.update(state, wanted).catch((error: unknown) => {
        failure = error;
      }),
    );
    assert.ok(failure instanceof PartialFailure);
    assert.match(failure.message, says);
    assert.deepEqual(await attached(simulator), before);
    return changes;
  }

  it("costs the running machine nothing where the file does not exist", async () => {
    const changes = await keeps(
      { ...running, hardDiskDrives: paths(a) },
      { ...running, hardDiskDrives: paths(typo) },
      missing("hardDiskDrives[0].path", typo),
    );
    assert.deepEqual(changes, []);
  });

  it("costs no other disk its place either", async () => {
    const changes = await keeps(
      { ...running, hardDiskDrives: paths(a, b) },
      { ...running, hardDiskDrives: paths(c, typo) },
      missing("hardDiskDrives[1].path", typo),
    );
    assert.deepEqual(changes, []);
  });

  it("costs no machine its power: one with the disk on IDE is not even shut down", async () => {
    const inputs = { ...running, generation: 1, allowRestart: true };
    const changes = await keeps(
      { ...inputs, hardDiskDrives: paths(a) },
      { ...inputs, hardDiskDrives: paths(typo) },
      missing("hardDiskDrives[0].path", typo),
    );
    assert.deepEqual(changes, []);
  });

  it("costs nothing where it would come to another controller than the old one goes from", async () => {
    const inputs = { ...running, generation: 1, allowRestart: true };
    const changes = await keeps(
      { ...inputs, hardDiskDrives: [{ path: a, controllerType: "SCSI" }] },
      { ...inputs, hardDiskDrives: [{ path: typo, controllerType: "IDE" }] },
      missing("hardDiskDrives[0].path", typo),
    );
    assert.deepEqual(changes, []);
  });

  it("costs nothing where another machine has it", async () => {
    const other = ["New-VM -Name other -Generation 2 -VHDPath D:\\b.vhdx", "Start-VM -Name other"];
    const says =
      /could not check that nothing else has D:\\b\.vhdx: hardDiskDrives\[0\]\.path names D:\\b\.vhdx, which is in use/;
    for (const generation of [1, 2]) {
      const inputs = { ...running, generation, allowRestart: true };
      const changes = await keeps(
        { ...inputs, hardDiskDrives: paths(a) },
        { ...inputs, hardDiskDrives: paths(b) },
        says,
        ...other,
      );
      assert.deepEqual(changes, []);
    }
  });

  it("costs nothing where it must have the place of a disc", async () => {
    const inputs = { ...running, generation: 2 };
    const place = { controllerNumber: 0, controllerLocation: 0 };
    await keeps(
      { ...inputs, dvdDrives: [{ ...place, path: iso }] },
      { ...inputs, dvdDrives: [], hardDiskDrives: [{ path: typo, ...place }] },
      missing("hardDiskDrives[0].path", typo),
    );
  });
});
