import type { ReplicaServer } from "./replication";
import type { FileEntry } from "./storage";

/** What was assigned or set, by the property's or parameter's name; what is not there has its default. */
export type ClusterProperties = Record<string, number | string>;

export interface Cluster {
  id: string;
  name: string;
  quorum: string;
  sharedVolumes: SharedVolume[];
  /** By key: files of the shared volumes, the same for every node. */
  files: Record<string, FileEntry>;
  groups: Group[];
  /** Groups without a machine: the cluster's own, and what somebody made. */
  plainGroups?: PlainGroup[];
  networks?: ClusterNetwork[];
  /** Id of the resource that has a vote. */
  witness?: string | null;
  /** Raised by hand; that of its oldest node without one. */
  functionalLevel?: number;
  /** Where the cluster's name is known, `ActiveDirectoryAndDns` without one. */
  accessPoint?: string;
  groupSets?: GroupSet[];
  affinityRules?: AffinityRule[];
  faultDomains?: FaultDomain[];
  /** Of its broker, for all nodes. */
  replicaServer?: ReplicaServer;
  nodes: ClusterNode[];
  properties: ClusterProperties;
  /** Private properties of a type of resources, which its resources inherit. */
  resourceTypes: Record<string, ClusterProperties>;
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
  statusInformation: "0" | "PhysicalResourcesLacking" | "OfflineAntiAffinityConflict" | "WaitingForDependencies";
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

export interface SharedVolume {
  name: string;
  path: string;
  sizeBytes: number;
  /** Taken away, for every node. */
  away?: boolean;
  /** Of the disk's resource. */
  id?: string;
  /** Id of its disk. */
  diskId?: string;
  /** The node that coordinates it; the first that lives without one. */
  ownerNode?: string;
}

/** A group whose resources are online where it is; its state is that of its resources. */
export interface PlainGroup {
  id: string;
  name: string;
  /** By name, such as `Cluster` or `VMReplicaBroker`. */
  type: string;
  ownerNode: string;
  defaultOwner: number;
  properties: ClusterProperties;
  preferredOwners: string[];
  antiAffinityClassNames: string[];
  resources: PlainResource[];
}

export interface PlainResource {
  id: string;
  name: string;
  /** Name of its type, such as `IP Address`. */
  type: string;
  possibleOwners: string[] | null;
  properties: ClusterProperties;
  parameters: ClusterProperties;
  online: boolean;
  failed?: boolean;
  /** Ids of the resources that it depends on. */
  dependsOn: string[];
  /** Id of the disk that it is. */
  diskId?: string;
}

export interface ClusterNetwork {
  id: string;
  name: string;
  address: string;
  addressMask: string;
  role: "None" | "Cluster" | "ClusterAndClient";
  /** What the cluster has chosen. */
  autoMetric: number;
  /** What somebody has set instead. */
  metric?: number;
  description?: string;
}

export interface GroupSet {
  name: string;
  /** Ids of groups, and names of the sets that come before. */
  groups: string[];
  providers: string[];
  trigger: "Delay" | "Online";
  delay: number;
  count: number;
  isGlobal: boolean;
}

export interface AffinityRule {
  name: string;
  type: "SameFaultDomain" | "SameNode" | "DifferentFaultDomain" | "DifferentNode";
  /** Ids of groups and of shared volumes. */
  groups: string[];
  enabled: boolean;
  soft: boolean;
}

/** Nodes are there without an entry; they have one for what was set of them. */
export interface FaultDomain {
  id: string;
  name: string;
  type: "Site" | "Rack" | "Chassis" | "Node";
  parentId: string | null;
  description: string;
  location: string;
}
