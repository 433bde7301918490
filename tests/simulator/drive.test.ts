import { type Case, does, refuses, runCase, shows } from "./cases";
import { GiB, host } from "./worlds";

const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };
const invalidState = { idStartsWith: "InvalidState,", category: "InvalidOperation" };
const notFound = { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound" };
const disks = (...names: string[]) =>
  does("New-VHD", { Path: names.map((name) => `D:\\${name}.vhdx`), SizeBytes: GiB });
const web = does("New-VM", { Name: "web", Generation: 2 });
const attach = (name: string, more: object = {}) =>
  does("Add-VMHardDiskDrive", { VMName: "web", Path: `D:\\${name}.vhdx`, ...more });
const at = (type: string, number: number, location: number) => ({
  ControllerType: type,
  ControllerNumber: number,
  ControllerLocation: location,
});
const drive = (property: string, type: string, number: number, location: number) => ({
  $ref: "vm",
  property,
  where: at(type, number, location),
});
const swap = (path: string, error?: object) =>
  does("Set-VMHardDiskDrive", { VMName: "web", ControllerLocation: 0, Path: path }, error && { error });
const vm = does("Get-VM", { Name: "web" }, {}, "vm");

const unfit: [path: string, error: object, why: string][] = [
  ["data.vhdx", invalid, "a relative path"],
  ["D:\\none.vhdx", notFound, "a file that is not there"],
  ["D:\\a.iso", invalid, "a file that is no disk"],
  [
    "\\\\nas\\share\\a.vhdx",
    { idStartsWith: "OperationFailed,", category: "NotSpecified", hresult: -2147024829 },
    "a share that does not answer",
  ],
];

const discs: [path: string, error: object, why: string][] = [
  ["setup.iso", invalid, "a relative path"],
  ["C:/setup.iso", invalid, "slashes"],
  ["C:\\none.iso", notFound, "a file that is not there"],
  ["D:\\a.vhdx", invalid, "a hard disk"],
  [
    "\\\\nas\\share\\setup.iso",
    { idStartsWith: "AccessDenied,", category: "PermissionDenied", hresult: -2147024891 },
    "a share without delegation",
  ],
];

const claims: Case[] = [
  ...unfit.map(
    ([path, error, why]): Case => ({
      title: `${why} is no disk to attach`,
      steps: [
        { world: { touch: "D:\\a.iso", sizeBytes: 1 } },
        web,
        refuses("Add-VMHardDiskDrive", { VMName: "web", Path: path }, error),
        does("Get-VMHardDiskDrive", { VMName: "web" }, { count: 0 }),
      ],
    }),
  ),
  ...discs.map(
    ([path, error, why]): Case => ({
      title: `${why} is no disc to put in`,
      steps: [
        { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
        disks("a"),
        web,
        does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
        refuses("Set-VMDvdDrive", { VMName: "web", ControllerNumber: 0, ControllerLocation: 0, Path: path }, error),
        shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\setup.iso", DvdMediaType: "ISO" }),
      ],
    }),
  ),
  {
    title: "a place that there is not is refused",
    steps: [
      disks("a"),
      web,
      refuses("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\a.vhdx", ControllerNumber: 1 }, invalid),
      refuses("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\a.vhdx", ControllerLocation: 64 }, invalid),
      refuses("Add-VMDvdDrive", { VMName: "web", ControllerNumber: 2 }, invalid),
      does("New-VM", { Name: "old" }),
      refuses(
        "Add-VMHardDiskDrive",
        { VMName: "old", Path: "D:\\a.vhdx", ControllerType: "IDE", ControllerNumber: 2 },
        invalid,
      ),
      refuses("Add-VMDvdDrive", { VMName: "old", ControllerNumber: 1, ControllerLocation: 0 }, invalid),
      does("Add-VMDvdDrive", { VMName: "old" }),
      shows("Get-VMDvdDrive", { VMName: "old" }, at("IDE", 0, 0), at("IDE", 1, 0)),
    ],
  },
  {
    title: "a drive can be empty, gets its disk later and shows its settings",
    steps: [
      disks("a"),
      web,
      does("Add-VMHardDiskDrive", { VMName: "web", MaximumIOPS: 500, OverrideCacheAttributes: "WriteCacheDisabled" }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: null, MaximumIOPS: 500, WriteHardeningMethod: "WriteCacheDisabled" },
      ),
      vm,
      does("Set-VMHardDiskDrive", { VMHardDiskDrive: drive("HardDrives", "SCSI", 0, 0), Path: "d:\\A.VHDX" }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMHardDiskDrive", { VMName: "web", OverrideCacheAttributes: "Default" }, invalidState),
      refuses("Set-VMHardDiskDrive", { VMName: "web", MaximumIOPS: 10, MinimumIOPS: 20 }, invalid),
      does("Set-VMHardDiskDrive", {
        VMName: "web",
        MaximumIOPS: 0,
        QoSPolicyID: "b5f1c1de-7a10-4c2e-9f3b-0d6a4a1e2c01",
      }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: "D:\\a.vhdx", MaximumIOPS: 0, QoSPolicyID: "b5f1c1de-7a10-4c2e-9f3b-0d6a4a1e2c01" },
      ),
    ],
  },
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
    title: "boot entries follow their devices from place to place, and go with them",
    steps: [
      disks("a", "b"),
      web,
      attach("a"),
      attach("b"),
      does("Add-VMDvdDrive", { VMName: "web" }),
      vm,
      does("Set-VMHardDiskDrive", { VMHardDiskDrive: drive("HardDrives", "SCSI", 0, 0), ToControllerLocation: 9 }),
      does("Remove-VMHardDiskDrive", { VMHardDiskDrive: drive("HardDrives", "SCSI", 0, 1) }),
      shows(
        "Get-VMFirmware",
        { VMName: "web" },
        { BootOrder: [{ BootType: "Network" }, { BootType: "Drive" }, { BootType: "Drive" }] },
      ),
      does("Remove-VMDvdDrive", { VMDvdDrive: drive("DVDDrives", "SCSI", 0, 2) }),
      does("Remove-VMNetworkAdapter", { VMName: "web" }),
      shows(
        "Get-VMFirmware",
        { VMName: "web" },
        { BootOrder: [{ Device: { Path: "D:\\a.vhdx", ControllerLocation: 9 } }] },
      ),
    ],
  },
  {
    title: "of several drives of a machine one has to be named",
    steps: [
      disks("a", "b"),
      web,
      attach("a"),
      attach("b"),
      refuses("Set-VMHardDiskDrive", { VMName: "web", MaximumIOPS: 5 }, { idStartsWith: "InvalidOperation," }),
      refuses("Set-VMHardDiskDrive", { VMName: "web", ControllerLocation: 7, MaximumIOPS: 5 }, notFound),
      refuses("Remove-VMHardDiskDrive", { VMName: "web", ...at("SCSI", 0, 7) }, notFound),
      refuses("Remove-VMDvdDrive", { VMName: "web", ControllerNumber: 0, ControllerLocation: 0 }, notFound),
      does("Get-VMHardDiskDrive", { VMName: "web" }, { count: 2 }),
    ],
  },
  {
    title: "a machine that sleeps neither takes nor gives a disc",
    steps: [
      { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
      web,
      does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
      does("Start-VM", { Name: "web" }),
      does("Suspend-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: null }, invalidState),
      does("Resume-VM", { Name: "web" }),
      does("Save-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: null }, invalidState),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "ISO" }),
      does("Start-VM", { Name: "web" }),
      vm,
      refuses("Remove-Item", { LiteralPath: "C:\\setup.iso" }, { hresult: -2147024864 }),
      does("Set-VMDvdDrive", { VMDvdDrive: drive("DVDDrives", "SCSI", 0, 0), Path: null }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "None", Path: null }),
      does("Remove-Item", { LiteralPath: "C:\\setup.iso" }),
      refuses("Set-VMDvdDrive", { VMName: "web", ToControllerLocation: 5 }, invalidState),
    ],
  },
  {
    title: "generation 1 keeps its DVD drives while it runs, and changes its discs",
    steps: [
      { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
      does("New-VM", { Name: "web" }),
      does("Start-VM", { Name: "web" }),
      refuses("Add-VMDvdDrive", { VMName: "web" }, invalidState),
      refuses("Remove-VMDvdDrive", { VMName: "web", ControllerNumber: 1, ControllerLocation: 0 }, invalidState),
      does("Set-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "ISO" }),
    ],
  },
  {
    title: "a controller goes with its drives, and the later ones move up",
    steps: [
      disks("a", "b", "c"),
      web,
      does("Add-VMScsiController", { VMName: "web" }),
      does("Add-VMScsiController", { VMName: "web" }),
      attach("a", { ControllerNumber: 0 }),
      attach("b", { ControllerNumber: 1 }),
      attach("c", { ControllerNumber: 2 }),
      refuses("Remove-VMScsiController", { VMName: "web", ControllerNumber: 3 }, notFound),
      does("Remove-VMScsiController", { VMName: "web", ControllerNumber: 1 }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: "D:\\a.vhdx", ControllerNumber: 0 },
        { Path: "D:\\c.vhdx", ControllerNumber: 1 },
      ),
      shows(
        "Get-VMScsiController",
        { VMName: "web" },
        { ControllerNumber: 0, Drives: [{ Path: "D:\\a.vhdx" }] },
        { ControllerNumber: 1 },
      ),
      shows("Get-VMFirmware", { VMName: "web" }, { BootOrder: { $count: 3 } }),
    ],
  },
  {
    title: "generation 1 has two IDE controllers, which objects name as well",
    steps: [
      disks("a"),
      does("New-VM", { Name: "web" }),
      does("Get-VMIdeController", { VMName: "web" }, { count: 2 }),
      does("Get-VMIdeController", { VMName: "web", ControllerNumber: 1 }, {}, "ide"),
      does("Add-VMHardDiskDrive", { VMDriveController: { $ref: "ide" }, Path: "D:\\a.vhdx" }),
      shows("Get-VMHardDiskDrive", { VMDriveController: { $ref: "ide" } }, at("IDE", 1, 1)),
      shows("Get-VMDvdDrive", { VMDriveController: { $ref: "ide" } }, at("IDE", 1, 0)),
    ],
  },
  {
    title: "a checkpoint's drives and controllers are read, and not changed",
    steps: [
      disks("a"),
      web,
      attach("a"),
      does("Checkpoint-VM", { Name: "web", Passthru: true }, {}, "checkpoint"),
      does("Get-VMScsiController", { VMSnapshot: { $ref: "checkpoint" } }, { count: 1 }),
      does("Get-VMHardDiskDrive", { VMSnapshot: { $ref: "checkpoint" } }, { count: 1 }, "kept"),
      refuses("Remove-VMHardDiskDrive", { VMHardDiskDrive: { $ref: "kept" } }, invalid),
      does("Get-VMHardDiskDrive", { VMSnapshot: { $ref: "checkpoint" } }, { count: 1 }),
    ],
  },
  {
    title: "of several machines none gets a drive when one cannot",
    steps: [
      disks("a"),
      web,
      does("New-VM", { Name: "db", Generation: 2 }),
      does("Add-VMHardDiskDrive", { VMName: "db", Path: "D:\\a.vhdx" }),
      refuses("Add-VMHardDiskDrive", { VMName: ["web", "db"], Path: "D:\\a.vhdx" }, invalid),
      does("Get-VMHardDiskDrive", { VMName: "web" }, { count: 0 }),
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
    title: "a disc that is missing leaves the one that is in the drive",
    steps: [
      { world: { touch: "C:\\one.iso", sizeBytes: 1 } },
      { world: { touch: "C:\\two.iso", sizeBytes: 1 } },
      web,
      does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\one.iso" }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\none.iso" }, { ...notFound, hresult: -2147024894 }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\one.iso" }),
      does("Suspend-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }, invalidState),
      does("Save-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }, invalidState),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\one.iso" }),
      does("Start-VM", { Name: "web" }),
      does("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\two.iso" }),
      does("Remove-Item", { LiteralPath: "C:\\one.iso" }),
    ],
  },
  {
    title: "machines and their checkpoints show their drives with places and files",
    steps: [
      disks("a"),
      web,
      attach("a"),
      does("Get-VM", { Name: "web" }, {}, "vm"),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "one", Passthru: true }, {}, "checkpoint"),
      shows(
        "Get-VM",
        { Name: "web" },
        { HardDrives: [{ ...at("SCSI", 0, 0), Path: { $matches: "avhdx$" }, VMName: "web", DiskNumber: null }] },
      ),
      shows(
        "Get-VMSnapshot",
        { VMName: "web" },
        {
          Name: "one",
          VMName: "web",
          Id: { $matches: "^[0-9a-f-]{36}$" },
          VMId: { $matches: "^[0-9a-f-]{36}$" },
          HardDrives: [{ ...at("SCSI", 0, 0), Path: "D:\\a.vhdx", VMSnapshotName: "one" }],
        },
      ),
      shows(
        "Get-VHD",
        { Path: "D:\\a.vhdx" },
        { DiskIdentifier: { $matches: "^[0-9A-F-]{36}$" }, Attached: false, ParentPath: null },
      ),
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
