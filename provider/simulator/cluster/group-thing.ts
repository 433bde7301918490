import { Thing } from "../engine/thing";
import { type AnyGroup, allGroups, isCore, isRole } from "./any-group";
import { clusterThing } from "./cluster-thing";
import { nodeThing } from "./node-thing";
import { plainState } from "./plain-state";
import { viewOf } from "./property";
import { clusterNodeOf, groupProperties, ownerOf, stateOf } from "./role";

export function groupThing(shown: AnyGroup): Thing {
  const { id, name } = shown;
  return new Thing(
    "ClusterGroup",
    `ClusterGroup:${id}`,
    isRole(shown) ? { Id: id, VMId: shown.vmId } : { Id: id },
    (world) => {
      const { cluster } = world;
      const group = cluster && allGroups(cluster).find((candidate) => candidate.id === id);
      if (!cluster || !group) return undefined;
      const owner = clusterNodeOf(cluster, ownerOf(world, group));
      const isMachines = isRole(group);
      return {
        ...viewOf(group.properties, groupProperties),
        Id: id,
        Name: group.name,
        Cluster: () => clusterThing(cluster),
        GroupType: isMachines ? "VirtualMachine" : group.type,
        IsCoreGroup: !isMachines && isCore(group),
        OwnerNode: () => owner && nodeThing(owner),
        DefaultOwner: group.defaultOwner,
        AntiAffinityClassNames: group.antiAffinityClassNames,
        LockedFromMoving: 0,
        PersistentState: (isMachines ? group.wantedOnline : group.resources.some(({ online }) => online)) ? 1 : 0,
        State: isMachines ? stateOf(world, group) : plainState(group),
        StatusInformation: isMachines ? group.statusInformation : "0",
      };
    },
    name,
  );
}
