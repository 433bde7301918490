import type { Cmdlets, Running } from "../engine/cmdlet";
import { hasWildcard, sameName } from "../engine/names";
import { nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import { record, Thing, type View } from "../engine/thing";
import { isActive } from "../world/machine-state";
import { type NetAdapter, type Node, newGuid, type Switch } from "../world/world";
import { queueDefaults } from "./adapter-defaults";
import { removeHostAdapter, settleSwitch, shareWithHost } from "./host-adapter";
import { adaptersToBind } from "./net-adapter";
import { queueView } from "./network-adapter-view";

export const switchCmdlets: Cmdlets = {
  "New-VMSwitch": newSwitch,
  "Get-VMSwitch": readSwitches,
  "Rename-VMSwitch": renameSwitch,
  "Remove-VMSwitch": removeSwitches,
};

function newSwitch(call: Running): Thing[] {
  const adapters = adaptersToBind(call) ?? [];
  const embeddedTeaming = given<boolean>(call, "EnableEmbeddedTeaming") ?? adapters.length > 1;
  refuseCombination(call, adapters, embeddedTeaming);
  const id = chosenId(call) ?? newGuid(call.world);
  const iovEnabled = given<boolean>(call, "EnableIov") ?? false;
  const bandwidthMode = bandwidthModeOf(call, iovEnabled);
  const speedBps = adapters.reduce((sum, { linkSpeedBps }) => sum + linkSpeedBps, 0);
  const made: Switch = {
    id,
    name: call.text("Name") ?? "",
    type: "Private",
    allowManagementOS: false,
    netAdapterGuids: adapters.map(({ interfaceGuid }) => interfaceGuid),
    notes: given<string>(call, "Notes") ?? "",
    embeddedTeaming,
    loadBalancingAlgorithm: call.node.windowsBuild >= 17763 ? "HyperVPort" : "Dynamic", // 2019+ (K, hyper-v.md 4)
    bandwidthMode,
    iovEnabled,
    packetDirectEnabled: given<boolean>(call, "EnablePacketDirect") ?? false,
    defaultFlowMinimumBandwidthWeight: bandwidthMode === "Weight" ? 1 : 0,
    defaultFlowMinimumBandwidthAbsolute: bandwidthMode === "Absolute" ? eighth(speedBps / 10) : 0,
    softwareRscEnabled: true,
    defaultQueue: queueDefaults(),
    hostAdapters: [],
  };
  const shared =
    adapters.length > 0 ? (given<boolean>(call, "AllowManagementOS") ?? true) : call.text("SwitchType") === "Internal";
  if (shared) shareWithHost(call.world, call.node, made);
  settleSwitch(made);
  call.node.switches.push(made);
  return [switchThing(call.node, made)];
}

/** What does not go together (D, V, hyper-v.md 4). */
function refuseCombination(call: Running, adapters: readonly NetAdapter[], teaming: boolean): void {
  const packetDirect = given<boolean>(call, "EnablePacketDirect") === true;
  if (adapters.length > 1 && !teaming) call.invalid("Several network adapters need embedded teaming.");
  if (adapters.length === 0 && teaming) call.invalid("Embedded teaming needs network adapters.");
  if (packetDirect && teaming) call.invalid("Packet direct does not work with embedded teaming.");
  if (packetDirect && given<boolean>(call, "EnableIov") === true)
    call.invalid("Packet direct does not work with SR-IOV.");
}

function chosenId(call: Running): string | undefined {
  const written = given<string>(call, "Id");
  if (written === undefined) return undefined;
  const id = written.replace(/^\{(.*)\}$/, "$1").toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) call.invalid(`'${written}' is not an id of a switch.`);
  if (call.node.switches.some((other) => other.id === id))
    call.invalid(`There is a virtual switch of id ${id} already.`);
  return id;
}

function bandwidthModeOf(call: Running, iovEnabled: boolean): string {
  const mode = given<string>(call, "MinimumBandwidthMode") ?? "Default";
  return mode === "Default" ? (iovEnabled ? "None" : "Weight") : mode;
}

/** Bandwidth is a multiple of 8 bits (D). */
export function eighth(bits: number): number {
  return bits - (bits % 8);
}

/** A plain name without a switch is an invalid argument (V), an id without one not found (K, hyper-v.md 4). */
function readSwitches(call: Running): Thing[] {
  const ids = call.texts("Id");
  const name = given<string>(call, "Name");
  const types = call.texts("SwitchType");
  const pools = call.texts("ResourcePoolName");
  const found = ids
    ? ids.map((id) => switchById(call, id))
    : name === undefined
      ? call.node.switches
      : switchesNamed(call, name);
  return found
    .filter(({ type }) => types?.includes(type) ?? true)
    .filter(() => pools?.some((pool) => nameMatches("Primordial", pool)) ?? true)
    .map((one) => switchThing(call.node, one));
}

function switchById(call: Running, id: string): Switch {
  const found = call.node.switches.find((candidate) => sameName(candidate.id, id));
  if (!found) call.notFound(`Hyper-V was unable to find a virtual switch with id "${id}".`);
  return found;
}

/** The switches that a call means: objects, or names, which take wildcards and mean every match. */
export function switchesOf(call: Running, names = call.texts("Name")): Switch[] {
  const objects = call.things("VMSwitch");
  const found = objects
    ? objects.map((thing) => switchOf(call, thing))
    : (names ?? []).flatMap((name) => switchesNamed(call, name));
  return [...new Set(found)];
}

export function switchOf(call: Running, { identity }: Thing): Switch {
  return switchById(call, String(identity.Id));
}

export function switchesNamed(call: Running, name: string): Switch[] {
  const found = call.node.switches.filter((candidate) => nameMatches(candidate.name, name));
  if (found.length === 0 && !hasWildcard(name))
    call.invalid(`Hyper-V was unable to find a virtual switch with name "${name}".`);
  return found;
}

/** Machines stay connected by the switch's id; the host's adapters keep their names (K, hyper-v.md 1.6). */
function renameSwitch(call: Running): Thing[] {
  const [found, another] = switchesOf(call);
  if (another) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  if (!found) return [];
  found.name = call.text("NewName") ?? found.name;
  for (const { adapters } of call.node.machines)
    for (const adapter of adapters) if (adapter.switchId === found.id) adapter.switchName = found.name;
  return passed(call, [found]);
}

function removeSwitches(call: Running): Thing[] {
  const gone = switchesOf(call);
  for (const one of gone) refuseInUse(call, one);
  call.needsForce();
  for (const one of gone) {
    for (const adapter of one.hostAdapters) removeHostAdapter(call.node, one, adapter);
    for (const { adapters } of call.node.machines)
      for (const adapter of adapters)
        if (adapter.switchId === one.id) Object.assign(adapter, { switchId: null, switchName: null });
  }
  call.node.switches = call.node.switches.filter((one) => !gone.includes(one));
  return [];
}

/** Of client editions: NAT and DHCP for machines, not removable (recorded, hyper-v.md 1.6 and 4). */
const defaultSwitchId = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

function refuseInUse(call: Running, { id, name }: Switch): void {
  if (id === defaultSwitchId) call.invalid("The operation cannot modify automatic ICS switch.");
  const users = call.node.machines.filter(
    (machine) => isActive(machine) && machine.adapters.some(({ switchId }) => switchId === id),
  );
  if (users.length > 0)
    call.invalidState(
      `Failed while removing virtual Ethernet switch. The virtual switch '${name}' cannot be deleted because it is being ` +
        "used by running virtual machines or assigned to child pools.",
    );
}

export function passed(call: Running, switches: readonly Switch[]): Thing[] {
  return call.flag("Passthru") ? switches.map((one) => switchThing(call.node, one)) : [];
}

/** Its node belongs to its identity: nodes may have switches of one id (S, hyper-v.md 4). */
export function switchThing({ name: nodeName }: Node, { id }: Switch): Thing {
  return new Thing("VMSwitch", `VMSwitch:${nodeName}/${id}`, { Id: id, ComputerName: nodeName }, (world) => {
    const node = world.nodes.find(({ name }) => name === nodeName);
    const found = node?.switches.find((candidate) => candidate.id === id);
    return node && found && switchView(node, found);
  });
}

function switchView(node: Node, shown: Switch): View {
  const isExternal = shown.type === "External";
  const descriptions = boundAdapters(node, shown).map(({ interfaceDescription }) => interfaceDescription);
  return {
    Id: shown.id,
    Name: shown.name,
    Notes: shown.notes,
    SwitchType: shown.type,
    AllowManagementOS: shown.allowManagementOS,
    // recorded: a team has no description of its own (hyper-v.md 4)
    NetAdapterInterfaceDescription:
      isExternal && shown.embeddedTeaming ? "Teamed-Interface" : (descriptions[0] ?? null),
    NetAdapterInterfaceDescriptions: isExternal ? descriptions : null,
    NetAdapterInterfaceGuid: isExternal ? [...shown.netAdapterGuids] : null,
    EmbeddedTeamingEnabled: shown.embeddedTeaming,
    BandwidthReservationMode: shown.bandwidthMode,
    DefaultFlowMinimumBandwidthWeight: shown.defaultFlowMinimumBandwidthWeight,
    DefaultFlowMinimumBandwidthAbsolute: shown.defaultFlowMinimumBandwidthAbsolute,
    BandwidthPercentage: 0,
    IovEnabled: shown.iovEnabled,
    IovSupport: isExternal,
    IovSupportReasons: isExternal ? [] : ["The network adapter does not support SR-IOV."],
    IovQueuePairCount: 0,
    IovQueuePairsInUse: 0,
    IovVirtualFunctionCount: 0,
    IovVirtualFunctionsInUse: 0,
    PacketDirectEnabled: shown.packetDirectEnabled,
    PacketDirectInUse: false,
    SoftwareRscEnabled: shown.softwareRscEnabled,
    ...queueView("DefaultQueue", shown.defaultQueue),
    AvailableIPSecSA: 0,
    NumberIPSecSAAllocated: 0,
    AvailableVMQueues: 0,
    NumberVmqAllocated: 0,
    Extensions: extensions.map((extension) => extensionThing(node, shown, extension)),
    IsDeleted: false,
  };
}

export function boundAdapters(node: Node, { netAdapterGuids }: Switch): NetAdapter[] {
  return netAdapterGuids.flatMap((guid) => node.netAdapters.find(({ interfaceGuid }) => interfaceGuid === guid) ?? []);
}

/** The two that every switch has (D, hyper-v.md 4). */
const extensions = [
  { id: "EA24CD6C-D17A-4348-9190-09F0D5BE83DD", name: "Microsoft NDIS Capture", type: "Monitoring", enabled: false },
  {
    id: "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A",
    name: "Microsoft Windows Filtering Platform",
    type: "Filter",
    enabled: true,
  },
];

function extensionThing(node: Node, { id, name }: Switch, extension: (typeof extensions)[number]): Thing {
  return record("VMSwitchExtension", {
    Id: extension.id,
    Name: extension.name,
    Vendor: "Microsoft",
    Version: "10.0",
    ExtensionType: extension.type,
    SwitchId: id,
    SwitchName: name,
    Enabled: extension.enabled,
    Running: extension.enabled,
    ComputerName: node.name,
  });
}
