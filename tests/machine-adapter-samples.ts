import { type Args, machine, type Sample, scalar } from "./sample";

const adapter = (more: Args, around: Args = {}) =>
  machine({ ...around, networkAdapters: [{ name: "front", ...more }] });

/** One property of an adapter, in the arguments that it needs beside it. */
function ofAdapter(
  property: string,
  [set, changed]: readonly [unknown, unknown],
  drift: (name: string) => string,
  beside: Args = {},
): Sample {
  return scalar(`networkAdapters[].${property}`, {}, {}, (name) => [drift(name)], {
    set: () => adapter({ ...beside, [property]: set }),
    changed: () => adapter({ ...beside, [property]: changed }),
    removed: () => adapter(beside),
  });
}

const setAdapter = (parameter: string, value: string | number) => (name: string) =>
  `Set-VMNetworkAdapter -VMName ${name} -${parameter} ${value}`;
const setVlan = (parameters: string) => (name: string) => `Set-VMNetworkAdapterVlan -VMName ${name} ${parameters}`;

/** One property of a kind of VLAN; those that are needed go with their kind. */
function ofVlan(
  kind: "vlanTrunk" | "privateVlan",
  property: string,
  [set, changed]: readonly [Args, Args],
  drift: string,
  without: Args = {},
): Sample {
  return scalar(`networkAdapters[].${kind}${property}`, {}, {}, (name) => [setVlan(drift)(name)], {
    set: () => adapter({ [kind]: set }),
    changed: () => adapter({ [kind]: changed }),
    removed: () => adapter(without),
  });
}

const isolated = { mode: "Isolated", primaryVlanId: 10, secondaryVlanId: 200 };
const promiscuous = { mode: "Promiscuous", primaryVlanId: 10, secondaryVlanIdList: "200" };

export const machineAdapterSamples: Sample[] = [
  scalar("networkAdapters[].isLegacy", {}, {}, (name) => [`Remove-VMNetworkAdapter -VMName ${name} -Name front`], {
    set: () => adapter({ isLegacy: false }, { generation: 1 }),
    changed: () => adapter({ isLegacy: true }, { generation: 1 }),
    removed: () => adapter({}, { generation: 1 }),
  }),
  ofVlan("vlanTrunk", "", [{ allowedVlanIdList: "1-10" }, { allowedVlanIdList: "1-20" }], "-Access -VlanId 7"),
  ofVlan(
    "vlanTrunk",
    ".nativeVlanId",
    [
      { nativeVlanId: 1, allowedVlanIdList: "1-10" },
      { nativeVlanId: 2, allowedVlanIdList: "1-10" },
    ],
    "-Trunk -NativeVlanId 3 -AllowedVlanIdList 1-10",
    { vlanTrunk: { allowedVlanIdList: "1-10" } },
  ),
  ofVlan(
    "vlanTrunk",
    ".allowedVlanIdList",
    [{ allowedVlanIdList: "1-10,20" }, { allowedVlanIdList: "20,1-9" }],
    "-Trunk -NativeVlanId 0 -AllowedVlanIdList 30",
  ),
  ofVlan("privateVlan", "", [isolated, promiscuous], "-Untagged"),
  ofVlan(
    "privateVlan",
    ".mode",
    [isolated, { ...isolated, mode: "Community" }],
    "-Isolated -PrimaryVlanId 10 -SecondaryVlanId 200",
  ),
  ofVlan(
    "privateVlan",
    ".primaryVlanId",
    [isolated, { ...isolated, primaryVlanId: 11 }],
    "-Isolated -PrimaryVlanId 12 -SecondaryVlanId 200",
  ),
  ofVlan(
    "privateVlan",
    ".secondaryVlanId",
    [isolated, { ...isolated, secondaryVlanId: 201 }],
    "-Isolated -PrimaryVlanId 10 -SecondaryVlanId 202",
  ),
  ofVlan(
    "privateVlan",
    ".secondaryVlanIdList",
    [promiscuous, { ...promiscuous, secondaryVlanIdList: "200-202" }],
    "-Promiscuous -PrimaryVlanId 10 -SecondaryVlanIdList 300",
  ),
  ...["macAddressSpoofing", "dhcpGuard", "routerGuard", "ieeePriorityTag", "allowTeaming", "deviceNaming"].map((key) =>
    ofAdapter(key, ["Off", "On"], setAdapter(key, "Off")),
  ),
  ofAdapter("portMirroring", ["Source", "Destination"], setAdapter("PortMirroring", "Source")),
  ofAdapter("maximumBandwidth", [8_000_000, 16_000_000], setAdapter("MaximumBandwidth", 24_000_000)),
  ofAdapter("minimumBandwidthAbsolute", [8_000_000, 16_000_000], setAdapter("MinimumBandwidthAbsolute", 24_000_000), {
    switchName: "absolute",
  }),
  ofAdapter("minimumBandwidthWeight", [10, 20], setAdapter("MinimumBandwidthWeight", 30), { switchName: "lan" }),
  ofAdapter("vmqWeight", [50, 60], setAdapter("VmqWeight", 70)),
  ofAdapter("iovWeight", [50, 60], setAdapter("IovWeight", 70)),
  ofAdapter("iovQueuePairsRequested", [2, 3], setAdapter("IovQueuePairsRequested", 4)),
  ofAdapter("iovInterruptModeration", ["Adaptive", "Low"], setAdapter("IovInterruptModeration", "High")),
  ofAdapter(
    "ipsecOffloadMaximumSecurityAssociation",
    [100, 200],
    setAdapter("IPsecOffloadMaximumSecurityAssociation", 300),
  ),
];
