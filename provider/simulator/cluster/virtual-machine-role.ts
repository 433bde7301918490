import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { localPaths } from "../machine/virtual-machine-move";
import { isActive } from "../world/machine-state";
import { type Cluster, type Group, type Machine, newGuid, type Resource, type World } from "../world/world";
import { allGroups, isRole } from "./any-group";
import { groupThing } from "./group-thing";
import { isMember } from "./membership";
import type { Migration } from "./migration";
import { nameIsTaken } from "./names";
import { impliedMigration } from "./parameter-table";
import { clusterNodeOf, groupOf, roleOf } from "./role";
import { moveMachines } from "./role-move";
import { clusterOf, codes, inputs, noObject, refuse, resourcesOf, someRoles } from "./selection";

export const clusterRoleCmdlets: Cmdlets = {
  "Add-ClusterVirtualMachineRole": (call) => [groupThing(addRole(call, requireMachine(call)))],
  "Add-VMToCluster": (call) => [groupThing(addRole(call, requireMachine(call)))],
  "Move-ClusterVirtualMachineRole": moveRoles,
  "Update-ClusterVirtualMachineConfiguration": updateConfiguration,
};

/** One machine of this node: a role is made where its machine is (K, hyper-v.md 7.7). */
function requireMachine(call: Running): Machine {
  const id = given<string>(call, "VMId") ?? machineId(call);
  const name = given<string>(call, "VMName") ?? given<string>(call, "VirtualMachine");
  if (id === undefined && name === undefined) noObject(call);
  if (!isMember(call.node))
    refuse(call, `The virtual machine '${id ?? name}' could not be found on ${call.node.name}.`);
  const [machine, another] = call.node.machines.filter((candidate) =>
    id === undefined ? sameName(candidate.name, name ?? "") : candidate.id === id,
  );
  if (!machine) refuse(call, `The virtual machine '${id ?? name}' could not be found on ${call.node.name}.`);
  if (another) refuse(call, `There are several virtual machines '${name}' on ${call.node.name}.`);
  return machine;
}

function machineId(call: Running): string | undefined {
  const objects = inputs(call);
  if (!objects) return undefined;
  const [object] = objects;
  if (object?.type !== "VirtualMachine" || objects.length > 1) noObject(call);
  return String(object.identity.Id);
}

function addRole(call: Running, machine: Machine): Group {
  const cluster = clusterOf(call);
  const name = given<string>(call, "Name") ?? machine.name;
  if (groupOf(call.world, machine))
    refuse(call, "The resource is already configured for high availability", codes.objectExists);
  if (nameIsTaken(allGroups(cluster), name))
    refuse(call, `There is a cluster group '${name}' already`, codes.objectExists);
  requireSharedStorage(call, machine);
  const group = newGroup(call.world, cluster, machine, name);
  group.ownerNode = call.node.name;
  group.defaultOwner = clusterNodeOf(cluster, call.node.name)?.id ?? 0;
  cluster.groups.push(group);
  machine.groupId = group.id;
  return group;
}

/** Configuration and disks on a shared volume; of an image the cluster only warns (S, hyper-v.md 7.2, 7.7). */
function requireSharedStorage(call: Running, machine: Machine): void {
  for (const path of localPaths(call.world, machine)) {
    const message = `Disk path '${path}' is not a path to storage in the cluster or to storage that can be added to the cluster`;
    if (isImage(machine, path)) call.warn(message);
    else refuse(call, message, codes.notOnSharedVolume);
  }
}

function isImage({ drives }: Machine, path: string): boolean {
  return drives.some((drive) => drive.kind === "Dvd" && drive.path === path);
}

function newGroup(world: World, cluster: Cluster, machine: Machine, name: string): Group {
  return {
    id: newGuid(world),
    name,
    vmId: machine.id,
    ownerNode: "",
    defaultOwner: 0,
    properties: {},
    preferredOwners: [],
    antiAffinityClassNames: [],
    failures: 0,
    failed: false,
    statusInformation: "0",
    configurationOnline: false,
    wantedOnline: isActive(machine),
    resources: (["Virtual Machine", "Virtual Machine Configuration"] as const).map((type) => ({
      id: newGuid(world),
      name: resourceName(cluster, `${type} ${name}`),
      type,
      possibleOwners: null,
      properties: {},
      parameters: {},
    })),
  };
}

/** A role that was renamed has left its resources' names behind: then a number makes the difference (K). */
function resourceName(cluster: Cluster, wanted: string): string {
  const taken = (name: string): boolean =>
    cluster.groups.some(({ resources }) => resources.some((resource: Resource) => sameName(resource.name, name)));
  for (let number = 0; ; number += 1) {
    const name = number === 0 ? wanted : `${wanted} (${number})`;
    if (!taken(name)) return name;
  }
}

function moveRoles(call: Running): readonly Thing[] {
  const wanted = given<Migration>(call, "MigrationType");
  if (call.flag("Cancel")) {
    const [group] = someRoles(call);
    // moves are done at once: there is none to end
    refuse(call, `The clustered role '${group?.name}' is not being moved`, codes.invalidState);
  }
  const groups = someRoles(call);
  moveMachines(call, groups, (group) => wanted ?? impliedMigration(call, group, "Live"));
  return groups.map(groupThing);
}

/** Warns of what the other nodes cannot reach; the rest has been seen already (hyper-v.md 7.5). */
function updateConfiguration(call: Running): undefined {
  for (const group of configured(call)) {
    const role = roleOf(call.world, group);
    if (!role) refuse(call, `The virtual machine of '${group.name}' could not be found`, codes.groupNotFound);
    const local = localPaths(call.world, role.machine);
    if (local.length > 0)
      call.warn(
        `There were issues updating the virtual machine configuration for virtual machine '${role.machine.name}'. ${local.join(", ")}`,
      );
  }
}

/** `-Name` is that of the configuration's resource, or of the role. */
function configured(call: Running): Group[] {
  const name = given<string>(call, "Name");
  const isResource = clusterOf(call).groups.some(({ resources }) =>
    resources.some((resource) => sameName(resource.name, name ?? "")),
  );
  if (isResource && !call.has("VMId")) return (resourcesOf(call) ?? []).map(({ group }) => group).filter(isRole);
  return someRoles(call);
}
