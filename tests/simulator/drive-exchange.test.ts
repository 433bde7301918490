import { type Case, does, refuses, runCase, shows } from "./cases";
import { at, attach, disks, drive, invalid, invalidState, notFound, vm, web } from "./drive-steps";
import { GiB, host } from "./worlds";

const swap = (path: string, error?: object) =>
  does("Set-VMHardDiskDrive", { VMName: "web", ControllerLocation: 0, Path: path }, error && { error });

const claims: Case[] = [
  {
    title: "a SCSI disk changes its file and its place while the machine runs",
    steps: [
      disks("a", "b"),
      web,
      attach("a"),
      does("Start-VM", { Name: "web" }),
      vm,
      does("Set-VMHardDiskDrive", { VMHardDiskDrive: drive("HardDrives", "SCSI", 0, 0), Path: "D:\\b.vhdx" }),
      does("Mount-VHD", { Path: "D:\\a.vhdx" }),
      refuses("Set-VMHardDiskDrive", { VMName: "web", Path: "D:\\a.vhdx" }, { idStartsWith: "OperationFailed," }),
      does("Set-VMHardDiskDrive", { VMName: "web", Path: "D:\\b.vhdx" }),
      does("Set-VMHardDiskDrive", {
        VMHardDiskDrive: drive("HardDrives", "SCSI", 0, 0),
        ToControllerType: "SCSI",
        ToControllerNumber: 0,
        ToControllerLocation: 3,
      }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { ...at("SCSI", 0, 3), Path: "D:\\b.vhdx" }),
    ],
  },
  {
    title: "a refused disk leaves the one that was there, in a running machine and in one that is off",
    steps: [
      disks("a", "b", "base", "other"),
      does("New-VHD", { Path: "D:\\old.vhd", SizeBytes: GiB }),
      does("New-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx" }),
      does("Set-VHD", { Path: "D:\\base.vhdx", ResetDiskIdentifier: true, Force: true }),
      { world: { touch: "D:\\broken.vhdx", sizeBytes: 1 } },
      does("New-VM", { Name: "db", Generation: 2, VHDPath: "D:\\b.vhdx" }),
      does("Start-VM", { Name: "db" }),
      web,
      attach("a"),
      attach("other"),
      ...["off", "running"].flatMap((state) => [
        ...(state === "running" ? [does("Start-VM", { Name: "web" })] : []),
        swap("D:\\none.vhdx", { ...notFound, hresult: -2147024894 }),
        swap("D:\\b.vhdx", { idStartsWith: "OperationFailed,", category: "NotSpecified", hresult: -2147024864 }),
        swap("D:\\child.vhdx", { idStartsWith: "OperationFailed,", category: "NotSpecified", hresult: -1069940722 }),
        swap("D:\\old.vhd", invalid),
        swap("D:\\broken.vhdx", invalid),
        swap("D:\\other.vhdx", invalid),
        swap("", invalid),
        shows("Get-VMHardDiskDrive", { VMName: "web", ControllerLocation: 0 }, { Path: "D:\\a.vhdx" }),
      ]),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { Attached: true }),
      does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx", IgnoreIdMismatch: true }),
      swap("D:\\child.vhdx"),
      shows("Get-VHD", { Path: "D:\\child.vhdx" }, { Attached: true }),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { Attached: false }),
      does("Remove-Item", { LiteralPath: "D:\\a.vhdx" }),
    ],
  },
  {
    title: "on IDE a disk changes its file only while the machine is off",
    steps: [
      disks("a", "b"),
      does("New-VM", { Name: "web", VHDPath: "D:\\a.vhdx" }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMHardDiskDrive", { VMName: "web", Path: "D:\\b.vhdx" }, invalidState),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\a.vhdx" }),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Set-VMHardDiskDrive", { VMName: "web", Path: "D:\\b.vhdx" }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\b.vhdx", ...at("IDE", 0, 0) }),
    ],
  },
  ...["Suspend-VM", "Save-VM"].map(
    (sleep): Case => ({
      title: `after ${sleep} a machine keeps the disks that it has`,
      steps: [
        disks("a", "b"),
        web,
        attach("a"),
        does("Start-VM", { Name: "web" }),
        does(sleep, { Name: "web" }),
        swap("D:\\b.vhdx", invalidState),
        swap("D:\\a.vhdx"),
        shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\a.vhdx" }),
      ],
    }),
  ),
  {
    title: "a disk of a machine with checkpoints is not swapped until they are gone",
    steps: [
      disks("a", "b"),
      web,
      attach("a"),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "one" }),
      swap("D:\\b.vhdx", invalidState),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: { $matches: "^D:\\\\a_.*avhdx$" } }),
      does("Remove-VMSnapshot", { VMName: "web", Confirm: false }),
      swap("D:\\b.vhdx"),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\b.vhdx" }),
    ],
  },
  {
    title: "a disk is attached anew only when its file is there",
    steps: [
      disks("a"),
      web,
      attach("a"),
      does("Remove-Item", { LiteralPath: "D:\\a.vhdx" }),
      swap("D:\\a.vhdx", notFound),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\a.vhdx" }),
    ],
  },
  {
    title: "a chain that lacks its base is given to no machine",
    steps: [
      does("New-VM", { Name: "off", Generation: 2 }),
      disks("base"),
      does("New-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx" }),
      does("Remove-Item", { LiteralPath: "D:\\base.vhdx" }),
      web,
      does("Start-VM", { Name: "web" }),
      refuses("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\child.vhdx" }, { idStartsWith: "OperationFailed," }),
      refuses("Add-VMHardDiskDrive", { VMName: "off", Path: "D:\\child.vhdx" }, { idStartsWith: "OperationFailed," }),
      refuses("New-VM", { Name: "db", VHDPath: "D:\\child.vhdx" }, { idStartsWith: "OperationFailed," }),
      does("Get-VM", {}, { count: 2 }),
    ],
  },
];

describe("drives and controllers of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
