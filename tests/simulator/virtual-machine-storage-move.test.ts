import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { exists, web } from "./move-steps";
import { cluster, GiB, pair } from "./worlds";

const vhds = ([from, to]: [from: string, to: string], error?: object) =>
  does(
    "Move-VMStorage",
    { Name: "web", Vhds: [{ SourceFilePath: from, DestinationFilePath: to }] },
    error && { error },
  );

const claims: Case[] = [
  {
    title: "the storage of a running machine moves with all its files, checkpoints too",
    steps: [
      web,
      does("Start-VM", { Name: "web" }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      does("Move-VMStorage", { Name: "web", DestinationStoragePath: "C:\\moved" }),
      does(
        "Get-VM",
        { Name: "web" },
        {
          values: [
            {
              State: "Running",
              Path: "C:\\moved",
              SnapshotFileLocation: "C:\\moved",
              SmartPagingFilePath: "C:\\moved",
              HardDrives: [{ Path: { $matches: "^C:\\\\moved\\\\Virtual Hard Disks\\\\web_.*avhdx$" } }],
            },
          ],
        },
      ),
      refuses("Get-VHD", { Path: "D:\\web.vhdx" }),
      does("Remove-VMSnapshot", { VMName: "web", Confirm: false }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "C:\\moved\\Virtual Hard Disks\\web.vhdx" }),
    ],
  },
  {
    title: "one disk or one folder moves alone",
    steps: [
      web,
      does("Move-VMStorage", {
        Name: "web",
        Vhds: [{ SourceFilePath: "d:\\WEB.vhdx", DestinationFilePath: "C:\\disks\\web.vhdx" }],
        SmartPagingFilePath: "C:\\paging",
      }),
      shows(
        "Get-VM",
        { Name: "web" },
        {
          Path: "D:\\web",
          SmartPagingFilePath: "C:\\paging",
          HardDrives: [{ Path: "C:\\disks\\web.vhdx" }],
        },
      ),
      refuses("Move-VMStorage", {
        Name: "web",
        Vhds: [{ SourceFilePath: "D:\\other.vhdx", DestinationFilePath: "C:\\x.vhdx" }],
      }),
    ],
  },
  {
    title: "storage does not move to a drive that is not there, nor over a file that is",
    steps: [
      web,
      { world: { touch: "C:\\m\\Virtual Hard Disks\\web.vhdx", sizeBytes: 1 } },
      refuses("Move-VMStorage", { Name: "web", DestinationStoragePath: "Z:\\m" }),
      refuses("Move-VMStorage", { Name: "web", DestinationStoragePath: "C:\\m" }),
      shows("Get-VM", { Name: "web" }, { Path: "D:\\web", HardDrives: [{ Path: "D:\\web.vhdx" }] }),
    ],
  },
  ...[
    ["off", []],
    ["running", [does("Start-VM", { Name: "web" })]],
    ["saved", [does("Start-VM", { Name: "web" }), does("Save-VM", { Name: "web" })]],
    ["paused", [does("Start-VM", { Name: "web" }), does("Suspend-VM", { Name: "web" })]],
  ].map(
    ([state, steps]): Case => ({
      title: `a machine that is ${state} keeps its disk in the folder that it moves to`,
      steps: [
        web,
        ...(steps as Step[]),
        vhds(["D:\\web.vhdx", "C:\\new\\folder\\web.vhdx"]),
        exists("D:\\web.vhdx", false),
        exists("C:\\new\\folder"),
        shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "C:\\new\\folder\\web.vhdx" }),
        vhds(["C:\\new\\folder\\web.vhdx", "D:\\web.vhdx"]),
        exists("C:\\new\\folder"),
        ...(state === "off" ? [does("Start-VM", { Name: "web" })] : []),
      ],
    }),
  ),
  {
    title: "a disk moves under its checkpoints, and under the disks of others stays as well",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      does("New-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\web.vhdx" }),
      vhds(["D:\\web.vhdx", "C:\\x\\web.vhdx"]),
      shows("Get-VMSnapshot", { VMName: "web" }, { HardDrives: [{ Path: "C:\\x\\web.vhdx" }] }),
      does("Start-VM", { Name: "web" }),
      exists("D:\\web.vhdx"),
      does("Test-VHD", { Path: "D:\\child.vhdx" }, { values: [true] }),
      // the copy is the same disk
      does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "C:\\x\\web.vhdx" }),
    ],
  },
  {
    title: "of a move that cannot be nothing happens",
    steps: [
      web,
      does("New-VHD", { Path: ["D:\\data.vhdx", "D:\\other.vhdx"], SizeBytes: GiB }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\data.vhdx" }),
      { world: { touch: "C:\\there.vhdx", sizeBytes: 1 } },
      { world: { touch: "C:\\file", sizeBytes: 1 } },
      vhds(["D:\\web.vhdx", "C:\\there.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024816 }),
      vhds(["D:\\web.vhdx", "Z:\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024893 }),
      vhds(["D:\\web.vhdx", "C:\\file\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024893 }),
      vhds(["D:\\web.vhdx", "web.vhdx"], { idStartsWith: "OperationFailed," }),
      vhds(["D:\\web.vhdx", "C:\\web.vhd"], { idStartsWith: "InvalidParameter," }),
      vhds(["D:\\other.vhdx", "C:\\other.vhdx"], { idStartsWith: "InvalidParameter," }),
      does(
        "Move-VMStorage",
        {
          Name: "web",
          Vhds: [
            { SourceFilePath: "D:\\web.vhdx", DestinationFilePath: "C:\\one.vhdx" },
            { SourceFilePath: "D:\\data.vhdx", DestinationFilePath: "C:\\ONE.vhdx" },
          ],
        },
        { error: { idStartsWith: "OperationFailed,", hresult: -2147024816 } },
      ),
      does("Mount-VHD", { Path: "D:\\web.vhdx" }),
      vhds(["D:\\web.vhdx", "C:\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024864 }),
      does("Dismount-VHD", { Path: "D:\\web.vhdx" }),
      does("Resize-VHD", { Path: "D:\\web.vhdx", SizeBytes: 600 * GiB }),
      does("Convert-VHD", { Path: "D:\\web.vhdx", DestinationPath: "D:\\large.vhdx", VHDType: "Fixed" }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\large.vhdx" }),
      vhds(["D:\\large.vhdx", "C:\\large.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024784 }),
      does("Remove-Item", { LiteralPath: "D:\\large.vhdx" }),
      vhds(["D:\\large.vhdx", "C:\\large.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024894 }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: "D:\\web.vhdx" },
        { Path: "D:\\data.vhdx" },
        { Path: "D:\\large.vhdx" },
      ),
      does("Get-ChildItem", { Path: "C:\\*.vhdx" }, { count: 1 }),
    ],
  },
];

const shared = "C:\\ClusterStorage\\Volume1";

const clustered: Case = {
  title: "a role's disk stays on storage of the cluster",
  steps: [
    does("New-VM", { Name: "web", Path: shared, NewVHDPath: `${shared}\\web.vhdx`, NewVHDSizeBytes: GiB }),
    does("Add-ClusterVirtualMachineRole", { VirtualMachine: "web" }),
    vhds([`${shared}\\web.vhdx`, "C:\\web.vhdx"], { idStartsWith: "InvalidParameter,", hresult: -2147018951 }),
    vhds([`${shared}\\web.vhdx`, `${shared}\\new\\web.vhdx`]),
    shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: `${shared}\\new\\web.vhdx` }),
  ],
};

describe("moves of machines on the simulator", () => {
  it(clustered.title, () => runCase(clustered, cluster));
  for (const claim of claims) it(claim.title, () => runCase(claim, pair));
});
