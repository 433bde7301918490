import { Cluster, single } from "./host/cluster";
import { UnreachableError } from "./host/errors";
import type { Host, Hosts } from "./host/host";
import { LocalTransport } from "./host/local";
import { HostPool } from "./host/pool";
import { traced, traceWriter } from "./host/trace";
import {
  type NodeSettings,
  needsAddress,
  needsFile,
  nodesOf,
  onlyThisMachine,
  type Settings,
  transportOf,
} from "./settings";
import { SimulatedConnectionError, Simulator } from "./simulator";

/** A node, or with nothing in it the one host of a provider. */
type Node = Partial<NodeSettings>;

/** All hosts that the settings name. Opens no connection: the first batch does. */
export function connect(settings: Settings): Hosts {
  const write = traceWriter(settings.trace);
  const reach = opener(settings, write && ((line) => write(`# not an answer: ${line}\n`)));
  const open = (node: Node) => (write ? traced(reach(node), write) : reach(node));
  const nodes = nodesOf(settings);
  if (nodes.length === 0) return single(open({}));
  return new Cluster(nodes.map((node) => ({ name: node.name, host: open(node) })));
}

function opener(settings: Settings, onNoise?: (line: string) => void): (node: Node) => Host {
  const transport = transportOf(settings);
  if (transport === "simulator") {
    const open = simulated(settings);
    return ({ name, address = name ?? settings.address }) => open(address);
  }
  return (node) => realHost(settings, node, onNoise);
}

/** A host outside of this process, with its sessions; `onNoise` hears what is no answer. */
export function realHost(settings: Settings, node: Node = {}, onNoise?: (line: string) => void): HostPool {
  const { maxSessions, powershell } = settings;
  if (transportOf(settings) === "local") {
    if (node.name !== undefined) throw new Error(`hyperv:nodes ${onlyThisMachine}.`);
    return new HostPool(new LocalTransport(powershell), { maxSessions, onNoise });
  }
  const host = node.address ?? node.name ?? settings.address;
  if (host === undefined) throw new Error(`hyperv:address ${needsAddress}.`);
  // loaded when it is needed: its library would slow every preview on the simulator
  const { SshTransport } = require("./host/ssh") as typeof import("./host/ssh");
  const transport = new SshTransport({
    host,
    address: node.name ?? host,
    port: node.port ?? settings.port,
    hostKey: node.hostKey ?? settings.hostKey,
    user: settings.user,
    password: settings.password,
    privateKey: settings.privateKey,
    passphrase: settings.passphrase,
    knownHosts: settings.knownHosts,
    powershell,
  });
  return new HostPool(transport, { maxSessions, onNoise });
}

function simulated({ simulator: file }: Settings): (node: string | undefined) => Host {
  if (!file) throw new Error(`hyperv:simulator ${needsFile}.`);
  const simulator = Simulator.open(file);
  return (node) => simulatedHost(simulator, node);
}

/** The nodes of a simulated world as a provider has them; a single host without names. */
export function connectSimulated(simulator: Simulator, nodes: readonly string[] = []): Hosts {
  if (nodes.length === 0) return single(simulatedHost(simulator, undefined));
  return new Cluster(nodes.map((name) => ({ name, host: simulatedHost(simulator, name) })));
}

/** A simulated node as a host. Time passes there without costing any here. */
export function simulatedHost(simulator: Simulator, node: string | undefined): Host {
  const address = node ?? "the simulated host";
  return {
    address,
    run: async (calls, options) => {
      try {
        const limit = options?.timeoutSeconds;
        const signal = limit === undefined ? options?.signal : AbortSignal.timeout(limit * 1000);
        return await simulator.run(node, calls, { signal });
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
    close: () => simulator.close(),
  };
}
