import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, hardwarePart, instanceId, type Owner, ownersOf } from "../engine/hardware";
import { sameName } from "../engine/names";
import { nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import { locate, type Thing, type View } from "../engine/thing";
import { addBootEntry, removeBootEntry } from "../world/boot-order";
import { type Adapter, type Machine, type Node, newGuid, type Switch, type World } from "../world/world";
import { adapterDefaults, nextMacAddress, noMacAddress } from "./adapter-defaults";
import { hostAdapterThings } from "./host-adapter";
import { machineSettingsView, settingsView } from "./network-adapter-view";

export const networkAdapterCmdlets: Cmdlets = {
  "Get-VMNetworkAdapter"(call) {
    const name = given<string>(call, "Name");
    if (call.flag("ManagementOS")) return hostAdapterThings(call.node, name, given<string>(call, "SwitchName"));
    if (!call.flag("All")) return ownersOf(call).flatMap((owner) => adaptersNamed(call, owner, name));
    const machines = call.node.machines.flatMap((machine) => adaptersNamed(call, { machine }, name));
    return [...machines, ...hostAdapterThings(call.node, name)];
  },
};

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

function adaptersNamed(call: Running, owner: Owner, name: string | undefined): Thing[] {
  const legacy = given<boolean>(call, "IsLegacy");
  const adapters = hardwareOf(owner).adapters.filter(
    (adapter) =>
      (name === undefined || nameMatches(adapter.name, name)) && (legacy === undefined || adapter.isLegacy === legacy),
  );
  return adapters.map((adapter) => adapterThing(owner, adapter));
}

export function adapterThings(owner: Owner): Thing[] {
  return hardwareOf(owner).adapters.map((adapter) => adapterThing(owner, adapter));
}

export function adapterThing(owner: Owner, { id }: Adapter): Thing {
  return hardwarePart(
    { type: "VMNetworkAdapter", identity: { Id: instanceId(owner.machine, id), AdapterId: id.toUpperCase() } },
    owner,
    (hardware) => hardware.adapters.find((adapter) => adapter.id === id),
    (adapter, machine, world) => [
      machineSettingsView(adapter),
      settingsView(adapter),
      connectionView(adapter, locate(world, machine.id, machine.copy)?.node),
      {
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
        Status: [machine.state === "Running" ? "Ok" : "Unknown"],
        StatusDescription: [machine.state === "Running" ? "OK" : ""],
        IPAddresses: owner.checkpoint ? [] : addressesOf(machine, adapter),
      },
    ],
  );
}

/** An adapter stays on its switch by id, and shows the name that the switch has now. */
function connectionView(adapter: Adapter, node: Node | undefined): View {
  const on = node?.switches.find(({ id }) => id === adapter.switchId);
  return {
    Connected: adapter.switchId !== null,
    SwitchId: adapter.switchId,
    SwitchName: on?.name ?? adapter.switchName,
  };
}

const keyValuePairExchange = "2a34b1c2-fd73-4043-8a5b-dd2159bc743f";

/**
 * A guest's addresses, which it tells by key-value pairs while it runs: in order one for each connected adapter, the rest
 * for the last.
 */
function addressesOf(machine: Machine, adapter: Adapter): string[] {
  if (machine.state !== "Running" || !machine.guest.booted || !machine.integrationServices[keyValuePairExchange])
    return [];
  const connected = machine.adapters.filter(({ switchId }) => switchId !== null);
  const at = connected.indexOf(adapter);
  const last = connected.length - 1;
  return at < 0 ? [] : machine.guest.ipAddresses.slice(at, at === last ? undefined : at + 1);
}

/** What a guest that boots by itself calls its own: made of the adapters' MAC addresses, as there is no DHCP server. */
export function bootAddresses({ adapters }: Machine): string[] {
  return adapters
    .filter(({ switchId }) => switchId !== null)
    .map(({ macAddress }) =>
      ["10", ...[6, 8, 10].map((at) => Number.parseInt(macAddress.slice(at, at + 2), 16))].join("."),
    );
}
