import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import type { Thing } from "../engine/thing";
import { locate } from "../engine/thing";
import { findNetworks } from "../world/cluster-network";
import type { Cluster, Node } from "../world/world";
import { addDisks, availableDisks } from "./cluster-disk";
import { settle } from "./failover";
import { domainOfNode } from "./fault-domain-tree";
import { functionalLevel, levelOf } from "./functional-level";
import { isClusterNode, isMember, secondHop, shortName } from "./membership";
import { newMember, refuseMember } from "./new-cluster";
import { startClusterService, stopClusterService } from "./node-service";
import { nodeThing } from "./node-thing";
import { allMembers, clusterOf, codes, type Member, memberNamed, membersOf, refuse } from "./selection";
import { keepFiles } from "./shared-volume";
import { unsettle } from "./unsettle";

export const clusterMembershipCmdlets: Cmdlets = {
  "Add-ClusterNode": addNodes,
  "Remove-ClusterNode": removeNodes,
  "Clear-ClusterNode": clearNodes,
  "Remove-Cluster": removeCluster,
};

/** With the disks that it sees, unless told not to (D, hyper-v-host.md 8). */
function addNodes(call: Running): readonly Thing[] {
  const { world } = call;
  const cluster = clusterOf(call);
  const nodes = (call.texts("Name") ?? [call.node.name]).map((name) => newcomer(call, cluster, name));
  cluster.functionalLevel = functionalLevel(world, cluster);
  for (const node of nodes) {
    const member = newMember(node, freeId(cluster));
    cluster.nodes = [...cluster.nodes, member].sort((one, other) => one.id - other.id);
    cluster.voters.push(node.name);
    startClusterService(world, node);
  }
  findNetworks(world);
  if (!call.flag("NoStorage")) addDisks(call, availableDisks(world, cluster));
  return cluster.nodes.filter(({ name }) => nodes.some((node) => node.name === name)).map(nodeThing);
}

function newcomer(call: Running, cluster: Cluster, name: string): Node {
  const node = call.world.nodes.find((candidate) => sameName(candidate.name, shortName(name)));
  if (!node?.up || node.clustering === false)
    refuse(
      call,
      `Failed to access remote registry on '${name}'. Ensure that the remote registry service is running`,
      53,
    );
  if (call.world.session === "remote" && node !== call.node) throw secondHop(call.cmdlet, node.name);
  refuseMember(call, node);
  if (levelOf(node) < functionalLevel(call.world, cluster))
    refuse(call, `The version of '${node.name}' is older than the functional level of the cluster`, 5075);
  return node;
}

function freeId({ nodes }: Cluster): number {
  for (let id = 1; ; id += 1) if (nodes.every((node) => node.id !== id)) return id;
}

/** Its roles go to others first; one that is down takes itself for a member until it is cleaned (D, hyper-v-host.md 8). */
function removeNodes(call: Running): undefined {
  const { world } = call;
  const cluster = clusterOf(call);
  const removed = membersOf(call) ?? [memberNamed(call, call.node.name)];
  call.needsForce();
  if (removed.length >= cluster.nodes.length)
    refuse(call, "The last node of a cluster cannot be removed from it: remove the cluster", codes.invalidState);
  // the level stays when the oldest node leaves
  cluster.functionalLevel = functionalLevel(world, cluster);
  for (const { node } of removed) stopClusterService(world, node);
  settle(world);
  for (const member of removed) forget(call, cluster, member);
  unsettle(world);
  settle(world);
  findNetworks(world);
}

function forget(call: Running, cluster: Cluster, { own, node }: Member): void {
  const domain = domainOfNode(cluster, own.name);
  cluster.nodes = cluster.nodes.filter((other) => other !== own);
  cluster.voters = cluster.voters.filter((name) => name !== own.name);
  cluster.faultDomains = cluster.faultDomains?.filter((other) => other !== domain);
  for (const holder of [...cluster.groups, ...(cluster.plainGroups ?? [])]) {
    holder.preferredOwners = holder.preferredOwners.filter((name) => !sameName(name, own.name));
    for (const resource of holder.resources)
      if (resource.possibleOwners)
        resource.possibleOwners = resource.possibleOwners.filter((name) => !sameName(name, own.name));
  }
  // a role that no other node could have goes with the node that has its machine
  for (const group of cluster.groups) {
    const located = locate(call.world, group.vmId);
    if (located?.node === node) located.machine.groupId = null;
  }
  cluster.groups = cluster.groups.filter(({ vmId }) => locate(call.world, vmId)?.node !== node);
  if (!node.up) node.evictedFrom = cluster.name;
}

/** What is left of a cluster on a node that is in none any more. */
function clearNodes(call: Running): undefined {
  const names = call.texts("Name") ?? [call.node.name];
  const nodes = names.map((name) => {
    const node = call.world.nodes.find((candidate) => sameName(candidate.name, shortName(name)));
    if (!node?.up) refuse(call, `The computer '${name}' does not answer`, 0x800706ba);
    if (call.world.session === "remote" && node !== call.node) throw secondHop(call.cmdlet, node.name);
    return node;
  });
  call.needsForce();
  for (const node of nodes)
    if (isClusterNode(call.world, node) && isMember(node))
      refuse(call, `'${node.name}' is a node of a cluster: remove it first`, codes.invalidState);
  for (const node of nodes) delete node.evictedFrom;
}

/** Machines stay where they are, data on their disks (D, K; hyper-v-host.md 8). */
function removeCluster(call: Running): undefined {
  const { world } = call;
  const cluster = clusterOf(call);
  call.needsForce();
  for (const volume of cluster.sharedVolumes) keepFiles(call, volume);
  for (const { node } of allMembers(call)) {
    if (!node.up) node.evictedFrom = cluster.name;
    node.clusterServiceRunning = false;
    for (const machine of node.machines) machine.groupId = null;
  }
  delete world.cluster;
}
