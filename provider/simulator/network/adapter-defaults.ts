import { hostSettings } from "../world/host";
import type { AdapterSettings, Node, QueueSettings, Vlan } from "../world/world";

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
    interruptModeration: false,
    numaAwarePlacement: true,
    mediaType: 0,
    fixSpeed10G: "Off",
    packetDirectNumProcs: 0,
    packetDirectModerationCount: 64,
    packetDirectModerationInterval: 1000000,
    testReplicaPoolName: "",
    testReplicaSwitchName: "",
    poolName: "",
    mandatoryFeatureIds: [],
    queue: queueDefaults(),
    vrssIndependentHostSpreading: false,
    vrssVmbusChannelAffinityPolicy: "Strong",
    vlan: untagged(),
    isolation: { mode: "None", allowUntaggedTraffic: false, defaultId: 0, multiTenantStack: "Off" },
  };
}

/** Of adapters and of the default queue of a switch (D, hyper-v.md 3). */
export function queueDefaults(): QueueSettings {
  return {
    vrssEnabled: true,
    vmmqEnabled: false,
    vrssMaxQueuePairs: 16,
    vrssMinQueuePairs: 1,
    vrssQueueSchedulingMode: "StaticVrss",
    vrssExcludePrimaryProcessor: false,
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

/** The first address of the host's range that nobody on the node has, from the one after the last that was given. */
export function nextMacAddress(node: Node): string | undefined {
  const adapters = [
    ...node.machines.flatMap((machine) => machine.adapters),
    ...node.switches.flatMap(({ hostAdapters }) => hostAdapters),
  ];
  const taken = new Set(adapters.map(({ macAddress }) => macAddress));
  const { macAddressMinimum, macAddressMaximum } = hostSettings(node);
  const first = Number.parseInt(macAddressMinimum, 16);
  const size = Number.parseInt(macAddressMaximum, 16) - first + 1;
  for (let tried = 0; tried < size; tried += 1) {
    const place = (node.macPool.next + tried) % size;
    const address = (first + place).toString(16).padStart(12, "0").toUpperCase();
    if (taken.has(address)) continue;
    node.macPool.next = place + 1;
    return address;
  }
  return undefined;
}
