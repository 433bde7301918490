import { literal } from "../../calls";
import { type Plan, type Step, same } from "../definition";
import { machinesIn, memberSteps } from "../group-members";
import { paired } from "../pairing";
import type { Observed } from "./definition";
import { type Desired, majority, schema } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const steps = [...settings(observed, desired), ...groups(observed, desired), ...providers(observed, desired)];
  const replaces = same(observed.name, desired.name) ? [] : ["name"];
  return { steps, refusals: [], replaces };
}

function settings(observed: Observed, desired: Desired): Step[] {
  const { adopt, startupDelayTrigger, startupDelay, isGlobal } = desired;
  // what the program leaves open is the majority, unless the set was adopted
  const startupCount = desired.startupCount ?? (adopt ? undefined : majority);
  const wanted = { startupDelayTrigger, startupDelay, startupCount, isGlobal };
  const keys = (["startupDelayTrigger", "startupDelay", "startupCount", "isGlobal"] as const).filter(
    (key) => wanted[key] !== undefined && wanted[key] !== observed[key],
  );
  if (keys.length === 0) return [];
  return [
    {
      does: `set ${keys.join(", ")}`,
      properties: keys,
      calls: [
        {
          cmdlet: "Set-ClusterGroupSet",
          parameters: {
            Name: literal(observed.name),
            ...(keys.includes("startupDelayTrigger") && { StartupDelayTrigger: startupDelayTrigger }),
            ...(keys.includes("startupDelay") && { StartupDelay: startupDelay }),
            ...(keys.includes("startupCount") && { StartupCount: startupCount }),
            ...(keys.includes("isGlobal") && { IsGlobal: isGlobal }),
          },
        },
      ],
    },
  ];
}

function groups({ name, members }: Observed, { vmIds }: Desired): Step[] {
  if (!vmIds) return [];
  const parameters = { Name: literal(name) };
  return memberSteps(members, vmIds, {
    noun: "set",
    take: (group) => ({ cmdlet: "Remove-ClusterGroupFromSet", parameters: { ...parameters, Group: group } }),
    put: (group) => ({ cmdlet: "Add-ClusterGroupToSet", parameters: { ...parameters, Group: group } }),
    advice: "A machine without a role is in no set, and a role is in one only: take it out of the other first.",
  });
}

function providers({ name, providers: there }: Observed, { providers: wanted }: Desired): Step[] {
  if (!wanted) return [];
  const { pairs, extra } = paired(wanted, there, same);
  const properties = ["providers"];
  return [
    ...pairs
      .filter(({ now }) => now === undefined)
      .map(
        ({ wanted: provider }): Step => ({
          does: `add the dependency on ${provider}`,
          properties,
          calls: [{ cmdlet: "Add-ClusterGroupSetDependency", parameters: { Name: literal(name), Provider: provider } }],
        }),
      ),
    ...extra.map(
      (provider): Step => ({
        does: `remove the dependency on ${provider}`,
        properties,
        calls: [
          { cmdlet: "Remove-ClusterGroupSetDependency", parameters: { Name: literal(name), Provider: provider } },
        ],
      }),
    ),
  ];
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const { providers: needs = [] } = desired;
  const sets = paired(needs, observed.providers, same);
  return {
    ...desired,
    name: desired.name !== undefined && same(desired.name, observed.name) ? desired.name : observed.name,
    vmIds: machinesIn(observed.members, desired.vmIds),
    providers: [...sets.pairs.filter(({ now }) => now !== undefined).map(({ wanted }) => wanted), ...sets.extra],
    startupDelayTrigger:
      schema.shape.startupDelayTrigger.safeParse(observed.startupDelayTrigger).data ?? desired.startupDelayTrigger,
    startupDelay: observed.startupDelay,
    startupCount: observed.startupCount === majority ? undefined : observed.startupCount,
    isGlobal: observed.isGlobal,
  };
}
