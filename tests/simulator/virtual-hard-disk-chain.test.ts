import { type Case, does, refuses, runCase, shows } from "./cases";
import { absent, child, disk, failed, inUse, invalid } from "./virtual-hard-disk-steps";
import { GiB, host } from "./worlds";

const mismatch = { ...failed, hresult: -1069940722 }; // 0xC03A000E
const startMismatch = { idStartsWith: "OperationFailed,", category: "NotSpecified", hresult: -1069940722 };

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

describe("virtual hard disks of the simulator", () => {
  for (const claim of chains) it(claim.title, () => runCase(claim, host));
});
