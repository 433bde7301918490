import { record, type Thing, type View } from "../engine/thing";
import type { AdapterSettings, Isolation, QueueSettings, Vlan } from "../world/world";

/** Settings that adapters of machines and of the host show alike. */
export function settingsView(settings: AdapterSettings): View {
  return {
    MacAddressSpoofing: settings.macAddressSpoofing,
    DhcpGuard: settings.dhcpGuard,
    RouterGuard: settings.routerGuard,
    PortMirroringMode: settings.portMirroring,
    IeeePriorityTag: settings.ieeePriorityTag,
    AllowTeaming: settings.allowTeaming,
    VMQWeight: settings.vmqWeight,
    IPsecOffloadMaxSA: settings.ipsecOffloadMaximumSecurityAssociation,
    VirtualSubnetId: settings.virtualSubnetId,
    StormLimit: settings.stormLimit,
    DynamicIPAddressLimit: settings.dynamicIPAddressLimit,
    FixSpeed10G: settings.fixSpeed10G,
    VlanSetting: () => record("VMNetworkAdapterVlanSetting", vlanView(settings.vlan)),
    IsolationSetting: () => record("VMNetworkAdapterIsolationSetting", isolationView(settings.isolation)),
    CurrentIsolationMode: isolationOf(settings),
    BandwidthSetting: () => bandwidthThing(settings),
    AclList: [],
    ExtendedAclList: [],
    RoutingDomainList: [],
    ...queueView("", settings.queue),
    VrssIndependentHostSpreading: settings.vrssIndependentHostSpreading,
    VrssIndependentHostSpreadingRequested: settings.vrssIndependentHostSpreading,
    VrssVmbusChannelAffinityPolicy: settings.vrssVmbusChannelAffinityPolicy,
    VrssVmbusChannelAffinityPolicyRequested: settings.vrssVmbusChannelAffinityPolicy,
    IsTemplate: false,
    IsDeleted: false,
  };
}

/** Settings that only a machine's adapter has; the host's has no device naming (rchaganti/HyperVDsc#30). */
export function machineSettingsView(settings: AdapterSettings): View {
  return {
    DeviceNaming: settings.deviceNaming,
    IovWeight: settings.iovWeight,
    IovQueuePairsRequested: settings.iovQueuePairsRequested,
    IovQueuePairsAssigned: 0,
    IovInterruptModeration: settings.iovInterruptModeration,
    InterruptModeration: settings.interruptModeration,
    NumaAwarePlacement: settings.numaAwarePlacement,
    MediaType: settings.mediaType,
    PacketDirectNumProcs: settings.packetDirectNumProcs,
    PacketDirectModerationCount: settings.packetDirectModerationCount,
    PacketDirectModerationInterval: settings.packetDirectModerationInterval,
    PoolName: settings.poolName,
    TestReplicaPoolName: settings.testReplicaPoolName,
    TestReplicaSwitchName: settings.testReplicaSwitchName,
    MandatoryFeatureId: [...settings.mandatoryFeatureIds],
  };
}

/** What was asked for is in `…Requested`, the plain name is what is in effect (D, hyper-v.md 3). */
export function queueView(prefix: "" | "DefaultQueue", queue: QueueSettings): View {
  const { vrssEnabled, vmmqEnabled, vrssMaxQueuePairs, vrssMinQueuePairs } = queue;
  const { vrssQueueSchedulingMode, vrssExcludePrimaryProcessor } = queue;
  return {
    [`${prefix}VrssEnabled`]: vrssEnabled,
    [`${prefix}VrssEnabledRequested`]: vrssEnabled,
    [`${prefix}VmmqEnabled`]: vmmqEnabled,
    [`${prefix}VmmqEnabledRequested`]: vmmqEnabled,
    [`${prefix}VrssMaxQueuePairs`]: vrssMaxQueuePairs,
    [`${prefix}VrssMaxQueuePairsRequested`]: vrssMaxQueuePairs,
    [`${prefix}VrssMinQueuePairs`]: vrssMinQueuePairs,
    [`${prefix}VrssMinQueuePairsRequested`]: vrssMinQueuePairs,
    [`${prefix}VrssQueueSchedulingMode`]: vrssQueueSchedulingMode,
    [`${prefix}VrssQueueSchedulingModeRequested`]: vrssQueueSchedulingMode,
    [`${prefix}VrssExcludePrimaryProcessor`]: vrssExcludePrimaryProcessor,
    [`${prefix}VrssExcludePrimaryProcessorRequested`]: vrssExcludePrimaryProcessor,
  };
}

/** Ids of other modes read 0 (V, hyper-v.md 3). */
function vlanView(vlan: Vlan): View {
  return {
    OperationMode: vlan.mode,
    AccessVlanId: vlan.accessVlanId,
    NativeVlanId: vlan.nativeVlanId,
    AllowedVlanIdList: [...vlan.allowedVlanIds],
    AllowedVlanIdListString: vlanRanges(vlan.allowedVlanIds),
    PrivateVlanMode: vlan.privateMode,
    PrimaryVlanId: vlan.primaryVlanId,
    SecondaryVlanId: vlan.secondaryVlanId,
    SecondaryVlanIdList: [...vlan.secondaryVlanIds],
    SecondaryVlanIdListString: vlanRanges(vlan.secondaryVlanIds),
    IsTemplate: false,
    IsDeleted: false,
  };
}

/** Ids as a host writes them: `1-100,200`. */
function vlanRanges(ids: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const id of [...ids].sort((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range && range[1] >= id - 1) range[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

function isolationView({ mode, allowUntaggedTraffic, defaultId, multiTenantStack }: Isolation): View {
  return {
    IsolationMode: mode,
    AllowUntaggedTraffic: allowUntaggedTraffic,
    DefaultIsolationID: defaultId,
    MultiTenantStack: multiTenantStack,
    IsTemplate: false,
    IsDeleted: false,
  };
}

/** VLAN and isolation are two families of cmdlets for one thing (D, hyper-v.md 3). */
function isolationOf({ isolation, vlan }: AdapterSettings): string {
  if (isolation.mode !== "None") return isolation.mode;
  return vlan.mode === "Untagged" ? "None" : "Vlan";
}

/** The class that the reference does not list (K, hyper-v.md 10 row 5). */
function bandwidthThing(settings: AdapterSettings): Thing {
  return record("VMNetworkAdapterBandwidthSetting", {
    MaximumBandwidth: settings.maximumBandwidth,
    MinimumBandwidthAbsolute: settings.minimumBandwidthAbsolute,
    MinimumBandwidthWeight: settings.minimumBandwidthWeight,
    BurstLimit: 0,
    BurstSize: 0,
  });
}
