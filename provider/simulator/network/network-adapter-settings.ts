import type { Cmdlets, Running } from "../engine/cmdlet";
import { apply, given, outside, requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Adapter, AdapterSettings, Node, QueueSettings } from "../world/world";
import { noMacAddress } from "./adapter-defaults";
import { staticMacAddress } from "./mac-address";
import { passedTargets, type Target, targetsOf } from "./network-adapter-selection";
import { eighth } from "./virtual-switch";

export const networkAdapterSettingsCmdlets: Cmdlets = {
  "Set-VMNetworkAdapter": setTargets,
};

/** With `-Name` it selects; renaming is another cmdlet's (S, hyper-v.md 3). */
function setTargets(call: Running): Thing[] {
  const targets = targetsOf(call);
  apply(targets.map((target) => prepareTarget(call, target)));
  return passedTargets(call, targets);
}

const device = "failed to modify device 'Synthetic Ethernet Port'";

/** Looks at everything that is given, and answers what does it. */
function prepareTarget(call: Running, target: Target): () => void {
  const macAddress = staticMacAddress(call);
  const changesMac = macAddress !== undefined || call.flag("DynamicMacAddress");
  const changes = Object.entries(settings).flatMap(([parameter, setting]) => {
    const value = given(call, parameter);
    return value === undefined ? [] : [{ setting, value }];
  });
  if (target.kind === "host" && (changesMac || changes.some(({ setting }) => setting.machineOnly)))
    call.invalid(`'${target.adapter.name}' is an adapter of the host, which does not have this setting.`);
  for (const { setting, value } of changes) {
    const wrong = setting.wrong?.(value, target, call);
    if (wrong !== undefined) call.invalid(`${device}. ${wrong}`);
  }
  if (target.kind === "machine" && (changesMac || changes.some(({ setting }) => setting.off)))
    requireOff(call, target.machine, device);
  return () => {
    for (const { setting, value } of changes) setting.set(target.adapter, value);
    if (target.kind === "machine" && changesMac) setMacAddress(target.adapter, macAddress);
  };
}

/** Without an address it becomes dynamic: a new one comes with the next start. */
function setMacAddress(adapter: Adapter, macAddress: string | undefined): void {
  if (macAddress === undefined && adapter.dynamicMacAddressEnabled) return;
  adapter.macAddress = macAddress ?? noMacAddress;
  adapter.dynamicMacAddressEnabled = macAddress === undefined;
}

interface Setting {
  off?: boolean;
  machineOnly?: boolean;
  wrong?(value: unknown, target: Target, call: Running): string | undefined;
  set(settings: AdapterSettings, value: unknown): void;
}

type Wrong<Value> = (value: Value, target: Target, node: Node) => string | undefined;

/** The binder has converted the value to the parameter's type. */
function described<Value>(
  set: (settings: AdapterSettings, value: Value) => void,
  wrong?: Wrong<Value>,
  marks: Pick<Setting, "off" | "machineOnly"> = {},
): Setting {
  return {
    ...marks,
    wrong: (value, target, call) => wrong?.(value as Value, target, call.node),
    set: (settings, value) => set(settings, value as Value),
  };
}

function field<Key extends keyof AdapterSettings>(
  key: Key,
  wrong?: Wrong<AdapterSettings[Key]>,
  marks?: Pick<Setting, "off" | "machineOnly">,
): Setting {
  return described<AdapterSettings[Key]>(
    (settings, value) => {
      settings[key] = value;
    },
    wrong,
    marks,
  );
}

function queue<Key extends keyof QueueSettings>(key: Key): Setting {
  return described<QueueSettings[Key]>((settings, value) => {
    settings.queue[key] = value;
  });
}

const machineOnly = { machineOnly: true };
const off = { machineOnly: true, off: true };

const settings: Readonly<Record<string, Setting>> = {
  MacAddressSpoofing: field("macAddressSpoofing"),
  DhcpGuard: field("dhcpGuard"),
  RouterGuard: field("routerGuard"),
  PortMirroring: field("portMirroring"),
  IeeePriorityTag: field("ieeePriorityTag"),
  AllowTeaming: field("allowTeaming"),
  DeviceNaming: field("deviceNaming", undefined, machineOnly),
  VmqWeight: field("vmqWeight", outside(0, 100)),
  IovWeight: field("iovWeight", outside(0, 100), machineOnly),
  IovQueuePairsRequested: field("iovQueuePairsRequested", outside(1, 2 ** 32), machineOnly),
  IovInterruptModeration: field("iovInterruptModeration", undefined, machineOnly),
  IPsecOffloadMaximumSecurityAssociation: field("ipsecOffloadMaximumSecurityAssociation"),
  MaximumBandwidth: bandwidth("maximumBandwidth", outside(0, 2 ** 63)),
  MinimumBandwidthAbsolute: bandwidth("minimumBandwidthAbsolute", ofMode("Absolute", outside(0, 2 ** 63))),
  MinimumBandwidthWeight: field("minimumBandwidthWeight", ofMode("Weight", outside(0, 100))),
  VirtualSubnetId: field("virtualSubnetId", (value) => (value === 0 ? undefined : outside(4096, 16_777_215)(value))),
  StormLimit: field("stormLimit"),
  DynamicIPAddressLimit: field("dynamicIPAddressLimit"),
  NotMonitoredInCluster: described<boolean>(
    (settings, value) => Object.assign(settings, { clusterMonitored: !value }),
    undefined,
    machineOnly,
  ),
  InterruptModeration: field("interruptModeration", undefined, off),
  NumaAwarePlacement: field("numaAwarePlacement", undefined, off),
  MediaType: field("mediaType", undefined, off),
  FixSpeed10G: field("fixSpeed10G", undefined, off),
  PacketDirectNumProcs: field("packetDirectNumProcs", undefined, off),
  PacketDirectModerationCount: field("packetDirectModerationCount", undefined, off),
  PacketDirectModerationInterval: field("packetDirectModerationInterval", undefined, off),
  TestReplicaPoolName: field("testReplicaPoolName", undefined, machineOnly),
  TestReplicaSwitchName: field("testReplicaSwitchName", undefined, machineOnly),
  ResourcePoolName: field("poolName", undefined, machineOnly),
  MandatoryFeatureId: field("mandatoryFeatureIds", undefined, machineOnly),
  VrssEnabled: queue("vrssEnabled"),
  VmmqEnabled: queue("vmmqEnabled"),
  VrssMaxQueuePairs: queue("vrssMaxQueuePairs"),
  VrssMinQueuePairs: queue("vrssMinQueuePairs"),
  VrssQueueSchedulingMode: queue("vrssQueueSchedulingMode"),
  VrssExcludePrimaryProcessor: queue("vrssExcludePrimaryProcessor"),
  VrssIndependentHostSpreading: field("vrssIndependentHostSpreading"),
  VrssVmbusChannelAffinityPolicy: field("vrssVmbusChannelAffinityPolicy"),
};

/** In bits, a multiple of 8; zero clears it (D, S, hyper-v.md 3). */
function bandwidth(key: "maximumBandwidth" | "minimumBandwidthAbsolute", wrong: Wrong<number>): Setting {
  return described<number>((settings, value) => {
    settings[key] = eighth(value);
  }, wrong);
}

/** A minimum is of the mode of the switch that the adapter is on; zero, which clears it, fits all (D, hyper-v.md 3). */
function ofMode(mode: string, wrong: Wrong<number>): Wrong<number> {
  return (value, target, node) => {
    const on = target.kind === "host" ? target.on : node.switches.find(({ id }) => id === target.adapter.switchId);
    if (value !== 0 && on && on.bandwidthMode !== mode)
      return `The bandwidth mode of the virtual switch '${on.name}' is ${on.bandwidthMode} and not ${mode}.`;
    return wrong(value, target, node);
  };
}
