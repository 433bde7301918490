import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { exists, web } from "./move-steps";
import { GiB, pair } from "./worlds";

const on = (node: string, step: Step): Step => ({ ...step, on: node });

/** Live migration on both hosts, over any network. */
const migrating: Step[] = ["HV01", "HV02"].flatMap((node) => [
  on(node, does("Enable-VMMigration")),
  on(node, does("Set-VMHost", { UseAnyNetworkForMigration: true })),
]);

const move = (name: string, more: object = {}) => ({
  Name: name,
  DestinationHost: "HV02",
  IncludeStorage: true,
  DestinationStoragePath: "D:\\here",
  ...more,
});

const claims: Case[] = [
  {
    title: "a machine moves to another host only with its storage, and is the same there",
    steps: [
      ...migrating,
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
      ...migrating,
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
    title: "a machine whose local key protector opens on its own host only stays there",
    steps: [
      ...migrating,
      does("New-VM", { Name: "web", Generation: 2, Path: "D:\\" }),
      does("Set-VMKeyProtector", { VMName: "web", NewLocalKeyProtector: true }),
      does("Enable-VMTPM", { VMName: "web" }),
      refuses("Move-VM", move("web"), { hresult: -2147024809 }),
      does("Start-VM", { Name: "web" }),
    ],
  },
  {
    title: "a report names what is against a move, each with its source, and a wrapper beside it",
    steps: [
      ...migrating,
      does("New-VMSwitch", { Name: "lan", SwitchType: "Private" }),
      does("New-VM", { Name: "web", Path: "D:\\", MemoryStartupBytes: 8 * GiB, SwitchName: "lan" }, {}, "vm"),
      { world: { touch: "D:\\setup.iso", sizeBytes: 1 } },
      does("Set-VMDvdDrive", { VMName: "web", Path: "D:\\setup.iso" }),
      does("Start-VM", { Name: "web" }),
      does(
        "Compare-VM",
        move("web"),
        {
          values: [
            {
              Destination: "HV02",
              Incompatibilities: [
                { MessageId: 26018, Message: { $matches: "0x8007000E" }, Source: { Name: "web" } },
                { MessageId: 33012, Message: { $matches: "lan" }, Source: { Name: "Network Adapter" } },
                { MessageId: 40010, Message: { $matches: "setup.iso" }, Source: { Name: "DVD Drive" } },
                { MessageId: 21024, Message: { $matches: "failed" }, Source: { Name: "web" } },
              ],
            },
          ],
        },
        "report",
      ),
      refuses("Move-VM", { CompatibilityReport: { $ref: "report" } }, { idStartsWith: "OperationFailed," }),
      refuses("Move-VM", move("web"), { hresult: -2147024882 }),
      does("Compare-VM", { CompatibilityReport: { $ref: "report" } }, { count: 1 }),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Disconnect-VMNetworkAdapter", { VMName: "web" }),
      // a disc of the same path there will do
      { world: { touch: "D:\\setup.iso", sizeBytes: 1, on: "HV02" } },
      does("Compare-VM", move("web"), { values: [{ Incompatibilities: [] }] }, "clean"),
      does(
        "Move-VM",
        { CompatibilityReport: { $ref: "clean" }, Passthru: true },
        { values: [{ ComputerName: "HV02" }] },
      ),
      on("HV02", shows("Get-VM", { Name: "web" }, { State: "Off", Path: "D:\\here" })),
    ],
  },
  {
    title: "hosts that do no live migration, or have no network for it, cannot even be compared",
    steps: [
      web,
      refuses("Compare-VM", move("web"), { id: "Unspecified,Microsoft.HyperV.PowerShell.Commands.CompareVM" }),
      on("HV01", does("Enable-VMMigration")),
      on("HV02", does("Enable-VMMigration")),
      refuses("Compare-VM", move("web"), { category: "NotSpecified", hresult: -2147014836 }),
      refuses("Move-VM", move("web"), { hresult: -2147014836 }),
      on("HV01", does("Set-VMHost", { UseAnyNetworkForMigration: true })),
      on("HV02", does("Add-VMMigrationNetwork", { Subnet: "10.0.0.0/24" })),
      does("Compare-VM", move("web"), { values: [{ Incompatibilities: [] }] }),
      refuses("Move-VM", move("web", { DestinationHost: "HV09" }), { hresult: -2147023174 }),
      refuses("Move-VM", move("web", { DestinationHost: "HV01.corp.example" }), { category: "InvalidArgument" }),
      does("Move-VM", move("web", { DestinationHost: "hv02.corp.example" })),
    ],
  },
  {
    title: "a migration is refused while the host has no slot for it, and is not queued",
    steps: [
      ...migrating,
      web,
      on("HV02", does("New-VM", { Name: "busy", NoVHD: true })),
      on("HV02", does("Set-VMHost", { MaximumVirtualMachineMigrations: 1 })),
      { world: { machine: "busy", status: "MigratingVirtualMachine", seconds: 60 } },
      refuses("Move-VM", move("web"), { idStartsWith: "OperationFailed," }),
      on("HV02", does("Set-VMHost", { MaximumVirtualMachineMigrations: 2 })),
      does("Move-VM", move("web")),
    ],
  },
  {
    title: "what is left behind keeps a machine: a disk that was not named, its configuration, a destination for all",
    steps: [
      ...migrating,
      web,
      refuses(
        "Move-VM",
        { Name: "web", DestinationHost: "HV02", VirtualMachinePath: "D:\\here" },
        { hresult: -1069940716 },
      ),
      refuses(
        "Move-VM",
        {
          Name: "web",
          DestinationHost: "HV02",
          Vhds: [{ SourceFilePath: "D:\\web.vhdx", DestinationFilePath: "D:\\here\\web.vhdx" }],
        },
        { hresult: -1069940716 },
      ),
      refuses(
        "Move-VM",
        { Name: "web", DestinationHost: "HV02", IncludeStorage: true },
        { category: "InvalidArgument" },
      ),
      does("Move-VM", move("web", { RetainVhdCopiesOnSource: true })),
      exists("D:\\web.vhdx"),
    ],
  },
];

/** Hosts with an address in each of two subnets, and credentials that are not handed on. */
const addressed: WorldDescription = {
  nodes: [1, 2].map((host) => ({
    name: `HV0${host}`,
    netAdapters: [0, 1].map((at) => ({
      name: `Ethernet ${at}`,
      interfaceDescription: `Card ${at}`,
      macAddress: `3CFDFE000${host}0${at}`,
      linkSpeedBps: 1e10,
      addresses: [`10.0.${at}.1${host}/24`],
    })),
  })),
  session: "remote",
  seed: "test",
};

const networks: Case = {
  title: "a machine goes over a subnet that both hosts allow, with Kerberos where the caller is far",
  steps: [
    on("HV01", does("Enable-VMMigration")),
    on("HV02", does("Enable-VMMigration")),
    on("HV01", does("Add-VMMigrationNetwork", { Subnet: "10.0.0.0/24" })),
    on("HV02", does("Add-VMMigrationNetwork", { Subnet: "10.0.1.0/24" })),
    web,
    refuses("Move-VM", move("web"), { hresult: -2146893042 }),
    does("Set-VMHost", { VirtualMachineMigrationAuthenticationType: "Kerberos" }),
    refuses("Move-VM", move("web"), { hresult: -2147014836 }),
    on("HV02", does("Add-VMMigrationNetwork", { Subnet: "10.0.0.12" })),
    does("Move-VM", move("web")),
  ],
};

const guarded: Case = {
  title: "Credential Guard of 2025 keeps the credentials of CredSSP",
  steps: [
    ...migrating,
    web,
    refuses("Move-VM", move("web"), { hresult: -2146893042 }),
    does("Set-VMHost", { VirtualMachineMigrationAuthenticationType: "Kerberos" }),
    does("Move-VM", move("web")),
  ],
};

const lately: WorldDescription = {
  nodes: ["HV01", "HV02"].map((name) => ({ name, windowsBuild: 26100 })),
  seed: "test",
};

describe("moves of machines on the simulator", () => {
  it(networks.title, () => runCase(networks, addressed));
  it(guarded.title, () => runCase(guarded, lately));
  for (const claim of claims) it(claim.title, () => runCase(claim, pair));
});
