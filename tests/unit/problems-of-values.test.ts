import { type Case, itNames } from "./problems";

const GiB = 2 ** 30;

const cases: Case[] = [
  [
    "an unknown property, with those there are",
    "VirtualMachine",
    { name: "a", cpu: 2 },
    [/^cpu is not a property of VirtualMachine; there are: name, node, generation/],
  ],
  [
    "a misspelt property, with the one that was meant",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "b", switchname: "lan" }], hardDiskDrive: [] },
    [
      /^hardDiskDrive is .* Did you mean hardDiskDrives\?$/,
      /^networkAdapters\[0\]\.switchname is .* Did you mean switchName\?$/,
    ],
  ],
  [
    "names with blanks around them, or line breaks",
    "VirtualMachine",
    { name: " web", networkAdapters: [{ name: "a\nb" }] },
    [
      /^name must not begin or end with a blank, or contain line breaks or other control characters; it is " web"$/,
      /^networkAdapters\[0\]\.name must not begin or end with a blank, or contain line breaks/,
    ],
  ],
  [
    "a MAC address of zeros",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "b", macAddress: "00-00-00-00-00-00" }] },
    [/^networkAdapters\[0\]\.macAddress must not be all zeros, which is not an address/],
  ],
  ...["D:\\con\\a.vhdx", "D:\\NUL.vhdx", "D:\\com1.disk.vhdx"].map(
    (path): Case => [
      `a name that Windows keeps for devices: ${path}`,
      "VirtualHardDisk",
      { path, sizeBytes: 2 ** 30 },
      [/^path must not have a name that Windows keeps for devices, such as CON or COM1; it is /],
    ],
  ),
  ...["D:\\disks.\\a.vhdx", "D:\\disks \\a.vhdx"].map(
    (path): Case => [
      `a folder that ends in a dot or a blank: ${path}`,
      "VirtualHardDisk",
      { path, sizeBytes: 2 ** 30 },
      [/^path must not have a folder or file whose name ends in a dot or a blank, which Windows drops; it is /],
    ],
  ),
  [
    "an unknown nested property",
    "VirtualMachine",
    { name: "a", memory: { startup: 1 } },
    [/^memory\.startup is not a property of memory; there are: startupBytes/],
  ],
  [
    "what may be one thing or another, in the schema's words",
    "VirtualMachine",
    { name: "a", adopt: 5 },
    [
      /^adopt must be true for the one machine of this name, a machine's id \(a GUID\) for that one, or false; it is 5$/,
    ],
  ],
  [
    "a machine's name where its id is meant",
    "VirtualMachine",
    { name: "a", adopt: "web" },
    [
      /^adopt must be true for the one machine of this name, a machine's id \(a GUID\) for that one, or false; it is "web"$/,
    ],
  ],
  [
    "a size as text",
    "VirtualMachine",
    { name: "a", memory: { startupBytes: "4GB" } },
    [/^memory\.startupBytes must be a number of bytes, such as 4 \* GiB; it is "4GB"$/],
  ],
  [
    "a size in the wrong unit",
    "VirtualMachine",
    { name: "a", memory: { startupBytes: 2048 } },
    [/^memory\.startupBytes must be at least 33554432 \(32 MiB\); it is 2048$/],
  ],
  [
    "memory that is not aligned",
    "VirtualMachine",
    { name: "a", memory: { startupBytes: GiB + 1024 * 1024 } },
    [/^memory\.startupBytes must be a multiple of 2097152/],
  ],
  [
    "a number as text",
    "VirtualMachine",
    { name: "a", processor: { count: "2" } },
    [/^processor\.count must be a whole number from 1 to 2048; it is "2"$/],
  ],
  [
    "a wrong choice, with the choices",
    "VirtualMachine",
    { name: "a", automaticStopAction: "None" },
    [/^automaticStopAction must be one of "TurnOff", "Save", "ShutDown"; it is "None"$/],
  ],
  [
    "a generation that does not exist",
    "VirtualMachine",
    { name: "a", generation: 3 },
    [/^generation must be one of 1, 2; it is 3$/],
  ],
  [
    "an empty list of VLANs",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front", vlanTrunk: { allowedVlanIdList: "" } }] },
    [/^networkAdapters\[0\]\.vlanTrunk\.allowedVlanIdList must be VLAN ids from 0 to 4094/],
  ],
  [
    "a colon behind the drive",
    "VirtualHardDisk",
    { path: "D:\\a:b.vhdx", sizeBytes: GiB },
    [/^path must not contain control characters or any of .*; it is "D:\\\\a:b\.vhdx"$/],
  ],
  [
    "a relative path",
    "VirtualHardDisk",
    { path: "disks\\a.vhdx", sizeBytes: GiB },
    [/^path must be absolute, such as .*; it is "disks\\\\a\.vhdx"$/],
  ],
  [
    "slashes in a path",
    "VirtualHardDisk",
    { path: "D:/a.vhdx", sizeBytes: GiB },
    [/^path must be written with backslashes/],
  ],
  [
    "a VLAN out of range, with the range",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front", vlan: 5000 }] },
    [/^networkAdapters\[0\]\.vlan must be from 1 to 4094; it is 5000$/],
  ],
  [
    "a multicast address",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front", macAddress: "01155D010203" }] },
    [/^networkAdapters\[0\]\.macAddress must not be a multicast address/],
  ],
  [
    "a malformed address",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front", macAddress: "00:15-5D:01:02:03" }] },
    [/^networkAdapters\[0\]\.macAddress must be 12 hexadecimal digits/],
  ],
  [
    "what is missing",
    "VirtualSwitch",
    { name: "lan" },
    [/^switchType is required: one of "Private", "Internal", "External"$/],
  ],
  [
    "all that is wrong at once",
    "VirtualMachine",
    {
      name: "a",
      cpu: 1,
      generation: 1,
      processor: { count: 0 },
      networkAdapters: [{ name: "x", vlan: 0 }],
      state: "On",
    },
    [
      /^cpu is not/,
      /^processor\.count must be from 1 to 2048; it is 0/,
      /^networkAdapters\[0\]\.vlan must be from 1 to 4094; it is 0/,
      /^state must be one of/,
    ],
  ],
];

describe("a check names", () => {
  for (const one of cases) itNames(one);
});
