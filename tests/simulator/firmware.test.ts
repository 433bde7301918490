import { type Case, does, refuses, runCase, shows } from "./cases";
import { GiB, host } from "./worlds";

const web = does("New-VM", { Name: "web", Generation: 2, NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: GiB });
const old = does("New-VM", { Name: "old" });
const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };

const claims: Case[] = [
  {
    title: "the boot order is a list that replaces what was, and a first device moves up alone",
    steps: [
      web,
      does("Get-VMHardDiskDrive", { VMName: "web" }, {}, "disk"),
      does("Get-VMNetworkAdapter", { VMName: "web" }, {}, "nic"),
      does("Set-VMFirmware", { VMName: "web", BootOrder: [{ $ref: "disk" }, { $ref: "nic" }] }),
      shows(
        "Get-VMFirmware",
        { VMName: "web" },
        {
          BootOrder: [{ BootType: "Drive", Device: { Path: "D:\\web.vhdx" } }, { BootType: "Network" }],
        },
      ),
      does("Set-VMFirmware", { VMName: "web", FirstBootDevice: { $ref: "nic" } }),
      shows("Get-VMFirmware", { VMName: "web" }, { BootOrder: [{ BootType: "Network" }, { BootType: "Drive" }] }),
      does("Set-VMFirmware", { VMName: "web", BootOrder: [{ $ref: "disk" }] }),
      shows("Get-VMFirmware", { VMName: "web" }, { BootOrder: [{ BootType: "Drive" }] }),
    ],
  },
  {
    title: "boot sources that were read are sent back in another order",
    steps: [
      web,
      does("Get-VMFirmware", { VMName: "web" }, {}, "firmware"),
      does("Set-VMFirmware", { VMName: "web", BootOrder: { $ref: "firmware", property: "BootOrder" } }),
      does("Get-VMFirmware", { VMName: "web" }, { values: [{ BootOrder: { $count: 2 } }] }),
    ],
  },
  {
    title: "a device of another machine is nothing to boot from",
    steps: [
      web,
      does("New-VM", { Name: "db", Generation: 2 }),
      does("Get-VMNetworkAdapter", { VMName: "db" }, {}, "foreign"),
      refuses("Set-VMFirmware", { VMName: "web", FirstBootDevice: { $ref: "foreign" } }, invalid),
    ],
  },
  {
    title: "a template is found by name in any case or by id, and an unknown one is not",
    steps: [
      web,
      does("Set-VMFirmware", { VMName: "web", SecureBootTemplate: "microsoftUEFICertificateAuthority" }),
      shows("Get-VMFirmware", { VMName: "web" }, { SecureBootTemplateId: "272e7447-90a4-4563-a4b9-8e4ab00526ce" }),
      does("Set-VMFirmware", { VMName: "web", SecureBootTemplateId: "4292AE2B-EE2C-42B5-A969-DD8F8689F6F3" }),
      shows("Get-VMFirmware", { VMName: "web" }, { SecureBootTemplate: "OpenSourceShieldedVM" }),
      refuses("Set-VMFirmware", { VMName: "web", SecureBootTemplate: "Other", EnableSecureBoot: "Off" }, invalid),
      shows("Get-VMFirmware", { VMName: "web" }, { SecureBoot: "On" }),
    ],
  },
  {
    title: "generation 1 has a BIOS whose order names its four devices once, and generation 2 has none",
    steps: [
      web,
      old,
      refuses("Get-VMBios", { VMName: "web" }, invalid),
      refuses("Set-VMBios", { VMName: "old", StartupOrder: ["IDE", "CD"] }, invalid),
      refuses("Set-VMBios", { VMName: "old", StartupOrder: ["IDE", "IDE", "CD", "Floppy"] }, invalid),
      does("Set-VMBios", {
        VMName: "old",
        StartupOrder: ["IDE", "CD", "Floppy", "LegacyNetworkAdapter"],
        EnableNumLock: true,
      }),
      shows(
        "Get-VMBios",
        { VMName: "old" },
        {
          StartupOrder: ["IDE", "CD", "Floppy", "LegacyNetworkAdapter"],
          NumLockEnabled: true,
        },
      ),
      does("Start-VM", { Name: "old" }),
      refuses(
        "Set-VMBios",
        { VMName: "old", StartupOrder: ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"] },
        { idStartsWith: "InvalidState," },
      ),
    ],
  },
];

describe("firmware on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
