import type { Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { isClusterCim } from "../engine/reference";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { Cluster, ClusterNode, Group, Node } from "../world/world";
import { type AnyGroup, allGroups, isRole, type Owned, resourcesIn } from "./any-group";
import { ownerOf } from "./role";

/** Win32 errors of the cluster (hyper-v.md 1.1); what is no 16-bit number is an HRESULT already. */
export const codes = {
  invalidParameter: 87,
  serviceNotActive: 1062,
  circularDependency: 1059,
  dependentExists: 5001,
  dependencyNotFound: 5002,
  dependencyExists: 5003,
  resourceNotFound: 5007,
  objectExists: 5010,
  objectInList: 5011,
  groupNotFound: 5013,
  notPossibleOwner: 5016,
  quorumResource: 5020,
  notQuorumCapable: 5021,
  invalidState: 5023,
  coreResource: 5026,
  networkNotAvailable: 5035,
  nodeNotAvailable: 5036,
  nodeNotFound: 5042,
  networkNotFound: 5045,
  networkInterfaceNotFound: 5047,
  nodeDown: 5050,
  dependencyNotAllowed: 5069,
  resourceTypeNotFound: 5078,
  notOnSharedVolume: 5945,
  groupSetNotFound: 5983,
} as const;

/** Ends a cluster cmdlet as the recorded ones do: its own name in place of an error id (hyper-v.md 1.1, 7.7). */
export function refuse(call: Running, message: string, code?: number): never {
  const whole = code === undefined || code > 0xffff ? code : 0x80070000 + code;
  if (isClusterCim(call.cmdlet)) refuseMethod(call, message, whole);
  if (whole === undefined) call.fail(call.cmdlet, "NotSpecified", message);
  call.fail(call.cmdlet, "NotSpecified", coded(message, whole), { hresult: signed(whole) });
}

/** A method of the cluster's WMI classes that failed (K). */
function refuseMethod(call: Running, message: string, code: number | undefined): never {
  const exception = "Microsoft.Management.Infrastructure.CimException";
  if (code === undefined) call.fail("MI RESULT 1", "NotSpecified", message, { exception });
  const id = `HRESULT 0x${code.toString(16)}`;
  call.fail(id, "NotSpecified", coded(message, code), { exception, hresult: signed(code) });
}

/** Fed nothing, or something else (recorded, hyper-v.md 7.7). */
export function noObject(call: Running): never {
  call.fail("PSArgument", "InvalidArgument", "No cluster object was specified.", {
    exception: "System.Management.Automation.PSArgumentException",
  });
}

/** The call's cluster; that there is one has been looked at. */
export function clusterOf(call: Running): Cluster {
  return call.world.cluster ?? noObject(call);
}

/** The objects of `-InputObject`. */
export function inputs(call: Running): Thing[] | undefined {
  if (!call.has("InputObject")) return undefined;
  const value = call.get<unknown>("InputObject");
  const objects: unknown[] = Array.isArray(value) ? value : [value];
  const things = objects.filter((object) => object instanceof Thing);
  if (things.length === 0 || things.length < objects.length) noObject(call);
  return things;
}

/** The groups that a call means: by machine, objects, or names, which are also ids here and never patterns. */
export function groupsOf(call: Running): AnyGroup[] | undefined {
  const id = given<string>(call, "VMId");
  if (id !== undefined) return [roleWith(call, id, `of the virtual machine ${id}`)];
  const objects = inputs(call);
  if (objects) return unique(objects.flatMap((thing) => groupsBehind(call, thing)));
  const names = call.texts("Name");
  return names && unique(names.map((name) => groupNamed(call, name)));
}

/** The same where there has to be one. */
export function someGroups(call: Running): AnyGroup[] {
  return groupsOf(call) ?? noObject(call);
}

/** For cmdlets that know groups of machines only. */
export function someRoles(call: Running): Group[] {
  return someGroups(call).map((group) =>
    isRole(group) ? group : refuse(call, `The cluster group '${group.name}' has no virtual machine`),
  );
}

export function groupNamed(call: Running, name: string): AnyGroup {
  return groupWith(call, (group) => sameName(group.name, name) || sameName(group.id, name), `'${name}'`);
}

function groupWith(call: Running, is: (group: AnyGroup) => boolean, what: string): AnyGroup {
  const group = allGroups(clusterOf(call)).find(is);
  if (!group) refuse(call, `The cluster group ${what} could not be found`, codes.groupNotFound);
  return group;
}

function roleWith(call: Running, id: string, what: string): AnyGroup {
  return groupWith(call, (group) => isRole(group) && group.vmId === id, what);
}

type GroupsBehind = (call: Running, thing: Thing) => AnyGroup[];

const groupsByClass: Readonly<Record<string, GroupsBehind>> = {
  Cluster: (call) => allGroups(clusterOf(call)),
  ClusterGroup: (call, { identity }) => [groupWith(call, ({ id }) => id === identity.Id, String(identity.Id))],
  ClusterResource: (call, thing) => [resourceBehind(call, thing).group],
  ClusterNode: (call, { identity }) =>
    allGroups(clusterOf(call)).filter((group) => sameName(ownerOf(call.world, group), String(identity.Name))),
  VirtualMachine: (call, { identity }) => [roleWith(call, String(identity.Id), String(identity.Id))],
};

function groupsBehind(call: Running, thing: Thing): AnyGroup[] {
  return groupsByClass[thing.type]?.(call, thing) ?? noObject(call);
}

export function allResources(call: Running): Owned[] {
  return allGroups(clusterOf(call)).flatMap(resourcesIn);
}

export function resourcesOf(call: Running): Owned[] | undefined {
  const id = given<string>(call, "VMId");
  const objects = inputs(call);
  if (id !== undefined || objects?.some(({ type }) => type !== "ClusterResource"))
    return (groupsOf(call) ?? []).flatMap(resourcesIn);
  if (objects) return objects.map((thing) => resourceBehind(call, thing));
  return call.texts("Name")?.map((name) => resourceNamed(call, name));
}

export function resourceNamed(call: Running, name: string): Owned {
  return resourceWith(call, ({ resource }) => sameName(resource.name, name) || sameName(resource.id, name), name);
}

export function resourceBehind(call: Running, { identity }: Thing): Owned {
  return resourceWith(call, ({ resource }) => resource.id === identity.Id, String(identity.Id));
}

function resourceWith(call: Running, is: (owned: Owned) => boolean, what: string): Owned {
  const found = allResources(call).find(is);
  if (!found) refuse(call, `The cluster resource '${what}' could not be found`, codes.resourceNotFound);
  return found;
}

/** A node of the cluster, dead or alive. */
export interface Member {
  own: ClusterNode;
  node: Node;
}

export function allMembers(call: Running): Member[] {
  return clusterOf(call).nodes.flatMap((own) => {
    const node = call.world.nodes.find(({ name }) => name === own.name);
    return node ? [{ own, node }] : [];
  });
}

/** By name with or without a domain, or by number. */
export function memberNamed(call: Running, name: string): Member {
  const [short = ""] = name.split(".");
  const found = allMembers(call).find(({ own }) => sameName(own.name, short) || String(own.id) === name);
  if (!found) refuse(call, `The cluster node '${name}' could not be found`, codes.nodeNotFound);
  return found;
}

export function membersOf(call: Running): Member[] | undefined {
  const objects = inputs(call);
  if (objects) return objects.flatMap((thing) => membersBehind(call, thing));
  return call.texts("Name")?.map((name) => memberNamed(call, name));
}

function membersBehind(call: Running, { type, identity }: Thing): Member[] {
  if (type === "Cluster") return allMembers(call);
  if (type === "ClusterNode") return [memberNamed(call, String(identity.Name))];
  noObject(call);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
