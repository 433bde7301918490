import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Handlers } from "../../provider/lifecycle/handlers";
import { unknown } from "../../provider/lifecycle/values";

const GiB = 2 ** 30;

function problems(kind: string, inputs: Record<string, unknown>, nodes: string[] = []): string[] {
  const definition = definitions.find((candidate) => candidate.kind === kind);
  assert.ok(definition);
  return new Handlers(definition).check(inputs, nodes).problems;
}

const disksAt = (count: number, place: Record<string, unknown>) =>
  Array.from({ length: count }, (_none, index) => ({ path: `D:\\${index}.vhdx`, ...place }));

/** What the program says, and all that must be said about it. */
const cases: [claim: string, kind: string, inputs: Record<string, unknown>, expected: RegExp[], nodes?: string[]][] = [
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
  ...["D:\\con\\a.vhdx", "D:\\NUL.vhdx", "D:\\com1.disk.vhdx"].map((path): (typeof cases)[number] => [
    `a name that Windows keeps for devices: ${path}`,
    "VirtualHardDisk",
    { path, sizeBytes: 2 ** 30 },
    [/^path must not have a name that Windows keeps for devices, such as CON or COM1; it is /],
  ]),
  ...["D:\\disks.\\a.vhdx", "D:\\disks \\a.vhdx"].map((path): (typeof cases)[number] => [
    `a folder that ends in a dot or a blank: ${path}`,
    "VirtualHardDisk",
    { path, sizeBytes: 2 ** 30 },
    [/^path must not have a folder or file whose name ends in a dot or a blank, which Windows drops; it is /],
  ]),
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
    "an empty list of VLANs",
    "VirtualMachine",
    { name: "a", networkAdapters: [{ name: "front", vlanTrunk: { allowedVlanIdList: "" } }] },
    [/^networkAdapters\[0\]\.vlanTrunk\.allowedVlanIdList must be VLAN ids from 0 to 4094/],
  ],
  [
    "sectors that a .vhd does not have",
    "VirtualHardDisk",
    { path: "D:\\a.vhd", sizeBytes: GiB, logicalSectorSizeBytes: 4096 },
    [/^logicalSectorSizeBytes must be 512 for a \.vhd; it is 4096$/],
  ],
  [
    "physical sectors below the logical ones",
    "VirtualHardDisk",
    { path: "D:\\a.vhdx", sizeBytes: GiB, logicalSectorSizeBytes: 4096, physicalSectorSizeBytes: 512 },
    [/^physicalSectorSizeBytes must be at least logicalSectorSizeBytes, 4096; it is 512$/],
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
  [
    "a switch of a cluster without its node",
    "VirtualSwitch",
    { name: "lan", switchType: "Private" },
    [/^node is required, as the provider has several nodes: HV01, HV02$/],
    ["HV01", "HV02"],
  ],
  [
    "a local disk of a cluster without its node",
    "VirtualHardDisk",
    { path: "D:\\a.vhdx", sizeBytes: GiB },
    [/^node is required for a path that is not on a shared volume/],
    ["HV01", "HV02"],
  ],
  [
    "an External switch without an adapter",
    "VirtualSwitch",
    { name: "lan", switchType: "External" },
    [/^netAdapterNames is required for an External switch/],
  ],
  [
    "a Private switch with one",
    "VirtualSwitch",
    { name: "lan", switchType: "Private", netAdapterNames: ["Ethernet"] },
    [/^netAdapterNames is only for an External switch/],
  ],
  ["a disk without a size", "VirtualHardDisk", { path: "D:\\a.vhdx" }, [/^sizeBytes is required/]],
  [
    "a fixed child",
    "VirtualHardDisk",
    { path: "D:\\a.vhdx", parentPath: "D:\\p.vhdx", vhdType: "Fixed" },
    [/^parentPath is only for a Differencing disk/],
  ],
  [
    "a child of another format",
    "VirtualHardDisk",
    { path: "D:\\a.vhdx", parentPath: "D:\\p.vhd" },
    [/^parentPath must have the disk's own format \.vhdx/],
  ],
  [
    "a role without a cluster",
    "ClusterVirtualMachineRole",
    { vmId: "6f1d2c3b-0000-4000-8000-00000000beef" },
    [/^vmId needs a provider with nodes/],
  ],
  [
    "failback without an owner to go to",
    "ClusterVirtualMachineRole",
    { vmId: "6f1d2c3b-0000-4000-8000-00000000beef", autoFailback: true },
    [/^autoFailback needs preferredOwners/],
    ["HV01"],
  ],
  [
    "half a failback window",
    "ClusterVirtualMachineRole",
    { vmId: "6f1d2c3b-0000-4000-8000-00000000beef", failbackWindowStart: 1 },
    [/^failbackWindowEnd is required/],
    ["HV01"],
  ],
  [
    "an owner that is no node",
    "ClusterVirtualMachineRole",
    { vmId: "6f1d2c3b-0000-4000-8000-00000000beef", ownerNode: "HV09" },
    [/^ownerNode must be a node that the provider names: HV01; it is "HV09"$/],
    ["HV01"],
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
  for (const [claim, kind, inputs, expected, nodes] of cases)
    it(claim, () => {
      const found = problems(kind, inputs, nodes);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const pattern of expected)
        assert.ok(
          found.some((problem) => pattern.test(problem)),
          `${pattern} is not in:\n${found.join("\n")}`,
        );
    });
});

describe("a check", () => {
  it("lets pass what a preview does not know yet, at any depth", () => {
    for (const [kind, inputs] of [
      ["VirtualMachine", { name: unknown, memory: unknown }],
      [
        "VirtualMachine",
        { name: "a", memory: { startupBytes: unknown, minimumBytes: GiB, dynamicMemoryEnabled: true } },
      ],
      ["VirtualMachine", { name: "a", networkAdapters: [{ name: "a", switchName: unknown }, unknown] }],
      ["VirtualHardDisk", { path: unknown, sizeBytes: GiB }],
      ["VirtualMachine", unknownEverywhere],
    ] as [string, Record<string, unknown>][])
      assert.deepEqual(problems(kind, inputs), []);
  });

  it("still reports what is known to be wrong beside it", () => {
    const found = problems("VirtualMachine", { name: unknown, processor: { count: 0 } });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^processor\.count/);
  });

  for (const [what, kind, inputs, expected] of [
    ["a property of no such name", "VirtualMachine", { name: "a", memory: { startup: unknown } }, "memory.startup"],
    [
      "two adapters of one name",
      "VirtualMachine",
      { name: "a", networkAdapters: [{ name: unknown }, { name: "x" }, { name: "X" }] },
      "networkAdapters[2].name",
    ],
    [
      "a disk that is named twice",
      "VirtualMachine",
      { name: "a", hardDiskDrives: [{ path: unknown }, { path: "D:\\a.vhdx" }, unknown, { path: "D:\\a.vhdx" }] },
      "hardDiskDrives[3]",
    ],
    [
      "what a legacy adapter does not have",
      "VirtualMachine",
      { name: "a", generation: 1, networkAdapters: [{ name: "x", isLegacy: true, switchName: unknown, vmqWeight: 1 }] },
      "networkAdapters[0].vmqWeight",
    ],
    ["a child's missing node", "VirtualHardDisk", { path: "D:\\a.vhdx", parentPath: unknown }, "node"],
    ["a child's format", "VirtualHardDisk", { path: "D:\\a.vmdk", node: "HV01", parentPath: unknown }, "path"],
    ["a switch's missing node", "VirtualSwitch", { name: "a", switchType: unknown, netAdapterNames: unknown }, "node"],
  ] as [string, string, Record<string, unknown>, string][])
    it(`reports ${what} beside what is not known`, () => {
      const found = problems(kind, inputs, kind === "VirtualMachine" ? [] : ["HV01", "HV02"]);
      assert.equal(found.length, 1, found.join("\n"));
      assert.equal((found[0] ?? "").split(" ")[0], expected);
    });

  it("leaves the inputs as the program has them", () => {
    const definition = definitions.find(({ kind }) => kind === "VirtualMachine");
    assert.ok(definition);
    const inputs = { name: "a", processor: { count: 2 } };
    assert.deepEqual(new Handlers(definition).check(inputs, []), { inputs, problems: [] });
  });

  it("gives the same answer to its own answer", () => {
    const definition = definitions.find(({ kind }) => kind === "VirtualMachine");
    assert.ok(definition);
    const handlers = new Handlers(definition);
    const once = handlers.check({ name: "a", generation: 1, memory: { startupBytes: GiB } }, []).inputs;
    assert.deepEqual(handlers.check(once, []), { inputs: once, problems: [] });
  });
});

const unknownEverywhere = {
  name: unknown,
  generation: unknown,
  networkAdapters: unknown,
  hardDiskDrives: unknown,
  state: unknown,
};
