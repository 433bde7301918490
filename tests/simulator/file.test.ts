import type { WorldDescription } from "../../provider/simulator/world";
import { type Case, does, refuses, runCase, shows } from "./cases";
import { GiB, host, MiB } from "./worlds";

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

const full: Case = {
  title: "a volume takes no more than it has",
  steps: [
    file("C:\\big.iso", 80 * MiB),
    does("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\" }),
    refuses("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\two.iso" }, { hresult: -2147024784 }),
    refuses("Move-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\two.iso" }, { hresult: -2147024784 }),
    does("Copy-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\big.iso" }),
    does("Remove-Item", { LiteralPath: "D:\\big.iso" }),
    does("Move-Item", { LiteralPath: "C:\\big.iso", Destination: "D:\\two.iso" }),
  ],
};

describe("files of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
  it(full.title, () => runCase(full, small));
});
