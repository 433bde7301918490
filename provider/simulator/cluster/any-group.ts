import type { Cluster, Group, PlainGroup, PlainResource, Resource } from "../world/world";

/** Of a machine, or of anything else. */
export type AnyGroup = Group | PlainGroup;

export type AnyResource = Resource | PlainResource;

/** A resource with the group that it is in. */
export type Owned = { group: Group; resource: Resource } | { group: PlainGroup; resource: PlainResource };

export type PlainOwned = Extract<Owned, { group: PlainGroup }>;

/** A machine's group is a role. */
export function isRole(group: AnyGroup): group is Group {
  return "vmId" in group;
}

export function isOfRole(owned: Owned): owned is Exclude<Owned, PlainOwned> {
  return isRole(owned.group);
}

/** The cluster's own groups first. */
export function allGroups({ plainGroups = [], groups }: Cluster): AnyGroup[] {
  return [...plainGroups, ...groups];
}

export function resourcesIn(group: AnyGroup): Owned[] {
  return isRole(group)
    ? group.resources.map((resource) => ({ group, resource }))
    : group.resources.map((resource) => ({ group, resource }));
}

/** The two groups that no cluster is without. */
export function isCore({ type }: PlainGroup): boolean {
  return type === "Cluster" || type === "AvailableStorage";
}

export function clusterGroup({ plainGroups = [] }: Cluster): PlainGroup | undefined {
  return plainGroups.find(({ type }) => type === "Cluster");
}

export function availableStorage({ plainGroups = [] }: Cluster): PlainGroup | undefined {
  return plainGroups.find(({ type }) => type === "AvailableStorage");
}

export function plainResources({ plainGroups = [] }: Cluster): PlainOwned[] {
  return plainGroups.flatMap((group) => group.resources.map((resource) => ({ group, resource })));
}
