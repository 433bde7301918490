import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Node } from "../world/world";
import type { Assigning } from "./assigning";
import { bringBack, drain } from "./drain";
import { failBack, settle, withVote } from "./failover";
import { isMember, members, requireCluster } from "./membership";
import { startClusterService, stopClusterService } from "./node-service";
import { nodeThing } from "./node-thing";
import { assignProperty } from "./property";
import { clusterNodeProperties } from "./property-tables";
import { hasQuorum } from "./quorum";
import { clusterNodeOf } from "./role";
import { allMembers, clusterOf, codes, type Member, memberNamed, membersOf, refuse } from "./selection";
import { unsettle } from "./unsettle";

export const clusterNodeCmdlets: Cmdlets = {
  "Get-ClusterNode": (call) => (membersOf(call) ?? allMembers(call)).map(({ own }) => nodeThing(own)),
  "Suspend-ClusterNode": suspend,
  "Resume-ClusterNode": resume,
  "Stop-ClusterNode": stopNodes,
  "Start-ClusterNode": startNodes,
};

/** The nodes that a call means; this one when it names none (D). */
function meant(call: Running): Member[] {
  return membersOf(call) ?? [memberNamed(call, call.node.name)];
}

function requireUp(call: Running, { node }: Member): void {
  if (!isMember(node)) refuse(call, `The cluster node '${node.name}' is down`, codes.nodeDown);
}

function suspend(call: Running): readonly Thing[] {
  const nodes = meant(call);
  for (const member of nodes) requireUp(call, member);
  const target = drainTarget(call, nodes);
  for (const { own } of nodes)
    Object.assign(own, { paused: true, avoidPlacement: call.flag("AvoidPlacement"), drained: [] });
  if (call.flag("Drain") || call.flag("ForceDrain")) for (const member of nodes) drain(call, member, target);
  return nodes.map(({ own }) => nodeThing(own));
}

/** Where a drain is to go to, if somebody says so: a node that can be given something. */
function drainTarget(call: Running, nodes: readonly Member[]): Node | undefined {
  const name = given<string>(call, "TargetNode");
  if (name === undefined) return undefined;
  const target = memberNamed(call, name);
  requireUp(call, target);
  if (target.own.paused || nodes.some(({ own }) => own === target.own))
    refuse(call, `The cluster node '${name}' is not available for this operation`, codes.nodeNotAvailable);
  return target.node;
}

function resume(call: Running): readonly Thing[] {
  const nodes = meant(call);
  for (const member of nodes) requireUp(call, member);
  const failback = given<string>(call, "Failback") ?? "NoFailback";
  for (const member of nodes) resumeNode(call, member, failback);
  return nodes.map(({ own }) => nodeThing(own));
}

function resumeNode(call: Running, { own, node }: Member, failback: string): void {
  const { drained } = own;
  Object.assign(own, { paused: false, avoidPlacement: false, drainStatus: "NotInitiated", drained: [] });
  if (failback === "Immediate") bringBack(call, node, drained);
  if (failback === "Policy") failBack(call.world, clusterOf(call), node);
  // what waited for a place may have one now
  unsettle(call.world);
  settle(call.world);
}

function stopNodes(call: Running): readonly Thing[] {
  const nodes = meant(call);
  for (const { node } of nodes)
    if (!isMember(node)) refuse(call, `The service has not been started on '${node.name}'`, codes.serviceNotActive);
  for (const { node } of nodes) {
    requireQuorumWithout(call, node);
    stopClusterService(call.world, node);
    settle(call.world);
  }
  return nodes.map(({ own }) => nodeThing(own));
}

/** Not when the others would lose their quorum (D, hyper-v-host.md 8). */
function requireQuorumWithout(call: Running, node: Node): void {
  const alive = members(call.world)
    .filter((member) => member !== node)
    .map(({ name }) => name);
  if (!hasQuorum(clusterOf(call), alive))
    refuse(call, `Stopping the cluster service on '${node.name}' would cause the cluster to lose its quorum`, 5925);
}

function startNodes(call: Running): readonly Thing[] {
  const nodes = meant(call);
  for (const { node } of nodes)
    if (!node.up) refuse(call, `The RPC server on '${node.name}' is unavailable`, 0x800706ba);
  for (const { node } of nodes) startClusterService(call.world, node);
  if (call.flag("ForceQuorum")) forceQuorum(call);
  return nodes.map(({ own }) => nodeThing(own));
}

/** Those that run are all that count. */
function forceQuorum(call: Running): void {
  const cluster = clusterOf(call);
  cluster.voters = withVote(
    cluster,
    members(call.world).map(({ name }) => name),
  );
  unsettle(call.world);
  settle(call.world);
}

export function assignNode({ world, node, target, property, value }: Assigning): void {
  const own = clusterNodeOf(requireCluster(world, node, ""), String(target.identity.Name));
  if (!own) return;
  assignProperty({ type: "ClusterNode", property, value, set: own.properties, properties: clusterNodeProperties });
  // a vote that is taken or given counts at once (D, hyper-v-host.md 8)
  unsettle(world);
}
