import { type Case, does, refuses, runCase, shows } from "./cases";
import { disks, drive, invalid, invalidState, notFound, vm, web } from "./drive-steps";
import { host } from "./worlds";

const discs: [path: string, error: object, why: string][] = [
  ["setup.iso", invalid, "a relative path"],
  ["C:/setup.iso", invalid, "slashes"],
  ["C:\\none.iso", notFound, "a file that is not there"],
  ["D:\\a.vhdx", invalid, "a hard disk"],
  [
    "\\\\nas\\share\\setup.iso",
    { idStartsWith: "AccessDenied,", category: "PermissionDenied", hresult: -2147024891 },
    "a share without delegation",
  ],
];

const claims: Case[] = [
  ...discs.map(
    ([path, error, why]): Case => ({
      title: `${why} is no disc to put in`,
      steps: [
        { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
        disks("a"),
        web,
        does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
        refuses("Set-VMDvdDrive", { VMName: "web", ControllerNumber: 0, ControllerLocation: 0, Path: path }, error),
        shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\setup.iso", DvdMediaType: "ISO" }),
      ],
    }),
  ),
  {
    title: "a machine that sleeps neither takes nor gives a disc",
    steps: [
      { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
      web,
      does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
      does("Start-VM", { Name: "web" }),
      does("Suspend-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: null }, invalidState),
      does("Resume-VM", { Name: "web" }),
      does("Save-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: null }, invalidState),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "ISO" }),
      does("Start-VM", { Name: "web" }),
      vm,
      refuses("Remove-Item", { LiteralPath: "C:\\setup.iso" }, { hresult: -2147024864 }),
      does("Set-VMDvdDrive", { VMDvdDrive: drive("DVDDrives", "SCSI", 0, 0), Path: null }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "None", Path: null }),
      does("Remove-Item", { LiteralPath: "C:\\setup.iso" }),
      refuses("Set-VMDvdDrive", { VMName: "web", ToControllerLocation: 5 }, invalidState),
    ],
  },
  {
    title: "generation 1 keeps its DVD drives while it runs, and changes its discs",
    steps: [
      { world: { touch: "C:\\setup.iso", sizeBytes: 1 } },
      does("New-VM", { Name: "web" }),
      does("Start-VM", { Name: "web" }),
      refuses("Add-VMDvdDrive", { VMName: "web" }, invalidState),
      refuses("Remove-VMDvdDrive", { VMName: "web", ControllerNumber: 1, ControllerLocation: 0 }, invalidState),
      does("Set-VMDvdDrive", { VMName: "web", Path: "C:\\setup.iso" }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { DvdMediaType: "ISO" }),
    ],
  },
  {
    title: "a disc that is missing leaves the one that is in the drive",
    steps: [
      { world: { touch: "C:\\one.iso", sizeBytes: 1 } },
      { world: { touch: "C:\\two.iso", sizeBytes: 1 } },
      web,
      does("Add-VMDvdDrive", { VMName: "web", Path: "C:\\one.iso" }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\none.iso" }, { ...notFound, hresult: -2147024894 }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\one.iso" }),
      does("Suspend-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }, invalidState),
      does("Save-VM", { Name: "web" }),
      refuses("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }, invalidState),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\one.iso" }),
      does("Start-VM", { Name: "web" }),
      does("Set-VMDvdDrive", { VMName: "web", Path: "C:\\two.iso" }),
      shows("Get-VMDvdDrive", { VMName: "web" }, { Path: "C:\\two.iso" }),
      does("Remove-Item", { LiteralPath: "C:\\one.iso" }),
    ],
  },
];

describe("drives and controllers of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
