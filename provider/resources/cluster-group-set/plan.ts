import { literal, result } from "../../calls";
import { type Plan, type Step, same } from "../definition";
import type { Member } from "../group-members";
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

/** A machine is who it is under any name of its group. */
export const isOf = ({ vmId }: Member, wanted: string): boolean => vmId !== undefined && same(vmId, wanted);

function groups({ name, members }: Observed, { vmIds }: Desired): Step[] {
  if (!vmIds) return [];
  const { pairs, extra } = paired(vmIds, members, isOf);
  const properties = ["vmIds"];
  return [
    ...extra.map(
      ({ group }): Step => ({
        does: `take ${group} out of the set`,
        properties,
        calls: [{ cmdlet: "Remove-ClusterGroupFromSet", parameters: { Name: literal(name), Group: group } }],
      }),
    ),
    ...pairs
      .filter(({ now }) => now === undefined)
      .map(
        ({ wanted }): Step => ({
          does: `put the role of machine ${wanted} into the set`,
          properties,
          calls: [
            { cmdlet: "Get-ClusterGroup", parameters: { VMId: wanted, Cluster: "." }, as: "group" },
            { cmdlet: "Add-ClusterGroupToSet", parameters: { Name: literal(name), Group: result("group", "Name") } },
          ],
          advice: "A machine without a role is in no set, and a role is in one only: take it out of the other first.",
        }),
      ),
  ];
}

function providers({ name, providers: there }: Observed, { providers: wanted }: Desired): Step[] {
  if (!wanted) return [];
  const { pairs, extra } = paired(wanted, there, same);
  const properties = ["providers"];
  return [
    ...extra.map(
      (provider): Step => ({
        does: `need ${provider} no longer`,
        properties,
        calls: [
          { cmdlet: "Remove-ClusterGroupSetDependency", parameters: { Name: literal(name), Provider: provider } },
        ],
      }),
    ),
    ...pairs
      .filter(({ now }) => now === undefined)
      .map(
        ({ wanted: provider }): Step => ({
          does: `need ${provider}`,
          properties,
          calls: [{ cmdlet: "Add-ClusterGroupSetDependency", parameters: { Name: literal(name), Provider: provider } }],
        }),
      ),
  ];
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const { vmIds = [], providers: needs = [] } = desired;
  const machines = paired(vmIds, observed.members, isOf);
  const sets = paired(needs, observed.providers, same);
  return {
    ...desired,
    name: desired.name !== undefined && same(desired.name, observed.name) ? desired.name : observed.name,
    // in the program's order and spelling, with what else is there behind
    vmIds: [
      ...machines.pairs.filter(({ now }) => now !== undefined).map(({ wanted }) => wanted),
      ...machines.extra.flatMap(({ vmId }) => vmId ?? []),
    ],
    providers: [...sets.pairs.filter(({ now }) => now !== undefined).map(({ wanted }) => wanted), ...sets.extra],
    startupDelayTrigger:
      schema.shape.startupDelayTrigger.safeParse(observed.startupDelayTrigger).data ?? desired.startupDelayTrigger,
    startupDelay: observed.startupDelay,
    startupCount: observed.startupCount === majority ? undefined : observed.startupCount,
    isGlobal: observed.isGlobal,
  };
}
