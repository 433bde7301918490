import { Cluster, single } from "./host/cluster";
import { UnreachableError } from "./host/errors";
import type { Host, Hosts } from "./host/host";
import { nodesOf, type Settings } from "./settings";
import { SimulatedConnectionError, Simulator } from "./simulator";

/** All hosts that the settings name. Opens no connection: the first batch does. */
export function connect(settings: Settings): Hosts {
  const transport =
    settings.transport ?? (settings.simulator ? "simulator" : process.platform === "win32" ? "local" : "ssh");
  const open = transport === "simulator" ? simulated(settings) : undefined;
  if (!open) throw new Error(`The transport "${transport}" is not part of this release; use transport: "simulator".`);
  const nodes = nodesOf(settings);
  if (nodes.length === 0) return single(open(settings.address));
  return new Cluster(nodes.map(({ name, address }) => ({ name, host: open(address ?? name) })));
}

function simulated({ simulator: file }: Settings): (node: string | undefined) => Host {
  if (!file)
    throw new Error(
      "The simulator needs its state file: set the provider argument simulator (hyperv:simulator), and make the file with " +
        '"npx pulumi-hyperv simulator create".',
    );
  const simulator = Simulator.open(file);
  return (node) => simulatedHost(simulator, node);
}

/** The nodes of a simulated world as a provider has them; a single host without names. */
export function connectSimulated(simulator: Simulator, nodes: readonly string[] = []): Hosts {
  if (nodes.length === 0) return single(simulatedHost(simulator, undefined));
  return new Cluster(nodes.map((name) => ({ name, host: simulatedHost(simulator, name) })));
}

/** A simulated node as a host. Time that passes there costs none here. */
export function simulatedHost(simulator: Simulator, node: string | undefined): Host {
  const address = node ?? "the simulated host";
  return {
    address,
    run: async (calls, options) => {
      try {
        return await simulator.run(node, calls, { signal: options?.signal });
      } catch (error) {
        if (!(error instanceof SimulatedConnectionError)) throw error;
        throw new UnreachableError(
          error.message,
          { address, delivered: error.code === "ECONNRESET" },
          { cause: error },
        );
      }
    },
    pause: async () => {},
    close: async () => {},
  };
}
