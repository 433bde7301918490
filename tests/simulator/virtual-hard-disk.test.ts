import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, shows } from "./cases";
import { GiB, host, MiB } from "./worlds";

const invalid = { idStartsWith: "InvalidParameter,Microsoft.Vhd.", category: "InvalidArgument" };
const inUse = { idStartsWith: "ObjectInUse,Microsoft.Vhd.", category: "ResourceBusy", hresult: -2147024864 };
const failed = { idStartsWith: "OperationFailed,Microsoft.Vhd.", category: "NotSpecified" };
const asks = { idStartsWith: "InvalidOperation,", category: "InvalidOperation" };
const mismatch = { ...failed, hresult: -1069940722 }; // 0xC03A000E
const startMismatch = { idStartsWith: "OperationFailed,", category: "NotSpecified", hresult: -1069940722 };
const disk = (path: string, sizeBytes = GiB) => does("New-VHD", { Path: path, SizeBytes: sizeBytes });
const child = (path: string, parentPath: string) => does("New-VHD", { Path: path, ParentPath: parentPath });
const absent = (path: string) => does("Test-Path", { LiteralPath: path }, { values: [false] });

const mistakes: [parameters: Record<string, string | number | boolean>, why: string][] = [
  [{ Path: "D:\\x.vhdx", SizeBytes: MiB }, "a size below 3 MiB"],
  [{ Path: "D:\\x.vhd", SizeBytes: 2041 * GiB }, "a VHD above 2040 GiB"],
  [{ Path: "D:\\x.vhdx", SizeBytes: 65 * 1024 * GiB }, "a VHDX above 64 TiB"],
  [{ Path: "D:\\x.vhdx", SizeBytes: GiB, BlockSizeBytes: 3 * MiB }, "a block size that is no power of two"],
  [{ Path: "D:\\x.vhdx", SizeBytes: GiB, BlockSizeBytes: 512 * MiB }, "blocks that are too large"],
  [{ Path: "D:\\x.vhd", SizeBytes: GiB, LogicalSectorSizeBytes: 4096 }, "a VHD with large sectors"],
  [
    { Path: "D:\\x.vhdx", SizeBytes: GiB + 512, LogicalSectorSizeBytes: 4096 },
    "a size that is no multiple of its sectors",
  ],
  [{ Path: "D:\\x.avhdx", SizeBytes: GiB }, "a checkpoint's name"],
];

const claims: Case[] = [
  ...mistakes.map(
    ([parameters, why]): Case => ({
      title: `a disk is refused with ${why}`,
      steps: [refuses("New-VHD", parameters, invalid), absent(String(parameters.Path))],
    }),
  ),
  {
    title: "sizes of files: a footer for a fixed VHD, a header for VHDX, little for what grows",
    steps: [
      shows(
        "New-VHD",
        { Path: "D:\\a.vhd", SizeBytes: 64 * MiB, Fixed: true },
        { FileSize: 64 * MiB + 512, BlockSize: 0 },
      ),
      shows(
        "New-VHD",
        { Path: "D:\\a.vhdx", SizeBytes: 64 * MiB, Fixed: true },
        { FileSize: 68 * MiB, PhysicalSectorSize: 4096 },
      ),
      shows("New-VHD", { Path: "D:\\b.vhdx", SizeBytes: 64 * GiB }, { FileSize: 4 * MiB, MinimumSize: null }),
      shows("New-VHD", { Path: "D:\\b.vhd", SizeBytes: 64 * GiB }, { BlockSize: 2 * MiB, PhysicalSectorSize: 512 }),
    ],
  },
  {
    title: "a fixed disk can be aligned for persistent memory",
    steps: [
      shows(
        "New-VHD",
        {
          Path: "D:\\a.vhdx",
          SizeBytes: GiB,
          Fixed: true,
          DataAlignmentBytes: 1073741824,
          AddressAbstractionType: "BTT",
        },
        { Alignment: GiB, AddressAbstractionType: "BTT" },
      ),
    ],
  },
  {
    title: "of several disks none is made when one cannot be",
    steps: [
      disk("D:\\b.vhdx"),
      refuses("New-VHD", { Path: ["D:\\a.vhdx", "D:\\b.vhdx"], SizeBytes: GiB }, { ...failed, hresult: -2147024816 }),
      absent("D:\\a.vhdx"),
      refuses("New-VHD", { Path: ["D:\\a.vhdx", "d:\\A.VHDX"], SizeBytes: GiB }, invalid),
      refuses(
        "New-VHD",
        { Path: ["C:\\a.vhdx", "C:\\c.vhdx"], SizeBytes: 300 * GiB, Fixed: true },
        { ...failed, hresult: -2147024784 },
      ),
      refuses("New-VHD", { Path: "Z:\\a.vhdx", SizeBytes: GiB }, failed),
      does("Get-ChildItem", { Path: "C:\\" }, { count: 0 }),
    ],
  },
  {
    title: "a VHD set has its storage beside its index",
    steps: [
      shows("New-VHD", { Path: "D:\\shared.vhds", SizeBytes: GiB }, { VhdFormat: "VHDSet", FileSize: 260 * 1024 }),
      does("Get-ChildItem", { Path: "D:\\shared_*.avhdx" }, { count: 1 }),
    ],
  },
  {
    title: "a child takes blocks and sectors after its parent, and no other format nor a checkpoint's file",
    steps: [
      does("New-VHD", { Path: "D:\\base.vhdx", SizeBytes: GiB, BlockSizeBytes: MiB, LogicalSectorSizeBytes: 4096 }),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      shows("Get-VHD", { Path: "D:\\child.vhdx" }, { BlockSize: MiB, LogicalSectorSize: 4096, Size: GiB }),
      refuses("New-VHD", { Path: "D:\\child.vhd", ParentPath: "D:\\base.vhdx" }, invalid),
      refuses("New-VHD", { Path: "D:\\small.vhdx", ParentPath: "D:\\base.vhdx", SizeBytes: 512 * MiB }, invalid),
      does("New-VM", { Name: "web", VHDPath: "D:\\base.vhdx" }),
      does("Checkpoint-VM", { Name: "web" }),
      does("Get-VMHardDiskDrive", { VMName: "web" }, {}, "drive"),
      refuses("New-VHD", { Path: "D:\\leaf.vhdx", ParentPath: { $ref: "drive", property: "Path" } as never }, invalid),
    ],
  },
  {
    title: "a running machine's disk is no parent, the disk under a running machine's is",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("New-VM", { Name: "web", VHDPath: "D:\\child.vhdx" }),
      does("Start-VM", { Name: "web" }),
      refuses("New-VHD", { Path: "D:\\x.vhdx", ParentPath: "D:\\child.vhdx" }, inUse),
      child("D:\\y.vhdx", "D:\\base.vhdx"),
      does("Copy-Item", { Path: "D:\\base.vhdx", Destination: "D:\\z.vhdx" }),
      refuses("Resize-VHD", { Path: "D:\\base.vhdx", SizeBytes: 2 * GiB }, failed),
    ],
  },
  {
    title: "a disk does not shrink below what nobody knows to be free",
    steps: [
      disk("D:\\a.vhdx", 2 * GiB),
      refuses("Resize-VHD", { Path: "D:\\a.vhdx", SizeBytes: GiB }, { ...failed, hresult: -1069940699 }),
      refuses("Resize-VHD", { Path: "D:\\a.vhdx", ToMinimumSize: true }, { ...failed, hresult: -1069940699 }),
      refuses("Resize-VHD", { Path: "D:\\a.vhdx", SizeBytes: 2 * GiB + 1 }, invalid),
      does("Resize-VHD", { Path: "D:\\a.vhdx", SizeBytes: 2 * GiB }),
      disk("D:\\b.vhdx"),
      refuses("Resize-VHD", { Path: ["D:\\b.vhdx", "D:\\a.vhdx"], SizeBytes: 1536 * MiB }, failed),
      shows("Get-VHD", { Path: "D:\\b.vhdx" }, { Size: GiB }),
    ],
  },
  {
    title: "a fixed disk grows with its file",
    steps: [
      does("New-VHD", { Path: "D:\\a.vhdx", SizeBytes: GiB, Fixed: true }),
      shows("Resize-VHD", { Path: "D:\\a.vhdx", SizeBytes: 2 * GiB, Passthru: true }, { FileSize: 2 * GiB + 4 * MiB }),
    ],
  },
  {
    title: "an old VHD on SCSI and a mounted disk do not grow",
    steps: [
      disk("D:\\old.vhd"),
      disk("D:\\a.vhdx"),
      does("New-VM", { Name: "web" }),
      does("Add-VMHardDiskDrive", { VMName: "web", ControllerType: "SCSI", Path: "D:\\old.vhd" }),
      does("Start-VM", { Name: "web" }),
      refuses("Resize-VHD", { Path: "D:\\old.vhd", SizeBytes: 2 * GiB }, inUse),
      does("Mount-VHD", { Path: "D:\\a.vhdx" }),
      refuses("Resize-VHD", { Path: "D:\\a.vhdx", SizeBytes: 2 * GiB }, inUse),
    ],
  },
  {
    title: "mounted disks are numbered, dismounted by number or path, and not mounted twice",
    steps: [
      disk("D:\\a.vhdx"),
      disk("D:\\b.vhdx"),
      shows(
        "Mount-VHD",
        { Path: ["D:\\a.vhdx", "D:\\b.vhdx"], Passthru: true },
        { DiskNumber: 1, Attached: true },
        { DiskNumber: 2 },
      ),
      refuses("Mount-VHD", { Path: "D:\\a.vhdx" }, inUse),
      shows("Get-VHD", { DiskNumber: 2 }, { Path: "D:\\b.vhdx" }),
      refuses("Move-Item", { Path: "D:\\a.vhdx", Destination: "D:\\c.vhdx" }, { hresult: -2147024864 }),
      does("Dismount-VHD", { DiskNumber: 2 }),
      does("Dismount-VHD", { Path: "D:\\a.vhdx" }),
      refuses("Dismount-VHD", { Path: "D:\\a.vhdx" }, failed),
      refuses("Get-VHD", { DiskNumber: 2 }, invalid),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { Attached: false, DiskNumber: null }),
    ],
  },
  {
    title: "a disk is compacted while nobody uses it or it is mounted to be read, and a fixed one never",
    steps: [
      disk("D:\\a.vhdx"),
      does("New-VHD", { Path: "D:\\f.vhdx", SizeBytes: GiB, Fixed: true }),
      does("Optimize-VHD", { Path: "D:\\a.vhdx", Mode: "Full" }),
      does("Mount-VHD", { Path: "D:\\a.vhdx" }),
      refuses("Optimize-VHD", { Path: "D:\\a.vhdx" }, inUse),
      does("Dismount-VHD", { Path: "D:\\a.vhdx" }),
      does("Mount-VHD", { Path: "D:\\a.vhdx", ReadOnly: true }),
      does("Optimize-VHD", { Path: "D:\\a.vhdx", Mode: "Full" }),
      refuses("Optimize-VHD", { Path: "D:\\f.vhdx" }, failed),
    ],
  },
  {
    title: "an identifier is new only after it was reset, which asks; a copy has the same",
    steps: [
      disk("D:\\a.vhdx"),
      does("Copy-Item", { LiteralPath: "D:\\a.vhdx", Destination: "D:\\b.vhdx" }),
      does("New-VHD", { Path: "D:\\c.vhdx", ParentPath: "D:\\a.vhdx" }),
      does("Set-VHD", { Path: "D:\\c.vhdx", ParentPath: "D:\\b.vhdx" }),
      refuses("Set-VHD", { Path: "D:\\b.vhdx", ResetDiskIdentifier: true }, asks),
      does("Set-VHD", { Path: "D:\\a.vhdx", ResetDiskIdentifier: true, Force: true }),
      refuses("Set-VHD", { Path: "D:\\c.vhdx", ParentPath: "D:\\a.vhdx" }, failed),
      does("Set-VHD", { Path: "D:\\c.vhdx", ParentPath: "D:\\a.vhdx", IgnoreIdMismatch: true }),
      shows("Get-VHD", { Path: "D:\\c.vhdx" }, { ParentPath: "D:\\a.vhdx" }),
    ],
  },
  {
    title: "a disk does not become its own ancestor, nor the child of another format",
    steps: [
      disk("D:\\a.vhdx"),
      disk("D:\\a.vhd"),
      child("D:\\b.vhdx", "D:\\a.vhdx"),
      child("D:\\c.vhdx", "D:\\b.vhdx"),
      refuses("Set-VHD", { Path: "D:\\b.vhdx", ParentPath: "D:\\c.vhdx", IgnoreIdMismatch: true }, invalid),
      refuses("Set-VHD", { Path: "D:\\b.vhdx", ParentPath: "D:\\a.vhd", IgnoreIdMismatch: true }, invalid),
      does("Set-VHD", { Path: "D:\\a.vhdx", PhysicalSectorSizeBytes: 512 }),
      refuses("Set-VHD", { Path: "D:\\a.vhd", PhysicalSectorSizeBytes: 4096 }, invalid),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { PhysicalSectorSize: 512 }),
    ],
  },
  {
    title: "a chain becomes one dynamic disk, or keeps a parent that is named",
    steps: [
      disk("D:\\a.vhdx"),
      child("D:\\b.vhdx", "D:\\a.vhdx"),
      shows(
        "Convert-VHD",
        { Path: "D:\\b.vhdx", DestinationPath: "D:\\flat.vhdx", Passthru: true },
        { VhdType: "Dynamic" },
      ),
      refuses("Convert-VHD", { Path: "D:\\b.vhdx", DestinationPath: "D:\\x.vhdx", VHDType: "Differencing" }, invalid),
      does("Convert-VHD", {
        Path: "D:\\b.vhdx",
        DestinationPath: "D:\\x.vhdx",
        ParentPath: "D:\\a.vhdx",
        VHDType: "Differencing",
      }),
      shows("Get-VHD", { Path: "D:\\x.vhdx" }, { VhdType: "Differencing", ParentPath: "D:\\a.vhdx" }),
      does("Convert-VHD", {
        Path: "D:\\flat.vhdx",
        DestinationPath: "D:\\moved.vhdx",
        VHDType: "Fixed",
        DeleteSource: true,
      }),
      absent("D:\\flat.vhdx"),
      refuses("Convert-VHD", { Path: "D:\\gone.vhdx", DestinationPath: "D:\\y.vhdx" }, invalid),
      refuses("Convert-VHD", { Path: "D:\\a.vhdx", DestinationPath: "D:\\y.img" }, invalid),
    ],
  },
  {
    title: "a merge asks, goes into a parent and nowhere else",
    steps: [
      disk("D:\\a.vhdx"),
      disk("D:\\other.vhdx"),
      child("D:\\b.vhdx", "D:\\a.vhdx"),
      refuses("Merge-VHD", { Path: "D:\\b.vhdx" }, asks),
      refuses("Merge-VHD", { Path: "D:\\b.vhdx", DestinationPath: "D:\\other.vhdx", Force: true }, invalid),
      refuses("Merge-VHD", { Path: "D:\\a.vhdx", Force: true }, invalid),
      does("Merge-VHD", { Path: "D:\\b.vhdx", Force: true }),
      absent("D:\\b.vhdx"),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { VhdType: "Dynamic" }),
    ],
  },
  {
    title: "a test answers for the chain, and a file that is no disk is invalid",
    steps: [
      disk("D:\\a.vhdx"),
      child("D:\\b.vhdx", "D:\\a.vhdx"),
      does("Test-VHD", { Path: ["D:\\a.vhdx", "D:\\b.vhdx"] }, { values: [true, true] }),
      does("Remove-Item", { LiteralPath: "D:\\a.vhdx" }),
      does("Test-VHD", { Path: "D:\\b.vhdx" }, { values: [false] }),
      refuses("Test-VHD", { Path: "D:\\a.vhdx" }, invalid),
      { world: { touch: "D:\\c.vhdx", sizeBytes: 10 } },
      refuses("Mount-VHD", { Path: "D:\\c.vhdx" }),
      refuses("Get-VHD", { Path: "D:\\c.vhdx" }),
    ],
  },
];

/** A machine on a disk that stands on D:\\base.vhdx, and what makes the base another one. */
const replacements: [how: string, steps: Case["steps"]][] = [
  ["was made anew", [does("Remove-Item", { LiteralPath: "D:\\base.vhdx" }), disk("D:\\base.vhdx")]],
  [
    "was overwritten with another",
    [disk("D:\\other.vhdx"), does("Copy-Item", { LiteralPath: "D:\\other.vhdx", Destination: "D:\\base.vhdx" })],
  ],
  ["got another identifier", [does("Set-VHD", { Path: "D:\\base.vhdx", ResetDiskIdentifier: true, Force: true })]],
];

const turnOff = does("Stop-VM", { Name: "web", TurnOff: true, Force: true });
const attach = does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\base.vhdx" });

/** What writes to D:\\base.vhdx. */
const writers: [how: string, steps: Case["steps"]][] = [
  ["a machine ran with", [attach, does("Start-VM", { Name: "web" }), turnOff]],
  ["a running machine got", [does("Start-VM", { Name: "web" }), attach, turnOff]],
  [
    "the host had mounted",
    [does("Mount-VHD", { Path: "D:\\base.vhdx" }), does("Dismount-VHD", { Path: "D:\\base.vhdx" })],
  ],
  ["another was merged into", [does("Merge-VHD", { Path: "D:\\other.vhdx", Force: true })]],
];

const chains: Case[] = [
  ...replacements.map(
    ([how, steps]): Case => ({
      title: `nobody opens a chain whose parent ${how}, though its disks can be described`,
      steps: [
        disk("D:\\base.vhdx"),
        child("D:\\child.vhdx", "D:\\base.vhdx"),
        does("New-VM", { Name: "web", Generation: 2, VHDPath: "D:\\child.vhdx" }),
        does("New-VM", { Name: "db", Generation: 2 }),
        ...steps,
        refuses("Start-VM", { Name: "web" }, startMismatch),
        shows("Get-VM", { Name: "web" }, { State: "Off" }),
        refuses("Checkpoint-VM", { Name: "web" }, { idStartsWith: "OperationFailed," }),
        refuses("Add-VMHardDiskDrive", { VMName: "db", Path: "D:\\child.vhdx" }, startMismatch),
        refuses("New-VHD", { Path: "D:\\x.vhdx", ParentPath: "D:\\child.vhdx" }, mismatch),
        refuses("Mount-VHD", { Path: "D:\\child.vhdx", ReadOnly: true }, mismatch),
        refuses("Resize-VHD", { Path: "D:\\child.vhdx", SizeBytes: 2 * GiB }, mismatch),
        refuses("Convert-VHD", { Path: "D:\\child.vhdx", DestinationPath: "D:\\x.vhdx" }, mismatch),
        refuses("Merge-VHD", { Path: "D:\\child.vhdx", Force: true }, mismatch),
        refuses("Optimize-VHD", { Path: "D:\\child.vhdx" }, mismatch),
        does("Test-VHD", { Path: "D:\\child.vhdx" }, { values: [false] }),
        absent("D:\\x.vhdx"),
        shows("Get-VHD", { Path: "D:\\child.vhdx" }, { ParentPath: "D:\\base.vhdx", VhdType: "Differencing" }),
        refuses("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx" }, mismatch),
        does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx", IgnoreIdMismatch: true }),
        does("Start-VM", { Name: "web" }),
      ],
    }),
  ),
  ...writers.map(
    ([how, steps]): Case => ({
      title: `a disk that ${how} is no parent any more`,
      steps: [
        disk("D:\\base.vhdx"),
        child("D:\\child.vhdx", "D:\\base.vhdx"),
        child("D:\\other.vhdx", "D:\\base.vhdx"),
        does("New-VM", { Name: "web", Generation: 2 }),
        ...steps,
        refuses("Mount-VHD", { Path: "D:\\child.vhdx" }, mismatch),
        shows("Get-VHD", { Path: "D:\\child.vhdx" }, { ParentPath: "D:\\base.vhdx" }),
        does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\base.vhdx", IgnoreIdMismatch: true }),
        child("D:\\x.vhdx", "D:\\child.vhdx"),
      ],
    }),
  ),
  {
    title: "a disk that is only read stays the parent that it was",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("Mount-VHD", { Path: "D:\\base.vhdx", ReadOnly: true }),
      does("Dismount-VHD", { Path: "D:\\base.vhdx" }),
      does("New-VM", { Name: "web", VHDPath: "D:\\child.vhdx" }),
      does("Start-VM", { Name: "web" }),
      child("D:\\other.vhdx", "D:\\base.vhdx"),
      does("Test-VHD", { Path: ["D:\\child.vhdx", "D:\\other.vhdx"] }, { values: [true, true] }),
    ],
  },
  {
    title: "a saved machine does not go on when a parent of its disk was replaced",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("New-VM", { Name: "web", VHDPath: "D:\\child.vhdx" }),
      does("Start-VM", { Name: "web" }),
      does("Save-VM", { Name: "web" }),
      does("Remove-Item", { LiteralPath: "D:\\base.vhdx" }),
      refuses("Start-VM", { Name: "web" }, { hresult: -2147024894 }),
      disk("D:\\base.vhdx"),
      refuses("Start-VM", { Name: "web" }, startMismatch),
      shows("Get-VM", { Name: "web" }, { State: "Saved" }),
    ],
  },
  {
    title: "a mismatch hides no parent that is missing further down",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\mid.vhdx", "D:\\base.vhdx"),
      child("D:\\leaf.vhdx", "D:\\mid.vhdx"),
      does("Set-VHD", { Path: "D:\\mid.vhdx", ResetDiskIdentifier: true, Force: true }),
      shows("Get-VHD", { Path: "D:\\leaf.vhdx" }, { ParentPath: "D:\\mid.vhdx" }),
      does("Remove-Item", { LiteralPath: "D:\\base.vhdx" }),
      refuses("Get-VHD", { Path: "D:\\leaf.vhdx" }, { ...failed, hresult: -2147024894 }),
    ],
  },
  {
    title: "a parent that comes back, or its copy in its place, is the same parent",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("New-VM", { Name: "web", VHDPath: "D:\\child.vhdx" }),
      does("Copy-Item", { LiteralPath: "D:\\base.vhdx", Destination: "D:\\kept.vhdx" }),
      does("Remove-Item", { LiteralPath: "D:\\base.vhdx" }),
      does("Move-Item", { LiteralPath: "D:\\kept.vhdx", Destination: "D:\\base.vhdx" }),
      does("Start-VM", { Name: "web" }),
    ],
  },
  {
    title: "checkpoints that are merged leave chains that open",
    steps: [
      disk("D:\\web.vhdx"),
      does("New-VM", { Name: "web", VHDPath: "D:\\web.vhdx" }),
      ...["a", "b", "c"].map((name) => does("Checkpoint-VM", { Name: "web", SnapshotName: name })),
      does("Remove-VMSnapshot", { VMName: "web", Name: "b", Confirm: false }),
      does("Restore-VMSnapshot", { VMName: "web", Name: "a", Confirm: false }),
      does("Start-VM", { Name: "web" }),
      does("Remove-VMSnapshot", { VMName: "web", Name: "a", Confirm: false }),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Start-VM", { Name: "web" }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "d" }),
    ],
  },
  {
    title: "a checkpoint is not applied over disks that cannot be opened",
    steps: [
      disk("D:\\web.vhdx"),
      does("New-VM", { Name: "web", VHDPath: "D:\\web.vhdx" }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      does("Set-VM", { Name: "web", Notes: "later" }),
      does("Rename-Item", { LiteralPath: "D:\\web.vhdx", NewName: "away.vhdx" }),
      refuses(
        "Restore-VMSnapshot",
        { VMName: "web", Name: "a", Confirm: false },
        { idStartsWith: "OperationFailed,", hresult: -2147024894 },
      ),
      shows("Get-VM", { Name: "web" }, { Notes: "later" }),
      does("Rename-Item", { LiteralPath: "D:\\away.vhdx", NewName: "web.vhdx" }),
      does("Restore-VMSnapshot", { VMName: "web", Name: "a", Confirm: false }),
      shows("Get-VM", { Name: "web" }, { Notes: "" }),
    ],
  },
  {
    title: "a disk whose parent is gone is given another, and keeps the old one when that cannot be",
    steps: [
      disk("D:\\base.vhdx"),
      disk("D:\\other.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("Move-Item", { LiteralPath: "D:\\base.vhdx", Destination: "D:\\moved.vhdx" }),
      refuses("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\gone.vhdx", IgnoreIdMismatch: true }, invalid),
      refuses("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\other.vhdx" }, mismatch),
      refuses("Get-VHD", { Path: "D:\\child.vhdx" }, failed),
      does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\moved.vhdx" }),
      shows("Get-VHD", { Path: "D:\\child.vhdx" }, { ParentPath: "D:\\moved.vhdx" }),
      does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\other.vhdx", IgnoreIdMismatch: true }),
      does("Test-VHD", { Path: "D:\\child.vhdx" }, { values: [true] }),
      refuses("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\moved.vhdx" }, mismatch),
    ],
  },
  {
    title: "what a parent was is compared with what the child remembers, not with what lies there now",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\child.vhdx", "D:\\base.vhdx"),
      does("Set-VHD", { Path: "D:\\base.vhdx", ResetDiskIdentifier: true, Force: true }),
      does("Copy-Item", { LiteralPath: "D:\\base.vhdx", Destination: "D:\\copy.vhdx" }),
      refuses("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\copy.vhdx" }, mismatch),
    ],
  },
  {
    title: "a chain in use gets another parent only by its own leaf, and none that is being written",
    steps: [
      disk("D:\\base.vhdx"),
      child("D:\\mid.vhdx", "D:\\base.vhdx"),
      child("D:\\leaf.vhdx", "D:\\mid.vhdx"),
      does("Copy-Item", { LiteralPath: "D:\\base.vhdx", Destination: "D:\\copy.vhdx" }),
      does("New-VM", { Name: "web", VHDPath: "D:\\leaf.vhdx" }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", ParentPath: "D:\\copy.vhdx" }, inUse),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", ResetDiskIdentifier: true, Force: true }, inUse),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", PhysicalSectorSizeBytes: 512 }, inUse),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", ParentPath: "D:\\copy.vhdx", LeafPath: "D:\\gone.vhdx" }, invalid),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", ParentPath: "D:\\copy.vhdx", LeafPath: "D:\\copy.vhdx" }, invalid),
      refuses("Set-VHD", { Path: "D:\\leaf.vhdx", ParentPath: "D:\\mid.vhdx", LeafPath: "D:\\leaf.vhdx" }, inUse),
      does("Mount-VHD", { Path: "D:\\copy.vhdx" }),
      refuses("Set-VHD", { Path: "D:\\mid.vhdx", ParentPath: "D:\\copy.vhdx", LeafPath: "D:\\leaf.vhdx" }, inUse),
      does("Dismount-VHD", { Path: "D:\\copy.vhdx" }),
      does("Set-VHD", { Path: "D:\\mid.vhdx", ParentPath: "D:\\copy.vhdx", LeafPath: "D:\\leaf.vhdx" }),
      shows("Get-VHD", { Path: "D:\\mid.vhdx" }, { ParentPath: "D:\\copy.vhdx" }),
    ],
  },
  {
    title: "identifiers and sectors are those of a VHDX alone",
    steps: [
      disk("D:\\a.vhd"),
      refuses("Set-VHD", { Path: "D:\\a.vhd", ResetDiskIdentifier: true, Force: true }, invalid),
      refuses("Set-VHD", { Path: "D:\\a.vhd", PhysicalSectorSizeBytes: 512 }, invalid),
      refuses("Set-VHD", { Path: "D:\\none.vhdx", ResetDiskIdentifier: true, Force: true }, invalid),
      disk("D:\\a.vhdx"),
      does("Mount-VHD", { Path: "D:\\a.vhdx" }),
      refuses("Set-VHD", { Path: "D:\\a.vhdx", ResetDiskIdentifier: true, Force: true }, inUse),
      refuses("Set-VHD", { Path: "D:\\a.vhdx", PhysicalSectorSizeBytes: 512 }, inUse),
    ],
  },
  {
    title: "a file that only has a disk's name is unreadable, which is not missing",
    steps: [
      { world: { touch: "D:\\broken.vhdx", sizeBytes: 4096 } },
      refuses("Get-VHD", { Path: "D:\\broken.vhdx" }, { ...failed, hresult: -2147023504 }),
      refuses("Mount-VHD", { Path: "D:\\broken.vhdx" }, { ...failed, hresult: -2147023504 }),
      refuses("Get-VHD", { Path: "D:\\none.vhdx" }, invalid),
    ],
  },
];

const cluster: WorldDescription = {
  nodes: [{ name: "HV01" }, { name: "HV02" }],
  cluster: { name: "HVC" },
  seed: "test",
};
const shared = "C:\\ClusterStorage\\Volume1\\web.vhdx";

const clustered: Case[] = [
  {
    title: "a disk that one node has mounted is in use on the other",
    steps: [
      disk(shared),
      does("Mount-VHD", { Path: shared }),
      { on: "HV02", call: { cmdlet: "Get-VHD", parameters: { Path: shared } }, expect: { error: inUse } },
      { on: "HV02", call: { cmdlet: "Mount-VHD", parameters: { Path: shared } }, expect: { error: inUse } },
      { on: "HV02", call: { cmdlet: "Dismount-VHD", parameters: { Path: shared } }, expect: { error: failed } },
      does("Dismount-VHD", { Path: shared }),
      { on: "HV02", call: { cmdlet: "Mount-VHD", parameters: { Path: shared } } },
    ],
  },
  {
    title: "guests share a disk on cluster storage, and no other",
    steps: [
      disk(shared),
      disk("C:\\local.vhdx"),
      does("New-VM", { Name: "one", Generation: 2 }),
      does("New-VM", { Name: "two", Generation: 2 }),
      refuses(
        "Add-VMHardDiskDrive",
        { VMName: "one", Path: "C:\\local.vhdx", SupportPersistentReservations: true },
        { idStartsWith: "OperationFailed," },
      ),
      does("Add-VMHardDiskDrive", { VMName: "one", Path: shared, SupportPersistentReservations: true }),
      does("Start-VM", { Name: "one" }),
      refuses("Add-VMHardDiskDrive", { VMName: "two", Path: shared }, { idStartsWith: "OperationFailed," }),
      does("Add-VMHardDiskDrive", { VMName: "two", Path: shared, SupportPersistentReservations: true }),
      does("Start-VM", { Name: "two" }),
    ],
  },
];

describe("virtual hard disks of the simulator", () => {
  for (const claim of [...claims, ...chains]) it(claim.title, () => runCase(claim, host));
  for (const claim of clustered) it(claim.title, () => runCase(claim, cluster));
});
