import { query } from "../engine/cim";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { AffinityRule, SharedVolume } from "../world/world";
import { allGroups } from "./any-group";
import { chosen } from "./cim-objects";
import { nameIsTaken } from "./names";
import { clusterOf, codes, groupNamed, refuse } from "./selection";
import { unsettle } from "./unsettle";

export const clusterAffinityRuleCmdlets: Cmdlets = {
  "New-ClusterAffinityRule": newRule,
  "Get-ClusterAffinityRule": (call) => rulesNamed(call).map(ruleThing),
  "Set-ClusterAffinityRule": (call) => change(call, settings(call)),
  "Remove-ClusterAffinityRule": removeRules,
  "Add-ClusterGroupToAffinityRule": (call) => change(call, adding(call, groupIds(call))),
  "Remove-ClusterGroupFromAffinityRule": (call) => change(call, removing(call, groupIds(call))),
  "Add-ClusterSharedVolumeToAffinityRule": (call) => change(call, adding(call, volumeIds(call))),
  "Remove-ClusterSharedVolumeFromAffinityRule": (call) => change(call, removing(call, volumeIds(call))),
};

function rulesNamed(call: Running): AffinityRule[] {
  const rules = clusterOf(call).affinityRules ?? [];
  return chosen(call, rules, "ClusterAffinityRule") ?? query(call, rules, { Name: ({ name }) => name });
}

/** Off until it is switched on: what is the default is not recorded, and every guide writes it (hyper-v-host.md 13). */
function newRule(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const name = call.text("Name") ?? "";
  const rules = cluster.affinityRules ?? [];
  if (nameIsTaken(rules, name)) refuse(call, `There is an affinity rule '${name}' already`, codes.objectExists);
  const type = given<AffinityRule["type"]>(call, "RuleType") ?? "SameFaultDomain";
  const rule: AffinityRule = { name, type, groups: [], enabled: false, soft: false };
  cluster.affinityRules = [...rules, rule];
  return [ruleThing(rule)];
}

type Change = (rule: AffinityRule) => void;

/** All are looked at before the first is changed. */
function change(call: Running, apply: (rule: AffinityRule) => Change): Thing[] {
  const rules = rulesNamed(call);
  const changes = rules.map((rule) => ({ rule, act: apply(rule) }));
  for (const { rule, act } of changes) act(rule);
  unsettle(call.world);
  return call.flag("PassThru") ? rules.map(ruleThing) : [];
}

function settings(call: Running): () => Change {
  const type = given<AffinityRule["type"]>(call, "RuleType");
  const enabled = switchOf(call, "Enabled");
  const soft = switchOf(call, "SoftAntiAffinity");
  return () => (rule) =>
    Object.assign(rule, {
      ...(type !== undefined && { type }),
      ...(enabled !== undefined && { enabled }),
      ...(soft !== undefined && { soft }),
    });
}

/** A number that is 0 or 1. */
function switchOf(call: Running, parameter: string): boolean | undefined {
  const value = given<number>(call, parameter);
  if (value !== undefined && value > 1)
    refuse(call, `The value ${value} of ${parameter} is neither 0 nor 1`, codes.invalidParameter);
  return value === undefined ? undefined : value === 1;
}

function groupIds(call: Running): string[] {
  return (call.texts("Groups") ?? []).map((name) => groupNamed(call, name).id);
}

function volumeIds(call: Running): string[] {
  return (call.texts("ClusterSharedVolumes") ?? []).map((name) => volumeNamed(call, name).id ?? "");
}

function volumeNamed(call: Running, name: string): SharedVolume {
  const volume = clusterOf(call).sharedVolumes.find(
    ({ name: own, id = "" }) => sameName(own, name) || sameName(id, name),
  );
  if (!volume) refuse(call, `The cluster shared volume '${name}' could not be found`, codes.resourceNotFound);
  return volume;
}

function adding(call: Running, ids: readonly string[]): (rule: AffinityRule) => Change {
  return (rule) => {
    if (ids.some((id) => rule.groups.includes(id)))
      refuse(call, `One of them is in the rule '${rule.name}' already`, codes.objectInList);
    return () => rule.groups.push(...new Set(ids));
  };
}

function removing(call: Running, ids: readonly string[]): (rule: AffinityRule) => Change {
  return (rule) => {
    if (ids.some((id) => !rule.groups.includes(id)))
      refuse(call, `One of them is not in the rule '${rule.name}'`, codes.groupNotFound);
    return () => {
      rule.groups = rule.groups.filter((id) => !ids.includes(id));
    };
  };
}

/** Nothing moves when a rule goes. */
function removeRules(call: Running): Thing[] {
  const cluster = clusterOf(call);
  const gone = rulesNamed(call);
  const things = gone.map(ruleThing);
  const left = (cluster.affinityRules ?? []).filter((rule) => !gone.includes(rule));
  if (left.length > 0) cluster.affinityRules = left;
  else delete cluster.affinityRules;
  unsettle(call.world);
  return call.flag("PassThru") ? things : [];
}

function ruleThing({ name }: AffinityRule): Thing {
  return new Thing(
    "ClusterAffinityRule",
    `ClusterAffinityRule:${name}`,
    { Name: name },
    ({ cluster }) => {
      const rule = cluster?.affinityRules?.find((candidate) => candidate.name === name);
      if (!cluster || !rule) return undefined;
      const groups = allGroups(cluster);
      return {
        Name: name,
        RuleType: rule.type,
        // a shared volume shows as its id (D)
        Groups: rule.groups.map((id) => groups.find((group) => group.id === id)?.name ?? id),
        Enabled: rule.enabled ? 1 : 0,
        SoftAntiAffinity: rule.soft ? 1 : 0,
      };
    },
    name,
  );
}
