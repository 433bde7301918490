import { createHash } from "node:crypto";
import type { Cluster, ClusterNetwork } from "./cluster";
import { findNetworks } from "./cluster-network";
import { completeCluster } from "./complete";
import type { ClusterDescription, WorldDescription } from "./description";
import { newGuid, ownGuid } from "./guid";
import type { NetAdapter, Node, World } from "./world";

const GiB = 2 ** 30;
const TiB = 2 ** 40;

export function createWorld(description: WorldDescription): World {
  const world: World = {
    schemaVersion: 1,
    seed:
      description.seed ??
      createHash("sha256").update(`${process.hrtime.bigint()}${process.pid}`).digest("hex").slice(0, 16),
    serial: 0,
    nodes: [],
    ...environmentOf(description),
    faults: [],
    latency: description.latency ?? "none",
    guestsBoot: description.guestsBoot ?? false,
  };
  for (const disk of world.sharedDisks ?? []) disk.id ??= ownGuid(world, `disk/${disk.number}`);
  for (const [index, node] of description.nodes.entries())
    world.nodes.push(createNode(world, description, index, node));
  if (description.cluster) {
    world.cluster = createCluster(world, description.cluster);
    completeCluster(world, world.cluster, description.cluster.ipAddress);
    findNetworks(world);
  }
  return world;
}

/** Only what was told: a world without it is as it was before there was such a thing. */
function environmentOf(description: WorldDescription): Partial<World> {
  const { domain, session, delegation, internet, sharedDisks, fileShares } = description;
  return {
    ...(domain !== undefined && { domain }),
    ...(session && { session }),
    ...(delegation && { delegation }),
    ...(internet !== undefined && { internet }),
    ...(sharedDisks && { sharedDisks: sharedDisks.map((disk) => ({ ...disk })) }),
    ...(fileShares && { fileShares }),
  };
}

type NodeDescription = WorldDescription["nodes"][number];

function createNode(world: World, { cluster }: WorldDescription, index: number, node: NodeDescription): Node {
  const adapters: NonNullable<NodeDescription["netAdapters"]> = node.netAdapters ?? usualNetAdapters(index, 1);
  const gateways = adapters.flatMap(({ name, gateway }) =>
    gateway === undefined ? [] : [{ interfaceAlias: name, nextHop: gateway }],
  );
  return {
    name: node.name,
    windowsBuild: node.windowsBuild ?? 20348,
    logicalProcessors: node.logicalProcessors ?? 16,
    memoryBytes: node.memoryBytes ?? 64 * GiB,
    netAdapters: adapters.map(({ addresses, gateway, ...adapter }) => ({ ...adapter, interfaceGuid: newGuid(world) })),
    volumes: node.volumes ?? [
      { root: "C:\\", sizeBytes: 512 * GiB },
      { root: "D:\\", sizeBytes: 2 * TiB },
    ],
    ...(node.offlineDisks && { offlineDisks: node.offlineDisks }),
    ...(node.clustering !== undefined && { clustering: node.clustering }),
    ...(node.processor && { processor: node.processor }),
    files: {},
    switches: [],
    machines: [],
    up: true,
    vmmsRunning: true,
    clusterServiceRunning: cluster !== undefined && isMember(cluster, node.name),
    // 00155D is Microsoft's prefix; the next two bytes come from the host's own address on real hosts
    macPool: { prefix: `00155D${(index + 1).toString(16).padStart(4, "0").toUpperCase()}`, next: 0 },
    nats: [],
    ipAddresses: adapters.flatMap(({ name, addresses = [] }) =>
      addresses.map((written) => {
        const [ipAddress = "", prefixLength] = written.split("/");
        return { ipAddress, prefixLength: Number(prefixLength), interfaceAlias: name };
      }),
    ),
    ...(gateways.length > 0 && { gateways }),
  };
}

function isMember({ members }: ClusterDescription, name: string): boolean {
  return members?.includes(name) ?? true;
}

function createCluster(world: World, description: ClusterDescription): Cluster {
  const { name, quorum, sharedVolumes, networks } = description;
  const members = world.nodes.filter((node) => isMember(description, node.name));
  return {
    id: newGuid(world),
    name,
    quorum: quorum ?? "NodeMajority",
    sharedVolumes: (
      sharedVolumes ?? [{ name: "Volume1", path: "C:\\ClusterStorage\\Volume1", sizeBytes: 4 * TiB }]
    ).map((volume) => ({ ...volume })),
    files: {},
    groups: [],
    ...(networks && {
      networks: networks.map(({ metric, ...network }) => ({
        ...network,
        role: network.role as ClusterNetwork["role"],
        id: ownGuid(world, `network/${network.name}`),
        autoMetric: metric,
      })),
    }),
    nodes: members.map(({ name: node }, index) => ({
      name: node,
      id: index + 1,
      paused: false,
      avoidPlacement: false,
      drainStatus: "NotInitiated",
      drained: [],
      properties: {},
    })),
    properties: {},
    resourceTypes: { "Virtual Machine": {}, "Virtual Machine Configuration": {} },
    voters: members.map((node) => node.name),
    hasQuorum: true,
    unsettled: false,
  };
}

/** Physical adapters of the host at this place, named as Windows names them. */
export function usualNetAdapters(host: number, count: number): Omit<NetAdapter, "interfaceGuid">[] {
  const hex = (number: number) => number.toString(16).padStart(2, "0").toUpperCase();
  return Array.from({ length: count }, (_, at) => ({
    name: at === 0 ? "Ethernet" : `Ethernet ${at + 1}`,
    interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+${at === 0 ? "" : ` #${at + 1}`}`,
    macAddress: `3CFDFE00${hex(host + 1)}${hex(at + 1)}`,
    linkSpeedBps: 10_000_000_000,
  }));
}
