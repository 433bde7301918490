import type { Latency, NetAdapter, ProcessorKind, SharedDisk, Volume } from "./world";

/** What a world is made of: hosts with their hardware, and a cluster of them if wished. */
export interface WorldDescription {
  nodes: {
    name: string;
    windowsBuild?: number;
    logicalProcessors?: number;
    memoryBytes?: number;
    /** Addresses with the length of their prefix, set by hand. */
    netAdapters?: (Omit<NetAdapter, "interfaceGuid"> & { addresses?: string[]; gateway?: string })[];
    volumes?: Volume[];
    offlineDisks?: number[];
    clustering?: boolean;
    processor?: ProcessorKind;
  }[];
  cluster?: ClusterDescription;
  domain?: string | null;
  session?: "local" | "remote";
  delegation?: "all" | "none";
  internet?: boolean;
  sharedDisks?: SharedDisk[];
  fileShares?: string[];
  seed?: string;
  latency?: Latency;
  guestsBoot?: boolean;
}

export interface ClusterDescription {
  name: string;
  quorum?: string;
  /** Names of its nodes; all of the world without it. */
  members?: string[];
  /** Of the resource `Cluster IP Address`. */
  ipAddress?: string;
  /** As the cluster found and named them. */
  networks?: { name: string; address: string; addressMask: string; role: string; metric: number }[];
  sharedVolumes?: { name: string; path: string; sizeBytes: number }[];
}
