import type { Running } from "../engine/cmdlet";
import type { Node, ReplicaServer, World } from "../world/world";
import { isClusterNode } from "./virtual-machine-host";

/** Whose the settings are: a host's, or those of the broker that runs in its cluster, for all nodes (V, hyper-v-host.md 6.3). */
export function keeperOf(world: World, node: Node): { replicaServer?: ReplicaServer } | undefined {
  if (!world.cluster || !isClusterNode(world, node)) return node;
  return brokerIn(world) ? world.cluster : undefined;
}

export interface Broker {
  /** The name that others call it by. */
  name: string;
  ownerNode: string;
}

/** The broker of the cluster, while it is online. */
export function brokerIn({ cluster }: World): Broker | undefined {
  const group = cluster?.plainGroups?.find(({ type, resources }) => {
    const broker = resources.find((resource) => resource.type === "Virtual Machine Replication Broker");
    return type === "VMReplicaBroker" && broker?.online === true;
  });
  const name = group?.resources.find(({ type }) => type === "Network Name")?.parameters;
  return group && { name: String(name?.DnsName ?? name?.Name ?? group.name), ownerNode: group.ownerNode };
}

/** Without a broker there is nothing that could be asked: not gone, but not to be had (V, recorded). */
export function requireServer(call: Running): { replicaServer?: ReplicaServer } {
  const keeper = keeperOf(call.world, call.node);
  if (!keeper)
    call.notFound(
      `Hyper-V encountered an error trying to access an object on computer '${call.node.name}' because the object was not found. ` +
        "The object might have been deleted, or you might not have permission to perform the task.",
    );
  return keeper;
}

export function settingsOf({ replicaServer }: { replicaServer?: ReplicaServer }): ReplicaServer {
  return { ...defaults, ...replicaServer };
}

const defaults: ReplicaServer = {
  replicationEnabled: false,
  allowedAuthenticationType: null,
  replicationAllowedFromAnyServer: false,
  defaultStorageLocation: null,
  kerberosAuthenticationPort: 80,
  certificateAuthenticationPort: 443,
  kerberosAuthenticationPortMapping: {},
  certificateAuthenticationPortMapping: {},
  monitoringInterval: "12:00:00",
  monitoringStartTime: "09:00:00",
  entries: [],
};
