import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Cluster } from "../../provider/host/cluster";
import type { State } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import type { BoundCall } from "./backend";
import { Lab } from "./lab";

const volume = "C:\\ClusterStorage\\Volume1";

/** What the nodes of a cluster were asked during some work. */
export interface Asked {
  cmdlets: number;
  /** "HV01 ClusterGroup 1": how often a node was asked for all that it has of a noun. */
  listings: readonly string[];
  /** PowerShells, on the node that started most. */
  starts: number;
  seconds: number;
}

/** A cluster with so many machines, all that a program can say of it, and the state that knows it. */
export class ClusterProgram {
  readonly states: { kind: string; state: State }[] = [];

  private constructor(
    readonly simulator: Simulator,
    private readonly nodes: readonly string[],
  ) {}

  /** `runningOn` has all of them, and all run there; else they are off and on the nodes in turn. */
  static async of(nodes: readonly string[], count: number, runningOn?: string): Promise<ClusterProgram> {
    const simulator = Simulator.inMemory({
      nodes: nodes.map((name) => ({ name, memoryBytes: 2 ** 42 })),
      cluster: { name: "LAB" },
      seed: "cluster",
    });
    const program = new ClusterProgram(simulator, nodes);
    for (let at = 0; at < count; at += 1) {
      const node = runningOn ?? nodes[at % nodes.length];
      const lines = [`New-VM -Name m${at} -Generation 2 -NoVHD -MemoryStartupBytes 64MB -Path ${volume}`];
      for (const line of [...lines, ...(runningOn === undefined ? [] : [`Start-VM -Name m${at}`])])
        for (const { error } of await simulator.run(node, parseLine(line))) assert.equal(error, undefined, line);
    }
    const { nodes: hosts } = await simulator.world();
    const ids = hosts.flatMap(({ machines }) => machines.map(({ id }) => id));
    // some name what costs calls of its own
    for (const [at, vmId] of ids.entries())
      await program.create("ClusterVirtualMachineRole", { vmId, ...(at % 2 === 0 && { checkHeartbeat: true }) });
    return program;
  }

  /** What there is in a cluster beside its roles. */
  async declareRest(): Promise<void> {
    const ids = this.states.map(({ state }) => state.id);
    const half = Math.floor(ids.length / 2);
    for (const node of this.nodes) await this.create("ClusterNode", { node, nodeWeight: true });
    await this.create("ClusterSettings", { sameSubnetThreshold: 20 });
    await this.create("ClusterMigrationNetworks", {});
    await this.create("ClusterGroupSet", { name: "first", vmIds: ids.slice(0, half) });
    await this.create("ClusterGroupSet", { name: "second", vmIds: ids.slice(half), providers: ["first"] });
    for (const name of ["apart", "likewise"])
      await this.create("ClusterAffinityRule", { name, ruleType: "DifferentNode", vmIds: ids.slice(0, 2) });
  }

  /** All of it is read, as by an engine with eight hands. */
  async refresh(): Promise<Asked> {
    return this.measured(async (hosts) => {
      const waiting = [...this.states];
      const hand = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const read = await new Lifecycle(next.kind, this.simulator, this.nodes, hosts).read(next.state);
          assert(read, `${next.kind} ${next.state.id} is there`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, hand));
    });
  }

  async drain(node: string): Promise<Asked> {
    return this.measured(async (hosts) => {
      await new Lifecycle("ClusterNode", this.simulator, this.nodes, hosts).create({ node, state: "Paused" });
    });
  }

  private async create(kind: string, inputs: Record<string, unknown>): Promise<void> {
    const state = await new Lifecycle(kind, this.simulator, this.nodes).create(inputs);
    this.states.push({ kind, state });
  }

  /** Over PowerShell, by the pools that a provider has. */
  private async measured(work: (hosts: Cluster) => Promise<void>): Promise<Asked> {
    const { simulator, nodes } = this;
    const labs: Lab[] = [];
    const listings: string[] = [];
    try {
      const hosts = [];
      for (const name of nodes) {
        const intercept = (call: BoundCall) => void listings.push(...listed(name, call));
        const lab = await Lab.open({ simulator, node: name, live: true, intercept });
        labs.push(lab);
        hosts.push({ name, host: withSimulatedTime(lab.pool({}, name), simulator) });
      }
      const begun = performance.now();
      await work(new Cluster(hosts));
      return {
        seconds: (performance.now() - begun) / 1000,
        cmdlets: labs.reduce((sum, { backend }) => sum + backend.calls.length, 0),
        listings: [...new Set(listings)]
          .sort()
          .map((noun) => `${noun} ${listings.filter((one) => one === noun).length}`),
        starts: Math.max(...labs.map(({ backend }) => backend.started)),
      };
    } finally {
      for (const lab of labs) await lab.close();
    }
  }
}

function withSimulatedTime(pool: ReturnType<Lab["pool"]>, simulator: Simulator): ReturnType<Lab["pool"]> {
  pool.pause = (milliseconds) => simulator.passes(milliseconds / 1000);
  return pool;
}

/** Parameters that say of which thing, or of what thing's own. */
const ofOne = new Set(["Name", "Id", "VMId", "VM", "VMName", "Group", "Resource"]);

/** The noun of which a node is asked for all that it has, if it is. */
function listed(node: string, { cmdlet, parameters }: BoundCall): string[] {
  const input = parameters.InputObject;
  const names = Object.keys(parameters).some((key) => ofOne.has(key));
  // what is found of many at once is a list of them
  const isOfOne = input === undefined ? names : !Array.isArray(input) || input.length === 1;
  // of clusters there is one, and a session asks for it when it begins
  return cmdlet.startsWith("Get-") && cmdlet !== "Get-Cluster" && !isOfOne ? [`${node} ${cmdlet.slice(4)}`] : [];
}
