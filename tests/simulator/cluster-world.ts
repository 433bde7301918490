import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Run } from "../../provider/lifecycle/work/run";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator, type WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const volume = "C:\\ClusterStorage\\Volume1";
export const urn = (name: string) => `dev::tests::*::${name}`;

const adapter = (number: number) => ({
  name: "Ethernet",
  interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+",
  macAddress: `3CFDFE0007${number}1`,
  linkSpeedBps: 10_000_000_000,
  addresses: [`10.0.0.1${number}/24`],
  gateway: "10.0.0.1",
});

const all = ["HV01", "HV02", "HV03", "HV04"];

/** Hosts that can be a cluster: with `members` some of them are one. */
export function hosts(members?: readonly string[], more: Partial<WorldDescription> = {}) {
  const simulator = Simulator.inMemory({
    nodes: all.map((name, index) => ({ name, netAdapters: [adapter(index + 1)], memoryBytes: 64 * 2 ** 30 })),
    sharedDisks: [{ number: 2, sizeBytes: 2 ** 30, partitionStyle: "GPT", fileSystem: "NTFS" }],
    ...(members && { cluster: { name: "LAB", members: [...members], ipAddress: "10.0.0.50" } }),
    seed: "cluster resource",
    ...more,
  });
  const does = async (line: string, on = "HV01") => {
    for (const { error } of await simulator.run(on, parseLine(line))) assert.equal(error, undefined, line);
  };
  /** A running machine with a role, on a node. */
  const role = async (name: string, on = "HV01", priority = 2000) => {
    for (const line of [
      `New-VM -Name ${name} -Path ${volume} -NoVHD -Generation 2 -MemoryStartupBytes 1GB`,
      `Add-ClusterVirtualMachineRole -VMName ${name}`,
      `(Get-ClusterGroup -Name ${name}).Priority = ${priority}`,
      `Start-VM -Name ${name}`,
    ])
      await does(line, on);
  };
  const membership = () =>
    simulator.look(({ cluster }) =>
      cluster
        ? {
            name: cluster.name,
            nodes: cluster.nodes.map(({ name, paused }) => (paused ? `${name} paused` : name)).sort(),
          }
        : undefined,
    );
  /** Where each machine is. */
  const places = () =>
    simulator.look(({ nodes }) =>
      Object.fromEntries(nodes.flatMap(({ name, machines }) => machines.map((machine) => [machine.name, name]))),
    );
  /** What one process of the provider does. */
  const program = (kind = "Cluster", nodes: readonly string[] = all, run = new Run()) =>
    new Lifecycle(kind, simulator, nodes, connectSimulated(simulator, nodes), run);
  return { simulator, does, role, membership, places, program };
}

export const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => assert.fail("it has succeeded"),
    (error: Error) => error.message,
  );
