import { literal, result } from "../../calls";
import { sameNode, shortName } from "../../calls/node-name";
import { type Plan, type Step, same, steps } from "../definition";
import { paired } from "../pairing";
import type { Observed } from "./observed";
import { type Desired, schema } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const isOther = desired.type !== undefined && desired.type !== observed.type;
  const left = leftIn(observed, desired);
  if (isOther && left.length > 0) {
    const reason = `needs a replacement, and it contains ${left.join(", ")}. Give ${them(left)} another parent first`;
    return { steps: [], refusals: [{ path: ["type"], passing: true, reason }], replaces: [] };
  }
  const { settings, name } = settingsOf(observed, desired);
  return {
    steps: [...settings, ...nodeSteps(observed, desired, name)],
    refusals: [],
    replaces: isOther ? ["type"] : [],
  };
}

const keys = ["name", "parent", "description", "location"] as const;

/** What a domain is called, and where it is, in one call; and the name that it has from then on. */
function settingsOf(observed: Observed, desired: Desired): { settings: Step[]; name: string } {
  const changed = keys.filter((key) => desired[key] !== undefined && !isAsWanted(key, observed, desired));
  if (changed.length === 0) return { settings: [], name: observed.name };
  const { name, parent, description, location } = desired;
  const step: Step = {
    does: `set ${changed.join(", ")}`,
    properties: changed,
    calls: [
      {
        cmdlet: "Set-ClusterFaultDomain",
        parameters: {
          Name: literal(observed.name),
          ...(changed.includes("name") && { NewName: name }),
          ...(changed.includes("parent") && { FaultDomain: parent }),
          ...(changed.includes("description") && { Description: description }),
          ...(changed.includes("location") && { Location: location }),
        },
      },
    ],
    ...(changed.includes("parent") && { looksUp: { noun: "fault domain", property: "parent" } }),
  };
  return { settings: [step], name: changed.includes("name") ? name : observed.name };
}

/** Who it is in is found in any case; what people read is as it is written. */
function isAsWanted(key: (typeof keys)[number], observed: Observed, desired: Desired): boolean {
  return key === "parent" ? same(observed.parent, desired.parent ?? "") : observed[key] === desired[key];
}

/** The list is owned whole. Who comes is in it before anybody goes. */
function nodeSteps({ nodes: there }: Observed, { nodes: wanted }: Desired, name: string): Step[] {
  if (!wanted) return [];
  const { pairs, extra } = paired(wanted, there, sameNode);
  const coming = pairs.filter(({ now }) => now === undefined).map((pair) => pair.wanted);
  return [
    ...coming.map(
      (node): Step => ({
        does: `put ${node} into the domain`,
        properties: ["nodes"],
        calls: [
          { cmdlet: "Set-ClusterFaultDomain", parameters: { Name: literal(shortName(node)), FaultDomain: name } },
        ],
      }),
    ),
    ...extra.map((node) => leaving(node, name)),
  ];
}

/** Only as long as it is in it: another resource may have put it into its own domain since. */
function leaving(node: string, domain: string): Step {
  return {
    does: `take ${node} out of the domain, if it is still in it`,
    properties: ["nodes"],
    mayBeRefused: true,
    calls: [
      { cmdlet: "Get-ClusterFaultDomain", parameters: { Name: literal(node) }, as: "node" },
      {
        cmdlet: "Set-ClusterFaultDomain",
        parameters: { InputObject: result("node", undefined, { ParentName: domain }), FaultDomain: "" },
      },
    ],
  };
}

/** What is in it and is none of this resource's, as a message names it. */
function leftIn({ nodes, domains }: Observed, desired: Desired): string[] {
  return [
    ...domains.map(({ name, type }) => `the ${type.toLowerCase()} "${name}"`),
    ...(desired.nodes ? [] : nodes.map((name) => `the node "${name}"`)),
  ];
}

const them = (left: readonly string[]) => (left.length === 1 ? "it" : "them");

/**
 * Not while other domains are in it: that is the host's rule too (D, hyper-v-host.md 13), and it does not say which. Nodes are in
 * none then; one that takes its place gets back those that it names.
 */
export function remove(observed: Observed, desired: Desired, successor?: Desired): Plan {
  const left = leftIn(observed, successor ? desired : { ...desired, nodes: [] });
  if (left.length > 0) {
    const reason = `it contains ${left.join(", ")}. Remove ${them(left)} or give ${them(left)} another parent first`;
    return { steps: [], refusals: [{ path: [], reason }], replaces: [] };
  }
  return steps(...observed.nodes.map((node) => leaving(node, observed.name)), {
    does: "remove the domain",
    calls: [{ cmdlet: "Remove-ClusterFaultDomain", parameters: { Name: literal(observed.name) } }],
  });
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const { name, parent, description, location, nodes } = observed;
  return {
    ...desired,
    name,
    type: schema.shape.type.safeParse(observed.type).data ?? desired.type,
    parent: desired.parent !== undefined && same(desired.parent, parent) ? desired.parent : parent,
    description,
    location,
    nodes: nodesIn(nodes, desired.nodes),
  };
}

/** In the program's order and spelling, with what else is there behind. */
function nodesIn(there: readonly string[], wanted: readonly string[] = []): string[] {
  const { pairs, extra } = paired(wanted, there, sameNode);
  return [...pairs.filter(({ now }) => now !== undefined).map((pair) => pair.wanted), ...extra];
}
