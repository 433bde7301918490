import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { cluster, GiB, pair } from "./worlds";

const web: Step = does("New-VM", { Name: "web", Path: "D:\\", NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: GiB });
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

const exists = (path: string, value = true) => does("Test-Path", { LiteralPath: path }, { values: [value] });
const vhds = ([from, to]: [from: string, to: string], error?: object) =>
  does(
    "Move-VMStorage",
    { Name: "web", Vhds: [{ SourceFilePath: from, DestinationFilePath: to }] },
    error && { error },
  );

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
  ...[
    ["off", []],
    ["running", [does("Start-VM", { Name: "web" })]],
    ["saved", [does("Start-VM", { Name: "web" }), does("Save-VM", { Name: "web" })]],
    ["paused", [does("Start-VM", { Name: "web" }), does("Suspend-VM", { Name: "web" })]],
  ].map(
    ([state, steps]): Case => ({
      title: `a machine that is ${state} keeps its disk in the folder that it moves to`,
      steps: [
        web,
        ...(steps as Step[]),
        vhds(["D:\\web.vhdx", "C:\\new\\folder\\web.vhdx"]),
        exists("D:\\web.vhdx", false),
        exists("C:\\new\\folder"),
        shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "C:\\new\\folder\\web.vhdx" }),
        vhds(["C:\\new\\folder\\web.vhdx", "D:\\web.vhdx"]),
        exists("C:\\new\\folder"),
        ...(state === "off" ? [does("Start-VM", { Name: "web" })] : []),
      ],
    }),
  ),
  {
    title: "a disk moves under its checkpoints, and under the disks of others stays as well",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      does("New-VHD", { Path: "D:\\child.vhdx", ParentPath: "D:\\web.vhdx" }),
      vhds(["D:\\web.vhdx", "C:\\x\\web.vhdx"]),
      shows("Get-VMSnapshot", { VMName: "web" }, { HardDrives: [{ Path: "C:\\x\\web.vhdx" }] }),
      does("Start-VM", { Name: "web" }),
      exists("D:\\web.vhdx"),
      does("Test-VHD", { Path: "D:\\child.vhdx" }, { values: [true] }),
      // the copy is the same disk
      does("Set-VHD", { Path: "D:\\child.vhdx", ParentPath: "C:\\x\\web.vhdx" }),
    ],
  },
  {
    title: "of a move that cannot be nothing happens",
    steps: [
      web,
      does("New-VHD", { Path: ["D:\\data.vhdx", "D:\\other.vhdx"], SizeBytes: GiB }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\data.vhdx" }),
      { world: { touch: "C:\\there.vhdx", sizeBytes: 1 } },
      { world: { touch: "C:\\file", sizeBytes: 1 } },
      vhds(["D:\\web.vhdx", "C:\\there.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024816 }),
      vhds(["D:\\web.vhdx", "Z:\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024893 }),
      vhds(["D:\\web.vhdx", "C:\\file\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024893 }),
      vhds(["D:\\web.vhdx", "web.vhdx"], { idStartsWith: "OperationFailed," }),
      vhds(["D:\\web.vhdx", "C:\\web.vhd"], { idStartsWith: "InvalidParameter," }),
      vhds(["D:\\other.vhdx", "C:\\other.vhdx"], { idStartsWith: "InvalidParameter," }),
      does(
        "Move-VMStorage",
        {
          Name: "web",
          Vhds: [
            { SourceFilePath: "D:\\web.vhdx", DestinationFilePath: "C:\\one.vhdx" },
            { SourceFilePath: "D:\\data.vhdx", DestinationFilePath: "C:\\ONE.vhdx" },
          ],
        },
        { error: { idStartsWith: "OperationFailed,", hresult: -2147024816 } },
      ),
      does("Mount-VHD", { Path: "D:\\web.vhdx" }),
      vhds(["D:\\web.vhdx", "C:\\web.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024864 }),
      does("Dismount-VHD", { Path: "D:\\web.vhdx" }),
      does("Resize-VHD", { Path: "D:\\web.vhdx", SizeBytes: 600 * GiB }),
      does("Convert-VHD", { Path: "D:\\web.vhdx", DestinationPath: "D:\\large.vhdx", VHDType: "Fixed" }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\large.vhdx" }),
      vhds(["D:\\large.vhdx", "C:\\large.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024784 }),
      does("Remove-Item", { LiteralPath: "D:\\large.vhdx" }),
      vhds(["D:\\large.vhdx", "C:\\large.vhdx"], { idStartsWith: "OperationFailed,", hresult: -2147024894 }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: "D:\\web.vhdx" },
        { Path: "D:\\data.vhdx" },
        { Path: "D:\\large.vhdx" },
      ),
      does("Get-ChildItem", { Path: "C:\\*.vhdx" }, { count: 1 }),
    ],
  },
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

const shared = "C:\\ClusterStorage\\Volume1";

const clustered: Case = {
  title: "a role's disk stays on storage of the cluster",
  steps: [
    does("New-VM", { Name: "web", Path: shared, NewVHDPath: `${shared}\\web.vhdx`, NewVHDSizeBytes: GiB }),
    does("Add-ClusterVirtualMachineRole", { VirtualMachine: "web" }),
    vhds([`${shared}\\web.vhdx`, "C:\\web.vhdx"], { idStartsWith: "InvalidParameter,", hresult: -2147018951 }),
    vhds([`${shared}\\web.vhdx`, `${shared}\\new\\web.vhdx`]),
    shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: `${shared}\\new\\web.vhdx` }),
  ],
};

describe("moves of machines on the simulator", () => {
  it(clustered.title, () => runCase(clustered, cluster));
  it(networks.title, () => runCase(networks, addressed));
  it(guarded.title, () => runCase(guarded, lately));
  for (const claim of claims) it(claim.title, () => runCase(claim, pair));
});
