import assert from "node:assert/strict";
import { disks, type Lab, lab } from "./shared-volume-world";

const inputs = { diskUniqueId: disks.gpt, name: "data" };
const folder = "C:\\ClusterStorage\\Volume2";
const elsewhere = "C:\\ClusterStorage\\Volume1";

/** What a deletion says, and that it has done nothing. */
async function refused({ lifecycle }: Lab, state: Awaited<ReturnType<Lab["lifecycle"]["create"]>>): Promise<string> {
  let message = "";
  const changes = await lifecycle.changesDuring(() =>
    lifecycle.delete(state).catch((error: Error) => {
      message = error.message;
    }),
  );
  assert.deepEqual(changes, []);
  return message;
}

const disk = (path: string) => `New-VHD -Path ${path} -SizeBytes 1GB`;
const machine = (path: string) => `New-VM -Name web -Path ${path} -NoVHD -Generation 2`;
const uses: Record<string, { lines: string[]; file: string; who?: string }> = {
  "its configuration": { lines: [machine(folder)], file: `${folder}\\web` },
  "a disk": {
    lines: [machine(elsewhere), disk(`${folder}\\a.vhdx`), `Add-VMHardDiskDrive -VMName web -Path ${folder}\\a.vhdx`],
    file: `${folder}\\a.vhdx`,
  },
  "what a disk is based on": {
    lines: [
      machine(elsewhere),
      disk(`${folder}\\base.vhdx`),
      `New-VHD -Path ${elsewhere}\\child.vhdx -ParentPath ${folder}\\base.vhdx -Differencing`,
      `Add-VMHardDiskDrive -VMName web -Path ${elsewhere}\\child.vhdx`,
    ],
    file: `${folder}\\base.vhdx`,
  },
  "a disc": {
    lines: [
      machine(elsewhere),
      `New-Item -Path ${folder}\\a.iso -ItemType File`,
      `Add-VMDvdDrive -VMName web -Path ${folder}\\a.iso`,
    ],
    file: `${folder}\\a.iso`,
  },
  "the files of checkpoints": {
    lines: [machine(elsewhere), `Set-VM -Name web -SnapshotFileLocation ${folder}`],
    file: folder,
  },
  "smart paging": {
    lines: [machine(elsewhere), `Set-VM -Name web -SmartPagingFilePath ${folder}`],
    file: folder,
  },
  "a disk of a checkpoint": {
    lines: [
      machine(elsewhere),
      disk(`${folder}\\a.vhdx`),
      `Add-VMHardDiskDrive -VMName web -Path ${folder}\\a.vhdx`,
      "Checkpoint-VM -Name web -SnapshotName before",
      "Remove-VMHardDiskDrive -VMName web -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0",
    ],
    file: `${folder}\\a.vhdx`,
    who: 'checkpoint "before" of virtual machine "web"',
  },
};

describe("a shared volume with files of a machine", () => {
  for (const [what, { lines, file, who = 'virtual machine "web"' }] of Object.entries(uses))
    it(`stays for ${what}, and the message says whose`, async () => {
      const world = lab();
      const state = await world.lifecycle.create(inputs);
      for (const line of lines) await world.does(line, "HV02");
      const message = await refused(world, state);
      assert(message.startsWith('Unable to delete cluster shared volume "data" on '), message);
      assert(message.includes(`it holds files of ${who} on HV02 (${file}`), message);
      assert.match(message, /Move them to another volume, or delete them, first\./);
    });

  it("stays for a role whose machine no node lists, as the volume of its files is away", async () => {
    const world = lab();
    const state = await world.lifecycle.create(inputs);
    await world.does(machine(folder));
    await world.does("Add-ClusterVirtualMachineRole -VMName web");
    // to whoever looks now, nobody has files there
    await world.simulator.happen({ loseVolume: folder });
    assert.match(await refused(world, state), /the machine of the role "web" is on no node that answers/);
  });

  it("stays while a node does not answer", async () => {
    const world = lab();
    const state = await world.lifecycle.create(inputs);
    await world.simulator.happen({ fail: "HV03" });
    assert.match(await refused(world, state), /Unable to delete cluster shared volume "data" on HV03/);
    await world.simulator.happen({ return: "HV03" });
    await world.lifecycle.delete(state);
  });

  it("stays where the provider does not name all nodes of the cluster", async () => {
    const world = lab(["HV01", "HV02"]);
    const state = await world.lifecycle.create(inputs);
    assert.match(
      await refused(world, state),
      /the machines on HV03 are not known, as the provider does not name this node of the cluster\. Add it to nodes first/,
    );
  });

  it("goes when they are gone, and for files that are nobody's", async () => {
    const world = lab();
    const state = await world.lifecycle.create(inputs);
    await world.does(machine(folder));
    await refused(world, state);
    await world.does("Remove-VM -Name web -Force");
    await world.does(disk(`${folder}\\left.vhdx`));
    await world.lifecycle.delete(state);
    assert.deepEqual((await world.seen()).volumes, ["Volume1"]);
  });

  it("is not replaced either, and preview says so", async () => {
    const world = lab();
    const state = await world.lifecycle.create(inputs);
    const wanted = { ...inputs, diskUniqueId: disks.other };
    assert.deepEqual((await world.lifecycle.difference(state, wanted)).replaces, ["diskUniqueId"]);
    await world.does(machine(folder), "HV03");
    await assert.rejects(
      world.lifecycle.difference(state, wanted),
      /diskUniqueId needs a replacement, and it holds files of virtual machine "web" on HV03/,
    );
    await world.simulator.happen({ fail: "HV03" });
    await assert.rejects(
      world.lifecycle.difference(state, wanted),
      /no machine may have files below C:\\ClusterStorage\\Volume2, which must be known first/,
    );
  });
});
