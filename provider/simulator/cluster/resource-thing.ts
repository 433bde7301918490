import { Thing, type View } from "../engine/thing";
import type { Cluster, Group, Resource, World } from "../world/world";
import { allGroups, isCore, isOfRole, isRole, type Owned, resourcesIn } from "./any-group";
import type { Assigning } from "./assigning";
import { clusterThing } from "./cluster-thing";
import { freeName } from "./group-property";
import { groupThing } from "./group-thing";
import { requireCluster } from "./membership";
import { nodeThing } from "./node-thing";
import { plainResourceState } from "./plain-state";
import { assignProperty, oneOf, type Properties, refusedValue, unset, viewOf } from "./property";
import { typeThing } from "./resource-type";
import { clusterNodeOf, ownerOf, stateOf } from "./role";
import { codes } from "./selection";
import { ownerOfVolume } from "./shared-volume-thing";

/** Common properties of a resource with a host's defaults (D, hyper-v.md 7.2). */
const resourceProperties: Properties = {
  Description: { default: "" },
  RestartAction: { default: 2, wrong: oneOf(0, 1, 2) },
  RestartPeriod: { default: 900_000 },
  RestartThreshold: { default: 1 },
  RestartDelay: { default: 500 },
  RetryPeriodOnFailure: { default: 3_600_000 },
  PendingTimeout: { default: 180_000 },
  DeadlockTimeout: { default: 300_000 },
  EmbeddedFailureAction: { default: 2 },
  IsAlivePollInterval: { default: unset },
  LooksAlivePollInterval: { default: unset },
};

const networkTypes: ReadonlySet<string> = new Set(["IP Address", "IPv6 Address", "Network Name"]);

export function resourceThing({ resource: { id, name } }: Owned): Thing {
  return new Thing(
    "ClusterResource",
    `ClusterResource:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      const owned =
        cluster &&
        allGroups(cluster)
          .flatMap(resourcesIn)
          .find(({ resource }) => resource.id === id);
      if (!cluster) return undefined;
      if (!owned) return volumeView(world, cluster, id);
      const { group, resource } = owned;
      const owner = clusterNodeOf(cluster, ownerOf(world, group));
      const state = resourceState(world, owned);
      return {
        ...viewOf(resource.properties, resourceProperties),
        Id: id,
        Name: resource.name,
        Cluster: () => clusterThing(cluster),
        OwnerGroup: () => groupThing(group),
        OwnerNode: () => owner && nodeThing(owner),
        ResourceType: () => typeThing(cluster, resource.type),
        State: state,
        StatusInformation: "0",
        PersistentState: (isRole(group) ? group.wantedOnline : state === "Online") ? 1 : 0,
        IsCoreResource: !isRole(group) && isCore(group),
        IsNetworkClassResource: networkTypes.has(resource.type),
        IsStorageClassResource: resource.type === "Physical Disk",
        MaintenanceMode: false,
        SeparateMonitor: false,
        MonitorProcessId: 0,
        LastOperationStatusCode: 0,
        ResourceSpecificData1: 0,
        ResourceSpecificData2: 0,
        ResourceSpecificStatus: "",
      };
    },
    name,
  );
}

/** A disk that became a shared volume is a resource still, in no group that is shown. */
function volumeView(world: World, cluster: Cluster, id: string): View | undefined {
  const volume = cluster.sharedVolumes.find((candidate) => candidate.id === id);
  if (!volume) return undefined;
  const owner = clusterNodeOf(cluster, ownerOfVolume(world, volume) ?? "");
  return {
    Id: id,
    Name: volume.name,
    Cluster: () => clusterThing(cluster),
    OwnerNode: () => owner && nodeThing(owner),
    ResourceType: () => typeThing(cluster, "Physical Disk"),
    State: volume.away ? "Failed" : "Online",
  };
}

function resourceState(world: World, owned: Owned): string {
  return isOfRole(owned)
    ? machineResourceState(world, owned.group, owned.resource)
    : plainResourceState(owned.resource);
}

function machineResourceState(world: World, group: Group, { type }: Resource): string {
  const state = stateOf(world, group);
  if (type === "Virtual Machine") return state === "PartialOnline" ? "Offline" : state;
  return state === "PartialOnline" ? "Online" : state === "Failed" ? "Offline" : state;
}

export function assignResource({ world, node, target, property, value }: Assigning): void {
  const all = allGroups(requireCluster(world, node, ""))
    .flatMap(resourcesIn)
    .map((owned) => owned.resource);
  const resource = all.find(({ id }) => id === target.identity.Id);
  if (!resource) throw refusedValue(property, "The resource could not be found.", 0x80070000 + codes.resourceNotFound);
  assignProperty({
    type: "ClusterResource",
    property,
    value,
    set: resource.properties,
    properties: resourceProperties,
    others: {
      Name: (name) => {
        resource.name = freeName(property, name, all, resource);
      },
    },
  });
}
