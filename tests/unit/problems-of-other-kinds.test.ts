import { type Case, itNames } from "./problems";

const GiB = 2 ** 30;

const cases: Case[] = [
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
    [/^it belongs to a failover cluster, and needs a provider with nodes/],
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
];

describe("a check names", () => {
  for (const one of cases) itNames(one);
});
