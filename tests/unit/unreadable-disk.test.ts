import assert from "node:assert/strict";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const GiB = 2 ** 30;

async function world() {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "unreadable" });
  const disks = new Lifecycle("VirtualHardDisk", simulator);
  const files = async () => Object.keys((await simulator.world()).nodes[0]?.files ?? {});
  return { simulator, disks, files };
}

describe("a virtual hard disk that the host cannot read", () => {
  it("as its parent is gone is an error that says what to do, and is deleted all the same", async () => {
    const { simulator, disks, files } = await world();
    await disks.create({ path: "D:\\parent.vhdx", sizeBytes: GiB });
    const child = await disks.create({ path: "D:\\child.vhdx", parentPath: "D:\\parent.vhdx" });
    await simulator.happen({ delete: "D:\\parent.vhdx" });
    for (const work of [
      () => disks.read(child),
      () => disks.update(child, { path: "D:\\child.vhdx", parentPath: "D:\\parent.vhdx", sizeBytes: 2 * GiB }),
    ])
      await assert.rejects(work(), (error: Error) => {
        assert.match(error.message, /"D:\\child\.vhdx" on .*parent\.vhdx/);
        assert.match(
          error.message,
          /cannot read it; .*or remove the resource from the program: it is deleted unread\.$/,
        );
        assert.doesNotMatch(error.message, /is unknown, and/);
        return true;
      });
    await disks.delete(child);
    assert.ok(!(await files()).includes("d:\\child.vhdx"));
  });

  it("as it is no disk any more is deleted all the same", async () => {
    const { simulator, disks, files } = await world();
    const disk = await disks.create({ path: "D:\\a.vhdx", sizeBytes: GiB });
    await simulator.happen({ touch: "D:\\a.vhdx", sizeBytes: 5 });
    await assert.rejects(disks.read(disk), /deleted unread/);
    await disks.delete(disk);
    assert.ok(!(await files()).includes("d:\\a.vhdx"));
  });

  it("is not deleted where the host says nothing about it", async () => {
    const { simulator, disks, files } = await world();
    const disk = await disks.create({ path: "D:\\a.vhdx", sizeBytes: GiB });
    await simulator.happen({ stopService: "vmms" });
    await assert.rejects(disks.delete(disk), /The state on .* is unknown/);
    await simulator.happen({ startService: "vmms" });
    await simulator.order({ cmdlet: "Get-VHD", times: 2, effect: { kind: "fail", category: "ResourceUnavailable" } });
    await assert.rejects(disks.delete(disk), /Unable to delete/);
    assert.ok((await files()).includes("d:\\a.vhdx"));
  });
});
