import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { Simulator } from "../../provider/simulator/simulator";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { cluster, GiB } from "./worlds";

const volume = "C:\\ClusterStorage\\Volume1";
const set = `${volume}\\sql.vhds`;
const on = (node: string, step: Step): Step => ({ ...step, on: node });
const newSet = does("New-VHD", { Path: set, SizeBytes: 10 * GiB });
const machine = (node: string, name: string): Step =>
  on(node, does("New-VM", { Name: name, Generation: 2, MemoryStartupBytes: GiB, Path: volume }));
const add = (node: string, name: string, path = set, shares = true): Step =>
  on(node, does("Add-VMHardDiskDrive", { VMName: name, Path: path, ...(shares && { ShareVirtualDisk: true }) }));
const start = (node: string, name: string): Step => on(node, does("Start-VM", { Name: name }));
const vhdx = `${volume}\\quorum.vhdx`;

const claims: Case[] = [
  {
    title: "a set without its data cannot be read, nor can a machine start with it",
    steps: [
      newSet,
      machine("HV01", "one"),
      add("HV01", "one"),
      does("Remove-Item", { Path: `${volume}\\sql_*.avhdx` }),
      refuses("Get-VHD", { Path: set }, { hresult: -2147024894 }),
      refuses("Get-VHDSet", { Path: set }),
      does("Test-VHD", { Path: set }, { values: [false] }),
      refuses("Start-VM", { Name: "one" }, { hresult: -2147024894 }),
    ],
  },
  {
    title: "neither file of a set is deleted or renamed while a machine has it",
    steps: [
      newSet,
      machine("HV01", "one"),
      add("HV01", "one"),
      start("HV01", "one"),
      refuses("Remove-Item", { Path: `${volume}\\sql_*.avhdx` }, { hresult: -2147024864 }),
      refuses("Remove-Item", { LiteralPath: set }, { hresult: -2147024864 }),
      does("Stop-VM", { Name: "one", TurnOff: true, Force: true }),
      does("Remove-Item", { Path: `${volume}\\sql_*.avhdx` }),
      does("Remove-Item", { LiteralPath: set }),
      does("Get-ChildItem", { Path: `${volume}\\sql*` }, { count: 0 }),
    ],
  },
  {
    title: "the data of a set keeps its size until the set is resized, and is a plain disk once it has another name",
    steps: [
      does("New-VHD", { Path: set, SizeBytes: GiB, Fixed: true }),
      does("Get-ChildItem", { Path: `${volume}\\sql_*.avhdx` }, { values: [{ Length: GiB + 4 * 2 ** 20 }] }, "data"),
      refuses("Resize-VHD", { Path: { $ref: "data", property: "FullName" }, SizeBytes: 2 * GiB }),
      does("Resize-VHD", { Path: set, SizeBytes: 2 * GiB }),
      shows("Get-ChildItem", { Path: `${volume}\\sql_*.avhdx` }, { Length: 2 * GiB + 4 * 2 ** 20 }),
      shows("Get-VHDSet", { Path: set, GetAllPaths: true }, { Path: set, AllPaths: { $count: 2 } }),
      shows("Get-VHDSet", { Path: set }, { AllPaths: null }),
      does("Rename-Item", { LiteralPath: { $ref: "data", property: "FullName" }, NewName: "plain.vhdx" }),
      shows("Get-VHD", { Path: `${volume}\\plain.vhdx` }, { VhdFormat: "VHDX", VhdType: "Fixed", Size: 2 * GiB }),
      refuses("Get-VHD", { Path: set }),
    ],
  },
  {
    title: "a set has no parent, and no checkpoint that could be read or removed",
    steps: [
      newSet,
      refuses("New-VHD", { Path: `${volume}\\child.vhds`, ParentPath: set }, { category: "InvalidArgument" }),
      does("New-VHD", { Path: `${volume}\\plain.vhdx`, SizeBytes: GiB }),
      refuses("Get-VHDSet", { Path: `${volume}\\plain.vhdx` }, { category: "InvalidArgument" }),
      refuses("Get-VHDSnapshot", { Path: `${volume}\\plain.vhdx` }, { category: "InvalidArgument" }),
      refuses(
        "Remove-VHDSnapshot",
        { Path: set, SnapshotId: "11111111-1111-1111-1111-111111111111" },
        { category: "ObjectNotFound" },
      ),
    ],
  },
  {
    title: "a set grows from a node that has it open, and shrinks under nobody; a shared VHDX does neither",
    steps: [
      newSet,
      machine("HV01", "one"),
      machine("HV02", "two"),
      add("HV01", "one"),
      add("HV02", "two"),
      start("HV01", "one"),
      start("HV02", "two"),
      on("HV02", does("Resize-VHD", { Path: set, SizeBytes: 12 * GiB })),
      on("HV03", refuses("Resize-VHD", { Path: set, SizeBytes: 14 * GiB }, { hresult: -2147024864 })),
      refuses("Resize-VHD", { Path: set, SizeBytes: GiB }, { hresult: -2147024864 }),
      does("New-VHD", { Path: vhdx, SizeBytes: GiB }),
      add("HV01", "one", vhdx),
      refuses("Resize-VHD", { Path: vhdx, SizeBytes: 2 * GiB }, { hresult: -2147024864 }),
      does("Stop-VM", { Name: "one", TurnOff: true, Force: true }),
      does("Resize-VHD", { Path: vhdx, SizeBytes: 2 * GiB }),
    ],
  },
  {
    title: "a disk that only one of two machines shares goes to one of them",
    steps: [
      newSet,
      machine("HV01", "one"),
      machine("HV01", "two"),
      add("HV01", "one", set, false),
      add("HV01", "two"),
      refuses("Start-VM", { Name: ["one", "two"] }, { hresult: -2147024864 }),
      does("Start-VM", { Name: "one" }),
      refuses("Start-VM", { Name: "two" }, { hresult: -2147024864 }),
      does("Stop-VM", { Name: "one", TurnOff: true, Force: true }),
      does("Set-VMHardDiskDrive", {
        VMName: "one",
        ControllerType: "SCSI",
        ControllerNumber: 0,
        ControllerLocation: 0,
        SupportPersistentReservations: true,
      }),
      does("Start-VM", { Name: ["one", "two"] }),
    ],
  },
  {
    title: "a drive shares only while its machine is off, and a shared one goes to no other place",
    steps: [
      newSet,
      machine("HV01", "one"),
      add("HV01", "one"),
      does("Get-VMHardDiskDrive", { VMName: "one" }, {}, "drive"),
      does("New-VHD", { Path: "C:\\own.vhdx", SizeBytes: GiB }),
      refuses("Set-VMHardDiskDrive", { VMHardDiskDrive: { $ref: "drive" }, Path: "C:\\own.vhdx" }),
      start("HV01", "one"),
      refuses(
        "Set-VMHardDiskDrive",
        { VMHardDiskDrive: { $ref: "drive" }, SupportPersistentReservations: false },
        { category: "InvalidOperation" },
      ),
      shows("Get-VMHardDiskDrive", { VMName: "one" }, { Path: set, SupportPersistentReservations: true }),
    ],
  },
  {
    title: "neither checkpoints nor moves of storage take a set along, shared or not",
    steps: [
      newSet,
      machine("HV01", "one"),
      add("HV01", "one", set, false),
      refuses("Checkpoint-VM", { Name: "one" }),
      refuses("Move-VMStorage", { Name: "one", DestinationStoragePath: `${volume}\\moved` }),
      does("Set-VM", { Name: "one", AutomaticCheckpointsEnabled: true }),
      start("HV01", "one"),
      does("Get-VMSnapshot", { VMName: "one" }, { count: 0 }),
      shows("Get-VMHardDiskDrive", { VMName: "one" }, { Path: set }),
    ],
  },
  {
    title: "a place where disks are not shared is an error of the test",
    steps: [
      does("New-VHD", { Path: "C:\\own.vhds", SizeBytes: GiB }),
      refuses("Test-VHD", { Path: "C:\\own.vhds", ShareVirtualDisk: true }, { category: "NotSpecified" }),
      does("Test-VHD", { Path: "C:\\own.vhds" }, { values: [true] }),
    ],
  },
];

describe("VHD Sets of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, cluster));

  it("a set of a world that does not tell its data's name is found by the identifier of both", async () => {
    const before = Simulator.inMemory(cluster);
    await before.run("HV01", [{ cmdlet: "New-VHD", parameters: { Path: set, SizeBytes: GiB } }]);
    const world = await before.world();
    for (const { vhd } of Object.values(world.cluster?.files ?? {})) if (vhd) delete vhd.dataFile;
    const after = Simulator.inMemory(world);
    const asked = { cmdlet: "Get-VHDSet", parameters: { Path: set, GetAllPaths: true }, select: { AllPaths: null } };
    const [read] = await after.run("HV01", [asked as unknown as Call]);
    const [shown] = (read?.values ?? []) as { AllPaths: string[] }[];
    assert.match(shown?.AllPaths[1] ?? "", /^C:\\ClusterStorage\\Volume1\\sql_[0-9A-F-]{36}\.avhdx$/);
  });
});
