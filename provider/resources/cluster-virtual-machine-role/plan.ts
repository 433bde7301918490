import { type Action, result, type Value } from "../../calls";
import { sameNode } from "../../calls/node-name";
import type { Plan, Step } from "../definition";
import { sameNames, sameNodes } from "./names";
import type { Observed } from "./observed";
import { letOwn, reflectedOf, resourceSteps } from "./resource";
import { type Desired, schema, unset } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const steps: Step[] = [];
  const find: Action = { cmdlet: "Get-ClusterGroup", parameters: { VMId: desired.vmId, Cluster: "." }, as: "group" };
  // a group's properties are set by assignment, which commits at once: there is no Set cmdlet (hyper-v.md 7.1)
  const assign = (property: string, name: string, value: Value) =>
    steps.push({
      does: `set ${property}`,
      properties: [property],
      calls: [find, { assign: name, target: result("group"), value }],
    });
  const number = (property: string, name: string, is: number, wanted: number | undefined) => {
    if (wanted !== undefined && is !== wanted) assign(property, name, wanted);
  };

  number("priority", "Priority", observed.priority, desired.priority);
  const { preferredOwners, antiAffinityClassNames } = desired;
  if (preferredOwners && !sameNodes(observed.preferredOwners, preferredOwners))
    steps.push({
      does: "set the preferred owners",
      properties: ["preferredOwners"],
      calls: [
        find,
        {
          cmdlet: "Set-ClusterOwnerNode",
          // an empty name clears the list (seen in shipping scripts, hyper-v.md 7.2)
          parameters: { InputObject: result("group"), Owners: preferredOwners.length > 0 ? preferredOwners : [""] },
        },
      ],
    });
  if (
    antiAffinityClassNames &&
    !sameNames([...observed.antiAffinityClassNames].sort(), [...antiAffinityClassNames].sort())
  )
    assign("antiAffinityClassNames", "AntiAffinityClassNames", antiAffinityClassNames);
  if (desired.autoFailback !== undefined)
    number("autoFailback", "AutoFailbackType", observed.autoFailbackType, desired.autoFailback ? 1 : 0);
  // what the program leaves open is unset, unless the role was adopted
  const open = desired.adopt ? undefined : unset;
  number(
    "failbackWindowStart",
    "FailbackWindowStart",
    observed.failbackWindowStart,
    desired.failbackWindowStart ?? open,
  );
  number("failbackWindowEnd", "FailbackWindowEnd", observed.failbackWindowEnd, desired.failbackWindowEnd ?? open);
  number("failoverThreshold", "FailoverThreshold", observed.failoverThreshold, desired.failoverThreshold ?? open);
  number("failoverPeriod", "FailoverPeriod", observed.failoverPeriod, desired.failoverPeriod);

  if (desired.ownerNode !== undefined && !sameNode(desired.ownerNode, observed.ownerNode)) {
    steps.push(...letOwn(observed.resource, desired, desired.ownerNode));
    const live = observed.state === "Online";
    steps.push({
      does: `${live ? "live-migrate the machine" : "move the role"} from ${observed.ownerNode} to ${desired.ownerNode}`,
      properties: ["ownerNode"],
      notice: `moves the machine${live ? " live" : ""} from ${observed.ownerNode} to ${desired.ownerNode}`,
      calls: [
        {
          cmdlet: "Move-ClusterVirtualMachineRole",
          // live only for what is online; anything else moves as it is (seen in shipping scripts, hyper-v.md 7.3)
          parameters: {
            VMId: desired.vmId,
            Node: desired.ownerNode,
            MigrationType: live ? "Live" : "Quick",
            Cluster: ".",
          },
        },
      ],
    });
  }
  // a role is taken from a node before that may not own it any more
  return { steps: [...steps, ...resourceSteps(observed.resource, desired)], refusals: [], replaces: [] };
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const orUnset = (value: number) => (value === unset ? undefined : value);
  const spelled = (is: string[], wanted: string[] = []) => (sameNodes(is, wanted) ? wanted : is);
  return {
    ...desired,
    priority: schema.shape.priority.safeParse(observed.priority).data ?? desired.priority,
    preferredOwners: spelled(observed.preferredOwners, desired.preferredOwners),
    antiAffinityClassNames: sameNames(
      [...observed.antiAffinityClassNames].sort(),
      [...(desired.antiAffinityClassNames ?? [])].sort(),
    )
      ? desired.antiAffinityClassNames
      : observed.antiAffinityClassNames,
    autoFailback: observed.autoFailbackType === 1,
    failbackWindowStart: orUnset(observed.failbackWindowStart),
    failbackWindowEnd: orUnset(observed.failbackWindowEnd),
    failoverThreshold: orUnset(observed.failoverThreshold),
    failoverPeriod: observed.failoverPeriod,
    ...reflectedOf(observed.resource, desired),
    ownerNode:
      desired.ownerNode !== undefined && sameNode(desired.ownerNode, observed.ownerNode)
        ? desired.ownerNode
        : observed.ownerNode,
  };
}
