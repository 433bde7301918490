import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on, role, running } from "./cluster-steps";
import { wide } from "./worlds";

const added = (number: number): Step[] => [
  does("Get-Disk", { Number: number }, { count: 1 }, "raw"),
  does("Get-ClusterAvailableDisk", { Disk: { $ref: "raw" } }, { count: 1 }, "free"),
  does("Add-ClusterDisk", { InputObject: { $ref: "free" } }, { count: 1 }, "disk"),
];
const disk = { $ref: "disk", property: "Name" };
const folder = "C:\\ClusterStorage\\Volume2";

const claims: Case[] = [
  {
    title: "a node sees its own disk and those that all see, one of them the cluster's already",
    steps: [
      shows(
        "Get-Disk",
        {},
        { Number: 0, IsSystem: true, IsClustered: false, Size: "$any", PartitionStyle: "GPT" },
        { Number: 1, IsClustered: true },
        { Number: 2, IsClustered: false, Size: 2 ** 30, PartitionStyle: "GPT" },
        { Number: 3, PartitionStyle: "MBR" },
        { Number: 4 },
        { Number: 5, PartitionStyle: "RAW" },
      ),
      refuses("Get-Disk", { Number: 9 }, { id: "CmdletizationQuery_NotFound_Number,Get-Disk" }),
    ],
  },
  {
    title: "what has no file system is not available, nor what one node alone has",
    steps: [
      shows(
        "Get-ClusterAvailableDisk",
        {},
        { Name: "Cluster Disk 1", Number: 2 },
        { Name: "Cluster Disk 2", Number: 3 },
        { Name: "Cluster Disk 3", Number: 4 },
      ),
      does("Get-Disk", { Number: 5 }, {}, "raw"),
      does("Get-ClusterAvailableDisk", { Disk: { $ref: "raw" } }, { count: 0 }),
      refuses("Add-ClusterDisk", { InputObject: { $ref: "raw" } }, { hresult: -2147019886 }),
      does("Get-Disk", { Number: 0 }, {}, "own"),
      refuses("Add-ClusterDisk", { InputObject: { $ref: "own" } }, { hresult: -2147019889 }),
      refuses("Add-ClusterDisk", { InputObject: "Cluster Disk 1" }, { idStartsWith: "PSArgument," }),
    ],
  },
  {
    title: "a disk is added once, and tells what it is by id or signature",
    steps: [
      ...added(3),
      refuses("Add-ClusterDisk", { InputObject: { $ref: "raw" } }, { hresult: -2147019886 }),
      does("Get-ClusterResource", { Name: disk }, { count: 1 }, "resource"),
      shows("Get-ClusterParameter", { InputObject: { $ref: "resource" }, Name: "DiskIdType" }, { Value: 5000 }),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "resource" }, Name: "DiskSignature", Value: 1 }),
      assigns("Name", "resource", "data"),
      shows("Get-ClusterResource", { Name: "data" }, { OwnerGroup: { Name: "Available Storage" }, State: "Online" }),
    ],
  },
  {
    title: "a volume tells which disk it is, as the disk does by itself",
    steps: [
      ...added(2),
      does("Add-ClusterSharedVolume", { Name: disk }, {}, "volume"),
      shows("Get-ClusterParameter", { InputObject: { $ref: "volume" }, Name: "DiskIdType" }, { Value: 5001 }),
      shows(
        "Get-ClusterParameter",
        { InputObject: { $ref: "volume" }, Name: "DiskIdGuid" },
        { Value: { $ref: "raw", property: "Guid" } },
      ),
      shows("Get-Disk", { Number: 2 }, { Signature: null }),
      refuses("Set-ClusterParameter", { InputObject: { $ref: "volume" }, Name: "DiskIdGuid", Value: "x" }),
      ...added(3),
      does("Get-ClusterResource", { Name: disk }, {}, "resource"),
      shows(
        "Get-ClusterParameter",
        { InputObject: { $ref: "resource" }, Name: "DiskSignature" },
        { Value: { $ref: "raw", property: "Signature" } },
      ),
      shows("Get-Disk", { Number: 3 }, { Guid: null }),
    ],
  },
  {
    title: "only a disk becomes a volume, and no volume is an available disk",
    steps: [
      refuses("Add-ClusterSharedVolume", { Name: "Cluster Name" }, { idStartsWith: "Add-ClusterSharedVolume," }),
      refuses("Add-ClusterSharedVolume", {}, { idStartsWith: "PSArgument," }),
      refuses("Get-ClusterSharedVolume", { Name: "Vol*" }, { hresult: -2147019889 }),
      ...added(2),
      does("Add-ClusterSharedVolume", { InputObject: { $ref: "disk" } }, {}, "volume"),
      does("Get-ClusterAvailableDisk", {}, { count: 2 }),
      does("Remove-ClusterSharedVolume", { InputObject: { $ref: "volume" } }),
      refuses("Remove-ClusterSharedVolume", { Name: disk }, { hresult: -2147019889 }),
    ],
  },
  {
    title: "machines that are off vanish with their volume, and are not gone",
    steps: [
      ...added(3),
      does("Add-ClusterSharedVolume", { Name: disk }),
      ...role("web", { Path: folder }),
      ...running("db", { Path: folder }),
      does("New-VM", { Name: "alone", Path: folder }),
      does("Remove-ClusterSharedVolume", { Name: disk }),
      refuses("Get-VM", { Name: "web" }, { idStartsWith: "InvalidParameter," }),
      shows("Get-VM", {}, { Name: "db", State: "Running" }, { Name: "alone" }),
      shows("Get-ClusterGroup", { Name: "web" }, { State: "Offline" }),
      does("Add-ClusterSharedVolume", { Name: disk }),
      shows("Get-VM", { Name: "web" }, { Path: `${folder}\\web` }),
    ],
  },
  {
    title: "the folder of a volume is renamed for all nodes, the volume is not",
    steps: [
      ...added(3),
      does("Add-ClusterSharedVolume", { Name: disk }),
      does("New-Item", { Path: `${folder}\\a.txt`, ItemType: "File" }),
      does("Rename-Item", { LiteralPath: folder, NewName: "data" }),
      on("HV03", does("Test-Path", { LiteralPath: "C:\\ClusterStorage\\data\\a.txt" }, { values: [true] })),
      does("Test-Path", { LiteralPath: `${folder}\\a.txt` }, { values: [false] }),
      shows(
        "Get-ClusterSharedVolume",
        { Name: disk },
        { Name: "Cluster Disk 1", SharedVolumeInfo: [{ FriendlyVolumeName: "C:\\ClusterStorage\\data" }] },
      ),
    ],
  },
  {
    title: "a volume goes to a node that can have it",
    steps: [
      shows("Move-ClusterSharedVolume", { Name: "Volume1" }, { OwnerNode: { Name: "HV02" } }),
      { world: { fail: "HV03" } },
      refuses("Move-ClusterSharedVolume", { Name: "Volume1", Node: "HV03" }, { hresult: -2147019846 }),
      refuses("Move-ClusterSharedVolume", { Name: "Volume1", Node: "HV04" }, { hresult: -2147019854 }),
      does("Suspend-ClusterNode", { Name: "HV02", Drain: true }),
      shows("Get-ClusterSharedVolume", { Name: "Volume1" }, { OwnerNode: { Name: "HV01" } }),
      refuses("Move-ClusterSharedVolume", { Name: "Volume1", Node: "HV02" }, { hresult: -2147019860 }),
    ],
  },
  {
    title: "a server outside sees no volume of the cluster",
    steps: [
      does("New-Item", { Path: "C:\\ClusterStorage\\Volume1\\a.txt", ItemType: "File" }),
      on("HV04", does("Test-Path", { LiteralPath: "C:\\ClusterStorage\\Volume1" }, { values: [false] })),
      on("HV04", does("Get-ClusterSharedVolume", { Cluster: "HVC1" }, { count: 1 })),
      on("HV04", refuses("Get-ClusterAvailableDisk", {}, { category: "ConnectionError" })),
    ],
  },
];

describe("disks and volumes of a cluster of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));
});
