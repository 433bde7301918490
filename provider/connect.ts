import { Cluster, single } from "./host/cluster";
import type { Host, Hosts } from "./host/host";
import type { HostPool } from "./host/pool/pool";
import { traced, traceWriter } from "./host/session/trace";
import {
  type NodeSettings,
  needsAddress,
  needsFile,
  nodesOf,
  onlyThisMachine,
  type SettingNames,
  type Settings,
  transportOf,
} from "./settings";

/** A node, or with nothing in it the one host of a provider. */
type Node = Partial<NodeSettings>;

/** All hosts that the settings name. Opens no connection: the first batch does. */
export function connect(settings: Settings, names: SettingNames = {}): Hosts {
  const write = traceWriter(settings.trace, names.trace);
  const reach = opener(settings, names, write && ((line) => write(`# not an answer: ${line}\n`)));
  const open = (node: Node) => (write ? traced(reach(node), write) : reach(node));
  const nodes = nodesOf(settings);
  if (nodes.length === 0) return single(open({}));
  return new Cluster(
    nodes.map((node) => ({ name: node.name, host: open(node) })),
    settings.clustered,
  );
}

function opener(settings: Settings, names: SettingNames, onNoise?: (line: string) => void): (node: Node) => Host {
  const transport = transportOf(settings);
  if (transport === "simulator") {
    if (!settings.simulator) throw new Error(`hyperv:simulator ${needsFile}.`);
    const open = simulation().simulatedHosts(settings.simulator);
    return ({ name, address = name ?? settings.address }) => open(address);
  }
  return (node) => realHost(settings, node, { names, onNoise });
}

// loaded when they are needed: each would slow what goes another way
const simulation = () => require("./simulated-hosts") as typeof import("./simulated-hosts");
const local = () => require("./host/local/local") as typeof import("./host/local/local");
const ssh = () => require("./host/ssh/ssh") as typeof import("./host/ssh/ssh");
const pool = () => require("./host/pool/pool") as typeof import("./host/pool/pool");

interface Reaching {
  names?: SettingNames;
  /** Hears what is no answer. */
  onNoise?: ((line: string) => void) | undefined;
}

/** A host outside of this process, with its sessions. */
export function realHost(settings: Settings, node: Node = {}, { names, onNoise }: Reaching = {}): HostPool {
  const { maxSessions, powershell } = settings;
  const { HostPool } = pool();
  if (transportOf(settings) === "local") {
    if (node.name !== undefined) throw new Error(`hyperv:nodes ${onlyThisMachine}.`);
    const { LocalTransport } = local();
    return new HostPool(new LocalTransport(powershell), { maxSessions, onNoise });
  }
  const host = node.address ?? node.name ?? settings.address;
  if (host === undefined) throw new Error(`hyperv:address ${needsAddress}.`);
  const { SshTransport } = ssh();
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
    names: { privateKey: names?.privateKey, hostKey: node.hostKey === undefined ? names?.hostKey : undefined },
  });
  return new HostPool(transport, { maxSessions, onNoise });
}
