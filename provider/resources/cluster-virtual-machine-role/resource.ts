import { z } from "zod";
import { type Action, type Question, result, type Value } from "../../calls";
import { sameNode } from "../../calls/node-name";
import { allNodes } from "../clusters";
import { type Answers, type Asked, answerOf, type Step } from "../definition";
import type { Desired } from "./schema";

/** The resource that is the machine in its role, which has settings of its own (hyper-v-host.md 14). */
export const machineResource = z.object({
  checkHeartbeat: z.boolean(),
  checkApplicationHealth: z.boolean(),
  offlineAction: z.number(),
  shutdownAction: z.number(),
  defaultMoveType: z.number(),
  possibleOwners: z.array(z.string()),
  /** Whether any node may own it. */
  isOpen: z.boolean(),
});

export type MachineResource = z.output<typeof machineResource>;

/** By the numbers that the cluster has for them (D, hyper-v.md 7.2). */
export const offlineActions = ["TurnOff", "Save", "ShutDown", "ForcedShutdown"] as const;
/** What they stand for is documented nowhere (hyper-v.md 7.2). */
export const shutdownActions = [0, 1] as const;
export const moveTypes = ["TurnOff", "Quick", "Shutdown", "ShutdownForce", "Live"] as const;

/** No such setting here: the type of resource says it. */
const inherited = 4294967295;

const settings = [
  "checkHeartbeat",
  "checkApplicationHealth",
  "offlineAction",
  "shutdownAction",
  "defaultMoveType",
] as const;

/** It costs calls of its own: asked for where a program names something of it, and where nobody has said anything yet. */
export function isAsked(desired: Partial<Desired>): boolean {
  return (
    desired.adopt === undefined || [...settings, "possibleOwners" as const].some((key) => desired[key] !== undefined)
  );
}

/** The prefix of its name is the machine's name when the role was made: it is found by its type (hyper-v.md 7.1). */
const found = (vmId: string): Action => ({
  cmdlet: "Get-ClusterResource",
  parameters: { VMId: vmId, Cluster: "." },
  as: "resources",
});

const it = result("resources", undefined, { "ResourceType.Name": "Virtual Machine" });

export function askedOf(vmId: string): Asked {
  const resources: Question = {
    cmdlet: "Get-ClusterResource",
    parameters: { VMId: vmId, Cluster: "." },
    as: "resources",
    select: { Name: null },
  };
  return {
    resources,
    parameters: {
      cmdlet: "Get-ClusterParameter",
      parameters: { InputObject: it },
      select: { Name: null, Value: null },
    },
    possible: {
      cmdlet: "Get-ClusterOwnerNode",
      parameters: { InputObject: it },
      select: { OwnerNodes: { Name: null } },
    },
    nodes: allNodes,
  };
}

const parameterShape = z.object({ Name: z.string(), Value: z.unknown() });
const ownersShape = z.object({ OwnerNodes: z.array(z.object({ Name: z.string() })).nullish() });

export function parsed(answers: Answers): MachineResource | undefined {
  if (answers.parameters === undefined) return undefined;
  const parameters = answerOf(answers, "parameters").map((value) => parameterShape.parse(value));
  const number = (name: string, otherwise: number) => {
    const value = parameters.find((one) => one.Name === name)?.Value;
    return typeof value === "number" ? value : otherwise;
  };
  const owners = ownersShape.parse(answerOf(answers, "possible")[0] ?? {}).OwnerNodes ?? [];
  return {
    checkHeartbeat: number("CheckHeartbeat", 1) === 1,
    checkApplicationHealth: number("CheckApplicationHealth", 1) === 1,
    offlineAction: number("OfflineAction", 1),
    shutdownAction: number("ShutdownAction", 0),
    // -1 where a type shows it as signed (hyper-v.md 1.4)
    defaultMoveType: number("DefaultMoveType", inherited),
    possibleOwners: owners.map(({ Name }) => Name),
    isOpen: owners.length === answerOf(answers, "nodes").length,
  };
}

export function resourceSteps(observed: MachineResource | undefined, desired: Desired): Step[] {
  const { vmId, possibleOwners } = desired;
  const wanted: [property: string, parameter: string, is: Value | undefined, value: Value | undefined][] = [
    ["checkHeartbeat", "CheckHeartbeat", flag(observed?.checkHeartbeat), flag(desired.checkHeartbeat)],
    [
      "checkApplicationHealth",
      "CheckApplicationHealth",
      flag(observed?.checkApplicationHealth),
      flag(desired.checkApplicationHealth),
    ],
    ["offlineAction", "OfflineAction", observed?.offlineAction, numberOf(offlineActions, desired.offlineAction)],
    ["shutdownAction", "ShutdownAction", observed?.shutdownAction, desired.shutdownAction],
    ["defaultMoveType", "DefaultMoveType", observed?.defaultMoveType, numberOf(moveTypes, desired.defaultMoveType)],
  ];
  const steps = wanted.flatMap(([property, name, is, value]): Step[] => {
    if (value === undefined || is === value) return [];
    return [
      {
        does: `set ${property}`,
        properties: [property],
        calls: [
          found(vmId),
          { cmdlet: "Set-ClusterParameter", parameters: { InputObject: it, Name: name, Value: value } },
        ],
      },
    ];
  });
  if (possibleOwners && !sameSet(observed?.possibleOwners, possibleOwners))
    steps.push({
      does: "set the possible owners",
      properties: ["possibleOwners"],
      calls: [found(vmId), { cmdlet: "Set-ClusterOwnerNode", parameters: { InputObject: it, Owners: possibleOwners } }],
      advice: "The node that owns the role now has to be one of them: move the role first, by ownerNode.",
    });
  return steps;
}

/** A node that the role is about to be moved to may own it before; what may own it in the end is set afterwards. */
export function letOwn(observed: MachineResource | undefined, { vmId, possibleOwners }: Desired, node: string): Step[] {
  const now = observed?.possibleOwners ?? [];
  if (!observed || !possibleOwners || now.some((one) => sameNode(one, node))) return [];
  return [
    {
      does: `allow ${node} to own the role`,
      properties: ["possibleOwners"],
      calls: [found(vmId), { cmdlet: "Set-ClusterOwnerNode", parameters: { InputObject: it, Owners: [...now, node] } }],
    },
  ];
}

/** What a program would say of it. */
export function reflectedOf(observed: MachineResource | undefined, desired: Desired): Partial<Desired> {
  if (!observed) return {};
  const { possibleOwners = [] } = desired;
  return {
    checkHeartbeat: observed.checkHeartbeat,
    checkApplicationHealth: observed.checkApplicationHealth,
    offlineAction: offlineActions[observed.offlineAction],
    shutdownAction: shutdownActions.find((action) => action === observed.shutdownAction),
    defaultMoveType: moveTypes[observed.defaultMoveType],
    possibleOwners: sameSet(observed.possibleOwners, possibleOwners) ? possibleOwners : observed.possibleOwners,
  };
}

/** Of that, what somebody has chosen: not what every role has. */
export function chosenOf(observed: MachineResource | undefined, reflected: Desired): Partial<Desired> {
  const { checkHeartbeat, checkApplicationHealth, offlineAction, shutdownAction, possibleOwners } = reflected;
  return {
    checkHeartbeat: checkHeartbeat === true ? undefined : checkHeartbeat,
    checkApplicationHealth: checkApplicationHealth === true ? undefined : checkApplicationHealth,
    offlineAction: offlineAction === "Save" ? undefined : offlineAction,
    shutdownAction: shutdownAction === 0 ? undefined : shutdownAction,
    possibleOwners: observed?.isOpen ? undefined : possibleOwners,
  };
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));

function numberOf(names: readonly string[], name: string | undefined): number | undefined {
  return name === undefined ? undefined : names.indexOf(name);
}

/** Who may own it is a set. */
function sameSet(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.length === other.length && one.every((name) => other.some((node) => sameNode(node, name)));
}
