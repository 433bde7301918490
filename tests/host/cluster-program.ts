import { parseLine } from "../../cli/powershell-line";
import type { Simulator } from "../../provider/simulator";
import type { BoundCall } from "./backend";

export interface Declared {
  kind: string;
  name: string;
  args: Record<string, unknown>;
}

const volume = "C:\\ClusterStorage\\Volume1";

/** Machines on the nodes in turn, as a person made them; their ids. */
export async function machinesOf(
  simulator: Simulator,
  { nodes, count }: { nodes: readonly string[]; count: number },
): Promise<string[]> {
  for (let number = 0; number < count; number += 1) {
    const line = `New-VM -Name m${number} -Generation 2 -NoVHD -MemoryStartupBytes 64MB -Path ${volume}`;
    const [result] = await simulator.run(nodes[number % nodes.length], parseLine(line));
    if (result?.error) throw new Error(result.error.message);
  }
  const { nodes: hosts } = await simulator.world();
  return hosts.flatMap(({ machines }) => machines.map(({ id }) => id));
}

/** Everything about a cluster that a program can say: its roles, and what there is beside them. */
export function programOf({ nodes, machines }: { nodes: readonly string[]; machines: readonly string[] }): Declared[] {
  const half = machines.slice(0, machines.length / 2);
  const rest = machines.slice(machines.length / 2);
  return [
    // some name what costs calls of its own
    ...machines.map((vmId, at) => ({
      kind: "ClusterVirtualMachineRole",
      name: `role${at}`,
      args: { vmId, ...(at % 2 === 0 && { checkHeartbeat: true }) },
    })),
    ...nodes.map((node) => ({ kind: "ClusterNode", name: node, args: { node, nodeWeight: true } })),
    { kind: "ClusterSettings", name: "settings", args: { sameSubnetThreshold: 20 } },
    { kind: "ClusterMigrationNetworks", name: "networks", args: {} },
    { kind: "ClusterGroupSet", name: "first", args: { name: "first", vmIds: half } },
    { kind: "ClusterGroupSet", name: "second", args: { name: "second", vmIds: rest, providers: ["first"] } },
    ...["apart", "likewise"].map((name) => ({
      kind: "ClusterAffinityRule",
      name,
      args: { name, ruleType: "DifferentNode", vmIds: machines.slice(0, 2) },
    })),
  ];
}

/** Of one thing, or of what one thing has. */
const names = new Set(["Name", "Id", "VMId", "VM", "VMName", "Group", "Resource"]);

/** The noun of which a node is asked for all that it has, if it is. */
export function listed(node: string, { cmdlet, parameters }: BoundCall): string[] {
  const isOfOne = Object.entries(parameters).some(
    // what is found of many at once is a list of them
    ([key, value]) => (key === "InputObject" ? !isMany(value) : names.has(key) && !("InputObject" in parameters)),
  );
  // of clusters there is one, and a session asks for it when it begins
  return cmdlet.startsWith("Get-") && cmdlet !== "Get-Cluster" && !isOfOne ? [`${node} ${cmdlet.slice(4)}`] : [];
}

const isMany = (value: unknown): boolean => Array.isArray(value) && value.length > 1;

/** How often each was listed. */
export function listingsIn(asked: readonly string[]): string[] {
  return [...new Set(asked)].sort().map((noun) => `${noun} ${asked.filter((one) => one === noun).length}`);
}
