import type { FileEntry } from "./storage";

/** What was assigned or set, by the property's or parameter's name; what is not there has its default. */
export type ClusterProperties = Record<string, number | string>;

export interface Cluster {
  id: string;
  name: string;
  quorum: string;
  /** Those that are away are so for every node. */
  sharedVolumes: { name: string; path: string; sizeBytes: number; away?: boolean }[];
  /** By key: files of the shared volumes, the same for every node. */
  files: Record<string, FileEntry>;
  groups: Group[];
  nodes: ClusterNode[];
  properties: ClusterProperties;
  /** Private properties of a type of resources, which its resources inherit. */
  resourceTypes: Record<Resource["type"], ClusterProperties>;
  /** Names of the nodes that have a vote now. */
  voters: string[];
  hasQuorum: boolean;
  /** Nodes died or came, and nothing has been done about it: what happens until then happens together. */
  unsettled: boolean;
}

export interface ClusterNode {
  name: string;
  id: number;
  paused: boolean;
  avoidPlacement: boolean;
  drainStatus: "NotInitiated" | "InProgress" | "Completed" | "Failed";
  /** Group ids that a drain took from here, for an immediate failback. */
  drained: string[];
  properties: ClusterProperties;
}

/** State and owner are not here: a role is where its machine is, and online while that runs. */
export interface Group {
  id: string;
  name: string;
  /** The machine's id. */
  vmId: string;
  /** Where the machine was last; only of use once it is gone. */
  ownerNode: string;
  /** Id of the node that it was last sent to. */
  defaultOwner: number;
  properties: ClusterProperties;
  preferredOwners: string[];
  antiAffinityClassNames: string[];
  /** Since somebody last started it. */
  failures: number;
  /** Did not come online, and is not off because somebody wanted it so. */
  failed: boolean;
  statusInformation: "0" | "PhysicalResourcesLacking" | "OfflineAntiAffinityConflict";
  /** The configuration alone, without the machine. */
  configurationOnline: boolean;
  /** Was online when its node died or its quorum was lost: what comes back by itself. */
  wantedOnline: boolean;
  resources: Resource[];
}

export interface Resource {
  id: string;
  name: string;
  type: "Virtual Machine" | "Virtual Machine Configuration";
  /** Names of nodes; null for all. */
  possibleOwners: string[] | null;
  properties: ClusterProperties;
  parameters: ClusterProperties;
}
