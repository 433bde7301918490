import type { WorldDescription } from "../../provider/simulator/world/world";

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

/** One host of 16 processors and 64 GiB. */
export const host: WorldDescription = { nodes: [{ name: "HV01" }], seed: "test" };

/** Two hosts that know nothing of each other. */
export const pair: WorldDescription = {
  nodes: [{ name: "HV01" }, { name: "HV02", memoryBytes: 4 * GiB }],
  seed: "test",
};

/** A host whose guests boot by themselves. */
export const lively: WorldDescription = { ...host, guestsBoot: true };

/** Three hosts with a shared volume, the third half as large. */
export const cluster: WorldDescription = {
  nodes: [{ name: "HV01" }, { name: "HV02" }, { name: "HV03", memoryBytes: 32 * GiB, logicalProcessors: 8 }],
  cluster: { name: "HVC1" },
  seed: "test",
};

const addressed = (number: number) => [
  {
    name: "Ethernet",
    interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+",
    macAddress: `3CFDFE0007${number}1`,
    linkSpeedBps: 10_000_000_000,
    addresses: [`10.0.0.1${number}/24`],
    gateway: "10.0.0.1",
  },
  {
    name: "Ethernet 2",
    interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+ #2",
    macAddress: `3CFDFE0007${number}2`,
    linkSpeedBps: 10_000_000_000,
    addresses: [`10.0.1.1${number}/24`],
  },
];

/** Four servers of one domain with disks that all see: three are a cluster, the fourth is in none. */
export const wide: WorldDescription = {
  nodes: [1, 2, 3, 4].map((number) => ({ name: `HV0${number}`, netAdapters: addressed(number) })),
  cluster: { name: "HVC1", members: ["HV01", "HV02", "HV03"], ipAddress: "10.0.0.50" },
  sharedDisks: [
    { number: 2, sizeBytes: GiB, partitionStyle: "GPT", fileSystem: "NTFS" },
    { number: 3, sizeBytes: 500 * GiB, partitionStyle: "MBR", fileSystem: "ReFS" },
    { number: 4, sizeBytes: 256 * MiB, partitionStyle: "GPT", fileSystem: "NTFS" },
    { number: 5, sizeBytes: GiB, partitionStyle: "RAW" },
  ],
  fileShares: ["\\\\FS01\\Witness", "\\\\FS02\\Witness"],
  seed: "wide",
};

/** The same servers before anybody made them a cluster. */
export const servers: WorldDescription = {
  nodes: [...wide.nodes.slice(0, 3), { name: "HV04", clustering: false, netAdapters: addressed(4) }],
  sharedDisks: wide.sharedDisks,
  fileShares: wide.fileShares,
  seed: "servers",
};
