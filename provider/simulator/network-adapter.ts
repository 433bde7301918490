import { addBootEntry, removeBootEntry } from "./boot-order";
import type { Running } from "./cmdlet";
import { hardwarePart, hardwareOf, instanceId, type Owner } from "./hardware";
import { sameName } from "./names";
import { locate, record, type Thing, type View } from "./thing";
import { type Adapter, type AdapterSettings, type Machine, newGuid, type Node, type Switch, type Vlan, type World } from "./world";

export const noMacAddress = "000000000000";

/** What a host gives an adapter unless it is told otherwise (hyper-v.md 3). */
export function adapterDefaults(): AdapterSettings {
  return {
    macAddressSpoofing: "Off",
    dhcpGuard: "Off",
    routerGuard: "Off",
    portMirroring: "None",
    ieeePriorityTag: "Off",
    allowTeaming: "Off",
    deviceNaming: "Off",
    vmqWeight: 100,
    iovWeight: 0,
    iovQueuePairsRequested: 1,
    iovInterruptModeration: "Default",
    ipsecOffloadMaximumSecurityAssociation: 512,
    maximumBandwidth: 0,
    minimumBandwidthAbsolute: 0,
    minimumBandwidthWeight: 0,
    virtualSubnetId: 0,
    stormLimit: 0,
    dynamicIPAddressLimit: 0,
    vlan: untagged(),
  };
}

export function untagged(): Vlan {
  return {
    mode: "Untagged",
    accessVlanId: 0,
    nativeVlanId: 0,
    allowedVlanIds: [],
    privateMode: null,
    primaryVlanId: 0,
    secondaryVlanId: 0,
    secondaryVlanIds: [],
  };
}

export function newAdapter(
  world: World,
  { name = "Network Adapter", isLegacy = false, on }: { name?: string; isLegacy?: boolean; on?: Switch },
): Adapter {
  return {
    ...adapterDefaults(),
    id: newGuid(world),
    name,
    isLegacy,
    switchId: on?.id ?? null,
    switchName: on?.name ?? null,
    macAddress: noMacAddress,
    dynamicMacAddressEnabled: true,
    clusterMonitored: true,
  };
}

export function addAdapter(machine: Machine, adapter: Adapter): void {
  machine.adapters.push(adapter);
  addBootEntry(machine, { kind: "adapter", adapterId: adapter.id });
}

export function removeAdapter(machine: Machine, adapter: Adapter): void {
  machine.adapters = machine.adapters.filter((candidate) => candidate !== adapter);
  removeBootEntry(machine, { kind: "adapter", adapterId: adapter.id });
}

/** The one switch of this name; none and several are errors where one is needed (recorded, hyper-v.md 1.3 and 3). */
export function switchNamed(call: Running, name: string): Switch {
  const [found, another] = call.node.switches.filter((candidate) => sameName(candidate.name, name));
  if (!found) call.invalid(`Hyper-V was unable to find a virtual switch with name "${name}".`);
  if (another) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  return found;
}

/** At its first start a machine gets its dynamic addresses from the host's pool. False when the pool is empty. */
export function assignMacAddresses(node: Node, machine: Machine): boolean {
  for (const adapter of machine.adapters) {
    if (!adapter.dynamicMacAddressEnabled || adapter.macAddress !== noMacAddress) continue;
    const address = nextMacAddress(node);
    if (address === undefined) return false;
    adapter.macAddress = address;
  }
  return true;
}

/** 256 addresses a host, the pool's first that no machine of the node has. */
function nextMacAddress(node: Node): string | undefined {
  const taken = new Set(node.machines.flatMap(({ adapters }) => adapters.map(({ macAddress }) => macAddress)));
  for (let tried = 0; tried < 256; tried += 1) {
    const last = (node.macPool.next + tried) % 256;
    const address = node.macPool.prefix + last.toString(16).padStart(2, "0").toUpperCase();
    if (taken.has(address)) continue;
    node.macPool.next = last + 1;
    return address;
  }
  return undefined;
}

export function adapterThings(owner: Owner): Thing[] {
  return hardwareOf(owner).adapters.map((adapter) => adapterThing(owner, adapter));
}

export function adapterThing(owner: Owner, { id }: Adapter): Thing {
  return hardwarePart(
    "VMNetworkAdapter",
    owner,
    { Id: instanceId(owner.machine, id), AdapterId: id.toUpperCase() },
    (hardware) => hardware.adapters.find((adapter) => adapter.id === id),
    (adapter, machine, world) => ({
      Id: instanceId(machine, id),
      AdapterId: id.toUpperCase(),
      Name: adapter.name,
      IsLegacy: adapter.isLegacy,
      IsSynthetic: !adapter.isLegacy,
      IsManagementOs: false,
      IsExternalAdapter: false,
      IsTemplate: false,
      MacAddress: adapter.macAddress,
      DynamicMacAddressEnabled: adapter.dynamicMacAddressEnabled,
      ClusterMonitored: adapter.clusterMonitored,
      PoolName: "",
      Status: [machine.state === "Running" ? "Ok" : "Unknown"],
      StatusDescription: [machine.state === "Running" ? "OK" : ""],
      IPAddresses: owner.checkpoint ? [] : addressesOf(machine, adapter),
      ...connectionView(adapter, locate(world, machine.id)?.node),
      ...settingsView(adapter),
    }),
  );
}

/** An adapter stays on its switch by id, and shows the name that the switch has now. */
function connectionView(adapter: Adapter, node: Node | undefined): View {
  const on = node?.switches.find(({ id }) => id === adapter.switchId);
  return { Connected: adapter.switchId !== null, SwitchId: adapter.switchId, SwitchName: on?.name ?? adapter.switchName };
}

/** Settings of adapters of machines and of the host alike. */
export function settingsView(settings: AdapterSettings): View {
  return {
    MacAddressSpoofing: settings.macAddressSpoofing,
    DhcpGuard: settings.dhcpGuard,
    RouterGuard: settings.routerGuard,
    PortMirroringMode: settings.portMirroring,
    IeeePriorityTag: settings.ieeePriorityTag,
    AllowTeaming: settings.allowTeaming,
    DeviceNaming: settings.deviceNaming,
    VMQWeight: settings.vmqWeight,
    IovWeight: settings.iovWeight,
    IovQueuePairsRequested: settings.iovQueuePairsRequested,
    IovQueuePairsAssigned: 0,
    IovInterruptModeration: settings.iovInterruptModeration,
    IPsecOffloadMaxSA: settings.ipsecOffloadMaximumSecurityAssociation,
    VirtualSubnetId: settings.virtualSubnetId,
    StormLimit: settings.stormLimit,
    DynamicIPAddressLimit: settings.dynamicIPAddressLimit,
    VlanSetting: vlanThing(settings.vlan),
    BandwidthSetting: bandwidthThing(settings),
    IsolationSetting: record("VMNetworkAdapterIsolationSetting", {
      IsolationMode: "None",
      AllowUntaggedTraffic: false,
      DefaultIsolationID: 0,
      MultiTenantStack: "Off",
    }),
    CurrentIsolationMode: settings.vlan.mode === "Untagged" ? "None" : "Vlan",
    AclList: [],
    ExtendedAclList: [],
    RoutingDomainList: [],
    InterruptModeration: false,
    NumaAwarePlacement: true,
    FixSpeed10G: "Off",
    VrssEnabled: true,
    VrssEnabledRequested: true,
    VmmqEnabled: false,
    VmmqEnabledRequested: false,
    VrssMaxQueuePairs: 16,
    VrssMaxQueuePairsRequested: 16,
    VrssMinQueuePairs: 1,
    VrssMinQueuePairsRequested: 1,
    VrssQueueSchedulingMode: "StaticVrss",
    VrssQueueSchedulingModeRequested: "StaticVrss",
    VrssExcludePrimaryProcessor: false,
    VrssExcludePrimaryProcessorRequested: false,
    VrssIndependentHostSpreading: false,
    VrssIndependentHostSpreadingRequested: false,
    VrssVmbusChannelAffinityPolicy: "Strong",
    VrssVmbusChannelAffinityPolicyRequested: "Strong",
    TestReplicaSwitchName: "",
    IsDeleted: false,
  };
}

export function vlanThing(vlan: Vlan): Thing {
  return record("VMNetworkAdapterVlanSetting", {
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
  });
}

/** Ids as a host writes them: `1-100,200`. */
export function vlanRanges(ids: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const id of [...ids].sort((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range && range[1] >= id - 1) range[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
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

const keyValuePairExchange = "2a34b1c2-fd73-4043-8a5b-dd2159bc743f";

/**
 * A guest's addresses, which it tells by key-value pairs while it runs: in order one for each connected adapter, the rest
 * for the last.
 */
function addressesOf(machine: Machine, adapter: Adapter): string[] {
  if (machine.state !== "Running" || !machine.guest.booted || !machine.integrationServices[keyValuePairExchange]) return [];
  const connected = machine.adapters.filter(({ switchId }) => switchId !== null);
  const at = connected.indexOf(adapter);
  const last = connected.length - 1;
  return at < 0 ? [] : machine.guest.ipAddresses.slice(at, at === last ? undefined : at + 1);
}

/** What a guest that boots by itself calls its own: made of the adapters' MAC addresses, as there is no DHCP server. */
export function bootAddresses({ adapters }: Machine): string[] {
  return adapters
    .filter(({ switchId }) => switchId !== null)
    .map(({ macAddress }) => ["10", ...[6, 8, 10].map((at) => Number.parseInt(macAddress.slice(at, at + 2), 16))].join("."));
}
