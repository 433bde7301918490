import { createHash } from "node:crypto";

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

export interface Volume {
  root: string;
  sizeBytes: number;
}

export interface FileEntry {
  /** As it was written when the file was made; the key is what is compared. */
  path: string;
  kind: "file" | "folder";
  /** Bytes on the volume. */
  sizeBytes: number;
  vhd?: Vhd;
}

export interface Vhd {
  format: "VHD" | "VHDX" | "VHDSet";
  type: "Fixed" | "Dynamic" | "Differencing";
  sizeBytes: number;
  /** Below this a shrink would cut data. */
  minimumSizeBytes: number | null;
  blockSizeBytes: number;
  logicalSectorSizeBytes: number;
  physicalSectorSizeBytes: number;
  parentPath: string | null;
  identifier: string;
  /** The parent's identifier when it became the parent: what Set-VHD compares. */
  parentIdentifier: string | null;
  alignment: number;
  addressAbstractionType: string;
  /** Set while Mount-VHD has it on a host. */
  diskNumber: number | null;
  mountedOn: string | null;
  mountedReadOnly: boolean;
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

/** What Set-VMNetworkAdapter and its relatives set, for machines and the host alike. */
export interface AdapterSettings {
  macAddressSpoofing: string;
  dhcpGuard: string;
  routerGuard: string;
  portMirroring: string;
  ieeePriorityTag: string;
  allowTeaming: string;
  deviceNaming: string;
  vmqWeight: number;
  iovWeight: number;
  iovQueuePairsRequested: number;
  iovInterruptModeration: string;
  ipsecOffloadMaximumSecurityAssociation: number;
  maximumBandwidth: number;
  minimumBandwidthAbsolute: number;
  minimumBandwidthWeight: number;
  virtualSubnetId: number;
  stormLimit: number;
  dynamicIPAddressLimit: number;
  interruptModeration: boolean;
  numaAwarePlacement: boolean;
  mediaType: number;
  fixSpeed10G: string;
  packetDirectNumProcs: number;
  packetDirectModerationCount: number;
  packetDirectModerationInterval: number;
  testReplicaPoolName: string;
  testReplicaSwitchName: string;
  poolName: string;
  mandatoryFeatureIds: string[];
  queue: QueueSettings;
  vrssIndependentHostSpreading: boolean;
  vrssVmbusChannelAffinityPolicy: string;
  vlan: Vlan;
  isolation: Isolation;
}

/** As requested; what is in effect is the same here. */
export interface QueueSettings {
  vrssEnabled: boolean;
  vmmqEnabled: boolean;
  vrssMaxQueuePairs: number;
  vrssMinQueuePairs: number;
  vrssQueueSchedulingMode: string;
  vrssExcludePrimaryProcessor: boolean;
}

export interface Isolation {
  mode: string;
  allowUntaggedTraffic: boolean;
  defaultId: number;
  multiTenantStack: string;
}

export interface Adapter extends AdapterSettings {
  /** The second half of `Microsoft:<VM GUID>\<adapter GUID>`. */
  id: string;
  name: string;
  isLegacy: boolean;
  switchId: string | null;
  /** The switch's name when it was connected: what a move looks for on the other node. */
  switchName: string | null;
  macAddress: string;
  dynamicMacAddressEnabled: boolean;
  clusterMonitored: boolean;
}

export interface Vlan {
  mode: "Untagged" | "Access" | "Trunk" | "Private";
  accessVlanId: number;
  nativeVlanId: number;
  allowedVlanIds: number[];
  privateMode: string | null;
  primaryVlanId: number;
  secondaryVlanId: number;
  secondaryVlanIds: number[];
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

/** What was assigned or set, by the property's or parameter's name; what is not there has its default. */
export type ClusterProperties = Record<string, number | string>;

export interface Cluster {
  id: string;
  name: string;
  quorum: string;
  sharedVolumes: { name: string; path: string; sizeBytes: number }[];
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
      netAdapters: (node.netAdapters ?? [defaultNetAdapter(index)]).map((adapter) => ({
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

function defaultNetAdapter(index: number): Omit<NetAdapter, "interfaceGuid"> {
  return {
    name: "Ethernet",
    interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+",
    macAddress: `3CFDFE00${(index + 1).toString(16).padStart(2, "0").toUpperCase()}01`,
    linkSpeedBps: 10_000_000_000,
  };
}

/** The next id that a host chooses; lower case, as `VirtualMachine.Id` shows it. */
export function newGuid(world: World): string {
  world.serial += 1;
  const hex = createHash("sha256").update(`${world.seed}/${world.serial}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
