import { z } from "zod";
import { type Action, type Reference, result } from "../calls";
import type { Problem } from "../schema";
import { type Answers, type Asked, answerOf, type Step, same } from "./definition";
import { paired } from "./pairing";

/** A group in a list that has its name, with the machine whose role it is. */
export const member = z.object({ group: z.string(), vmId: z.string().optional() });

export type Member = z.output<typeof member>;

const groupShape = z.object({ Name: z.string(), GroupType: z.string() });

/**
 * Which machines the groups are of: their resources say it, and no group does (hyper-v.md 7.1). Asked once it is known that there is
 * one, as the parameters of no resource are an error (R, hyper-v.md 7.7).
 */
export function machinesAsked(answers: Answers): Asked | undefined {
  const groups = answerOf(answers, "groups").map((value) => groupShape.parse(value));
  if (answers.machines || !groups.some(({ GroupType }) => /^(Hcs)?VirtualMachine$/.test(GroupType))) return undefined;
  return {
    machines: {
      cmdlet: "Get-ClusterResource",
      parameters: { Cluster: "." },
      as: "resources",
      select: { Name: null, OwnerGroup: { Name: null } },
    },
    ids: {
      cmdlet: "Get-ClusterParameter",
      parameters: {
        InputObject: result("resources", undefined, { "ResourceType.Name": "Virtual Machine" }),
        Name: "VmId",
      },
      select: { ClusterObject: { Name: null }, Value: null },
    },
  };
}

const resourceShape = z.object({ Name: z.string(), OwnerGroup: z.object({ Name: z.string() }).nullish() });
const idShape = z.object({ ClusterObject: z.object({ Name: z.string() }), Value: z.string() });

/** What the names of a list stand for now. */
export function membersNamed(names: readonly string[], answers: Answers): Member[] {
  if (!answers.machines) return names.map((group) => ({ group }));
  const resources = answerOf(answers, "machines").map((value) => resourceShape.parse(value));
  const ids = answerOf(answers, "ids").map((value) => idShape.parse(value));
  return names.map((group) => {
    const own = resources.filter(({ OwnerGroup }) => OwnerGroup?.Name === group).map(({ Name }) => Name);
    const vmId = ids.find(({ ClusterObject }) => own.includes(ClusterObject.Name))?.Value;
    return { group, ...(vmId !== undefined && { vmId: vmId.replace(/[{}]/g, "").toLowerCase() }) };
  });
}

/** A list that has groups as its members. */
export interface GroupList {
  /** How messages call it: "set". */
  noun: string;
  take(group: string): Action;
  put(group: Reference): Action;
  advice: string;
}

/** A machine is who it is under any name of its group. */
const isOf = ({ vmId }: Member, wanted: string): boolean => vmId !== undefined && same(vmId, wanted);

/** What makes the members those of these machines: the list is owned whole. Who comes is in it before anybody goes. */
export function memberSteps(members: readonly Member[], vmIds: readonly string[], list: GroupList): Step[] {
  const { pairs, extra } = paired(vmIds, members, isOf);
  const properties = ["vmIds"];
  return [
    ...pairs
      .filter(({ now }) => now === undefined)
      .map(
        ({ wanted }): Step => ({
          does: `add the role of machine ${wanted} to the ${list.noun}`,
          properties,
          calls: [
            { cmdlet: "Get-ClusterGroup", parameters: { VMId: wanted, Cluster: "." }, as: "group" },
            list.put(result("group", "Name")),
          ],
          advice: list.advice,
        }),
      ),
    ...extra.map(
      ({ group }): Step => ({
        does: `remove ${group} from the ${list.noun}`,
        properties,
        calls: [list.take(group)],
      }),
    ),
  ];
}

/** The members in the program's order and spelling, with what else is there behind. */
export function machinesIn(members: readonly Member[], vmIds: readonly string[] = []): string[] {
  const { pairs, extra } = paired(vmIds, members, isOf);
  return [
    ...pairs.filter(({ now }) => now !== undefined).map(({ wanted }) => wanted),
    ...extra.flatMap(({ vmId }) => vmId ?? []),
  ];
}

/** A machine twice in a list that has each once. */
export function eachMachineOnce({ vmIds }: { vmIds?: readonly string[] | undefined }): Problem[] {
  return (vmIds ?? []).flatMap((id, index, all) => {
    const first = all.findIndex((other) => same(other, id));
    return first < index ? [{ path: ["vmIds", index], reason: `is the machine of vmIds[${first}] again` }] : [];
  });
}
