import { type Case, does, refuses, runCase, shows } from "./cases";
import { exists, file, folder, item } from "./file-steps";
import { GiB, host } from "./worlds";

const missing = (name: string) => ({
  id: `PathNotFound,${item(name)}`,
  category: "ObjectNotFound",
  exception: "System.Management.Automation.ItemNotFoundException",
});

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
];

function destination(verb: string): { Destination?: string } {
  return verb === "Copy" || verb === "Move" ? { Destination: "D:\\to" } : {};
}

describe("files of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
