import { query } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { Cluster, GroupSet } from "../world/world";
import { allGroups } from "./any-group";
import { chosen } from "./cim-objects";
import { nameIsTaken } from "./names";
import { unset } from "./property";
import { clusterOf, codes, groupNamed, refuse } from "./selection";
import { unsettle } from "./unsettle";

export const clusterGroupSetCmdlets: Cmdlets = {
  "New-ClusterGroupSet": newSet,
  "Get-ClusterGroupSet": (call) => setsNamed(call).map(setThing),
  "Set-ClusterGroupSet": (call) => change(call, settings(call)),
  "Remove-ClusterGroupSet": removeSets,
  "Add-ClusterGroupToSet": (call) => change(call, addGroup(call)),
  "Remove-ClusterGroupFromSet": (call) => change(call, removeGroup(call)),
  "Add-ClusterGroupSetDependency": (call) => change(call, addProvider(call)),
  "Remove-ClusterGroupSetDependency": (call) => change(call, removeProvider(call)),
  "Get-ClusterGroupSetDependency": dependencies,
};

/** By names, which may be patterns, or by objects (S, hyper-v-host.md 1). */
function setsNamed(call: Running): GroupSet[] {
  const sets = clusterOf(call).groupSets ?? [];
  const global = given<boolean[]>(call, "IsGlobal");
  const named = chosen(call, sets, "ClusterGroupSet") ?? query(call, sets, { Name: ({ name }) => name });
  return named.filter(({ isGlobal }) => !Array.isArray(global) || global.includes(isGlobal));
}

/** Empty, and with the defaults that were recorded (R, hyper-v-host.md 12). */
function newSet(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const sets = cluster.groupSets ?? [];
  const name = call.text("Name") ?? "";
  if (nameIsTaken(sets, name)) refuse(call, `There is a group set '${name}' already`, codes.objectExists);
  const groups = (call.texts("Group") ?? []).map((group) => freeGroup(call, group));
  const providers = (call.texts("Providers") ?? []).map((provider) => setNamed(call, provider).name);
  const set: GroupSet = {
    name,
    groups: [...new Set(groups)],
    providers: [...new Set(providers)],
    trigger: "Delay",
    delay: 20,
    count: unset,
    isGlobal: false,
  };
  cluster.groupSets = [...sets, set];
  return [setThing(set)];
}

/** The id of a group that is in no set: it can be in one (S). */
function freeGroup(call: Running, name: string): string {
  const { id } = groupNamed(call, name);
  const holder = clusterOf(call).groupSets?.find(({ groups }) => groups.includes(id));
  if (holder) refuse(call, `The group '${name}' is in the set '${holder.name}'`, codes.objectInList);
  return id;
}

function setNamed(call: Running, name: string): GroupSet {
  const set = clusterOf(call).groupSets?.find((candidate) => sameName(candidate.name, name));
  if (!set) refuse(call, `The group set '${name}' could not be found`, codes.groupSetNotFound);
  return set;
}

type Change = (set: GroupSet) => void;

/** All are looked at before the first is changed; the change is looked at before by what makes it. */
function change(call: Running, apply: (set: GroupSet) => Change): Thing[] {
  const sets = setsNamed(call);
  const changes = sets.map((set) => ({ set, act: apply(set) }));
  for (const { set, act } of changes) act(set);
  // who waits may wait no longer
  unsettle(call.world);
  return call.flag("PassThru") ? sets.map(setThing) : [];
}

function settings(call: Running): (set: GroupSet) => Change {
  const trigger = given<GroupSet["trigger"]>(call, "StartupDelayTrigger");
  const delay = given<number>(call, "StartupDelay");
  const count = given<number>(call, "StartupCount");
  const isGlobal = given<boolean>(call, "IsGlobal");
  return () => (set) =>
    Object.assign(set, {
      ...(trigger !== undefined && { trigger }),
      ...(delay !== undefined && { delay }),
      ...(count !== undefined && { count }),
      ...(isGlobal !== undefined && { isGlobal }),
    });
}

function addGroup(call: Running): () => Change {
  return () => {
    const id = freeGroup(call, call.text("Group") ?? "");
    return (set) => set.groups.push(id);
  };
}

function removeGroup(call: Running): (set: GroupSet) => Change {
  const { id, name } = groupNamed(call, call.text("Group") ?? "");
  return (set) => {
    if (!set.groups.includes(id))
      refuse(call, `The group '${name}' is not in the set '${set.name}'`, codes.groupNotFound);
    return () => {
      set.groups = set.groups.filter((other) => other !== id);
    };
  };
}

/** Sets do not need each other in a circle (K). */
function addProvider(call: Running): (set: GroupSet) => Change {
  const provider = setNamed(call, call.text("Provider") ?? "");
  return (set) => {
    if (set.providers.includes(provider.name))
      refuse(call, `The set '${set.name}' depends on '${provider.name}' already`, codes.dependencyExists);
    if (below(clusterOf(call), provider).includes(set))
      refuse(call, `The set '${provider.name}' depends on '${set.name}'`, codes.circularDependency);
    return () => set.providers.push(provider.name);
  };
}

/** A set with all that it needs. */
function below({ groupSets = [] }: Cluster, first: GroupSet): GroupSet[] {
  const found = [first];
  for (const set of found)
    for (const other of groupSets) if (set.providers.includes(other.name) && !found.includes(other)) found.push(other);
  return found;
}

function removeProvider(call: Running): (set: GroupSet) => Change {
  const provider = setNamed(call, call.text("Provider") ?? "");
  return (set) => {
    if (!set.providers.includes(provider.name))
      refuse(call, `The set '${set.name}' does not depend on '${provider.name}'`, codes.dependencyNotFound);
    return () => {
      set.providers = set.providers.filter((name) => name !== provider.name);
    };
  };
}

/** Not while others need it; its groups stay as they are (S, D). */
function removeSets(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const gone = setsNamed(call);
  const needing = cluster.groupSets?.find(
    (set) => !gone.includes(set) && gone.some(({ name }) => set.providers.includes(name)),
  );
  if (needing) refuse(call, `The set '${needing.name}' depends on it`, codes.dependentExists);
  const things = gone.map(setThing);
  cluster.groupSets = cluster.groupSets?.filter((set) => !gone.includes(set));
  unsettle(call.world);
  return call.flag("PassThru") ? things : [];
}

/** The sets that a set or a group needs, or those that need it. */
function dependencies(call: Running): Thing[] {
  const sets = clusterOf(call).groupSets ?? [];
  const name = given<string>(call, "Name");
  const provider = given<string>(call, "Provider");
  const contained = given<string>(call, "ContainedGroup") ?? given<string>(call, "DependentGroup");
  if (name !== undefined) {
    const { providers } = setNamed(call, name);
    return sets.filter((set) => providers.includes(set.name)).map(setThing);
  }
  if (provider !== undefined) {
    const wanted = setNamed(call, provider).name;
    return sets.filter(({ providers }) => providers.includes(wanted)).map(setThing);
  }
  if (contained === undefined) return sets.filter(({ providers }) => providers.length > 0).map(setThing);
  const { id } = groupNamed(call, contained);
  const own = sets.find(({ groups }) => groups.includes(id));
  return sets.filter((set) => own?.providers.includes(set.name)).map(setThing);
}

function setThing({ name }: GroupSet): Thing {
  return new Thing(
    "ClusterGroupSet",
    `ClusterGroupSet:${name}`,
    { Name: name },
    ({ cluster }) => {
      const set = cluster?.groupSets?.find((candidate) => candidate.name === name);
      if (!cluster || !set) return undefined;
      return {
        Name: name,
        GroupNames: allGroups(cluster)
          .filter(({ id }) => set.groups.includes(id))
          .sort((one, other) => set.groups.indexOf(one.id) - set.groups.indexOf(other.id))
          .map((group) => group.name),
        ProviderNames: set.providers,
        StartupDelayTrigger: set.trigger,
        StartupDelay: set.delay,
        StartupCount: set.count,
        IsGlobal: set.isGlobal,
        IsAvailabilitySet: false,
      };
    },
    name,
  );
}
