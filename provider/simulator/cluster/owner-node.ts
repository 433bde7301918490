import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { AnyGroup, Owned } from "./any-group";
import { groupThing } from "./group-thing";
import { nodeThing } from "./node-thing";
import { resourceThing } from "./resource-thing";
import { ownerOf } from "./role";
import {
  allMembers,
  codes,
  groupNamed,
  inputs,
  memberNamed,
  noObject,
  refuse,
  resourceBehind,
  resourceNamed,
  someGroups,
} from "./selection";
import { unsettle } from "./unsettle";

export const clusterOwnerNodeCmdlets: Cmdlets = {
  "Get-ClusterOwnerNode": (call) =>
    ownables(call).map((ownable) =>
      record("ClusterOwnerNodeList", { ClusterObject: thingOf(ownable), OwnerNodes: ownersOf(call, ownable) }),
    ),
  "Set-ClusterOwnerNode": setOwners,
};

/** Preferred owners belong to a group, possible owners to a resource of it (hyper-v.md 7.2). */
type Ownable = { group: AnyGroup; resource?: undefined } | Owned;

function ownables(call: Running): Ownable[] {
  const group = given<string>(call, "Group");
  if (group !== undefined) return [{ group: groupNamed(call, group) }];
  const resource = given<string>(call, "Resource");
  if (resource !== undefined) return [resourceNamed(call, resource)];
  const objects = inputs(call) ?? noObject(call);
  if (objects.every(({ type }) => type === "ClusterResource"))
    return objects.map((thing) => resourceBehind(call, thing));
  return someGroups(call).map((own) => ({ group: own }));
}

function thingOf(ownable: Ownable): Thing {
  return ownable.resource ? resourceThing(ownable) : groupThing(ownable.group);
}

/** Preferred owners in their order, possible ones in the nodes' order; all without a list of their own. */
function ownersOf(call: Running, { group, resource }: Ownable): Thing[] {
  if (!resource) return group.preferredOwners.map((name) => nodeThing(memberNamed(call, name).own));
  const { possibleOwners } = resource;
  return allMembers(call)
    .filter(({ own }) => possibleOwners?.some((name) => sameName(name, own.name)) ?? true)
    .map(({ own }) => nodeThing(own));
}

function setOwners(call: Running): undefined {
  const targets = ownables(call);
  // an empty name clears the list (S, hyper-v.md 7.2)
  const written = (call.texts("Owners") ?? []).filter((name) => name !== "");
  const owners = [...new Set(written.map((name) => memberNamed(call, name).own.name))];
  for (const { group, resource } of targets) if (resource) requirePossible(call, group, owners);
  for (const { group, resource } of targets) {
    if (resource) resource.possibleOwners = owners;
    else group.preferredOwners = owners;
  }
  // a role that has waited for a node may have one now
  unsettle(call.world);
}

/** A role's own node cannot be taken out under it (K, hyper-v.md 7.2). */
function requirePossible(call: Running, group: AnyGroup, owners: readonly string[]): void {
  const now = ownerOf(call.world, group);
  if (!owners.some((name) => sameName(name, now)))
    refuse(call, `'${group.name}' is owned by ${now}, which has to be a possible owner`, codes.notPossibleOwner);
}
