import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, shows } from "./cases";
import { cluster, GiB, host, MiB } from "./worlds";

const item = (name: string) => `Microsoft.PowerShell.Commands.${name}ItemCommand`;
const missing = (name: string) => ({
  id: `PathNotFound,${item(name)}`,
  category: "ObjectNotFound",
  exception: "System.Management.Automation.ItemNotFoundException",
});
const sharing = -2147024864;
const exists = (path: string, value = true) => does("Test-Path", { LiteralPath: path }, { values: [value] });
const folder = (path: string) => does("New-Item", { Path: path, ItemType: "Directory" });
const file = (path: string, sizeBytes = 10) => ({ world: { touch: path, sizeBytes } });

/** A running machine whose disk stands on another. */
const machine = [
  does("New-VHD", { Path: "D:\\base.vhdx", SizeBytes: GiB }),
  does("New-VHD", { Path: "D:\\web.vhdx", ParentPath: "D:\\base.vhdx" }),
  does("New-VM", { Name: "web", VHDPath: "D:\\web.vhdx" }),
  does("Start-VM", { Name: "web" }),
];

const claims: Case[] = [
  ...["Get", "Remove", "Copy", "Move"].map(
    (verb): Case => ({
      title: `${verb}-Item says that a path does not exist, and a pattern that fits nothing is no error`,
      steps: [
        refuses(`${verb}-Item`, { LiteralPath: "D:\\none", ...destination(verb) }, missing(verb)),
        refuses(`${verb}-Item`, { Path: "D:\\none", ...destination(verb) }, missing(verb)),
        does(`${verb}-Item`, { Path: "D:\\none*", ...destination(verb) }, { count: 0 }),
        refuses(
          `${verb}-Item`,
          { LiteralPath: "Z:\\none", ...destination(verb) },
          { id: `DriveNotFound,${item(verb)}`, exception: "System.Management.Automation.DriveNotFoundException" },
        ),
      ],
    }),
  ),
  {
    title: "a path is compared without case, with slashes or backslashes, and its kind can be asked for",
    steps: [
      file("D:\\Folder\\Note.txt"),
      exists("d:/folder/NOTE.TXT"),
      exists("D:\\folder\\"),
      exists("Z:\\", false),
      exists("note.txt", false),
      does("Test-Path", { LiteralPath: "D:\\Folder", PathType: "Container" }, { values: [true] }),
      does("Test-Path", { LiteralPath: "D:\\Folder", PathType: "Leaf" }, { values: [false] }),
      does("Test-Path", { Path: ["D:\\F*\\*.txt", "D:\\F*\\*.iso"] }, { values: [true, false] }),
      does("Test-Path", { Path: ["D:\\F*\\no-*", "D:\\F*\\[l-n]ote.txt"] }, { values: [false, true] }),
      shows(
        "Get-Item",
        { LiteralPath: "D:\\folder\\note.TXT" },
        { Name: "Note.txt", Length: 10, PSIsContainer: false },
      ),
    ],
  },
  {
    title: "brackets are a pattern to -Path and themselves to -LiteralPath",
    steps: [
      file("D:\\disk[1].txt"),
      file("D:\\disk1.txt"),
      does("Get-Item", { Path: "D:\\disk[1].txt" }, { count: 1 }, "one"),
      shows("Get-Item", { LiteralPath: "D:\\disk[1].txt" }, { Name: "disk[1].txt" }),
      shows("Get-Item", { Path: "D:\\disk`[1`].txt" }, { Name: "disk[1].txt" }),
      does("Remove-Item", { LiteralPath: "D:\\disk[1].txt" }),
      exists("D:\\disk1.txt"),
    ],
  },
  {
    title: "a folder lists what lies in it, and below when asked",
    steps: [
      file("D:\\a\\one.txt"),
      file("D:\\a\\b\\two.iso"),
      does("Get-ChildItem", { Path: "D:\\a", Name: true }, { values: ["b", "one.txt"] }),
      does(
        "Get-ChildItem",
        { LiteralPath: "D:\\a", Recurse: true, File: true, Name: true },
        { values: ["two.iso", "one.txt"] },
      ),
      does("Get-ChildItem", { LiteralPath: "D:\\a", Directory: true }, { count: 1 }),
      does("Get-ChildItem", { LiteralPath: "D:\\a", Recurse: true, Filter: "*.iso" }, { count: 1 }),
      refuses("Get-ChildItem", { LiteralPath: "D:\\none" }, { idStartsWith: "PathNotFound," }),
    ],
  },
  {
    title: "a folder is made with its parents, once, and a file where its folder is",
    steps: [
      folder("D:\\a\\b"),
      exists("D:\\a"),
      refuses(
        "New-Item",
        { Path: "D:\\a\\b", ItemType: "Directory" },
        { id: `DirectoryExist,${item("New")}`, category: "ResourceExists" },
      ),
      does("New-Item", { Path: "D:\\a\\b", ItemType: "Directory", Force: true }),
      shows("New-Item", { Path: "D:\\a", Name: "note.txt", Value: "hello" }, { Length: 5 }),
      refuses("New-Item", { Path: "D:\\a\\note.txt" }, { id: `NewItemIOError,${item("New")}`, category: "WriteError" }),
      refuses("New-Item", { Path: "D:\\none\\note.txt", ItemType: "File" }, { id: `NewItemIOError,${item("New")}` }),
      exists("D:\\none", false),
    ],
  },
  {
    title: "a folder with something in it is removed only with -Recurse, and stays when it becomes empty",
    steps: [
      file("D:\\a\\b\\one.txt"),
      refuses("Remove-Item", { LiteralPath: "D:\\a", Force: true }, { id: `InvalidOperation,${item("Remove")}` }),
      does("Remove-Item", { LiteralPath: "D:\\a\\b\\one.txt" }),
      exists("D:\\a\\b"),
      does("Remove-Item", { LiteralPath: "D:\\a", Recurse: true }),
      exists("D:\\a", false),
      refuses("Remove-Item", { LiteralPath: "D:\\", Recurse: true, Force: true }),
    ],
  },
  {
    title: "an open disk keeps its file, and the folder around it",
    steps: [
      folder("D:\\vm"),
      does("New-VHD", { Path: "D:\\vm\\web.vhdx", SizeBytes: GiB }),
      file("D:\\vm\\note.txt"),
      does("New-VM", { Name: "web", VHDPath: "D:\\vm\\web.vhdx" }),
      does("Start-VM", { Name: "web" }),
      refuses(
        "Remove-Item",
        { LiteralPath: "D:\\vm", Recurse: true, Force: true },
        { id: `RemoveFileSystemItemIOError,${item("Remove")}`, hresult: sharing },
      ),
      refuses(
        "Rename-Item",
        { LiteralPath: "D:\\vm", NewName: "old" },
        { id: `RenameItemIOError,${item("Rename")}`, hresult: sharing },
      ),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\vm\\web.vhdx", Destination: "D:\\" },
        { id: `MoveFileInfoItemIOError,${item("Move")}`, hresult: sharing },
      ),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\vm\\web.vhdx", Destination: "D:\\x.vhdx" },
        { id: `CopyFileInfoItemIOError,${item("Copy")}`, hresult: sharing },
      ),
      refuses("Copy-Item", { LiteralPath: "D:\\vm\\note.txt", Destination: "D:\\vm\\web.vhdx" }, { hresult: sharing }),
      exists("D:\\vm\\note.txt"),
      exists("D:\\x.vhdx", false),
    ],
  },
  {
    title: "a copy goes into a folder or over a file, and a folder goes whole only with -Recurse",
    steps: [
      file("D:\\a\\one.txt", 7),
      folder("D:\\b"),
      does("Copy-Item", { LiteralPath: "D:\\a\\one.txt", Destination: "D:\\b" }),
      shows("Get-Item", { LiteralPath: "D:\\b\\one.txt" }, { Length: 7 }),
      does("Copy-Item", { LiteralPath: "D:\\a\\one.txt", Destination: "D:\\b\\two.txt" }),
      does("Copy-Item", { LiteralPath: "D:\\a\\one.txt", Destination: "D:\\b\\two.txt" }),
      does("Copy-Item", { LiteralPath: "D:\\a", Destination: "D:\\c" }),
      exists("D:\\c"),
      exists("D:\\c\\one.txt", false),
      does("Copy-Item", { LiteralPath: "D:\\a", Destination: "D:\\d", Recurse: true }),
      exists("D:\\d\\one.txt"),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\a\\one.txt", Destination: "D:\\a\\ONE.txt" },
        { id: `CopyError,${item("Copy")}` },
      ),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\a\\one.txt", Destination: "D:\\none\\one.txt" },
        { id: `System.IO.DirectoryNotFoundException,${item("Copy")}`, category: "NotSpecified" },
      ),
    ],
  },
  {
    title: "a move takes everything along and writes over nothing",
    steps: [
      file("D:\\a\\one.txt"),
      file("D:\\two.txt"),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\two.txt", Destination: "D:\\a\\one.txt" },
        { id: `MoveFileInfoItemIOError,${item("Move")}` },
      ),
      does("Move-Item", { LiteralPath: "D:\\a", Destination: "D:\\b" }),
      exists("D:\\b\\one.txt"),
      exists("D:\\a", false),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\b", Destination: "C:\\b" },
        { id: `MoveDirectoryItemIOError,${item("Move")}` },
      ),
      does("Move-Item", { LiteralPath: "D:\\two.txt", Destination: "C:\\" }),
      exists("C:\\two.txt"),
    ],
  },
  {
    title: "a new name stays in the folder, and may differ in case alone",
    steps: [
      file("D:\\a\\one.txt"),
      file("D:\\a\\two.txt"),
      refuses("Rename-Item", { LiteralPath: "D:\\none", NewName: "x" }, { id: `InvalidOperation,${item("Rename")}` }),
      refuses(
        "Rename-Item",
        { LiteralPath: "D:\\a\\one.txt", NewName: "TWO.txt" },
        { id: `RenameItemIOError,${item("Rename")}`, category: "WriteError" },
      ),
      refuses(
        "Rename-Item",
        { LiteralPath: "D:\\a\\one.txt", NewName: "D:\\one.txt" },
        { id: `Argument,${item("Rename")}` },
      ),
      does("Rename-Item", { LiteralPath: "D:\\a\\one.txt", NewName: "ONE.TXT" }),
      shows("Get-Item", { LiteralPath: "D:\\a\\one.txt" }, { Name: "ONE.TXT" }),
    ],
  },
  {
    title: "nothing is written over unasked, and what is open not even then",
    steps: [
      file("D:\\a.txt", 1),
      file("D:\\b.txt", 2),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\a.txt", Destination: "D:\\b.txt" },
        { id: `MoveFileInfoItemIOError,${item("Move")}`, category: "WriteError", hresult: -2147024713 },
      ),
      refuses(
        "Rename-Item",
        { LiteralPath: "D:\\a.txt", NewName: "b.txt", Force: true },
        { id: `RenameItemIOError,${item("Rename")}`, hresult: -2147024713 },
      ),
      does("New-VHD", { Path: "D:\\web.vhdx", SizeBytes: GiB }),
      does("New-VM", { Name: "web", VHDPath: "D:\\web.vhdx" }),
      does("Start-VM", { Name: "web" }),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\a.txt", Destination: "D:\\web.vhdx", Force: true },
        { id: `MoveFileInfoItemIOError,${item("Move")}`, hresult: sharing },
      ),
      does("Move-Item", { LiteralPath: "D:\\a.txt", Destination: "D:\\b.txt", Force: true }),
      shows("Get-Item", { LiteralPath: "D:\\b.txt" }, { Length: 1 }),
      exists("D:\\a.txt", false),
      file("D:\\a.txt", 3),
      does("Copy-Item", { LiteralPath: "D:\\a.txt", Destination: "D:\\b.txt" }),
      shows("Get-Item", { LiteralPath: "D:\\b.txt" }, { Length: 3 }),
    ],
  },
  {
    title: "a file goes to no folder that there is not",
    steps: [
      file("D:\\a.txt"),
      folder("D:\\f"),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\a.txt", Destination: "D:\\none\\a.txt" },
        {
          id: `MoveFileInfoItemIOError,${item("Move")}`,
          exception: "System.IO.DirectoryNotFoundException",
          hresult: -2147024893,
        },
      ),
      refuses(
        "Move-Item",
        { LiteralPath: "D:\\f", Destination: "D:\\none\\f" },
        { id: `MoveDirectoryItemIOError,${item("Move")}` },
      ),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\a.txt", Destination: "D:\\none\\a.txt" },
        { exception: "System.IO.DirectoryNotFoundException", hresult: -2147024893 },
      ),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\a.txt", Destination: "Z:\\a.txt" },
        { id: `DriveNotFound,${item("Copy")}` },
      ),
      refuses("Move-Item", { LiteralPath: "D:\\f", Destination: "D:\\f\\g" }, { category: "WriteError" }),
      exists("D:\\a.txt"),
      exists("D:\\f"),
      exists("D:\\none", false),
    ],
  },
  {
    title: "a file is no folder, and a folder no file",
    steps: [
      file("D:\\a"),
      refuses(
        "New-Item",
        { Path: "D:\\a", ItemType: "Directory", Force: true },
        { id: `DirectoryExist,${item("New")}` },
      ),
      refuses(
        "New-Item",
        { Path: "D:\\a\\b\\c", ItemType: "Directory", Force: true },
        { id: `CreateDirectoryIOError,${item("New")}`, category: "WriteError" },
      ),
      refuses("New-Item", { Path: "D:\\a\\note.txt", Force: true }, { id: `NewItemIOError,${item("New")}` }),
      refuses("New-VHD", { Path: "D:\\a\\web.vhdx", SizeBytes: GiB }, { hresult: -2147024893 }),
      does("Test-Path", { LiteralPath: "D:\\a", PathType: "Leaf" }, { values: [true] }),
      folder("D:\\f\\a"),
      refuses(
        "Copy-Item",
        { LiteralPath: "D:\\a", Destination: "D:\\f" },
        { id: `CopyFileInfoItemUnauthorizedAccessError,${item("Copy")}`, category: "PermissionDenied" },
      ),
      folder("D:\\f\\x.vhdx"),
      refuses("New-VHD", { Path: "D:\\f\\x.vhdx", SizeBytes: GiB }, { hresult: -2147024816 }),
      shows(
        "New-Item",
        { Path: "D:\\f", ItemType: "Directory", Force: true },
        { FullName: "D:\\f", PSIsContainer: true },
      ),
      shows("Get-Item", { LiteralPath: "D:\\f" }, { Name: "f", PSIsContainer: true, Length: null }),
    ],
  },
  {
    title: "a new disk makes its folder, which stays; a conversion does not",
    steps: [
      does("New-VHD", { Path: "D:\\vm\\disks\\a.vhdx", SizeBytes: GiB }),
      does("Test-Path", { LiteralPath: "D:\\vm\\disks", PathType: "Container" }, { values: [true] }),
      refuses(
        "Convert-VHD",
        { Path: "D:\\vm\\disks\\a.vhdx", DestinationPath: "D:\\none\\b.vhdx" },
        { idStartsWith: "OperationFailed,", hresult: -2147024893 },
      ),
      exists("D:\\none", false),
      does("Convert-VHD", { Path: "D:\\vm\\disks\\a.vhdx", DestinationPath: "D:\\b.vhdx", DeleteSource: true }),
      exists("D:\\vm\\disks"),
      does("New-VHD", { Path: "D:\\other\\c.vhdx", ParentPath: "D:\\b.vhdx" }),
      does("Merge-VHD", { Path: "D:\\other\\c.vhdx", Force: true }),
      exists("D:\\other"),
    ],
  },
  {
    title: "a volume that vanishes takes its files along, and brings them back",
    steps: [
      does("New-VHD", { Path: "D:\\vm\\a.vhdx", SizeBytes: GiB }),
      does("New-VHD", { Path: "C:\\child.vhdx", ParentPath: "D:\\vm\\a.vhdx" }),
      does("New-VM", { Name: "web", Generation: 2, VHDPath: "D:\\vm\\a.vhdx" }),
      does("Mount-VHD", { Path: "D:\\vm\\a.vhdx", ReadOnly: true }),
      { world: { loseVolume: "d:\\" } },
      exists("D:\\", false),
      exists("D:\\vm\\a.vhdx", false),
      does("Test-Path", { Path: "D:\\*" }, { values: [false] }),
      refuses("Get-Item", { LiteralPath: "D:\\vm\\a.vhdx" }, { id: `DriveNotFound,${item("Get")}` }),
      refuses("Get-ChildItem", { Path: "D:\\" }, { idStartsWith: "DriveNotFound,", category: "ObjectNotFound" }),
      refuses("Remove-Item", { LiteralPath: "D:\\vm\\a.vhdx" }, { id: `DriveNotFound,${item("Remove")}` }),
      refuses(
        "Copy-Item",
        { LiteralPath: "C:\\child.vhdx", Destination: "D:\\c.vhdx" },
        { category: "ObjectNotFound" },
      ),
      refuses("New-Item", { Path: "D:\\x", ItemType: "Directory" }, { id: `DriveNotFound,${item("New")}` }),
      refuses(
        "Get-VHD",
        { Path: "D:\\vm\\a.vhdx" },
        { idStartsWith: "InvalidParameter,", category: "InvalidArgument" },
      ),
      refuses("Get-VHD", { Path: "C:\\child.vhdx" }, { idStartsWith: "OperationFailed,", hresult: -2147024894 }),
      refuses("New-VHD", { Path: "D:\\b.vhdx", SizeBytes: GiB }, { hresult: -2147024893 }),
      refuses("Start-VM", { Name: "web" }, { idStartsWith: "OperationFailed,", hresult: -2147024894 }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\vm\\a.vhdx" }),
      { world: { returnVolume: "D:\\" } },
      exists("D:\\vm\\a.vhdx"),
      shows("Get-VHD", { Path: "D:\\vm\\a.vhdx" }, { Attached: false, DiskNumber: null }),
      does("Start-VM", { Name: "web" }),
    ],
  },
  ...["Running", "Paused"].map(
    (state): Case => ({
      title: `the disk of a machine that is ${state} is not removed`,
      steps: [
        ...machine,
        ...(state === "Paused" ? [does("Suspend-VM", { Name: "web" })] : []),
        refuses(
          "Remove-Item",
          { LiteralPath: "D:\\web.vhdx", Force: true },
          { id: `RemoveFileSystemItemIOError,${item("Remove")}`, category: "WriteError", hresult: sharing },
        ),
        refuses("Remove-Item", { LiteralPath: "D:\\base.vhdx" }, { hresult: sharing }),
        refuses("Move-Item", { LiteralPath: "D:\\base.vhdx", Destination: "D:\\x.vhdx" }, { hresult: sharing }),
        exists("D:\\web.vhdx"),
      ],
    }),
  ),
  {
    title: "a saved machine has nothing open: its disk is removed, and it does not go on",
    steps: [
      ...machine,
      does("Save-VM", { Name: "web" }),
      shows("Get-VHD", { Path: "D:\\web.vhdx" }, { Attached: false }),
      does("Remove-Item", { LiteralPath: "D:\\web.vhdx" }),
      refuses("Start-VM", { Name: "web" }, { hresult: -2147024894 }),
      shows("Get-VM", { Name: "web" }, { State: "Saved" }),
    ],
  },
];

function destination(verb: string): { Destination?: string } {
  return verb === "Copy" || verb === "Move" ? { Destination: "D:\\to" } : {};
}

const small: WorldDescription = {
  nodes: [
    {
      name: "HV01",
      volumes: [
        { root: "C:\\", sizeBytes: 10 * GiB },
        { root: "D:\\", sizeBytes: 100 * MiB },
      ],
    },
  ],
};

const full: Case[] = [
  {
    title: "a volume takes no more than it has",
    steps: [
      file("C:\\big.iso", 80 * MiB),
      does("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\" }),
      refuses("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\two.iso" }, { hresult: -2147024784 }),
      shows("Get-Item", { LiteralPath: "D:\\two.iso" }, { Length: 20 * MiB }),
      refuses("Move-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\three.iso" }, { hresult: -2147024784 }),
      exists("C:\\big.iso"),
      shows("Get-Item", { LiteralPath: "D:\\three.iso" }, { Length: 0 }),
      does("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\big.iso" }),
      does("Remove-Item", { Path: "D:\\t*.iso" }),
      does("Remove-Item", { LiteralPath: "D:\\big.iso" }),
      does("Move-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\two.iso" }),
    ],
  },
  {
    title: "a disk that was cut off by a full volume is no disk",
    steps: [
      does("New-VHD", { Path: "C:\\a.vhdx", SizeBytes: 80 * MiB, Fixed: true }),
      does("New-VHD", { Path: "D:\\b.vhdx", SizeBytes: 60 * MiB, Fixed: true }),
      refuses("Copy-Item", { LiteralPath: "C:\\a.vhdx", Destination: "D:\\a.vhdx" }, { hresult: -2147024784 }),
      refuses("Get-VHD", { Path: "D:\\a.vhdx" }, { idStartsWith: "OperationFailed,", hresult: -2147023504 }),
      refuses("Copy-Item", { LiteralPath: "C:\\a.vhdx", Destination: "D:\\b.vhdx" }, { category: "WriteError" }),
      refuses("Get-VHD", { Path: "D:\\b.vhdx" }, { idStartsWith: "OperationFailed," }),
      does("Remove-Item", { LiteralPath: ["D:\\a.vhdx", "D:\\b.vhdx"] }),
      does("Move-Item", { LiteralPath: "C:\\a.vhdx", Destination: "D:\\a.vhdx" }),
      shows("Get-VHD", { Path: "D:\\a.vhdx" }, { Size: 80 * MiB, FileSize: 84 * MiB }),
      exists("C:\\a.vhdx", false),
    ],
  },
];

const shared = "C:\\ClusterStorage\\Volume1";

const clustered: Case[] = [
  {
    title: "a shared volume vanishes for every node",
    steps: [
      does("New-VHD", { Path: `${shared}\\a.vhdx`, SizeBytes: GiB }),
      { world: { loseVolume: shared } },
      exists(`${shared}\\a.vhdx`, false),
      { on: "HV02", ...refuses("Get-VHD", { Path: `${shared}\\a.vhdx` }, { idStartsWith: "InvalidParameter," }) },
      refuses("New-VHD", { Path: `${shared}\\b.vhdx`, SizeBytes: GiB }, { hresult: -2147024893 }),
      shows("Get-ClusterSharedVolumeState", { Node: "HV01" }, { StateInfo: "Unavailable" }),
      exists("C:\\"),
      { world: { returnVolume: shared } },
      { on: "HV02", ...shows("Get-VHD", { Path: `${shared}\\a.vhdx` }, { Size: GiB }) },
    ],
  },
  {
    title: "the beginning of a folder's name is no folder",
    steps: [exists("C:\\ClusterStorage"), exists("C:\\Cluster", false)],
  },
];

describe("files of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
  for (const claim of full) it(claim.title, () => runCase(claim, small));
  for (const claim of clustered) it(claim.title, () => runCase(claim, cluster));
});
