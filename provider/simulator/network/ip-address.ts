import { needsConfirmFalse, query, systemError } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { HostIpAddress } from "../world/world";
import { clusterAddresses } from "./cluster-address";
import { type Interface, interfacesOf } from "./net-adapter";

export const ipAddressCmdlets: Cmdlets = {
  "New-NetIPAddress": newAddress,
  "Get-NetIPAddress": (call) => found(call).map((address) => addressThing(call, address)),
  "Remove-NetIPAddress"(call) {
    const gone = call.has("InputObject") ? givenAddresses(call) : found(call);
    needsConfirmFalse(call);
    const things = gone.map((address) => addressThing(call, address));
    call.node.ipAddresses = call.node.ipAddresses.filter((address) => !gone.includes(address));
    for (const { ipAddress, resource } of clusterAddresses(call.world, call.node))
      if (gone.some((address) => address.ipAddress === ipAddress))
        Object.assign(resource, { online: false, failed: true });
    return call.flag("PassThru") ? things : [];
  },
};

/** An address needs an interface: a private switch gives the host none, and an adapter that carries a switch has lost its own. */
function newAddress(call: Running): Thing[] {
  const ipAddress = call.text("IPAddress") ?? "";
  const family = familyOf(ipAddress);
  const on = interfaceAsked(call);
  if (!on?.hasIp) systemError(call, 1168, "ObjectNotFound", "Element not found.");
  const most = family === "IPv6" ? 128 : 32;
  const prefixLength = given<number>(call, "PrefixLength") ?? most;
  const wantedFamily = given<string>(call, "AddressFamily");
  if (!family || prefixLength > most || (wantedFamily !== undefined && !sameName(wantedFamily, family)))
    systemError(call, 87, "InvalidArgument", "The parameter is incorrect.");
  const gateway = given<string>(call, "DefaultGateway");
  if (gateway !== undefined && familyOf(gateway) !== family)
    systemError(call, 87, "InvalidArgument", "The parameter is incorrect.");
  const made = { ipAddress, prefixLength, interfaceAlias: on.alias };
  refuseSecond(call, made, gateway);
  call.node.ipAddresses.push(made);
  if (gateway !== undefined) {
    call.node.gateways ??= [];
    call.node.gateways.push({ interfaceAlias: on.alias, nextHop: gateway });
  }
  return storedThings(call, made);
}

/** An address that is there, and a second way out of one interface (recorded; on another interface V, hyper-v-host.md 4.1). */
function refuseSecond(call: Running, { ipAddress, interfaceAlias }: HostIpAddress, gateway: string | undefined): void {
  const exists = (what: string): never => systemError(call, 87, "InvalidArgument", `Instance ${what} already exists`);
  const same = addressesOf(call).find((address) => sameName(address.ipAddress, ipAddress));
  if (same && sameName(same.interfaceAlias, interfaceAlias)) exists("MSFT_NetIPAddress");
  if (same) systemError(call, 5010, "ResourceExists", "The object already exists.");
  const hasWay = (call.node.gateways ?? []).some(
    (one) => sameName(one.interfaceAlias, interfaceAlias) && familyOf(one.nextHop) === familyOf(gateway ?? ""),
  );
  if (gateway !== undefined && hasWay) exists("DefaultGateway");
}

/** One object for each store (recorded, hyper-v-host.md 4.1); that of the interface itself is not Preferred at once. */
function storedThings(call: Running, made: HostIpAddress): Thing[] {
  const only = given<string>(call, "PolicyStore");
  const states = { ActiveStore: "Tentative", PersistentStore: "Invalid" };
  return Object.entries(states)
    .filter(([store]) => only === undefined || sameName(store, only))
    .map(([store, state]) => addressThing(call, made, { Store: store, AddressState: state }));
}

function interfaceAsked(call: Running): Interface | undefined {
  const alias = given<string>(call, "InterfaceAlias");
  const index = given<number>(call, "InterfaceIndex");
  return interfacesOf(call.node).find((one) =>
    alias === undefined ? one.index === index : sameName(one.alias, alias),
  );
}

export function familyOf(address: string): "IPv4" | "IPv6" | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address))
    return address.split(".").every((part) => Number(part) < 256) ? "IPv4" : undefined;
  return /^[0-9a-f:]*:[0-9a-f:]*(%\w+)?$/i.test(address) ? "IPv6" : undefined;
}

/** Addresses of interfaces that have lost them show no more. */
function found(call: Running): HostIpAddress[] {
  const shown = addressesOf(call).filter(({ interfaceAlias }) => interfaceNamed(call, interfaceAlias)?.hasIp);
  return query(call, shown, {
    IPAddress: ({ ipAddress }) => ipAddress,
    InterfaceAlias: ({ interfaceAlias }) => interfaceAlias,
    InterfaceIndex: ({ interfaceAlias }) => interfaceNamed(call, interfaceAlias)?.index ?? 0,
    AddressFamily: ({ ipAddress }) => familyOf(ipAddress) ?? "",
    PrefixLength: ({ prefixLength }) => prefixLength,
  });
}

function givenAddresses(call: Running): HostIpAddress[] {
  const wanted = (call.things("InputObject") ?? []).map((thing) => String(thing.read(call.world, "IPAddress")));
  return addressesOf(call).filter(({ ipAddress }) => wanted.includes(ipAddress));
}

/** The host's own, and those of a cluster that are here. */
function addressesOf({ world, node }: Running): HostIpAddress[] {
  return [...node.ipAddresses, ...clusterAddresses(world, node)];
}

function interfaceNamed({ node }: Running, alias: string): Interface | undefined {
  return interfacesOf(node).find((one) => sameName(one.alias, alias));
}

function addressThing(
  call: Running,
  { ipAddress, prefixLength, interfaceAlias }: HostIpAddress,
  own: Readonly<Record<string, string>> = {},
): Thing {
  return record("MSFT_NetIPAddress", {
    IPAddress: ipAddress,
    PrefixLength: prefixLength,
    InterfaceAlias: interfaceAlias,
    InterfaceIndex: interfaceNamed(call, interfaceAlias)?.index ?? null,
    AddressFamily: familyOf(ipAddress),
    AddressState: "Preferred",
    PrefixOrigin: "Manual",
    SuffixOrigin: "Manual",
    Type: "Unicast",
    SkipAsSource: false,
    Store: "ActiveStore",
    ...own,
  });
}
