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
