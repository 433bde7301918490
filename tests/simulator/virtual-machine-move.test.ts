import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { GiB, pair } from "./worlds";

const web: Step = does("New-VM", { Name: "web", Path: "D:\\", NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: GiB });
const on = (node: string, step: Step): Step => ({ ...step, on: node });

const claims: Case[] = [
  {
    title: "the storage of a running machine moves with all its files, checkpoints too",
    steps: [
      web,
      does("Start-VM", { Name: "web" }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      does("Move-VMStorage", { Name: "web", DestinationStoragePath: "C:\\moved" }),
      does(
        "Get-VM",
        { Name: "web" },
        {
          values: [
            {
              State: "Running",
              Path: "C:\\moved",
              SnapshotFileLocation: "C:\\moved",
              SmartPagingFilePath: "C:\\moved",
              HardDrives: [{ Path: { $matches: "^C:\\\\moved\\\\Virtual Hard Disks\\\\web_.*avhdx$" } }],
            },
          ],
        },
      ),
      refuses("Get-VHD", { Path: "D:\\web.vhdx" }),
      does("Remove-VMSnapshot", { VMName: "web", Confirm: false }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "C:\\moved\\Virtual Hard Disks\\web.vhdx" }),
    ],
  },
  {
    title: "one disk or one folder moves alone",
    steps: [
      web,
      does("Move-VMStorage", {
        Name: "web",
        Vhds: [{ SourceFilePath: "d:\\WEB.vhdx", DestinationFilePath: "C:\\disks\\web.vhdx" }],
        SmartPagingFilePath: "C:\\paging",
      }),
      shows(
        "Get-VM",
        { Name: "web" },
        {
          Path: "D:\\web",
          SmartPagingFilePath: "C:\\paging",
          HardDrives: [{ Path: "C:\\disks\\web.vhdx" }],
        },
      ),
      refuses("Move-VMStorage", {
        Name: "web",
        Vhds: [{ SourceFilePath: "D:\\other.vhdx", DestinationFilePath: "C:\\x.vhdx" }],
      }),
    ],
  },
  {
    title: "storage does not move to a drive that is not there, nor over a file that is",
    steps: [
      web,
      { world: { touch: "C:\\m\\Virtual Hard Disks\\web.vhdx", sizeBytes: 1 } },
      refuses("Move-VMStorage", { Name: "web", DestinationStoragePath: "Z:\\m" }),
      refuses("Move-VMStorage", { Name: "web", DestinationStoragePath: "C:\\m" }),
      shows("Get-VM", { Name: "web" }, { Path: "D:\\web", HardDrives: [{ Path: "D:\\web.vhdx" }] }),
    ],
  },
  {
    title: "a machine moves to another host only with its storage, and is the same there",
    steps: [
      does(
        "New-VM",
        { Name: "web", Path: "D:\\", MemoryStartupBytes: GiB, NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: GiB },
        {},
        "vm",
      ),
      does("Start-VM", { Name: "web" }),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      { world: { guest: "web", boots: true } },
      refuses("Move-VM", { Name: "web", DestinationHost: "HV02" }),
      refuses("Move-VM", { Name: "web", DestinationHost: "HV03", IncludeStorage: true }),
      does("Move-VM", {
        Name: "web",
        DestinationHost: "HV02",
        IncludeStorage: true,
        DestinationStoragePath: "D:\\here",
      }),
      does("Get-VM", {}, { count: 0 }),
      on(
        "HV02",
        does(
          "Get-VM",
          { Id: { $ref: "vm", property: "Id" } },
          { values: [{ State: "Running", Path: "D:\\here", Heartbeat: "OkApplicationsUnknown" }] },
        ),
      ),
      on("HV02", does("Remove-VMSnapshot", { VMName: "web", Confirm: false })),
      on("HV02", shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\here\\Virtual Hard Disks\\web.vhdx" })),
      refuses("Get-VHD", { Path: "D:\\web.vhdx" }),
    ],
  },
  {
    title: "a running machine does not move to a host without memory for it",
    steps: [
      does("New-VM", { Name: "big", Path: "D:\\", MemoryStartupBytes: 8 * GiB }),
      does("Start-VM", { Name: "big" }),
      refuses("Move-VM", {
        Name: "big",
        DestinationHost: "HV02",
        IncludeStorage: true,
        DestinationStoragePath: "D:\\here",
      }),
      does("Stop-VM", { Name: "big", TurnOff: true, Force: true }),
      does("Move-VM", {
        Name: "big",
        DestinationHost: "HV02",
        IncludeStorage: true,
        DestinationStoragePath: "D:\\here",
      }),
      on("HV02", refuses("Start-VM", { Name: "big" }, { idStartsWith: "OutOfMemory," })),
    ],
  },
  {
    title: "a local key protector opens on its own host only",
    steps: [
      does("New-VM", { Name: "web", Generation: 2, Path: "D:\\" }),
      does("Set-VMKeyProtector", { VMName: "web", NewLocalKeyProtector: true }),
      does("Enable-VMTPM", { VMName: "web" }),
      does("Move-VM", {
        Name: "web",
        DestinationHost: "HV02",
        IncludeStorage: true,
        DestinationStoragePath: "D:\\here",
      }),
      on("HV02", refuses("Start-VM", { Name: "web" }, { category: "NotSpecified" })),
    ],
  },
];

describe("moves of machines on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, pair));
});
