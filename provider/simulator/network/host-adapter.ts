import { sameName } from "../engine/names";
import { nameMatches } from "../engine/selection";
import { Thing } from "../engine/thing";
import { type HostAdapter, type NetAdapter, type Node, newGuid, type Switch, type World } from "../world/world";
import { adapterDefaults, nextMacAddress, noMacAddress } from "./adapter-defaults";
import { settingsView } from "./network-adapter-view";

/** Adapters of the management OS, which switches give the host. */
export function hostAdaptersOf(node: Node): { on: Switch; adapter: HostAdapter }[] {
  return node.switches.flatMap((on) => on.hostAdapters.map((adapter) => ({ on, adapter })));
}

export function hostAdapterThings(node: Node, name?: string, switchName?: string): Thing[] {
  return hostAdaptersOf(node)
    .filter(({ adapter }) => name === undefined || nameMatches(adapter.name, name))
    .filter(({ on }) => switchName === undefined || nameMatches(on.name, switchName))
    .map(({ adapter }) => hostAdapterThing(node, adapter));
}

export function hostAdapterThing({ name: nodeName }: Node, { id }: HostAdapter): Thing {
  const identity = { HostAdapterId: id, ComputerName: nodeName };
  return new Thing("VMInternalNetworkAdapter", `VMInternalNetworkAdapter:${nodeName}/${id}`, identity, (world) => {
    const node = world.nodes.find(({ name }) => name === nodeName);
    const found = node && hostAdaptersOf(node).find(({ adapter }) => adapter.id === id);
    if (!found) return undefined;
    const { on, adapter } = found;
    return {
      Id: `Microsoft:${on.id.toUpperCase()}\\${id.toUpperCase()}`,
      AdapterId: id.toUpperCase(),
      DeviceId: `{${id.toUpperCase()}}`,
      Name: adapter.name,
      SwitchId: on.id,
      SwitchName: on.name,
      MacAddress: adapter.macAddress,
      IsManagementOs: true,
      IsExternalAdapter: false,
      Status: ["Ok"],
      StatusDescription: ["OK"],
      VMId: null,
      VMName: "",
      ...settingsView(adapter),
    };
  });
}

/** The host joins a switch: with the addresses of the physical adapter, where there is one (K). */
export function shareWithHost(world: World, node: Node, on: Switch): void {
  const adapter = addHostAdapter(world, node, on, on.name);
  const bound = node.netAdapters.filter(({ interfaceGuid }) => on.netAdapterGuids.includes(interfaceGuid));
  for (const { name } of bound) moveAddresses(node, name, adapter.alias);
}

export function addHostAdapter(world: World, node: Node, on: Switch, name: string): HostAdapter {
  // the first one of an external switch takes the card's address (D, hyper-v-host.md 4)
  const card =
    on.hostAdapters.length === 0
      ? node.netAdapters.find(({ interfaceGuid }) => on.netAdapterGuids.includes(interfaceGuid))
      : undefined;
  const adapter: HostAdapter = {
    ...adapterDefaults(),
    id: newGuid(world),
    name,
    alias: freeAlias(node, `vEthernet (${name})`),
    macAddress: card?.macAddress ?? nextMacAddress(node) ?? noMacAddress,
  };
  on.hostAdapters.push(adapter);
  settleSwitch(on);
  return adapter;
}

/** Addresses, and the ways out that came with them, go from one interface to another. */
function moveAddresses({ ipAddresses, gateways = [] }: Node, from: string, to: string): void {
  for (const own of [...ipAddresses, ...gateways]) if (sameName(own.interfaceAlias, from)) own.interfaceAlias = to;
}

/** The adapter goes with its addresses (V, hyper-v.md 4). */
export function removeHostAdapter(node: Node, on: Switch, gone: HostAdapter): void {
  on.hostAdapters = on.hostAdapters.filter((adapter) => adapter !== gone);
  node.ipAddresses = node.ipAddresses.filter(({ interfaceAlias }) => !sameName(interfaceAlias, gone.alias));
  if (node.gateways)
    node.gateways = node.gateways.filter(({ interfaceAlias }) => !sameName(interfaceAlias, gone.alias));
  settleSwitch(on);
}

/** The network stack's name follows the adapter's, and the addresses stay on it. */
export function renameHostAdapter(node: Node, adapter: HostAdapter, name: string): void {
  const before = adapter.alias;
  adapter.name = name;
  adapter.alias = freeAlias(node, `vEthernet (${name})`, adapter);
  moveAddresses(node, before, adapter.alias);
}

/** What a switch is follows from what is connected to it: so an internal one without the host is private (V, hyper-v.md 4). */
export function settleSwitch(on: Switch): void {
  on.allowManagementOS = on.hostAdapters.length > 0;
  on.type = on.netAdapterGuids.length > 0 ? "External" : on.allowManagementOS ? "Internal" : "Private";
}

function freeAlias(node: Node, wanted: string, own?: HostAdapter): string {
  const others = hostAdaptersOf(node).filter(({ adapter }) => adapter !== own);
  const taken = (alias: string): boolean => others.some(({ adapter }) => sameName(adapter.alias, alias));
  let alias = wanted;
  for (let count = 2; taken(alias); count += 1) alias = `${wanted} ${count}`;
  return alias;
}

export function switchOnAdapter(node: Node, { interfaceGuid }: NetAdapter): Switch | undefined {
  return node.switches.find(({ netAdapterGuids }) => netAdapterGuids.includes(interfaceGuid));
}
