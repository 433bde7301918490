import { BlockList, isIP } from "node:net";
import type { Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { hostSettings } from "../world/host";
import type { HostIpAddress, Machine, Node, World } from "../world/world";
import { hostNamed, isClusterNode, migratesMachines, mostMigrations } from "./virtual-machine-host";

/** The host that a machine is to go to, once both may and can speak with each other (hyper-v-host.md 7). */
export function destinationOf(call: Running, machine: Machine): Node {
  const { world, node } = call;
  const fail = (why: string, code?: number): never => refuse(call, machine, why, code);
  // D, hyper-v.md 7.3: within a cluster the cluster's own cmdlet moves it
  if (machine.groupId !== null) fail("It is clustered: use Move-ClusterVirtualMachineRole.");
  const target = hostNamed(world, call.text("DestinationHost") ?? "");
  if (!target?.up || !target.vmmsRunning) return fail("The RPC server is unavailable.", 0x800706ba);
  if (target === node) call.invalid(`${failed(call, machine)} It is on this host already.`);
  for (const host of [node, target])
    if (!migratesMachines(world, host))
      fail(
        `The computer '${host.name}' is not configured for live migration. Use the Enable-VMMigration cmdlet on '${host.name}' to configure it.`,
      );
  const logon = whyNoLogon(world, node);
  if (logon !== undefined) fail(`Failed to authenticate the connection to '${target.name}': ${logon}`, 0x8009030e);
  // within a cluster the cluster chooses (D, hyper-v-host.md 3)
  const isInside = [node, target].every((host) => isClusterNode(world, host));
  if (!isInside && !isReached(node, target))
    fail(`Failed to establish a connection with host '${target.name}': no network is allowed by both.`, 0x8007274c);
  const full = [node, target].find((host) => underWay(host) >= mostMigrations(world, host));
  if (full) fail(`'${full.name}' has no free slot for another virtual machine migration. (21501)`);
  if (target.machines.some(({ id }) => id === machine.id))
    fail(`'${target.name}' has a virtual machine with this id.`, 0x800700b7);
  return target;
}

/** Its ids are not recorded: by HRESULT (hyper-v-host.md 7). */
export function refuse(call: Running, machine: Machine, why: string, code?: number): never {
  const message = `${failed(call, machine)} ${why}`;
  if (code === undefined) call.operationFailed(message);
  call.operationFailed(coded(message, code), signed(code));
}

function failed({ node }: Running, { name }: Machine): string {
  return `Virtual machine migration operation for '${name}' failed at migration source '${node.name}'.`;
}

/**
 * CredSSP hands the caller's credentials on, which a network logon does not have, and Credential Guard (on since 2025) keeps;
 * Kerberos wants hosts that may act for their callers (D).
 */
function whyNoLogon(world: World, source: Node): string | undefined {
  if (world.domain === null) return "The computers are not in the same or in trusting domains.";
  if (hostSettings(source).virtualMachineMigrationAuthenticationType === "Kerberos")
    return world.delegation === "none" ? "The computer accounts are not trusted for delegation." : undefined;
  if (world.session === "remote") return "No credentials are available in the security package.";
  return source.windowsBuild >= 26100 ? "Credential Guard does not hand credentials on." : undefined;
}

/** Two addresses in one subnet, each of which its host allows. Of hosts without known addresses the lists decide. */
function isReached(source: Node, target: Node): boolean {
  const ends = [source, target].map(allowed);
  const [from = [], to = []] = ends;
  const unknown = [source, target].some(({ ipAddresses }) => ipAddresses.length === 0);
  if (unknown) return [source, target].every(allowsSome);
  return from.some((own) => to.some((other) => contains(`${own.ipAddress}/${own.prefixLength}`, other.ipAddress)));
}

function allowsSome(node: Node): boolean {
  return hostSettings(node).useAnyNetworkForMigration || (node.migrationNetworks ?? []).length > 0;
}

function allowed(node: Node): HostIpAddress[] {
  if (hostSettings(node).useAnyNetworkForMigration) return node.ipAddresses;
  const subnets = node.migrationNetworks ?? [];
  return node.ipAddresses.filter(({ ipAddress }) => subnets.some(({ subnet }) => contains(subnet, ipAddress)));
}

function contains(subnet: string, address: string): boolean {
  const [network = "", length] = subnet.split("/");
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  if (length === undefined) return sameName(network, address);
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, Number(length), type);
  return list.check(address, type);
}

/** What goes on there now: refused, not queued (D). */
function underWay({ machines }: Node): number {
  return machines.filter(({ underWay: work }) => /migrat/i.test(work?.status ?? "")).length;
}
