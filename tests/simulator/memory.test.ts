import { type Case, does, refuses, runCase, shows } from "./cases";
import { GiB, host, MiB } from "./worlds";

const bounds = { DynamicMemoryEnabled: true, MinimumBytes: GiB, StartupBytes: 2 * GiB, MaximumBytes: 4 * GiB };
const dynamic = [does("New-VM", { Name: "web" }), does("Set-VMMemory", { VMName: "web", ...bounds })];
const guest = [
  does("New-VM", { Name: "web", MemoryStartupBytes: GiB }),
  does("Start-VM", { Name: "web" }),
  { world: { guest: "web", boots: true } },
];
const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };
const invalidState = { idStartsWith: "InvalidState,", category: "InvalidOperation" };

const claims: Case[] = [
  {
    title: "static memory takes neither bounds nor buffer, from either cmdlet",
    steps: [
      does("New-VM", { Name: "web" }),
      refuses("Set-VMMemory", { VMName: "web", MinimumBytes: 512 * MiB }, invalid),
      refuses("Set-VMMemory", { VMName: "web", DynamicMemoryEnabled: false, MaximumBytes: GiB }, invalid),
      refuses("Set-VMMemory", { VMName: "web", Buffer: 30 }, invalid),
      refuses("Set-VM", { Name: "web", MemoryMaximumBytes: GiB }, invalid),
      does("Set-VMMemory", { VMName: "web", Priority: 10 }),
      shows("Get-VMMemory", { VMName: "web" }, { Minimum: 512 * MiB, Maximum: 2 ** 40, Buffer: 20, Priority: 10 }),
    ],
  },
  {
    title: "a startup size alone makes a dynamic machine static, and with its flag does not",
    steps: [
      ...dynamic,
      does("Set-VMMemory", { VMName: "web", DynamicMemoryEnabled: true, StartupBytes: 3 * GiB }),
      shows("Get-VMMemory", { VMName: "web" }, { DynamicMemoryEnabled: true, Startup: 3 * GiB, Minimum: GiB }),
      does("Set-VMMemory", { VMName: "web", StartupBytes: 2 * GiB }),
      shows(
        "Get-VMMemory",
        { VMName: "web" },
        { DynamicMemoryEnabled: false, Startup: 2 * GiB, Minimum: GiB, Maximum: 4 * GiB },
      ),
    ],
  },
  {
    title: "a running machine with dynamic memory keeps its startup size and refuses bounds that it has",
    steps: [
      ...dynamic,
      does("Start-VM", { Name: "web" }),
      { world: { guest: "web", boots: true } },
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: 3 * GiB }, invalidState),
      refuses("Set-VMMemory", { VMName: "web", MinimumBytes: GiB }, invalidState),
      refuses("Set-VMMemory", { VMName: "web", MaximumBytes: 4 * GiB }, invalidState),
      does("Set-VMMemory", { VMName: "web", Buffer: 50, Priority: 60 }),
      refuses("Set-VMMemory", { VMName: "web", MinimumBytes: 512 * MiB, MaximumBytes: 2 * GiB }, invalidState),
      shows(
        "Get-VMMemory",
        { VMName: "web" },
        { Minimum: GiB, Startup: 2 * GiB, Maximum: 4 * GiB, Buffer: 50, Priority: 60 },
      ),
    ],
  },
  {
    title: "a maximum that rises while the machine runs stays in order with its startup size",
    steps: [
      ...dynamic,
      does("Save-VM", { Name: "web" }, { error: {} }),
      does("Start-VM", { Name: "web" }),
      does("Save-VM", { Name: "web" }),
      does("Set-VMMemory", { VMName: "web", MaximumBytes: 8 * GiB }),
      does("Set-VMMemory", { VMName: "web", MinimumBytes: 32 * MiB }),
      refuses("Set-VMMemory", { VMName: "web", MinimumBytes: 30 * MiB }, invalid),
    ],
  },
  {
    title: "static memory of a running machine changes only with a guest that answers",
    steps: [
      does("New-VM", { Name: "web", MemoryStartupBytes: GiB }),
      does("Start-VM", { Name: "web" }),
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: 2 * GiB }, invalidState),
      { world: { guest: "web", boots: true } },
      does("Set-VMMemory", { VMName: "web", StartupBytes: 2 * GiB }),
      does("Suspend-VM", { Name: "web" }),
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: GiB }, invalidState),
      does("Save-VM", { Name: "web" }),
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: GiB }, invalidState),
      shows("Get-VM", { Name: "web" }, { MemoryStartup: 2 * GiB, MemoryAssigned: 0 }),
    ],
  },
  {
    title: "static memory of a running machine does not grow beyond its host",
    steps: [
      ...guest,
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: 65 * GiB }, { idStartsWith: "OutOfMemory," }),
      does("Set-VMMemory", { VMName: "web", StartupBytes: 64 * GiB }),
      shows("Get-VM", { Name: "web" }, { MemoryAssigned: 64 * GiB }),
    ],
  },
  {
    title: "memory under a guest's own hypervisor is not resized",
    steps: [
      does("New-VM", { Name: "lab" }),
      does("Set-VMProcessor", { VMName: "lab", ExposeVirtualizationExtensions: true }),
      does("Start-VM", { Name: "lab" }),
      { world: { guest: "lab", boots: true } },
      refuses("Set-VMMemory", { VMName: "lab", StartupBytes: GiB }, invalidState),
    ],
  },
  {
    title: "generation 1 has at most a tebibyte",
    steps: [
      refuses("New-VM", { Name: "web", MemoryStartupBytes: 2 ** 40 + 2 * MiB }, invalid),
      does("New-VM", { Name: "web", Generation: 2, MemoryStartupBytes: 2 ** 40 + 2 * MiB }),
      refuses("New-VM", { Name: "web", MemoryStartupBytes: 16 * MiB }, invalid),
    ],
  },
  {
    title: "a resource pool that nobody made is not found",
    steps: [
      does("New-VM", { Name: "web" }),
      refuses("Set-VMMemory", { VMName: "web", ResourcePoolName: "gold" }, invalid),
      does("Set-VMMemory", { VMName: "web", ResourcePoolName: "Primordial", MaximumAmountPerNumaNodeBytes: 4 * GiB }),
      shows("Get-VMMemory", { VMName: "web" }, { MaximumPerNumaNode: 4096, ResourcePoolName: "Primordial" }),
    ],
  },
];

describe("memory on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));

  const old: Case = {
    title: "a machine older than version 8.0 is not resized while it runs",
    steps: [
      does("New-VM", { Name: "web", Version: "7.1" }),
      does("Start-VM", { Name: "web" }),
      { world: { guest: "web", boots: true } },
      refuses("Set-VMMemory", { VMName: "web", StartupBytes: GiB }, invalidState),
    ],
  };
  it(old.title, () => runCase(old, { nodes: [{ name: "HV01", windowsBuild: 17763 }] }));
});
