import { literal } from "../../calls";
import { type Plan, type Step, same } from "../definition";
import { type Member, machinesIn, memberSteps } from "../group-members";
import type { Observed } from "./definition";
import { type Desired, ruleTypes } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  // a rule is switched on once all that it is about are in it
  const steps = [...groups(observed, desired), ...settings(observed, desired)];
  return { steps, refusals: [], replaces: same(observed.name, desired.name) ? [] : ["name"] };
}

function groups({ name, members }: Observed, { vmIds }: Desired): Step[] {
  if (!vmIds) return [];
  const parameters = { Name: literal(name) };
  return memberSteps(members.filter(isGroup), vmIds, {
    noun: "rule",
    take: (group) => ({ cmdlet: "Remove-ClusterGroupFromAffinityRule", parameters: { ...parameters, Groups: group } }),
    put: (group) => ({ cmdlet: "Add-ClusterGroupToAffinityRule", parameters: { ...parameters, Groups: group } }),
    advice: "A machine without a role is in no rule: give it one first.",
  });
}

/** A shared volume shows as its id (D, hyper-v-host.md 13). */
function isGroup({ group, vmId }: Member): boolean {
  return vmId !== undefined || !/^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(group);
}

function settings(observed: Observed, desired: Desired): Step[] {
  const keys = (["ruleType", "enabled", "softAntiAffinity"] as const).filter(
    (key) => desired[key] !== undefined && desired[key] !== observed[key],
  );
  if (keys.length === 0) return [];
  const { ruleType, enabled, softAntiAffinity } = desired;
  return [
    {
      does: `set ${keys.join(", ")}`,
      properties: keys,
      calls: [
        {
          cmdlet: "Set-ClusterAffinityRule",
          parameters: {
            Name: literal(observed.name),
            ...(keys.includes("ruleType") && { RuleType: ruleType }),
            ...(keys.includes("enabled") && { Enabled: Number(enabled) }),
            ...(keys.includes("softAntiAffinity") && { SoftAntiAffinity: Number(softAntiAffinity) }),
          },
        },
      ],
    },
  ];
}

export function reflect(observed: Observed, desired: Desired): Desired {
  return {
    ...desired,
    name: desired.name !== undefined && same(desired.name, observed.name) ? desired.name : observed.name,
    ruleType: ruleTypes.find((type) => type === observed.ruleType) ?? desired.ruleType,
    vmIds: machinesIn(observed.members, desired.vmIds),
    enabled: observed.enabled,
    softAntiAffinity: observed.softAntiAffinity,
  };
}
