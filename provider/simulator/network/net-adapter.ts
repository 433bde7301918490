import { query } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { Thing, type View } from "../engine/thing";
import type { NetAdapter, Node, Switch } from "../world/world";
import { hostAdaptersOf, switchOnAdapter } from "./host-adapter";

export const netAdapterCmdlets: Cmdlets = {
  "Get-NetAdapter"(call) {
    const all = interfacesOf(call.node).filter(({ physical }) => physical !== undefined || !call.flag("Physical"));
    return query(call, all, {
      Name: ({ alias }) => alias,
      InterfaceDescription: ({ description }) => description,
      InterfaceIndex: ({ index }) => index,
    }).map((found) => interfaceThing(call.node, found));
  },
};

/** What the host's network stack sees: physical adapters, and the host's adapters on switches. */
export interface Interface {
  alias: string;
  description: string;
  guid: string;
  macAddress: string;
  speedBps: number;
  index: number;
  physical?: NetAdapter;
  /** Whether it has an address: an adapter that carries a switch has none. */
  hasIp: boolean;
}

export function interfacesOf(node: Node): Interface[] {
  const physical = node.netAdapters.map(
    (adapter, at): Interface => ({
      alias: adapter.name,
      description: adapter.interfaceDescription,
      guid: adapter.interfaceGuid,
      macAddress: adapter.macAddress,
      speedBps: adapter.linkSpeedBps,
      index: 4 + at,
      physical: adapter,
      hasIp: switchOnAdapter(node, adapter) === undefined,
    }),
  );
  const virtual = hostAdaptersOf(node).map(
    ({ adapter }, at): Interface => ({
      alias: adapter.alias,
      description: `Hyper-V Virtual Ethernet Adapter${at === 0 ? "" : ` #${at + 1}`}`,
      guid: adapter.id,
      macAddress: adapter.macAddress,
      speedBps: 10_000_000_000,
      index: 20 + at,
      hasIp: true,
    }),
  );
  return [...physical, ...virtual];
}

function interfaceThing({ name: nodeName }: Node, { guid }: Interface): Thing {
  return new Thing(
    "MSFT_NetAdapter",
    `MSFT_NetAdapter:${nodeName}/${guid}`,
    { InterfaceGuid: braced(guid) },
    (world) => {
      const node = world.nodes.find(({ name }) => name === nodeName);
      const found = node && interfacesOf(node).find((candidate) => candidate.guid === guid);
      return found && interfaceView(found);
    },
  );
}

function interfaceView(shown: Interface): View {
  const isPhysical = shown.physical !== undefined;
  return {
    Name: shown.alias,
    InterfaceAlias: shown.alias,
    ifAlias: shown.alias,
    InterfaceDescription: shown.description,
    ifDesc: shown.description,
    InterfaceGuid: braced(shown.guid),
    InterfaceIndex: shown.index,
    ifIndex: shown.index,
    MacAddress: (shown.macAddress.match(/../g) ?? []).join("-"),
    Status: "Up",
    LinkSpeed: speedText(shown.speedBps),
    Speed: shown.speedBps,
    Virtual: !isPhysical,
    HardwareInterface: isPhysical,
    ConnectorPresent: isPhysical,
    PhysicalMediaType: shown.physical?.wireless ? "Native 802.11" : isPhysical ? "802.3" : "Unspecified",
    NdisPhysicalMedium: shown.physical?.wireless ? 9 : isPhysical ? 14 : 0,
  };
}

function braced(guid: string): string {
  return `{${guid.toUpperCase()}}`;
}

function speedText(bps: number): string {
  return bps >= 1e9 ? `${bps / 1e9} Gbps` : `${bps / 1e6} Mbps`;
}

/** The physical adapters that a call names for a switch, each free or on that switch already; undefined when it names none. */
export function adaptersToBind(call: Running, on?: Switch): NetAdapter[] | undefined {
  const adapters = namedAdapters(call);
  if (!adapters) return undefined;
  for (const adapter of adapters) {
    const carried = switchOnAdapter(call.node, adapter);
    if (adapter.wireless || (carried && carried !== on)) bindFailed(call, adapter.interfaceGuid);
  }
  refuseUnlike(call, adapters);
  return adapters;
}

export function namedAdapters(call: Running): NetAdapter[] | undefined {
  const names = call.texts("NetAdapterName");
  const descriptions = call.texts("NetAdapterInterfaceDescription");
  const adapters = names
    ? names.map((name) => named(call, name, (found) => found.alias))
    : descriptions?.map((description) => named(call, description, (found) => found.description));
  if (adapters && new Set(adapters).size < adapters.length) call.invalid("A network adapter is named twice.");
  return adapters;
}

/** An unknown one is no matching element, a virtual one cannot be bound (both recorded, hyper-v.md 4; the first one's id is K). */
function named(call: Running, wanted: string, read: (found: Interface) => string): NetAdapter {
  const found = interfacesOf(call.node).find((candidate) => sameName(read(candidate), wanted));
  if (!found) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains no matching element");
  return found.physical ?? bindFailed(call, found.guid);
}

function bindFailed(call: Running, guid: string): never {
  const code = 0x80070490;
  call.notFound(
    coded(
      `Failed while adding virtual Ethernet switch connections. Ethernet port '${braced(guid)}' bind failed: Element not found.`,
      code,
    ),
    signed(code),
  );
}

/** 1 to 8 like adapters (D, hyper-v.md 4). */
export function refuseUnlike(call: Running, adapters: readonly NetAdapter[]): void {
  if (adapters.length > 8) call.invalid("A switch can have at most 8 network adapters.");
  if (new Set(adapters.map(({ linkSpeedBps }) => linkSpeedBps)).size > 1)
    call.invalid("The network adapters of a team have to be alike.");
}
