import { z } from "zod";
import { result } from "../../calls";
import { type Machine, machine, machinesOn } from "../cluster-node/observed";
import { allNodes as everyNode } from "../clusters";
import type { Answers, Asked, Seen } from "../definition";
import { answerOf, same } from "../definition";

/** A group that is none of the cluster's own, by the node that has it. */
const group = z.object({ name: z.string(), owner: z.string() });

const member = z.object({
  name: z.string(),
  state: z.string(),
  drainStatus: z.string(),
  machines: z.array(machine),
});

export const recorded = z.object({
  id: z.string(),
  name: z.string(),
  accessPoint: z.string(),
  staticAddresses: z.array(z.string()),
  nodes: z.array(member),
  groups: z.array(group),
});

export type Member = z.output<typeof member>;
export type Observed = z.output<typeof recorded>;
export type { Machine };

export const allNodes = everyNode;

const groups = {
  cmdlet: "Get-ClusterGroup",
  parameters: { Cluster: "." },
  select: {
    Name: null,
    GroupType: null,
    IsCoreGroup: null,
    OwnerNode: { Name: null },
    State: null,
    StatusInformation: null,
    Priority: null,
  },
} as const;

/** Of all groups, each with its owner. */
export const allGroups: Asked[string] = groups;

export const questions: Asked = {
  cluster: { cmdlet: "Get-Cluster", select: { Id: null, Name: null, AdministrativeAccessPoint: null } },
  nodes: {
    cmdlet: "Get-ClusterNode",
    parameters: { Cluster: "." },
    select: { Name: null, State: null, DrainStatus: null },
  },
  groups,
  resources: {
    cmdlet: "Get-ClusterResource",
    parameters: { Cluster: "." },
    select: { ResourceType: { Name: null }, OwnerGroup: { Name: null } },
  },
};

const named = z.object({ Name: z.string() });
const clusterShape = z.object({ Id: z.string(), Name: z.string(), AdministrativeAccessPoint: z.string() });
const nodeShape = z.object({ Name: z.string(), State: z.string(), DrainStatus: z.string() });
const groupShape = z.object({
  Name: z.string(),
  GroupType: z.string(),
  IsCoreGroup: z.boolean(),
  OwnerNode: named.nullish(),
});
const resourceShape = z.object({ ResourceType: named, OwnerGroup: named.nullish() });
const parameterShape = z.object({ Name: z.string(), Value: z.unknown() });

/** The addresses are parameters of resources of the cluster's own group (D, hyper-v-host.md 8); without a name there are none. */
export function moreQuestions({ answers }: Seen): Asked | undefined {
  if (answers.parameters) return undefined;
  const own = ownGroup(answers);
  const isThere = answerOf(answers, "resources")
    .map((value) => resourceShape.parse(value))
    .some(({ ResourceType, OwnerGroup }) => ResourceType.Name === addressType && same(OwnerGroup?.Name ?? "", own));
  if (!isThere) return undefined;
  return {
    again: {
      cmdlet: "Get-ClusterResource",
      parameters: { Cluster: "." },
      as: "resources",
      select: { Name: null },
    },
    parameters: {
      cmdlet: "Get-ClusterParameter",
      parameters: {
        InputObject: result("resources", undefined, { "ResourceType.Name": addressType, "OwnerGroup.Name": own }),
      },
      select: { ClusterObject: { Name: null }, Name: null, Value: null },
    },
  };
}

const addressType = "IP Address";

function ownGroup(answers: Answers): string {
  const own = answerOf(answers, "groups")
    .map((value) => groupShape.parse(value))
    .find(({ GroupType, IsCoreGroup }) => IsCoreGroup && GroupType === "Cluster");
  return own?.Name ?? "";
}

export function parsed(answers: Answers): Observed {
  const { Id, Name, AdministrativeAccessPoint } = clusterShape.parse(answerOf(answers, "cluster")[0]);
  return {
    id: Id,
    name: Name,
    accessPoint: AdministrativeAccessPoint,
    staticAddresses: staticAddresses(answers.parameters?.values ?? []),
    nodes: answerOf(answers, "nodes")
      .map((value) => nodeShape.parse(value))
      .map((node) => ({
        name: node.Name,
        state: node.State,
        drainStatus: node.DrainStatus,
        machines: machinesOn(node.Name, answerOf(answers, "groups")),
      })),
    groups: groupsIn(answerOf(answers, "groups")),
  };
}

/** Roles of machines and of anything else: not what a cluster has from its beginning. */
export function groupsIn(values: readonly unknown[]): Observed["groups"] {
  return values
    .map((value) => groupShape.parse(value))
    .filter(({ IsCoreGroup }) => !IsCoreGroup)
    .map(({ Name, OwnerNode }) => ({ name: Name, owner: OwnerNode?.Name ?? "" }));
}

/** One that DHCP gave is nobody's choice. */
function staticAddresses(values: readonly unknown[]): string[] {
  const parameters = values.map((value) => parameterShape.extend({ ClusterObject: named }).parse(value));
  const of = (object: string, name: string) =>
    parameters.find((one) => one.ClusterObject.Name === object && one.Name === name)?.Value;
  const resources = [...new Set(parameters.map(({ ClusterObject }) => ClusterObject.Name))];
  return resources
    .filter((resource) => Number(of(resource, "EnableDhcp") ?? 0) === 0)
    .map((resource) => of(resource, "Address"))
    .filter((address) => typeof address === "string" && address !== "")
    .map(String)
    .sort();
}
