import { isIP } from "node:net";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { hasWildcard, sameName } from "../engine/names";
import { nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { MigrationNetwork, Node } from "../world/world";

/** A host's own list, which counts while it may not use any network (D, hyper-v-host.md 3). */
export const migrationNetworkCmdlets: Cmdlets = {
  "Get-VMMigrationNetwork": (call) => found(call).map((network) => networkThing(call.node, network)),
  "Add-VMMigrationNetwork": add,
  "Set-VMMigrationNetwork": set,
  "Remove-VMMigrationNetwork": remove,
};

function networksOf({ migrationNetworks = [] }: Node): MigrationNetwork[] {
  return migrationNetworks;
}

function found(call: Running): MigrationNetwork[] {
  const subnets = given<string[]>(call, "Subnet");
  const priorities = given<number[]>(call, "Priority");
  return networksOf(call.node).filter(
    ({ subnet, priority }) =>
      (subnets?.some((pattern) => nameMatches(subnet, pattern)) ?? true) &&
      (priorities?.some((wanted) => wanted === priority) ?? true),
  );
}

function add(call: Running): Thing[] {
  const subnet = checkedSubnet(call, call.text("Subnet") ?? "");
  refuseTwice(call, subnet);
  const network = { subnet, priority: given<number>(call, "Priority") ?? null };
  call.node.migrationNetworks = [...networksOf(call.node), network];
  return passed(call, [network]);
}

/** Of several networks that a pattern means none gets the subnet of another. */
function set(call: Running): Thing[] {
  const meant = networksMeant(call);
  const written = given<string>(call, "NewSubnet");
  const priority = given<number>(call, "NewPriority");
  const subnet = written === undefined ? undefined : checkedSubnet(call, written);
  if (subnet !== undefined && meant.length > 1) call.invalid("Several networks cannot get one subnet.");
  if (subnet !== undefined && meant.every((network) => !sameName(network.subnet, subnet))) refuseTwice(call, subnet);
  for (const network of meant)
    Object.assign(network, subnet !== undefined && { subnet }, priority !== undefined && { priority });
  return passed(call, meant);
}

function remove(call: Running): Thing[] {
  const gone = networksMeant(call);
  const things = passed(call, gone);
  call.node.migrationNetworks = networksOf(call.node).filter((network) => !gone.includes(network));
  return things;
}

/** A subnet is a pattern here (D); without wildcards it has to be there. */
function networksMeant(call: Running): MigrationNetwork[] {
  const pattern = call.text("Subnet") ?? "";
  const meant = networksOf(call.node).filter(({ subnet }) => nameMatches(subnet, pattern));
  if (meant.length === 0 && !hasWildcard(pattern))
    call.notFound(`There is no migration network with the subnet '${pattern}' on '${call.node.name}'.`);
  return meant;
}

/** An address, or a network by the length of its prefix. */
function checkedSubnet(call: Running, written: string): string {
  const [address = "", length, ...rest] = written.trim().split("/");
  const most = { 4: 32, 6: 128 }[isIP(address)];
  const isNetwork = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (most ?? 0));
  if (most === undefined || rest.length > 0 || !isNetwork)
    call.invalid(`'${written}' is not an IP address or a subnet in CIDR notation.`);
  return written.trim();
}

/** Whether a host refuses it is not recorded (K). */
function refuseTwice(call: Running, subnet: string): void {
  if (networksOf(call.node).some((network) => sameName(network.subnet, subnet)))
    call.invalid(`A migration network with the subnet '${subnet}' exists already on '${call.node.name}'.`);
}

function passed(call: Running, networks: readonly MigrationNetwork[]): Thing[] {
  return call.flag("Passthru") ? networks.map((network) => networkThing(call.node, network)) : [];
}

function networkThing({ name }: Node, { subnet }: MigrationNetwork): Thing {
  return new Thing("VMMigrationNetwork", `VMMigrationNetwork:${name}/${subnet}`, { Subnet: subnet }, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    const network = node && networksOf(node).find((candidate) => candidate.subnet === subnet);
    return network && { Subnet: subnet, Priority: network.priority, ComputerName: name, IsDeleted: false };
  });
}
