import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { record, type Thing } from "../engine/thing";
import { isOfRole, type Owned, type PlainOwned, resourcesIn } from "./any-group";
import { resourceThing } from "./resource-thing";
import { codes, inputs, noObject, refuse, resourceBehind, resourceNamed, resourcesOf } from "./selection";

export const clusterDependencyCmdlets: Cmdlets = {
  "Get-ClusterResourceDependency": (call) => dependents(call).map((owned) => dependencyThing(call, owned)),
  "Add-ClusterResourceDependency"(call) {
    const { dependent, provider } = pair(call);
    if (dependent.resource.dependsOn.includes(provider.resource.id))
      refuse(
        call,
        `'${dependent.resource.name}' depends on '${provider.resource.name}' already`,
        codes.dependencyExists,
      );
    requireAllowed(call, dependent, provider);
    dependent.resource.dependsOn.push(provider.resource.id);
    return [resourceThing(dependent)];
  },
  "Remove-ClusterResourceDependency"(call) {
    const { dependent, provider } = pair(call);
    if (!dependent.resource.dependsOn.includes(provider.resource.id))
      refuse(
        call,
        `'${dependent.resource.name}' does not depend on '${provider.resource.name}'`,
        codes.dependencyNotFound,
      );
    dependent.resource.dependsOn = dependent.resource.dependsOn.filter((id) => id !== provider.resource.id);
    return [resourceThing(dependent)];
  },
  "Set-ClusterResourceDependency": setDependency,
};

function dependents(call: Running): Owned[] {
  const names = call.texts("Resource");
  return names?.map((name) => resourceNamed(call, name)) ?? resourcesOf(call) ?? noObject(call);
}

function dependentOf(call: Running): PlainOwned {
  const name = call.text("Resource");
  const [object] = inputs(call) ?? [];
  const owned = name === undefined ? resourceBehind(call, object ?? noObject(call)) : resourceNamed(call, name);
  if (isOfRole(owned))
    refuse(call, `What '${owned.resource.name}' depends on is its machine's`, codes.dependencyNotAllowed);
  return owned;
}

function pair(call: Running): { dependent: PlainOwned; provider: PlainOwned } {
  const dependent = dependentOf(call);
  return { dependent, provider: providerNamed(call, dependent, call.text("Provider") ?? noObject(call)) };
}

/** Both are in one group. */
function providerNamed(call: Running, { group }: PlainOwned, name: string): PlainOwned {
  const provider = resourceNamed(call, name);
  if (isOfRole(provider) || provider.group !== group)
    refuse(call, `'${name}' is not in the group '${group.name}'`, codes.dependencyNotAllowed);
  return provider;
}

/** Nothing depends on itself, on whatever way. */
function requireAllowed(call: Running, { group, resource }: PlainOwned, provider: PlainOwned): void {
  const below = [provider.resource];
  for (const one of below)
    below.push(
      ...group.resources.filter(({ id }) => one.dependsOn.includes(id) && !below.some((known) => known.id === id)),
    );
  if (below.includes(resource))
    refuse(call, `'${provider.resource.name}' depends on '${resource.name}'`, codes.circularDependency);
}

/** An expression such as `([IP Address 1] or [IP Address 2]) and [disk]`; an empty one leaves none. */
function setDependency(call: Running): readonly Thing[] {
  const dependent = dependentOf(call);
  const names = [...(call.text("Dependency") ?? "").matchAll(/\[([^\]]+)\]/g)].map(([, name = ""]) => name);
  const providers = names.map((name) => providerNamed(call, dependent, name));
  for (const provider of providers) requireAllowed(call, dependent, provider);
  dependent.resource.dependsOn = providers.map(({ resource }) => resource.id);
  return [resourceThing(dependent)];
}

function dependencyThing(call: Running, owned: Owned): Thing {
  return record("ClusterResourceDependency", {
    Resource: resourceThing(owned),
    DependencyExpression: providersOf(owned)
      .map(({ resource }) => `([${call.flag("Guid") ? resource.id : resource.name}])`)
      .join(" and "),
  });
}

/** A machine depends on its configuration. */
function providersOf(owned: Owned): Owned[] {
  const { group, resource } = owned;
  return resourcesIn(group).filter(({ resource: other }) =>
    "dependsOn" in resource
      ? resource.dependsOn.includes(other.id)
      : sameName(resource.type, "Virtual Machine") && other.type === "Virtual Machine Configuration",
  );
}
