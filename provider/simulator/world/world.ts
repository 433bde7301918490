import type { AdapterSettings, QueueSettings } from "./adapter";
import type { Cluster } from "./cluster";
import type { HostSettings, MigrationNetwork } from "./host";
import type { Machine } from "./machine";
import type { ReplicaServer } from "./replication";
import type { FileEntry, SharedDisk, Volume } from "./storage";

export type * from "./adapter";
export type * from "./cluster";
export { createWorld, usualNetAdapters } from "./create";
export type * from "./description";
export { newGuid } from "./guid";
export type * from "./host";
export type * from "./machine";
export type * from "./replication";
export type * from "./storage";

/** Everything that a simulated Hyper-V environment consists of; plain data, so that it is a JSON file as it stands. */
export interface World {
  schemaVersion: 1;
  /** From it and `serial` come all ids that a host chooses, so that a world can be played again. */
  seed: string;
  serial: number;
  nodes: Node[];
  cluster?: Cluster;
  /** The domain of all nodes, null for a workgroup; `corp.example` without one. */
  domain?: string | null;
  /** How calls come: `remote` over a network logon that has no credentials to hand on. */
  session?: "local" | "remote";
  /** Whether each node may act for its caller towards the others; `all` without one. */
  delegation?: "all" | "none";
  /** Whether the nodes reach the internet, where a cloud witness is. */
  internet?: boolean;
  /** Disks that every node sees. */
  sharedDisks?: SharedDisk[];
  /** Shares that exist, and that clusters and hosts may write: `\\\\server\\share`. */
  fileShares?: string[];
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
  /** The host's pool of dynamic MAC addresses, as installed, and the place of the next address in the range that it has. */
  macPool: { prefix: string; next: number };
  /** What was set of the host; the rest has its default. */
  settings?: Partial<HostSettings>;
  migrationNetworks?: MigrationNetwork[];
  replicaServer?: ReplicaServer;
  nats: Nat[];
  ipAddresses: HostIpAddress[];
  /** Routes to everywhere, which outlive the addresses that they came with. */
  gateways?: Gateway[];
  /** Whether it has the feature of failover clusters; it has without a word. */
  clustering?: boolean;
  /** What its processors can do: a higher level can all that a lower one of the same vendor can. */
  processor?: ProcessorKind;
  /** The cluster that removed it while it was down, which it takes itself for a member of. */
  evictedFrom?: string;
}

export interface ProcessorKind {
  vendor: string;
  level: number;
}

export interface Gateway {
  interfaceAlias: string;
  nextHop: string;
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
