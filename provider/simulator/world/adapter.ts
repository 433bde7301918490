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
  /** The member of the switch's team that it is tied to. */
  teamMember?: { interfaceGuid: string; disableOnFailover: string };
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
  failover?: FailoverAddresses;
}

/** What an adapter is given when a replica fails over, by parameter; spelled out for the compiler that Pulumi brings along. */
export interface FailoverAddresses {
  IPv4Address?: string;
  IPv4SubnetMask?: string;
  IPv4DefaultGateway?: string;
  IPv4PreferredDNSServer?: string;
  IPv4AlternateDNSServer?: string;
  IPv6Address?: string;
  IPv6SubnetPrefixLength?: string;
  IPv6DefaultGateway?: string;
  IPv6PreferredDNSServer?: string;
  IPv6AlternateDNSServer?: string;
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
