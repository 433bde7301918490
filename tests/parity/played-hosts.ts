import { Cluster, single } from "../../provider/host/cluster";
import type { Host, Hosts } from "../../provider/host/host";
import type { HostPool } from "../../provider/host/pool/pool";
import type { Simulator } from "../../provider/simulator";
import { Lab } from "../host/lab";

/** PowerShells that play the nodes of one world after the other, as the hosts of a provider. */
export class PlayedHosts {
  private constructor(
    private readonly nodes: readonly { name: string; lab: Lab; pool: HostPool }[],
    private simulator: Simulator,
  ) {}

  static async open(simulator: Simulator, names: readonly string[]): Promise<PlayedHosts> {
    const nodes = await Promise.all(
      names.map(async (name) => {
        // only a cluster's objects have properties that are assigned
        const lab = await Lab.open({ simulator, node: name, live: names.length > 1 });
        return { name, lab, pool: lab.pool({ maxSessions: 1 }, name) };
      }),
    );
    return new PlayedHosts(nodes, simulator);
  }

  /** The hosts of another world, with the same nodes. */
  of(simulator: Simulator, isClustered = true): Hosts {
    this.simulator = simulator;
    for (const { name, lab } of this.nodes) lab.backend.play(simulator, name);
    const hosts = this.nodes.map(({ name, pool }) => ({ name, host: this.host(pool) }));
    const [first] = hosts;
    if (!first) throw new Error("There are no hosts.");
    return hosts.length === 1 ? single(first.host) : new Cluster(hosts, isClustered);
  }

  /** Waits until there is a session on each, as a new one asks something of its own. */
  async ready(): Promise<void> {
    for (const { pool } of this.nodes) await pool.run([{ cmdlet: "Get-VMHost" }]);
  }

  /** Time passes there as on the simulator alone, and what a guest listens on is reached. */
  private host(pool: HostPool): Host {
    return {
      address: pool.address,
      run: (calls, options) => pool.run(calls, { ...options, recent: false }),
      reaches: (endpoint) => this.simulator.listens(endpoint),
      pause: (milliseconds) => this.simulator.passes(milliseconds / 1000),
      forget: () => pool.forget(),
      close: () => pool.close(),
    };
  }

  async close(): Promise<void> {
    for (const { lab } of this.nodes) await lab.close();
  }
}
