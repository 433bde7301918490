import { query } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import { ownGuid } from "../world/guid";
import { type Cluster, type FaultDomain, newGuid, type World } from "../world/world";
import { chosen } from "./cim-objects";
import { domainOfNode, kinds } from "./fault-domain-tree";
import { nameIsTaken } from "./names";
import { clusterOf, codes, refuse } from "./selection";

export const clusterFaultDomainCmdlets: Cmdlets = {
  "New-ClusterFaultDomain": newDomain,
  "Get-ClusterFaultDomain"(call) {
    const types = call.texts("Type");
    return domainsNamed(call)
      .filter(({ type }) => types?.includes(type) ?? true)
      .map((domain) => domainThing(domain));
  },
  "Set-ClusterFaultDomain": setDomains,
  "Remove-ClusterFaultDomain": removeDomains,
};

/** Those that were made, and the nodes, which are there by themselves (D, hyper-v-host.md 13). */
function allDomains(world: World, cluster: Cluster): FaultDomain[] {
  const made = cluster.faultDomains ?? [];
  const nodes = cluster.nodes.map(({ name }) => domainOfNode(cluster, name) ?? nodeDomain(world, cluster, name));
  return [...made.filter(({ type }) => type !== "Node"), ...nodes];
}

function nodeDomain(world: World, { id }: Cluster, name: string): FaultDomain {
  return {
    id: ownGuid(world, `${id}/fault domain/${name}`),
    name,
    type: "Node",
    parentId: null,
    description: "",
    location: "",
  };
}

function domainsNamed(call: Running): FaultDomain[] {
  const domains = allDomains(call.world, clusterOf(call));
  return (
    chosen(call, domains, "ClusterFaultDomain") ??
    query(call, domains, { Name: ({ name }) => name, Id: ({ id }) => id })
  );
}

function newDomain(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const all = allDomains(call.world, cluster);
  const name = call.text("Name") ?? "";
  const type = call.text("FaultDomainType") ?? "";
  if (type !== "Site" && type !== "Rack" && type !== "Chassis")
    refuse(call, `A fault domain of the type ${type} cannot be made`, codes.invalidParameter);
  if (name.trim() === "" || nameIsTaken(all, name))
    refuse(call, `There is a fault domain '${name}' already`, codes.objectExists);
  const domain: FaultDomain = {
    id: newGuid(call.world),
    name,
    type,
    parentId: null,
    description: given<string>(call, "Description") ?? "",
    location: given<string>(call, "Location") ?? "",
  };
  domain.parentId = parentAsked(call, domain) ?? null;
  cluster.faultDomains = [...(cluster.faultDomains ?? []), domain];
  return [domainThing(domain)];
}

/** Undefined where nobody asks, null for none; only a kind above its own can hold one (D). */
function parentAsked(call: Running, { type, name }: FaultDomain): string | null | undefined {
  const wanted = given<string>(call, "FaultDomain");
  if (wanted === undefined) return undefined;
  if (wanted === "") return null;
  const parent = allDomains(call.world, clusterOf(call)).find((candidate) => sameName(candidate.name, wanted));
  if (!parent) refuse(call, `The fault domain '${wanted}' could not be found`, 0x80070490);
  if (kinds[parent.type] >= kinds[type])
    refuse(call, `A ${parent.type} cannot hold the ${type} '${name}'`, codes.invalidParameter);
  return parent.id;
}

/** Everything is looked at before anything is set. */
function setDomains(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const all = allDomains(call.world, cluster);
  const domains = domainsNamed(call);
  const newName = given<string>(call, "NewName");
  const changes = domains.map((domain) => {
    if (newName !== undefined)
      requireNewName(
        call,
        domain,
        newName,
        all.filter((other) => other !== domain),
      );
    return { domain, parentId: parentAsked(call, domain) };
  });
  if (newName !== undefined && domains.length > 1)
    refuse(call, "Several fault domains cannot have one name", codes.objectExists);
  const description = given<string>(call, "Description");
  const location = given<string>(call, "Location");
  for (const { domain, parentId } of changes) {
    Object.assign(domain, {
      ...(newName !== undefined && { name: newName }),
      ...(parentId !== undefined && { parentId }),
      ...(description !== undefined && { description }),
      ...(location !== undefined && { location }),
    });
    // a node has an entry from the first change of it on
    if (!cluster.faultDomains?.includes(domain)) cluster.faultDomains = [...(cluster.faultDomains ?? []), domain];
  }
  // and none as long as nothing is said of it
  cluster.faultDomains = cluster.faultDomains?.filter((domain) => domain.type !== "Node" || isDescribed(domain));
  return call.flag("PassThru") ? domains.map((domain) => domainThing(domain)) : [];
}

function isDescribed({ parentId, description, location }: FaultDomain): boolean {
  return parentId !== null || description !== "" || location !== "";
}

/** A node has the name of its computer. */
function requireNewName(call: Running, { type }: FaultDomain, name: string, others: readonly FaultDomain[]): void {
  if (type === "Node") refuse(call, "A node cannot be renamed", codes.invalidParameter);
  if (name.trim() === "" || nameIsTaken(others, name))
    refuse(call, `There is a fault domain '${name}' already`, codes.objectExists);
}

/** Not with something in it, and no node (D). */
function removeDomains(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const gone = domainsNamed(call);
  for (const { type, name, id } of gone) {
    if (type === "Node") refuse(call, `'${name}' is a node of the cluster`, codes.invalidParameter);
    if (cluster.faultDomains?.some(({ parentId }) => parentId === id))
      refuse(call, `The fault domain '${name}' is not empty`, codes.dependentExists);
  }
  const things = gone.map((domain) => domainThing(domain));
  cluster.faultDomains = cluster.faultDomains?.filter((domain) => !gone.includes(domain));
  return call.flag("PassThru") ? things : [];
}

function domainThing({ id, name }: FaultDomain): Thing {
  return new Thing(
    "ClusterFaultDomain",
    `ClusterFaultDomain:${id}`,
    { Id: id, Name: name },
    (world) => {
      const { cluster } = world;
      const all = cluster ? allDomains(world, cluster) : [];
      const domain = all.find((candidate) => candidate.id === id);
      if (!domain) return undefined;
      const parent = all.find((candidate) => candidate.id === domain.parentId);
      const children = all.filter(({ parentId }) => parentId === id);
      return {
        Id: id,
        Name: domain.name,
        Type: domain.type,
        ParentName: parent?.name ?? "",
        ParentId: parent?.id ?? "",
        ChildrenNames: children.map((child) => child.name),
        ChildrenIds: children.map((child) => child.id),
        Description: domain.description,
        Location: domain.location,
      };
    },
    name,
  );
}
