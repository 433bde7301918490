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

/** 256 addresses a host, the pool's first that nobody on the node has. */
export function nextMacAddress(node: Node): string | undefined {
  const adapters = [
    ...node.machines.flatMap((machine) => machine.adapters),
    ...node.switches.flatMap(({ hostAdapters }) => hostAdapters),
  ];
  const taken = new Set(adapters.map(({ macAddress }) => macAddress));
  for (let tried = 0; tried < 256; tried += 1) {
    const last = (node.macPool.next + tried) % 256;
    const address = node.macPool.prefix + last.toString(16).padStart(2, "0").toUpperCase();
    if (taken.has(address)) continue;
    node.macPool.next = last + 1;
    return address;
  }
  return undefined;
}
