import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { ClusterNode, Node } from "../world/world";
import type { Assigning } from "./assigning";
import { clusterThing } from "./cluster";
import { bringBack, drain } from "./drain";
import { failBack, settle, withVote } from "./failover";
import { isMember, members, requireCluster } from "./membership";
import { startClusterService, stopClusterService, unsettle } from "./node-service";
import { assignProperty, viewOf } from "./property";
import { clusterNodeProperties } from "./property-tables";
import { clusterNodeOf } from "./role";
import { allMembers, clusterOf, codes, type Member, memberNamed, membersOf, refuse } from "./selection";

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
  for (const { node } of nodes) stopClusterService(call.world, node);
  settle(call.world);
  return nodes.map(({ own }) => nodeThing(own));
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
        FaultDomain: [],
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

export function assignNode({ world, node, target, property, value }: Assigning): void {
  const own = clusterNodeOf(requireCluster(world, node, ""), String(target.identity.Name));
  if (own)
    assignProperty({
      type: "ClusterNode",
      property,
      value,
      set: own.properties,
      properties: clusterNodeProperties,
    });
}
