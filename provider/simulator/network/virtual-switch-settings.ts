import type { Cmdlets, Running } from "../engine/cmdlet";
import { given, outside } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { QueueSettings, Switch } from "../world/world";
import { removeHostAdapter, settleSwitch, shareWithHost } from "./host-adapter";
import { adaptersToBind } from "./net-adapter";
import { eighth, passed, switchesOf } from "./virtual-switch";

export const switchSettingsCmdlets: Cmdlets = {
  "Set-VMSwitch": setSwitches,
};

function setSwitches(call: Running): Thing[] {
  const switches = switchesOf(call);
  const changes = Object.entries(settings).filter(([parameter]) => call.has(parameter));
  if (changes.length === 0 && !connecting.some((parameter) => call.has(parameter)))
    call.invalid("You must specify at least one parameter to be modified.");
  if (switches.length > 1 && namesAdapter(call)) call.invalid("A network adapter carries one switch.");
  const connections = switches.map((on) => connectionOf(call, on));
  for (const on of switches)
    for (const [parameter, { wrong }] of changes) {
      const reason = wrong?.(call.get(parameter), on);
      if (reason !== undefined) call.invalid(`Failed while modifying virtual Ethernet switch '${on.name}'. ${reason}`);
    }
  for (const [index, on] of switches.entries()) {
    connect(call, on, connections[index]);
    for (const [parameter, { set }] of changes) set(on, call.get(parameter));
  }
  return passed(call, switches);
}

/** What a switch is connected to decides its type. */
interface Connection {
  netAdapterGuids: string[];
  shared: boolean;
}

const connecting = ["SwitchType", "AllowManagementOS", "NetAdapterName", "NetAdapterInterfaceDescription"];

function namesAdapter(call: Running): boolean {
  return call.has("NetAdapterName") || call.has("NetAdapterInterfaceDescription");
}

function connectionOf(call: Running, on: Switch): Connection | undefined {
  const type = given<Switch["type"]>(call, "SwitchType");
  const shared = given<boolean>(call, "AllowManagementOS");
  if (namesAdapter(call)) return toExternal(call, on, shared);
  if (type !== undefined) return toType(call, type, shared);
  if (shared === undefined) return undefined;
  if (shared && on.type === "Private") call.invalid(`'${on.name}' is a private switch, which the host cannot share.`);
  return { netAdapterGuids: on.netAdapterGuids, shared };
}

/** Shared unless told otherwise (D, hyper-v.md 1.6). A team's adapters are Set-VMSwitchTeam's. */
function toExternal(call: Running, on: Switch, shared = true): Connection {
  if (on.embeddedTeaming && on.type === "External")
    call.invalid(`'${on.name}' has embedded teaming: its network adapters are members of the team.`);
  const adapters = adaptersToBind(call, on) ?? [];
  return { netAdapterGuids: adapters.map(({ interfaceGuid }) => interfaceGuid), shared };
}

/** External follows from an adapter, and sharing is for External only (D, hyper-v.md 4). */
function toType(call: Running, type: Switch["type"], shared: boolean | undefined): Connection {
  if (type === "External") call.invalid("An external switch needs a network adapter: -NetAdapterName.");
  if (shared !== undefined && shared !== (type === "Internal"))
    call.invalid(`AllowManagementOS ${shared} contradicts the type ${type}.`);
  return { netAdapterGuids: [], shared: type === "Internal" };
}

/** Ports of machines stay connected; without the share the host's adapters go, with their addresses (V, hyper-v.md 4). */
function connect({ world, node }: Running, on: Switch, connection: Connection | undefined): void {
  if (!connection) return;
  on.netAdapterGuids = connection.netAdapterGuids;
  if (!connection.shared) for (const adapter of on.hostAdapters) removeHostAdapter(node, on, adapter);
  else if (on.hostAdapters.length === 0) shareWithHost(world, node, on);
  settleSwitch(on);
}

interface Setting {
  wrong?(value: unknown, on: Switch): string | undefined;
  set(on: Switch, value: unknown): void;
}

/** The binder has converted the value to the parameter's type. */
function setting<Value>(
  set: (on: Switch, value: Value) => void,
  wrong?: (value: Value, on: Switch) => string | undefined,
): Setting {
  return {
    wrong: (value, on) => (value === null ? undefined : wrong?.(value as Value, on)),
    set: (on, value) => {
      if (value !== null) set(on, value as Value);
    },
  };
}

function queue<Key extends keyof QueueSettings>(key: Key): Setting {
  return setting<QueueSettings[Key]>(({ defaultQueue }, value) => {
    defaultQueue[key] = value;
  });
}

const settings: Readonly<Record<string, Setting>> = {
  Notes: { set: (on, value) => Object.assign(on, { notes: value ?? "" }) },
  DefaultFlowMinimumBandwidthWeight: setting<number>(
    (on, value) => {
      on.defaultFlowMinimumBandwidthWeight = value;
    },
    (value, on) => ofMode(on, "Weight") ?? outside(0, 100)(value),
  ),
  DefaultFlowMinimumBandwidthAbsolute: setting<number>(
    (on, value) => {
      on.defaultFlowMinimumBandwidthAbsolute = eighth(value);
    },
    (value, on) => ofMode(on, "Absolute") ?? outside(0, 2 ** 63)(value),
  ),
  DefaultQueueVrssEnabled: queue("vrssEnabled"),
  DefaultQueueVmmqEnabled: queue("vmmqEnabled"),
  DefaultQueueVrssMaxQueuePairs: queue("vrssMaxQueuePairs"),
  DefaultQueueVrssMinQueuePairs: queue("vrssMinQueuePairs"),
  DefaultQueueVrssQueueSchedulingMode: queue("vrssQueueSchedulingMode"),
  DefaultQueueVrssExcludePrimaryProcessor: queue("vrssExcludePrimaryProcessor"),
  EnableSoftwareRsc: setting<boolean>((on, value) => {
    on.softwareRscEnabled = value;
  }),
  Extensions: { set: () => undefined }, // the two built-in ones stay as they are
};

/** The default flow's minimum is of the switch's own mode (D, hyper-v.md 4). */
function ofMode({ bandwidthMode }: Switch, mode: string): string | undefined {
  return bandwidthMode === mode ? undefined : `The switch's bandwidth mode is ${bandwidthMode} and not ${mode}.`;
}
