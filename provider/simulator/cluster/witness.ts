import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { Cluster, PlainResource, World } from "../world/world";
import { availableStorage, clusterGroup, type PlainOwned, plainResources } from "./any-group";
import { clusterThing } from "./cluster-thing";
import { secondHop } from "./membership";
import { hasShare, newPlainResource } from "./plain-resource";
import { resourceThing } from "./resource-thing";
import { clusterOf, codes, refuse, resourceNamed } from "./selection";

export const clusterQuorumCmdlets: Cmdlets = {
  "Get-ClusterQuorum": (call) => [quorumThing(clusterOf(call))],
  "Set-ClusterQuorum"(call) {
    kindOf(call)(call);
    return [quorumThing(clusterOf(call))];
  },
};

function quorumThing(cluster: Cluster): Thing {
  const witness = witnessOf(cluster);
  return record("ClusterQuorumSettings", {
    Cluster: clusterThing(cluster),
    QuorumResource: witness ? resourceThing(witness) : null,
    QuorumType: cluster.quorum === "DiskOnly" ? "DiskOnly" : "Majority",
  });
}

function witnessOf(cluster: Cluster): PlainOwned | undefined {
  return plainResources(cluster).find(({ resource }) => resource.id === cluster.witness);
}

type Set = (call: Running) => void;

/** By parameter; the binder has them all in one set, the cluster takes one (S, hyper-v-host.md 9.1). */
const kinds: Readonly<Record<string, Set>> = {
  NoWitness: (call) => replaceWitness(call, "NodeMajority", undefined),
  DiskWitness: (call) => useDisk(call, "DiskWitness", "NodeAndDiskMajority"),
  DiskOnly: (call) => useDisk(call, "DiskOnly", "DiskOnly"),
  FileShareWitness: useShare,
  CloudWitness: useCloud,
};

function kindOf(call: Running): Set {
  const asked = Object.keys(kinds).filter((parameter) => (call.get<unknown>(parameter) ?? false) !== false);
  const [kind, another] = asked;
  if (kind === undefined || another !== undefined)
    refuse(call, "One kind of quorum has to be specified", codes.invalidParameter);
  return kinds[kind] ?? (() => undefined);
}

/** In Available Storage, formatted, and large enough; what is a volume or belongs to a role is not taken (D). */
function useDisk(call: Running, parameter: string, quorum: string): void {
  const owned = diskNamed(call, call.text(parameter) ?? "");
  const disk = call.world.sharedDisks?.find(({ id }) => id === owned.resource.diskId);
  const isFree = owned.group.type === "AvailableStorage" || owned.resource.id === clusterOf(call).witness;
  const isFormatted = ["NTFS", "ReFS"].some((system) => sameName(system, disk?.fileSystem ?? ""));
  if (!isFree || !isFormatted || (disk?.sizeBytes ?? 0) < 512 * 2 ** 20)
    refuse(call, `The disk '${owned.resource.name}' cannot be a witness`, codes.notQuorumCapable);
  owned.group.resources = owned.group.resources.filter((resource) => resource !== owned.resource);
  replaceWitness(call, quorum, owned.resource);
}

function diskNamed(call: Running, name: string): PlainOwned {
  const isVolume = clusterOf(call).sharedVolumes.some((volume) => sameName(volume.name, name));
  if (isVolume) refuse(call, `The disk '${name}' is a cluster shared volume`, codes.notQuorumCapable);
  const owned = resourceNamed(call, name);
  const disk = plainResources(clusterOf(call)).find(({ resource }) => resource === owned.resource);
  if (disk?.resource.type !== "Physical Disk")
    refuse(call, `The cluster resource '${name}' is no disk`, codes.notQuorumCapable);
  return disk;
}

/** A share that is there, and that the cluster's account may write: there is none without a domain (V, D; hyper-v-host.md 8.1, 9.1). */
function useShare(call: Running): void {
  const path = call.text("FileShareWitness") ?? "";
  if (!mayReachFiles(call.world)) throw secondHop(call.cmdlet, path);
  if (!/^\\\\[^\\]+\\[^\\]+/.test(path)) refuse(call, `'${path}' is no path of a share`, codes.invalidParameter);
  if (!hasShare(call.world, path)) refuse(call, "The network name cannot be found", 67);
  if (call.world.domain === null) refuse(call, `The cluster may not write to '${path}'. Access is denied`, 5);
  replaceWitness(call, "NodeAndFileShareMajority", witness(call, "File Share Witness", { SharePath: path }));
}

function mayReachFiles({ session, delegation }: World): boolean {
  return session !== "remote" || delegation !== "none";
}

/** Over HTTPS from every node; the key does not read back (D, hyper-v-host.md 9.1). */
function useCloud(call: Running): void {
  const account = given<string>(call, "AccountName");
  const key = given<string>(call, "AccessKey");
  const isNew = call.world.nodes.every(({ windowsBuild }) => windowsBuild >= 26100);
  if (account === undefined || (key === undefined && !call.has("SASToken") && !isNew))
    refuse(call, "A cloud witness needs an account and its key", codes.invalidParameter);
  if (!call.world.internet) refuse(call, `The cloud witness of '${account}' could not be reached`, 12007);
  if (key !== undefined && !/^[A-Za-z0-9+/]+={0,2}$/.test(key))
    refuse(call, `The key of the account '${account}' is not valid`, codes.invalidParameter);
  const parameters = {
    AccountName: account,
    EndpointInfo: given<string>(call, "Endpoint") ?? "core.windows.net",
    ContainerName: given<string>(call, "ContainerName") ?? "msft-cloud-witness",
  };
  replaceWitness(call, "NodeAndCloudMajority", witness(call, "Cloud Witness", parameters));
}

/** A resource of its own each time, named as its kind. */
function witness(call: Running, type: string, parameters: PlainResource["parameters"]): PlainResource {
  return { ...newPlainResource(call.world, type, type), parameters, online: true };
}

/** The former one goes, a disk to the available storage. */
function replaceWitness(call: Running, quorum: string, resource: PlainResource | undefined): void {
  const cluster = clusterOf(call);
  const former = witnessOf(cluster);
  if (former && former.resource !== resource) {
    former.group.resources = former.group.resources.filter((other) => other !== former.resource);
    if (former.resource.diskId !== undefined) availableStorage(cluster)?.resources.push(former.resource);
  }
  if (resource) clusterGroup(cluster)?.resources.push(resource);
  cluster.witness = resource?.id ?? null;
  cluster.quorum = quorum;
}
