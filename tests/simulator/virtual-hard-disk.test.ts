import { type Case, does, refuses, runCase, shows } from "./cases";
import { absent, child, disk, failed, inUse, invalid } from "./virtual-hard-disk-steps";
import { GiB, host, MiB } from "./worlds";

const asks = { idStartsWith: "InvalidOperation,", category: "InvalidOperation" };

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

describe("virtual hard disks of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
