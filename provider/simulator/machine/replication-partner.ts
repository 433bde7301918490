import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import type { Node, ReplicaServer, World } from "../world/world";
import { brokerIn, keeperOf, requireServer, settingsOf } from "./replication-keeper";
import { fullName, hostNamed, isClusterNode } from "./virtual-machine-host";

export const replicationConnectionCmdlets: Cmdlets = {
  "Test-VMReplicationConnection"(call) {
    const { serverName } = partnerOf(call, connectionAsked(call));
    return [`The connection to the specified Replica server '${serverName}' was successful.`];
  },
};

export interface Connection {
  serverName: string;
  port: number;
  authenticationType: string;
}

export function connectionAsked(call: Running): Connection {
  return {
    serverName: call.text("ReplicaServerName") ?? "",
    port: call.number("ReplicaServerPort") ?? 0,
    authenticationType: call.text("AuthenticationType") ?? "",
  };
}

/** A replica server that takes this host's machines. */
export interface Partner extends Connection {
  node: Node;
  /** The folder for them. */
  storage: string;
}

/** Looks at everything between the two sides (hyper-v-host.md 5, 6.4); errors have the code of the connection, or the general one. */
export function partnerOf(call: Running, connection: Connection): Partner {
  const { world, node } = call;
  const { serverName } = connection;
  requireServer(call);
  requireDelegation(call);
  const found = serverNamed(world, serverName);
  if (!found) refuse(call, `The name '${serverName}' could not be resolved.`, 0x00002ee7);
  const server = settingsOf(keeperOf(world, found) ?? {});
  const listens = found.up && found.vmmsRunning && server.replicationEnabled && found !== node;
  if (!listens || portOf(world, found, server) !== connection.port)
    refuse(call, `A connection with the server '${serverName}' could not be established.`, 0x00002efd);
  if (connection.authenticationType === "Certificate") refuse(call, "No valid certificate was found.");
  if (world.domain === null || !/^Kerberos$|AndKerberos/.test(server.allowedAuthenticationType ?? ""))
    refuse(call, `'${serverName}' does not accept ${connection.authenticationType} authentication.`);
  const storage = storageFor(server, nameAsPrimary(world, node));
  if (storage === undefined) refuse(call, `'${serverName}' does not accept replication from this server.`);
  if (storage.startsWith("\\\\"))
    call.fail("NotSupported", "NotImplemented", "The simulator does not play replicas on file shares.");
  return { ...connection, node: found, storage };
}

/** The second hop is the caller's (R, hyper-v-host.md 1). */
function requireDelegation(call: Running): void {
  const denied = 0x80070005;
  if (call.world.session === "remote" && call.world.delegation === "none")
    call.fail("AccessDenied", "PermissionDenied", coded("Access is denied.", denied), { hresult: signed(denied) });
}

/** A host that is in no cluster, or the owner of a cluster's broker: of its nodes no one takes replicas for itself (D). */
function serverNamed(world: World, name: string): Node | undefined {
  const broker = brokerIn(world);
  if (broker && (sameName(name, broker.name) || sameName(name, `${broker.name}.${world.domain ?? "corp.example"}`)))
    return world.nodes.find((node) => node.name === broker.ownerNode);
  const host = hostNamed(world, name);
  return host && isClusterNode(world, host) ? undefined : host;
}

/** What others call this host: a node by its broker. */
export function nameAsPrimary(world: World, node: Node): string {
  const broker = isClusterNode(world, node) ? brokerIn(world) : undefined;
  return fullName(world, broker ? { ...node, name: broker.name } : node);
}

function portOf(world: World, node: Node, server: ReplicaServer): number {
  const mapping = Object.entries(server.kerberosAuthenticationPortMapping);
  const own = mapping.find(([name]) => sameName(name, fullName(world, node)) || sameName(name, node.name));
  return Number(own?.[1] ?? server.kerberosAuthenticationPort);
}

/** For anyone the default one, else that of the sender's entry, which may stand for the first label of the name (D). */
function storageFor(server: ReplicaServer, primary: string): string | undefined {
  if (server.replicationAllowedFromAnyServer) return server.defaultStorageLocation ?? undefined;
  const domain = primary.slice(primary.indexOf("."));
  const entry =
    server.entries.find(({ allowedPrimaryServer }) => sameName(allowedPrimaryServer, primary)) ??
    server.entries.find(({ allowedPrimaryServer }) => sameName(allowedPrimaryServer, `*${domain}`));
  return entry?.replicaStorageLocation;
}

/** The general code, where no other is known (V, recorded). */
export function refuse(call: Running, why: string, code = 0x80004005): never {
  call.operationFailed(coded(`Hyper-V failed to enable replication. ${why}`, code), signed(code));
}
