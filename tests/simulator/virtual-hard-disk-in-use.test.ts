import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, shows } from "./cases";
import { disk, failed, inUse, invalid } from "./virtual-hard-disk-steps";
import { GiB, host } from "./worlds";

const claims: Case[] = [
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
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
  for (const claim of clustered) it(claim.title, () => runCase(claim, cluster));
});
