import type { Bound } from "../engine/binder";
import { unknownCommand } from "../engine/command";
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

/** A node of the cluster, whether it lives or not. */
export function isClusterNode({ cluster }: World, { name }: Node): boolean {
  return cluster?.nodes.some((own) => own.name === name) ?? false;
}

/** Cmdlets that are asked where no cluster is, or not yet. */
const withoutCluster: ReadonlySet<string> = new Set(["New-Cluster", "Clear-ClusterNode"]);

/** These start the service that the others need. */
const starting: ReadonlySet<string> = new Set(["Start-ClusterNode", "Start-Cluster"]);

/** Throws where a service that the cmdlet needs does not run: an error, never an empty list. */
export function refuses(world: World, node: Node, { cmdlet, parameters }: Bound): void {
  const module = reference.cmdlets[cmdlet]?.module;
  if (module === "Hyper-V" && !node.vmmsRunning)
    throw failure(
      cmdlet,
      { errorId: "ObjectNotFound", category: "ObjectNotFound" },
      `Hyper-V encountered an error trying to access an object on computer '${node.name}' because the object was not found. ` +
        "The object might have been deleted. Verify that the Virtual Machine Management service on the computer is running.",
    );
  if (module !== "FailoverClusters") return;
  // rules came with Windows Server 2022 (D, hyper-v-host.md 13)
  if (/AffinityRule$/.test(cmdlet) && node.windowsBuild < 20348) throw unknownCommand(cmdlet);
  if (withoutCluster.has(cmdlet)) return;
  const named = cmdlet === "Get-Cluster" || cmdlet === "Start-Cluster" ? parameters.Name : parameters.Cluster;
  if (typeof named === "string" && !isHere(node, named)) requireNamed(world, node, named, cmdlet);
  else if (!starting.has(cmdlet) || !isClusterNode(world, node)) requireCluster(world, node, cmdlet);
}

/** What every cluster cmdlet says in a session of that kind, before it succeeds or fails (recorded, hyper-v.md 7.7). */
export function warnings({ session }: World, { cmdlet }: Bound): string[] {
  if (session !== "remote" || reference.cmdlets[cmdlet]?.module !== "FailoverClusters") return [];
  return [
    "If you are running Windows PowerShell remotely, note that some failover clustering cmdlets do not work remotely. " +
      "When possible, run the cmdlet locally and specify a remote computer as the target.",
  ];
}

/** The cluster as this node sees it (recorded, hyper-v.md 7.7). */
export function requireCluster(world: World, node: Node, cmdlet: string): Cluster {
  const { cluster } = world;
  if (cluster?.hasQuorum && isMember(node)) return cluster;
  const message =
    "The cluster service is not running.  Make sure that the service is running on all nodes in the cluster. There are no more endpoints available from the endpoint mapper";
  throw unreachable(cmdlet, "ClusterEndpointNotRegistered", message, 0x800706d9);
}

function isHere(node: Node, name: string): boolean {
  return name === "." || sameName(shortName(name), node.name);
}

export function shortName(name: string): string {
  return name.split(".")[0] ?? "";
}

/** The cluster or one of its nodes, from wherever it is asked; with or without a domain. */
function requireNamed(world: World, node: Node, name: string, cmdlet: string): void {
  const short = shortName(name);
  const { cluster } = world;
  const alive = cluster?.hasQuorum ? members(world) : [];
  const isThere = alive.length > 0 && cluster !== undefined && sameName(short, cluster.name);
  if (isThere || alive.some((member) => sameName(short, member.name))) {
    if (world.session === "remote") throw secondHop(cmdlet, name);
    return;
  }
  // a node whose own service does not run says so first
  if (isClusterNode(world, node)) requireCluster(world, node, cmdlet);
  const message = `Check the spelling of the cluster name. Otherwise, there might be a problem with your network. The RPC server is unavailable`;
  throw unreachable(cmdlet, "ClusterRpcConnection", message, 0x800706ba);
}

/** A network logon has no credentials for another computer, and the error does not say so (recorded, hyper-v-host.md 1). */
export function secondHop(cmdlet: string, name: string): CallFailure {
  const code = 0x80070005;
  const message = coded(`You do not have administrative privileges on '${name}'. Access is denied`, code);
  return failure(cmdlet, { errorId: cmdlet, category: "NotSpecified" }, message, { hresult: signed(code) });
}

function unreachable(cmdlet: string, errorId: string, message: string, code: number): CallFailure {
  if (cmdletName(cmdlet) !== undefined)
    return failure(cmdlet, { errorId, category: "ConnectionError" }, coded(message, code), { hresult: signed(code) });
  return new CallFailure({
    id: "ExceptionWhenSetting",
    category: "NotSpecified",
    exception: "System.Management.Automation.SetValueInvocationException",
    message: coded(message, code),
    hresult: signed(code),
  });
}
