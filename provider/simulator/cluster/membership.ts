import type { Bound } from "../engine/binder";
import { CallFailure, failure } from "../engine/failure";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { cmdletName, reference } from "../engine/reference";
import type { Cluster, Node, World } from "../world/world";

/** Nodes whose cluster service runs; whether they are enough is the quorum's question. */
export function members(world: World): Node[] {
  return world.cluster ? world.nodes.filter(isMember) : [];
}

export function isMember(node: Node): boolean {
  return node.up && node.clusterServiceRunning;
}

/** Throws where a service that the cmdlet needs does not run: an error, never an empty list. */
export function refuses(world: World, node: Node, { cmdlet, parameters }: Bound): void {
  const module = reference.cmdlets[cmdlet]?.module;
  if (module === "Hyper-V" && !node.vmmsRunning)
    throw failure(
      cmdlet,
      "ObjectNotFound",
      "ObjectNotFound",
      `Hyper-V encountered an error trying to access an object on computer '${node.name}' because the object was not found. ` +
        "The object might have been deleted. Verify that the Virtual Machine Management service on the computer is running.",
    );
  if (module !== "FailoverClusters") return;
  if (cmdlet !== "Start-ClusterNode" || !world.cluster) requireCluster(world, node, cmdlet);
  const named = cmdlet === "Get-Cluster" ? parameters.Name : parameters.Cluster;
  if (world.cluster && typeof named === "string") requireName(world, world.cluster, node, named, cmdlet);
}

/** The cluster as this node sees it (recorded, hyper-v.md 7.7). */
export function requireCluster(world: World, node: Node, cmdlet: string): Cluster {
  const { cluster } = world;
  if (cluster?.hasQuorum && isMember(node)) return cluster;
  const message =
    "The cluster service is not running.  Make sure that the service is running on all nodes in the cluster. There are no more endpoints available from the endpoint mapper";
  throw unreachable(cmdlet, "ClusterEndpointNotRegistered", message, 0x800706d9);
}

/** This node, the cluster or one of its nodes; with or without a domain. */
function requireName(world: World, cluster: Cluster, node: Node, name: string, cmdlet: string): void {
  const [short = ""] = name.split(".");
  if (name === "." || sameName(short, cluster.name) || sameName(short, node.name)) return;
  if (members(world).some((member) => sameName(short, member.name))) return;
  const message = `Check the spelling of the cluster name. Otherwise, there might be a problem with your network. The RPC server is unavailable`;
  throw unreachable(cmdlet, "ClusterRpcConnection", message, 0x800706ba);
}

function unreachable(cmdlet: string, errorId: string, message: string, code: number): CallFailure {
  if (cmdletName(cmdlet) !== undefined)
    return failure(cmdlet, errorId, "ConnectionError", coded(message, code), { hresult: signed(code) });
  return new CallFailure({
    id: "ExceptionWhenSetting",
    category: "NotSpecified",
    exception: "System.Management.Automation.SetValueInvocationException",
    message: coded(message, code),
    hresult: signed(code),
  });
}
