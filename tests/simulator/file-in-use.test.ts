import { type Case, does, refuses, runCase, shows } from "./cases";
import { exists, file, folder, item } from "./file-steps";
import { GiB, host } from "./worlds";

const sharing = -2147024864;

/** A running machine whose disk stands on another. */
const machine = [
  does("New-VHD", { Path: "D:\\base.vhdx", SizeBytes: GiB }),
  does("New-VHD", { Path: "D:\\web.vhdx", ParentPath: "D:\\base.vhdx" }),
  does("New-VM", { Name: "web", VHDPath: "D:\\web.vhdx" }),
  does("Start-VM", { Name: "web" }),
];

const claims: Case[] = [
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

describe("files of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
