import { createHash } from "node:crypto";
import type { AdapterSettings, QueueSettings } from "./adapter";
import type { Cluster } from "./cluster";
import type { Machine } from "./machine";
import type { FileEntry, Volume } from "./storage";

export type * from "./adapter";
export type * from "./cluster";
export type * from "./machine";
export type * from "./storage";

/** Everything that a simulated Hyper-V environment consists of; plain data, so that it is a JSON file as it stands. */
export interface World {
  schemaVersion: 1;
  /** From it and `serial` come all ids that a host chooses, so that a world can be played again. */
  seed: string;
  serial: number;
  nodes: Node[];
  cluster?: Cluster;
  faults: Fault[];
  latency: Latency;
  /** Guests with a hard disk boot by themselves when their machine starts. */
  guestsBoot: boolean;
}

export interface Node {
  name: string;
  windowsBuild: number;
  logicalProcessors: number;
  memoryBytes: number;
  netAdapters: NetAdapter[];
  volumes: Volume[];
  /** Numbers of physical disks that are offline on the host, and can be given to machines. */
  offlineDisks?: number[];
  /** By key (see file-system.ts): files and folders of the node's own volumes. */
  files: Record<string, FileEntry>;
  switches: Switch[];
  machines: Machine[];
  /** A dead node answers nothing; a stopped service answers, and finds nothing. */
  up: boolean;
  vmmsRunning: boolean;
  clusterServiceRunning: boolean;
  /** Next address of the host's pool of dynamic MAC addresses. */
  macPool: { prefix: string; next: number };
  nats: Nat[];
  ipAddresses: HostIpAddress[];
}

export interface NetAdapter {
  name: string;
  interfaceDescription: string;
  interfaceGuid: string;
  macAddress: string;
  linkSpeedBps: number;
  wireless?: boolean;
}

export interface Switch {
  id: string;
  name: string;
  type: "Private" | "Internal" | "External";
  allowManagementOS: boolean;
  /** Interface guids of the bound adapters. */
  netAdapterGuids: string[];
  notes: string;
  embeddedTeaming: boolean;
  loadBalancingAlgorithm: string;
  bandwidthMode: string;
  iovEnabled: boolean;
  packetDirectEnabled: boolean;
  defaultFlowMinimumBandwidthWeight: number;
  defaultFlowMinimumBandwidthAbsolute: number;
  softwareRscEnabled: boolean;
  defaultQueue: QueueSettings;
  /** Adapters of the management OS on this switch. */
  hostAdapters: HostAdapter[];
}

export interface HostAdapter extends AdapterSettings {
  id: string;
  name: string;
  /** What the host's network stack calls it: `vEthernet (name)`. */
  alias: string;
  macAddress: string;
}

export interface Nat {
  name: string;
  internalPrefix: string;
  externalPrefix: string;
  /** What Set-NetNat sets, by parameter. */
  settings: Record<string, string | number | boolean>;
  mappings: {
    id: number;
    protocol: string;
    externalIPAddress: string;
    remoteExternalPrefix: string;
    externalPort: number;
    internalIPAddress: string;
    internalPort: number;
  }[];
}

export interface HostIpAddress {
  ipAddress: string;
  prefixLength: number;
  interfaceAlias: string;
}

/** Something that goes wrong on order. Counts live in the world, so that they hold across processes. */
export interface Fault {
  /** Node it happens on; any without. */
  on?: string;
  /** Cmdlet it happens to; any without. */
  cmdlet?: string;
  /** Matching calls that pass before it happens. */
  after: number;
  /** How many matching calls it then happens to. */
  times: number;
  effect: FaultEffect;
}

export type FaultEffect =
  | { kind: "fail"; errorId?: string; category?: string; message?: string; hresult?: number }
  /** The session is lost: before the call had an effect, or after it. */
  | { kind: "drop"; effectDone: boolean }
  | { kind: "late"; milliseconds: number };

/** `none`, `real` (the table of measured hosts), or so many milliseconds for each call. */
export type Latency = "none" | "real" | number;

/** What a world is made of: hosts with their hardware, and a cluster of them if wished. */
export interface WorldDescription {
  nodes: {
    name: string;
    windowsBuild?: number;
    logicalProcessors?: number;
    memoryBytes?: number;
    netAdapters?: Omit<NetAdapter, "interfaceGuid">[];
    volumes?: Volume[];
    offlineDisks?: number[];
  }[];
  cluster?: { name: string; quorum?: string; sharedVolumes?: { name: string; path: string; sizeBytes: number }[] };
  seed?: string;
  latency?: Latency;
  guestsBoot?: boolean;
}

const GiB = 2 ** 30;
const TiB = 2 ** 40;

export function createWorld(description: WorldDescription): World {
  const world: World = {
    schemaVersion: 1,
    seed:
      description.seed ??
      createHash("sha256").update(`${process.hrtime.bigint()}${process.pid}`).digest("hex").slice(0, 16),
    serial: 0,
    nodes: [],
    faults: [],
    latency: description.latency ?? "none",
    guestsBoot: description.guestsBoot ?? false,
  };
  for (const [index, node] of description.nodes.entries()) {
    world.nodes.push({
      name: node.name,
      windowsBuild: node.windowsBuild ?? 20348,
      logicalProcessors: node.logicalProcessors ?? 16,
      memoryBytes: node.memoryBytes ?? 64 * GiB,
      netAdapters: (node.netAdapters ?? usualNetAdapters(index, 1)).map((adapter) => ({
        ...adapter,
        interfaceGuid: newGuid(world),
      })),
      volumes: node.volumes ?? [
        { root: "C:\\", sizeBytes: 512 * GiB },
        { root: "D:\\", sizeBytes: 2 * TiB },
      ],
      ...(node.offlineDisks && { offlineDisks: node.offlineDisks }),
      files: {},
      switches: [],
      machines: [],
      up: true,
      vmmsRunning: true,
      clusterServiceRunning: description.cluster !== undefined,
      // 00155D is Microsoft's prefix; the next two bytes come from the host's own address on real hosts
      macPool: { prefix: `00155D${(index + 1).toString(16).padStart(4, "0").toUpperCase()}`, next: 0 },
      nats: [],
      ipAddresses: [],
    });
  }
  if (description.cluster) {
    const { name, quorum, sharedVolumes } = description.cluster;
    world.cluster = {
      id: newGuid(world),
      name,
      quorum: quorum ?? "NodeMajority",
      sharedVolumes: sharedVolumes ?? [{ name: "Volume1", path: "C:\\ClusterStorage\\Volume1", sizeBytes: 4 * TiB }],
      files: {},
      groups: [],
      nodes: world.nodes.map((node, index) => ({
        name: node.name,
        id: index + 1,
        paused: false,
        avoidPlacement: false,
        drainStatus: "NotInitiated",
        drained: [],
        properties: {},
      })),
      properties: {},
      resourceTypes: { "Virtual Machine": {}, "Virtual Machine Configuration": {} },
      voters: world.nodes.map((node) => node.name),
      hasQuorum: true,
      unsettled: false,
    };
  }
  return world;
}

/** Physical adapters of the host at this place, named as Windows names them. */
export function usualNetAdapters(host: number, count: number): Omit<NetAdapter, "interfaceGuid">[] {
  const hex = (number: number) => number.toString(16).padStart(2, "0").toUpperCase();
  return Array.from({ length: count }, (_, at) => ({
    name: at === 0 ? "Ethernet" : `Ethernet ${at + 1}`,
    interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+${at === 0 ? "" : ` #${at + 1}`}`,
    macAddress: `3CFDFE00${hex(host + 1)}${hex(at + 1)}`,
    linkSpeedBps: 10_000_000_000,
  }));
}

/** The next id that a host chooses; lower case, as `VirtualMachine.Id` shows it. */
export function newGuid(world: World): string {
  world.serial += 1;
  const hex = createHash("sha256").update(`${world.seed}/${world.serial}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
