/** What Set-VMReplicationServer sets, of a host or of a cluster's broker. */
export interface ReplicaServer {
  replicationEnabled: boolean;
  allowedAuthenticationType: string | null;
  replicationAllowedFromAnyServer: boolean;
  defaultStorageLocation: string | null;
  kerberosAuthenticationPort: number;
  certificateAuthenticationPort: number;
  kerberosAuthenticationPortMapping: Record<string, number>;
  certificateAuthenticationPortMapping: Record<string, number>;
  /** TimeSpans as text. */
  monitoringInterval: string;
  monitoringStartTime: string;
  entries: AuthorizationEntry[];
}

export interface AuthorizationEntry {
  allowedPrimaryServer: string;
  replicaStorageLocation: string;
  trustGroup: string;
}

/** How a machine is replicated, on the side that it is on. */
export interface Replication {
  mode: "Primary" | "Replica" | "TestReplica";
  /** By the names of VMReplicationState. */
  state: string;
  primaryServerName: string;
  replicaServerName: string;
  /** Names of the hosts, behind a broker too. */
  primaryNode: string;
  replicaNode: string;
  settings: ReplicationSettings;
  /** Disks of the machine that are left out. */
  excludedPaths: string[];
  /** When the first copy is to begin. */
  initialReplicationStartTime?: string;
  /** Of a replica: the machine that tests it. */
  testMachineId?: string;
}

export interface ReplicationSettings {
  replicaServerPort: number;
  authenticationType: string;
  certificateThumbprint: string;
  compressionEnabled: boolean;
  replicateHostKvpItems: boolean;
  bypassProxyServer: boolean;
  enableWriteOrderPreservationAcrossDisks: boolean;
  recoveryHistory: number;
  vssSnapshotFrequencyHour: number;
  replicationFrequencySec: number;
  autoResynchronizeEnabled: boolean;
  autoResynchronizeIntervalStart: string;
  autoResynchronizeIntervalEnd: string;
}
