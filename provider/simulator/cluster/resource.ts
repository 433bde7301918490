import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { Thing } from "../engine/thing";
import type { Cluster, Group, Resource, World } from "../world/world";
import type { Assigning } from "./assigning";
import { clusterThing } from "./cluster";
import { bringOnline, freeName, groupThing, requireRole, takeOffline } from "./group";
import { requireCluster } from "./membership";
import { nodeThing } from "./node";
import { assignProperty, oneOf, type Properties, refusedValue, unset, viewOf } from "./property";
import { clusterNodeOf, ownerOf, stateOf } from "./role";
import { allResources, clusterOf, codes, noObject, type Owned, refuse, resourcesOf } from "./selection";

export const clusterResourceCmdlets: Cmdlets = {
  "Get-ClusterResource": (call) => (resourcesOf(call) ?? allResources(call)).map(resourceThing),
  "Start-ClusterResource": (call) =>
    each(call, { "Virtual Machine": bringOnline, "Virtual Machine Configuration": open }),
  // a machine depends on its configuration, not the other way round
  "Stop-ClusterResource": (call) =>
    each(call, { "Virtual Machine": leaveOpen, "Virtual Machine Configuration": takeOffline }),
  "Get-ClusterResourceType"(call) {
    const types = resourceTypes.filter((type) => call.texts("Name")?.some((name) => sameName(name, type)) ?? true);
    if (types.length === 0) refuse(call, "The cluster resource type could not be found", 5078);
    return types.map((type) => typeThing(clusterOf(call), type));
  },
};

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

const resourceTypes = ["Virtual Machine", "Virtual Machine Configuration"] as const;

type Act = (call: Running, group: Group) => void;

function each(call: Running, acts: Readonly<Record<Resource["type"], Act>>): readonly Thing[] {
  const owned = resourcesOf(call) ?? noObject(call);
  for (const { group, resource } of owned) acts[resource.type](call, group);
  return owned.map(resourceThing);
}

/** The configuration alone: the group is partially online then. */
function open(call: Running, group: Group): void {
  if (stateOf(call.world, group) === "Online") return;
  requireRole(call, group);
  group.configurationOnline = true;
}

function leaveOpen(call: Running, group: Group): void {
  const wasOpen = stateOf(call.world, group) === "Online" || group.configurationOnline;
  takeOffline(call, group);
  group.configurationOnline = wasOpen;
}

function resourceState(world: World, group: Group, { type }: Resource): string {
  const state = stateOf(world, group);
  if (type === "Virtual Machine") return state === "PartialOnline" ? "Offline" : state;
  return state === "PartialOnline" ? "Online" : state === "Failed" ? "Offline" : state;
}

export function resourceThing({ resource: { id, name } }: Owned): Thing {
  return new Thing(
    "ClusterResource",
    `ClusterResource:${id}`,
    { Id: id },
    (world) => {
      const { cluster } = world;
      const group = cluster?.groups.find(({ resources }) => resources.some((resource) => resource.id === id));
      const resource = group?.resources.find((candidate) => candidate.id === id);
      if (!cluster || !group || !resource) return undefined;
      const owner = clusterNodeOf(cluster, ownerOf(world, group));
      return {
        ...viewOf(resource.properties, resourceProperties),
        Id: id,
        Name: resource.name,
        Cluster: () => clusterThing(cluster),
        OwnerGroup: () => groupThing(group),
        OwnerNode: () => owner && nodeThing(owner),
        ResourceType: () => typeThing(cluster, resource.type),
        State: resourceState(world, group, resource),
        StatusInformation: "0",
        PersistentState: group.wantedOnline ? 1 : 0,
        IsCoreResource: false,
        IsNetworkClassResource: false,
        IsStorageClassResource: false,
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

function typeThing(cluster: Cluster, type: Resource["type"]): Thing {
  return new Thing(
    "ClusterResourceType",
    `ClusterResourceType:${type}`,
    { Name: type },
    () => ({
      Id: type,
      Name: type,
      DisplayName: type,
      Description: "",
      Cluster: () => clusterThing(cluster),
      DllName: "vmclusres.dll",
      PendingTimeout: 180_000,
      DeadlockTimeout: 300_000,
      IsAlivePollInterval: 60_000,
      LooksAlivePollInterval: 5_000,
    }),
    type,
  );
}

export function assignResource({ world, node, target, property, value }: Assigning): void {
  const all = requireCluster(world, node, "").groups.flatMap(({ resources }) => resources);
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
