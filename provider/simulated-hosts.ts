import { Cluster, single } from "./host/cluster";
import { UnreachableError } from "./host/errors";
import type { Host, Hosts } from "./host/host";
import { SimulatedConnectionError, Simulator } from "./simulator";

/** The hosts of a world in a file, by their names. */
export function simulatedHosts(file: string): (node: string | undefined) => Host {
  const simulator = Simulator.open(file);
  return (node) => simulatedHost(simulator, node);
}

/** The nodes of a simulated world as a provider has them; a single host without names. */
export function connectSimulated(simulator: Simulator, nodes: readonly string[] = [], isClustered = true): Hosts {
  if (nodes.length === 0) return single(simulatedHost(simulator, undefined));
  const hosts = nodes.map((name) => ({ name, host: simulatedHost(simulator, name) }));
  return new Cluster(hosts, isClustered);
}

/** A simulated node as a host. Time passes there without costing any here. */
export function simulatedHost(simulator: Simulator, node: string | undefined): Host {
  const address = node ?? "the simulated host";
  return {
    address,
    run: async (calls, options) => {
      try {
        const { timeoutSeconds, signal } = options ?? {};
        const timeoutMilliseconds = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
        return await simulator.run(node, calls, { signal, timeoutMilliseconds });
      } catch (error) {
        if (error instanceof Error && error.name === "AbortError")
          throw new UnreachableError(
            `there was no answer within ${options?.timeoutSeconds} seconds`,
            { address, delivered: true },
            { cause: error },
          );
        if (!(error instanceof SimulatedConnectionError)) throw error;
        throw new UnreachableError(
          error.message,
          { address, delivered: error.code === "ECONNRESET" },
          { cause: error },
        );
      }
    },
    reaches: (endpoint) => simulator.listens(endpoint),
    pause: (milliseconds) => simulator.passes(milliseconds / 1000),
    // nothing that was read is kept
    forget: () => {},
    close: () => simulator.close(),
  };
}
