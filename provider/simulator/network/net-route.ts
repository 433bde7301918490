import { query } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { record, type Thing } from "../engine/thing";
import type { Node } from "../world/world";
import { familyOf } from "./ip-address";
import { type Interface, interfacesOf } from "./net-adapter";

export const netRouteCmdlets: Cmdlets = {
  "Get-NetRoute": (call) =>
    query(call, routesOf(call.node), {
      DestinationPrefix: ({ destination }) => destination,
      InterfaceAlias: ({ on }) => on.alias,
      InterfaceIndex: ({ on }) => on.index,
      NextHop: ({ nextHop }) => nextHop,
      AddressFamily: ({ destination }) => (destination.includes(":") ? "IPv6" : "IPv4"),
    }).map((route) => routeThing(call, route)),
};

interface Route {
  destination: string;
  nextHop: string;
  on: Interface;
}

/** The ways out: those that a host has for its own subnets are not played. */
function routesOf(node: Node): Route[] {
  const interfaces = interfacesOf(node).filter(({ hasIp }) => hasIp);
  return (node.gateways ?? []).flatMap(({ interfaceAlias, nextHop }) => {
    const on = interfaces.find(({ alias }) => sameName(alias, interfaceAlias));
    return on ? [{ destination: familyOf(nextHop) === "IPv6" ? "::/0" : "0.0.0.0/0", nextHop, on }] : [];
  });
}

function routeThing({ node }: Running, { destination, nextHop, on }: Route): Thing {
  return record("MSFT_NetRoute", {
    DestinationPrefix: destination,
    NextHop: nextHop,
    InterfaceAlias: on.alias,
    InterfaceIndex: on.index,
    ifIndex: on.index,
    AddressFamily: destination.includes(":") ? "IPv6" : "IPv4",
    RouteMetric: 256,
    Protocol: "NetMgmt",
    Store: "ActiveStore",
    PSComputerName: node.name,
  });
}
