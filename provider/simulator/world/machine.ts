import type { Adapter } from "./adapter";
import type { Replication } from "./replication";

export type MachineState = "Off" | "Running" | "Saved" | "Paused";

/** What a machine's checkpoint freezes and a restore brings back. */
export interface Hardware {
  name: string;
  notes: string;
  automaticStartAction: string;
  automaticStartDelay: number;
  automaticStopAction: string;
  automaticCriticalErrorAction: string;
  automaticCriticalErrorActionTimeout: number;
  checkpointType: string;
  automaticCheckpointsEnabled: boolean;
  snapshotFileLocation: string;
  smartPagingFilePath: string;
  lowMemoryMappedIoSpace: number;
  highMemoryMappedIoSpace: number;
  guestControlledCacheTypes: boolean;
  lockOnDisconnect: string;
  enhancedSessionTransportType: string;
  batteryPassthroughEnabled: boolean;
  processor: Processor;
  memory: Memory;
  adapters: Adapter[];
  /** SCSI controllers by position; their number is the position. */
  scsiControllers: { id: string }[];
  drives: Drive[];
  firmware: Firmware;
  bios: { startupOrder: string[]; numLockEnabled: boolean };
  security: Security;
  /** By the service's guid. */
  integrationServices: Record<string, boolean>;
  comPorts: { path: string; debuggerMode: string }[];
}

export interface Machine extends Hardware {
  id: string;
  generation: 1 | 2;
  version: string;
  path: string;
  state: MachineState;
  guest: Guest;
  checkpoints: Checkpoint[];
  /** The checkpoint that the machine stands on. */
  currentCheckpoint: string | null;
  /** The cluster group's id when it is a role. */
  groupId: string | null;
  replication?: Replication;
  /** Of a machine that replication has made: what tells it from its original, which has the same id. */
  copy?: string;
  /** Its use of the host is measured. */
  metered?: boolean;
  /** How often its guest has begun anew. */
  starts?: number;
  /** Work that nothing else may disturb, or a state between states. */
  underWay?: UnderWay;
}

export interface UnderWay {
  /** An operational status such as `BackingUpVirtualMachine`. */
  status?: string;
  /** The state that the machine shows meanwhile, such as `Stopping` or `RunningCritical`. */
  state?: string;
  /** How long it still takes. */
  seconds: number;
}

export interface Guest {
  /** The guest's services answer: shutdown, heartbeat, addresses. */
  booted: boolean;
  ipAddresses: string[];
  /** Signed in with unsaved work behind a locked screen. */
  locked: boolean;
  /** TCP ports that it listens on; a usual few if not given. */
  ports?: number[];
  /** What a cluster watches in it: names of services, and events as `log,source,id`. */
  monitoredItems?: string[];
}

export interface Processor {
  count: number;
  reserve: number;
  maximum: number;
  relativeWeight: number;
  exposeVirtualizationExtensions: boolean;
  compatibilityForMigrationEnabled: boolean;
  compatibilityForOlderOperatingSystemsEnabled: boolean;
  hwThreadCountPerCore: number;
  maximumCountPerNumaNode: number;
  maximumCountPerNumaSocket: number;
  enableHostResourceProtection: boolean;
  resourcePoolName: string;
  /** Of pmu, lbr, pebs and ipt. */
  perfmon: string[];
  enableLegacyApicMode: boolean;
  allowACountMCount: boolean;
}

export interface Memory {
  startupBytes: number;
  dynamicMemoryEnabled: boolean;
  minimumBytes: number;
  maximumBytes: number;
  buffer: number;
  priority: number;
  maximumPerNumaNodeMiB: number;
  resourcePoolName: string;
}

export interface Drive {
  /** Stays with the drive when it moves to another slot; the `Id` that a host shows is made of the slot. */
  id: string;
  kind: "HardDisk" | "Dvd";
  controllerType: "IDE" | "SCSI";
  controllerNumber: number;
  controllerLocation: number;
  path: string | null;
  /** Of a physical disk of the host. */
  diskNumber?: number;
  maximumIOPS: number;
  minimumIOPS: number;
  supportPersistentReservations: boolean;
  overrideCacheAttributes: string;
  qosPolicyId: string;
  poolName: string;
}

/** A boot entry points at a device by identity. */
export type BootEntry =
  | { kind: "adapter"; adapterId: string }
  | { kind: "drive"; driveId: string }
  | { kind: "file"; path: string };

export interface Firmware {
  secureBoot: "On" | "Off";
  secureBootTemplate: string;
  bootOrder: BootEntry[];
  preferredNetworkBootProtocol: string;
  consoleMode: string;
  pauseAfterBootFailure: string;
}

export interface Security {
  keyProtector: "none" | "local" | "given";
  tpmEnabled: boolean;
  /** Once a virtual TPM was initialised the secure boot template is locked. */
  tpmInitialised: boolean;
  encryptStateAndVmMigrationTraffic: boolean;
  virtualizationBasedSecurityOptOut: boolean;
  shielded: boolean;
  bindToHostTpm: boolean;
  /** Its bytes as base64. */
  keyProtectorData: string | null;
  /** The node whose guardian made a local key protector: no other can unlock it. */
  guardianNode: string | null;
}

export interface Checkpoint {
  id: string;
  name: string;
  parentId: string | null;
  /** Whether memory was taken along: what a restore resumes to. */
  standard: boolean;
  /** Taken by the host at a start, and merged again at the stop. */
  automatic: boolean;
  stateThen: MachineState;
  guestThen: Guest;
  hardware: Hardware;
}
