import { needsConfirmFalse, query, systemError } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { Nat } from "../world/world";
import { familyOf } from "./ip-address";

export const natCmdlets: Cmdlets = {
  "New-NetNat": newNat,
  "Get-NetNat": (call) => natsNamed(call).map(natThing),
  "Set-NetNat": setNats,
  "Remove-NetNat": removeNats,
  "Add-NetNatStaticMapping": addMapping,
  "Get-NetNatStaticMapping": (call) =>
    query(call, mappingsOf(call), { NatName: ({ nat }) => nat.name }).map(mappingThing),
  "Remove-NetNatStaticMapping": removeMappings,
};

/** What a host gives a NAT until Set-NetNat says otherwise (K). */
const defaults = {
  IcmpQueryTimeout: 30,
  TcpEstablishedConnectionTimeout: 1800,
  TcpTransientConnectionTimeout: 120,
  TcpFilteringBehavior: "AddressDependentFiltering",
  UdpFilteringBehavior: "AddressDependentFiltering",
  UdpIdleSessionTimeout: 120,
  UdpInboundRefresh: false,
};

/** One NAT a host is the safe assumption (V, hyper-v.md 4 and 10 row 15); a name that is taken is a duplicate. */
function newNat(call: Running): Thing[] {
  const name = call.text("Name") ?? "";
  const internalPrefix = given<string>(call, "InternalIPInterfaceAddressPrefix") ?? "";
  const externalPrefix = given<string>(call, "ExternalIPInterfaceAddressPrefix") ?? "";
  if (call.node.nats.some((nat) => sameName(nat.name, name)))
    systemError(call, 52, "ResourceExists", "You were not connected because a duplicate name exists on the network.");
  if (call.node.nats.length > 0 || !isPrefix(internalPrefix) || (externalPrefix !== "" && !isPrefix(externalPrefix)))
    incorrect(call);
  const nat: Nat = { name, internalPrefix, externalPrefix, settings: { ...defaults }, mappings: [] };
  call.node.nats.push(nat);
  return [natThing(nat)];
}

function incorrect(call: Running): never {
  systemError(call, 87, "InvalidArgument", "The parameter is incorrect.");
}

function isPrefix(written: string): boolean {
  const [address = "", length = ""] = written.split("/");
  return familyOf(address) === "IPv4" && /^\d{1,2}$/.test(length) && Number(length) <= 32;
}

function natsNamed(call: Running): Nat[] {
  const objects = call.things("InputObject")?.map((thing) => String(thing.read(call.world, "Name")));
  return objects
    ? call.node.nats.filter(({ name }) => objects.includes(name))
    : query(call, call.node.nats, { Name: ({ name }) => name });
}

/** The prefix is none of its parameters: another one takes another NAT (recorded, hyper-v.md 4). */
function setNats(call: Running): Thing[] {
  const nats = natsNamed(call);
  for (const nat of nats)
    for (const parameter of Object.keys(defaults)) {
      const value = given<string | number | boolean>(call, parameter);
      if (value !== undefined) nat.settings[parameter] = value;
    }
  return call.flag("PassThru") ? nats.map(natThing) : [];
}

function removeNats(call: Running): Thing[] {
  const gone = natsNamed(call);
  needsConfirmFalse(call);
  call.node.nats = call.node.nats.filter((nat) => !gone.includes(nat));
  return call.flag("PassThru") ? gone.map(natThing) : [];
}

function natThing({ name, internalPrefix, externalPrefix, settings }: Nat): Thing {
  return record("MSFT_NetNat", {
    Name: name,
    InternalIPInterfaceAddressPrefix: internalPrefix,
    ExternalIPInterfaceAddressPrefix: externalPrefix,
    InternalRoutingDomainId: "{00000000-0000-0000-0000-000000000000}",
    ...settings,
    Store: "Local",
    Active: true,
  });
}

interface Mapping {
  nat: Nat;
  mapping: Nat["mappings"][number];
}

function mappingsOf(call: Running): Mapping[] {
  return call.node.nats.flatMap((nat) => nat.mappings.map((mapping) => ({ nat, mapping })));
}

/** Its id is new each time (V, hyper-v.md 4); without an internal port it is the external one's number (D). */
function addMapping(call: Running): Thing[] {
  const nat = call.node.nats.find(({ name }) => sameName(name, call.text("NatName") ?? ""));
  if (!nat) systemError(call, 2, "ObjectNotFound", "The system cannot find the file specified.");
  const externalPort = call.number("ExternalPort") ?? 0;
  const mapping = {
    id: nextMappingId(call),
    protocol: String(call.get("Protocol")).toUpperCase(),
    externalIPAddress: withoutPrefix(call.text("ExternalIPAddress") ?? ""),
    remoteExternalPrefix: given<string>(call, "RemoteExternalIPAddressPrefix") ?? "0.0.0.0/0",
    externalPort,
    internalIPAddress: withoutPrefix(call.text("InternalIPAddress") ?? ""),
    internalPort: given<number>(call, "InternalPort") ?? externalPort,
  };
  if (!familyOf(mapping.externalIPAddress) || !familyOf(mapping.internalIPAddress) || externalPort === 0)
    incorrect(call);
  const taken = nat.mappings.some(
    (other) =>
      other.protocol === mapping.protocol &&
      other.externalIPAddress === mapping.externalIPAddress &&
      other.externalPort === mapping.externalPort,
  );
  if (taken)
    systemError(call, 52, "ResourceExists", "You were not connected because a duplicate name exists on the network.");
  nat.mappings.push(mapping);
  return [mappingThing({ nat, mapping })];
}

/** `0.0.0.0/24`, as documentation writes an address. */
function withoutPrefix(address: string): string {
  return address.replace(/\/\d+$/, "");
}

/** From the world's counter: an id of a removed mapping does not come back. */
function nextMappingId({ world, node }: Running): number {
  world.serial += 1;
  return Math.max(world.serial, ...node.nats.flatMap(({ mappings }) => mappings.map(({ id }) => id + 1)));
}

function removeMappings(call: Running): Thing[] {
  const objects = call.things("InputObject")?.map((thing) => thing.read(call.world, "StaticMappingID"));
  const gone = objects
    ? mappingsOf(call).filter(({ mapping }) => objects.includes(mapping.id))
    : query(call, mappingsOf(call), { NatName: ({ nat }) => nat.name, StaticMappingID: ({ mapping }) => mapping.id });
  needsConfirmFalse(call);
  const things = gone.map(mappingThing);
  for (const { nat, mapping } of gone) nat.mappings = nat.mappings.filter((other) => other !== mapping);
  return call.flag("PassThru") ? things : [];
}

function mappingThing({ nat, mapping }: Mapping): Thing {
  return record("MSFT_NetNatStaticMapping", {
    StaticMappingID: mapping.id,
    NatName: nat.name,
    Protocol: mapping.protocol,
    RemoteExternalIPAddressPrefix: mapping.remoteExternalPrefix,
    ExternalIPAddress: mapping.externalIPAddress,
    ExternalPort: mapping.externalPort,
    InternalIPAddress: mapping.internalIPAddress,
    InternalPort: mapping.internalPort,
    InternalRoutingDomainId: "{00000000-0000-0000-0000-000000000000}",
    Active: true,
  });
}
