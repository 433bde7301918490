import { type Case, does, refuses, runCase, shows } from "./cases";
import { at, attach, disks, drive, invalid, invalidState, notFound, vm, web } from "./drive-steps";
import { host } from "./worlds";

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
];

describe("drives and controllers of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
