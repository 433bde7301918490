import { type Case, itNames } from "./problems";

const GiB = 2 ** 30;

const disksAt = (count: number, place: Record<string, unknown>) =>
  Array.from({ length: count }, (_none, index) => ({ path: `D:\\${index}.vhdx`, ...place }));

const cases: Case[] = [
  [
    "a minimum above the startup memory",
    "VirtualMachine",
    { name: "a", memory: { dynamicMemoryEnabled: true, startupBytes: GiB, minimumBytes: 2 * GiB } },
    [/^memory\.minimumBytes must be at most startupBytes, 1073741824; it is 2147483648$/],
  ],
  [
    "a maximum below the startup memory",
    "VirtualMachine",
    { name: "a", memory: { dynamicMemoryEnabled: true, startupBytes: 4 * GiB, maximumBytes: 2 * GiB } },
    [/^memory\.maximumBytes must be at least startupBytes/],
  ],
  [
    "bounds of static memory",
    "VirtualMachine",
    { name: "a", memory: { minimumBytes: GiB } },
    [/^memory\.minimumBytes is only for dynamic memory/],
  ],
  [
    "two disks in one place",
    "VirtualMachine",
    {
      name: "a",
      hardDiskDrives: [
        { path: "D:\\a.vhdx", controllerNumber: 0, controllerLocation: 1 },
        { path: "D:\\b.vhdx", controllerNumber: 0, controllerLocation: 1 },
      ],
    },
    [/^hardDiskDrives\[1\] is at SCSI 0:1, where hardDiskDrives\[0\] is already$/],
  ],
  [
    "a DVD drive in a disk's place",
    "VirtualMachine",
    {
      name: "a",
      hardDiskDrives: [{ path: "D:\\a.vhdx", controllerNumber: 0, controllerLocation: 1 }],
      dvdDrives: [{ controllerNumber: 0, controllerLocation: 1 }],
    },
    [/^dvdDrives\[0\] is at SCSI 0:1, where hardDiskDrives\[0\] is already$/],
  ],
  [
    "one disk twice",
    "VirtualMachine",
    { name: "a", hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "d:\\A.vhdx" }] },
    [/^hardDiskDrives\[1\] is the disk of hardDiskDrives\[0\] too/],
  ],
  [
    "two adapters of one name",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front" }, { name: "Front" }] },
    [/^networkAdapters\[1\]\.name is the name of networkAdapters\[0\] too/],
  ],
  [
    "generation 1 with firmware",
    "VirtualMachine",
    { name: "a", generation: 1, firmware: {} },
    [/^firmware is only for generation 2/],
  ],
  [
    "generation 2 with IDE",
    "VirtualMachine",
    { name: "a", hardDiskDrives: [{ path: "D:\\a.vhdx", controllerType: "IDE" }] },
    [/^hardDiskDrives\[0\]\.controllerType must be SCSI on generation 2/],
  ],
  [
    "a place that IDE does not have",
    "VirtualMachine",
    {
      name: "a",
      generation: 1,
      hardDiskDrives: [{ path: "D:\\a.vhdx", controllerType: "IDE", controllerLocation: 5 }],
    },
    [/^hardDiskDrives\[0\]\.controllerLocation must be 0 or 1 on IDE; it is 5$/],
  ],
  [
    "disks in all places of IDE, where Hyper-V makes a DVD drive",
    "VirtualMachine",
    { name: "a", generation: 1, hardDiskDrives: disksAt(4, { controllerType: "IDE" }) },
    [/^dvdDrives\[0\] finds no free location on the controllers that it may use$/],
  ],
  [
    "more disks than a SCSI controller has places",
    "VirtualMachine",
    { name: "a", hardDiskDrives: disksAt(65, { controllerNumber: 1 }) },
    [/^hardDiskDrives\[64\] finds no free location/],
  ],
  [
    "more DVD drives than IDE has places",
    "VirtualMachine",
    { name: "a", generation: 1, dvdDrives: [{}, {}, {}, {}, {}] },
    [/^dvdDrives\[4\] finds no free location/],
  ],
  [
    "a disk that is no virtual hard disk",
    "VirtualMachine",
    { name: "a", hardDiskDrives: [{ path: "D:\\a.iso" }] },
    [/^hardDiskDrives\[0\]\.path must end in \.vhdx, \.vhds or \.vhd; it is "D:\\a\.iso"$/],
  ],
  [
    "more memory than generation 1 has",
    "VirtualMachine",
    { name: "a", generation: 1, memory: { startupBytes: 2048 * GiB } },
    [/^memory\.startupBytes must be at most 1099511627776 \(1 TiB\) on generation 1; it is 2199023255552$/],
  ],
  [
    "more network adapters than a machine has",
    "VirtualMachine",
    { name: "a", networkAdapters: Array.from({ length: 65 }, (_none, index) => ({ name: `${index}` })) },
    [/^networkAdapters must have at most 64 network adapters; it has 65$/],
  ],
  [
    "more legacy adapters than generation 1 has",
    "VirtualMachine",
    {
      name: "a",
      generation: 1,
      networkAdapters: Array.from({ length: 5 }, (_none, index) => ({ name: `${index}`, isLegacy: true })),
    },
    [/^networkAdapters must have at most 4 legacy network adapters; it has 5$/],
  ],
  [
    "a node that the provider does not name",
    "VirtualMachine",
    { name: "a", node: "HV09" },
    [/^node must be a node that the provider names: HV01, HV02; it is "HV09"$/],
    ["HV01", "HV02"],
  ],
  [
    "a node where there is one host",
    "VirtualMachine",
    { name: "a", node: "HV01" },
    [/^node is "HV01", but the provider has one host and no nodes/],
  ],
];

describe("a check names", () => {
  for (const one of cases) itNames(one);
});
