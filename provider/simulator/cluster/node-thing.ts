import { Thing } from "../engine/thing";
import type { ClusterNode } from "../world/world";
import { clusterThing } from "./cluster-thing";
import { above, domainOfNode } from "./fault-domain-tree";
import { isMember } from "./membership";
import { viewOf } from "./property";
import { clusterNodeProperties } from "./property-tables";
import { clusterNodeOf } from "./role";

export function nodeThing({ name }: ClusterNode): Thing {
  return new Thing(
    "ClusterNode",
    `ClusterNode:${name}`,
    { Name: name },
    (world) => {
      const own = world.cluster && clusterNodeOf(world.cluster, name);
      const node = world.nodes.find((candidate) => candidate.name === name);
      if (!world.cluster || !own || !node) return undefined;
      const { cluster } = world;
      return {
        ...viewOf(own.properties, clusterNodeProperties),
        Cluster: () => clusterThing(cluster),
        Id: String(own.id),
        Name: name,
        NodeName: name,
        State: !isMember(node) ? "Down" : own.paused ? "Paused" : "Up",
        StatusInformation: statusOf(own),
        DrainStatus: own.drainStatus,
        DrainErrorCode: 0,
        DrainTarget: 4294967295,
        FailbackStatus: "NotInitiated",
        DynamicWeight: cluster.voters.includes(name) ? 1 : 0,
        NeedsPreventQuorum: 0,
        BuildNumber: node.windowsBuild,
        MajorVersion: 10,
        MinorVersion: 0,
        CSDVersion: "",
        Type: "Node",
        FaultDomain: above(cluster, domainOfNode(cluster, name)).map((domain) => `${domain.type}:${domain.name}`),
        Manufacturer: "",
        Model: "",
        SerialNumber: "",
        DetectedCloudPlatform: "None",
      };
    },
    name,
  );
}

const drainInformation: Readonly<Record<ClusterNode["drainStatus"], string>> = {
  NotInitiated: "Normal",
  InProgress: "DrainInProgress",
  Completed: "DrainCompleted",
  Failed: "DrainFailed",
};

function statusOf({ drainStatus, avoidPlacement }: ClusterNode): string {
  const drain = drainInformation[drainStatus];
  if (!avoidPlacement) return drain;
  return drain === "Normal" ? "AvoidPlacement" : `${drain}, AvoidPlacement`;
}
