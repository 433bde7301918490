import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, shows } from "./cases";
import { exists, file, item } from "./file-steps";
import { cluster, GiB, host, MiB } from "./worlds";

const claims: Case[] = [
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
];

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
