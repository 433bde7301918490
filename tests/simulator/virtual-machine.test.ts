import { type Case, does, refuses, runCase, shows } from "./cases";
import { host, MiB } from "./worlds";

const web = does("New-VM", { Name: "web", Generation: 2 });
const running = [web, does("Start-VM", { Name: "web" })];

/** Settings that need the machine off, each with the value that a new machine has. */
const offOnly: readonly (readonly [cmdlet: string, parameter: string, value: string | number | boolean])[] = [
  ["Set-VM", "ProcessorCount", 1],
  ["Set-VM", "AutomaticStopAction", "Save"],
  ["Set-VM", "SmartPagingFilePath", "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V"],
  ["Set-VM", "LowMemoryMappedIoSpace", 128 * MiB],
  ["Set-VM", "HighMemoryMappedIoSpace", 512 * MiB],
  ["Set-VM", "GuestControlledCacheTypes", false],
  ["Set-VM", "EnhancedSessionTransportType", "VMBus"],
  ["Set-VM", "BatteryPassthroughEnabled", false],
  ["Set-VM", "StaticMemory", true],
  ["Set-VM", "MemoryStartupBytes", 512 * MiB],
  ["Set-VMProcessor", "Count", 1],
  ["Set-VMProcessor", "ExposeVirtualizationExtensions", false],
  ["Set-VMProcessor", "CompatibilityForMigrationEnabled", false],
  ["Set-VMProcessor", "CompatibilityForOlderOperatingSystemsEnabled", false],
  ["Set-VMProcessor", "HwThreadCountPerCore", 0],
  ["Set-VMProcessor", "MaximumCountPerNumaNode", 16],
  ["Set-VMProcessor", "MaximumCountPerNumaSocket", 1],
  ["Set-VMMemory", "DynamicMemoryEnabled", false],
  ["Set-VMMemory", "StartupBytes", 512 * MiB],
  ["Set-VMFirmware", "EnableSecureBoot", "On"],
  ["Set-VMFirmware", "SecureBootTemplate", "MicrosoftWindows"],
  ["Set-VMFirmware", "PreferredNetworkBootProtocol", "IPv4"],
  ["Set-VMFirmware", "ConsoleMode", "Default"],
  ["Set-VMFirmware", "PauseAfterBootFailure", "Off"],
  ["Set-VMSecurity", "VirtualizationBasedSecurityOptOut", false],
  ["Set-VMKeyProtector", "NewLocalKeyProtector", true],
];

const hot: readonly (readonly [cmdlet: string, parameter: string, value: string | number | boolean])[] = [
  ["Set-VM", "Notes", "x"],
  ["Set-VM", "NewVMName", "web"],
  ["Set-VM", "AutomaticStartAction", "Nothing"],
  ["Set-VM", "AutomaticStartDelay", 5],
  ["Set-VM", "AutomaticCriticalErrorAction", "None"],
  ["Set-VM", "AutomaticCriticalErrorActionTimeout", 1],
  ["Set-VM", "CheckpointType", "Disabled"],
  ["Set-VM", "AutomaticCheckpointsEnabled", true],
  ["Set-VM", "LockOnDisconnect", "On"],
  ["Set-VM", "SnapshotFileLocation", "D:\\checkpoints"],
  ["Set-VMProcessor", "Reserve", 10],
  ["Set-VMProcessor", "Maximum", 90],
  ["Set-VMProcessor", "RelativeWeight", 1],
  ["Set-VMProcessor", "EnableHostResourceProtection", true],
  ["Set-VMMemory", "Priority", 80],
];

const nameOf = (cmdlet: string): string => (cmdlet === "Set-VM" ? "Name" : "VMName");
const invalidState = (cmdlet: string): { id: string; category: string } => ({
  id: `InvalidState,Microsoft.HyperV.PowerShell.Commands.${cmdlet.replace("-", "")}`,
  category: "InvalidOperation",
});

const claims: Case[] = [
  ...offOnly.map(([cmdlet, parameter, value]) => ({
    title: `${cmdlet} -${parameter} is refused while the machine runs or is saved, also with the value that it has`,
    steps: [
      ...running,
      refuses(cmdlet, { [nameOf(cmdlet)]: "web", [parameter]: value }, invalidState(cmdlet)),
      does("Save-VM", { Name: "web" }),
      refuses(cmdlet, { [nameOf(cmdlet)]: "web", [parameter]: value }, invalidState(cmdlet)),
      does("Remove-VMSavedState", { VMName: "web" }),
      does(cmdlet, { [nameOf(cmdlet)]: "web", [parameter]: value }),
    ],
  })),
  ...hot.map(([cmdlet, parameter, value]) => ({
    title: `${cmdlet} -${parameter} is set while the machine runs`,
    steps: [...running, does(cmdlet, { [nameOf(cmdlet)]: "web", [parameter]: value })],
  })),
  {
    title: "a call for two machines of which one refuses changes neither",
    steps: [
      web,
      does("New-VM", { Name: "db" }),
      does("Start-VM", { Name: "db" }),
      refuses("Set-VM", { Name: ["web", "db"], ProcessorCount: 2, Notes: "x" }),
      shows("Get-VM", { Name: "web" }, { ProcessorCount: 1, Notes: "" }),
    ],
  },
  {
    title: "a name has at most a hundred characters",
    steps: [
      refuses("New-VM", { Name: "x".repeat(101) }),
      does("New-VM", { Name: "x".repeat(100) }),
      refuses("Rename-VM", { Name: "x*", NewName: "y".repeat(101) }),
    ],
  },
  {
    title: "a version that the host does not know is refused, and a preview of one asks first",
    steps: [
      refuses("New-VM", { Name: "web", Version: "12.0" }),
      refuses("New-VM", { Name: "web", Prerelease: true }),
      does("New-VM", { Name: "web", Version: "9.0" }, { values: [{ Version: "9.0" }] }),
    ],
  },
  {
    title: "the configuration of a machine is in files named by its id, and they go with it",
    steps: [
      does(
        "New-VM",
        { Name: "web", Path: "D:\\" },
        { values: [{ Path: "D:\\web", ConfigurationLocation: "D:\\web" }] },
      ),
      does("Remove-VM", { Name: "web", Force: true }),
      does("New-VM", { Name: "web", Path: "D:\\" }, { count: 1 }),
    ],
  },
  {
    title: "a machine's new disk with a bare name goes to the host's folder of disks",
    steps: [
      does("New-VM", { Name: "web", NewVHDPath: "web.vhdx", NewVHDSizeBytes: 64 * MiB }),
      shows(
        "Get-VMHardDiskDrive",
        { VMName: "web" },
        { Path: "C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks\\web.vhdx" },
      ),
    ],
  },
  {
    title: "a boot device comes first: generation 2 gets a DVD drive for it, and knows neither IDE nor floppy",
    steps: [
      does("New-VM", {
        Name: "cd",
        Generation: 2,
        BootDevice: "CD",
        NewVHDPath: "D:\\cd.vhdx",
        NewVHDSizeBytes: 64 * MiB,
      }),
      shows("Get-VMFirmware", { VMName: "cd" }, { BootOrder: [{ Device: { DvdMediaType: "None" } }, {}, {}] }),
      does("New-VM", { Name: "old", BootDevice: "Floppy" }),
      shows("Get-VMBios", { VMName: "old" }, { StartupOrder: ["Floppy", "CD", "IDE", "LegacyNetworkAdapter"] }),
      refuses("New-VM", { Name: "x", Generation: 2, BootDevice: "IDE" }),
    ],
  },
  {
    title: "a host tells its memory, processors, versions and templates",
    steps: [
      does(
        "Get-VMHost",
        {},
        {
          values: [
            {
              LogicalProcessorCount: 16,
              SupportedVmVersions: { $count: 9 },
              SecureBootTemplates: [{ Name: "MicrosoftWindows" }, {}, {}],
            },
          ],
        },
      ),
    ],
  },
  {
    title: "an old machine is brought to the host's newest version while it is off, when nobody needs to be asked",
    steps: [
      does("New-VM", { Name: "web", Version: "8.0" }),
      refuses("Update-VMVersion", { Name: "web" }, { idStartsWith: "InvalidOperation," }),
      does("Start-VM", { Name: "web" }),
      refuses("Update-VMVersion", { Name: "web", Force: true }, { idStartsWith: "InvalidState," }),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Update-VMVersion", { Name: "web", Force: true }, { warnings: 0 }),
      does("Update-VMVersion", { Name: "web", Force: true }, { warnings: "$some" }),
      shows("Get-VM", { Name: "web" }, { Version: "10.0" }),
    ],
  },
  {
    title: "checkpoints keep their folder until they are gone",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a" }),
      refuses("Set-VM", { Name: "web", SnapshotFileLocation: "D:\\c" }),
      does("Remove-VMSnapshot", { VMName: "web", Confirm: false }),
      does("Set-VM", { Name: "web", SnapshotFileLocation: "D:\\c" }),
    ],
  },
];

describe("virtual machines on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});

describe("virtual machines on an old host", () => {
  const old = { nodes: [{ name: "HV01", windowsBuild: 14393 }] };
  const known: Case[] = [
    {
      title: "what came with a later build is an unknown parameter",
      steps: [
        does("New-VM", { Name: "web" }, { values: [{ Version: "8.0" }] }),
        refuses(
          "Set-VM",
          { Name: "web", AutomaticCheckpointsEnabled: false },
          { idStartsWith: "NamedParameterNotFound," },
        ),
        refuses("New-VM", { Name: "x", GuestStateIsolationType: "VBS" }, { idStartsWith: "NamedParameterNotFound," }),
      ],
    },
    {
      title: "threads per core are one or two",
      steps: [
        does("New-VM", { Name: "web" }),
        refuses("Set-VMProcessor", { VMName: "web", HwThreadCountPerCore: 0 }, { category: "InvalidArgument" }),
        does("Set-VMProcessor", { VMName: "web", HwThreadCountPerCore: 2 }),
      ],
    },
  ];
  for (const claim of known) it(claim.title, () => runCase(claim, old));
});
