import { z } from "zod";
import { literal } from "../../calls";
import { VMSwitchType } from "../../calls/cmdlets.generated";
import { type Answers, absentFrom, answerOf, define, type Making, same } from "../definition";
import { type Sight, switchSight } from "../sights";
import { listedBy, onNode } from "../surveys";
import type { Observed } from "./observed";
import { bare, carriers, hostAdapter, hostAdapters, observation, switchProperties } from "./observed";
import { plan, sameSet } from "./plan";
import { remove } from "./removal";
import { missing, rules } from "./rules";
import { type Desired, schema } from "./schema";

/** Windows' own on clients, the same everywhere: it can be neither changed nor removed (documented, hyper-v.md 4). */
const defaultSwitch = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

export const virtualSwitch = define<typeof schema, Observed>({
  kind: "VirtualSwitch",
  noun: "virtual switch",
  identified: "a GUID",
  namedBy: "name",
  isFoundByName: true,
  schema,

  inputs: { rules },

  place: {
    of: ({ node }) => ({ node }),
    now: (_id, { node }) => ({ node }),
  },

  birth: {
    // the adapters first: a name that no switch has ends the batch
    find: ({ name, switchType }) => ({
      ...(switchType === "External" && { adapters: hostAdapters }),
      switches: { cmdlet: "Get-VMSwitch", parameters: { Name: literal(name) }, select: { Id: null } },
    }),
    found: (answers) =>
      z
        .array(z.object({ Id: z.string() }))
        .parse(answerOf(answers, "switches"))
        .map((candidate) => candidate.Id),
    lacks: (answers, { switchType, netAdapterNames }) =>
      switchType === "External"
        ? missing(netAdapterNames, carriers(hostAdapter.array().parse(answerOf(answers, "adapters"))))
        : [],
    sights: ({ name, node, netAdapterNames = [] }) => [
      ...(name === undefined ? [] : [switchSight({ node }, { name, path: ["name"], is: "free" })]),
      ...netAdapterNames.flatMap((adapter: string | undefined, index): Sight[] =>
        adapter === undefined ? [] : [adapterSight(node, adapter, index)],
      ),
    ],
    make,
    identity: { minted: ({ values }) => z.object({ Id: z.string() }).parse(values[0]).Id },
  },

  read: {
    recorded: z.object({
      id: z.string(),
      name: z.string(),
      switchType: z.enum(VMSwitchType),
      allowManagementOS: z.boolean(),
      notes: z.string(),
      teamed: z.boolean(),
      netAdapterNames: z.array(z.string()),
      interfaceDescriptions: z.array(z.string()),
      hostAdapterNames: z.array(z.string()).optional(),
    }),
    // the switch stores guids of adapters; descriptions lose and renumber their #n (recorded, hyper-v.md 4)
    observe: (id) => ({
      switch: { cmdlet: "Get-VMSwitch", parameters: { Id: id }, select: switchProperties },
      adapters: hostAdapters,
    }),
    parse: ({ answers }) => {
      const seen = observation.parse(answerOf(answers, "switch")[0]);
      const adapters = hostAdapter.array().parse(answerOf(answers, "adapters"));
      return {
        id: seen.Id,
        name: seen.Name,
        switchType: seen.SwitchType,
        allowManagementOS: seen.AllowManagementOS,
        notes: seen.Notes ?? "",
        teamed: seen.EmbeddedTeamingEnabled ?? false,
        netAdapterNames: (seen.NetAdapterInterfaceGuid ?? []).map(
          (guid) => adapters.find((adapter) => bare(adapter.InterfaceGuid) === bare(guid))?.Name ?? guid,
        ),
        interfaceDescriptions: seen.NetAdapterInterfaceDescriptions ?? [],
        hostAdapterNames: carriers(adapters),
      };
    },
  },

  gone: absentFrom({ cmdlet: "Get-VMSwitch", select: { Id: null } }),

  change: { plan },

  death: { remove },

  list: {
    calls: [{ cmdlet: "Get-VMSwitch", select: { Id: null, Name: null } }],
    parse: (answers, node) =>
      listedBy(answers, z.object({ Id: z.string(), Name: z.string() }))
        .filter(({ Id }) => !same(Id, defaultSwitch))
        .map(({ Id, Name }) => ({ id: Id, name: Name, desired: onNode(node) })),
  },

  show: {
    title: ({ name }) => name,
    reflect: (observed, desired) => ({
      ...desired,
      name: observed.name,
      switchType: observed.switchType,
      netAdapterNames:
        observed.switchType !== "External"
          ? undefined
          : sameSet(observed.netAdapterNames, desired.netAdapterNames ?? [])
            ? desired.netAdapterNames
            : observed.netAdapterNames,
      allowManagementOS: observed.switchType === "External" ? observed.allowManagementOS : desired.allowManagementOS,
      notes: observed.notes,
    }),
    outputs: ({ interfaceDescriptions }) => ({ interfaceDescriptions }),
  },
});

function adapterSight(node: string | undefined, name: string, index: number): Sight {
  const path = ["netAdapterNames", index];
  return { noun: "physical adapter", name, path, is: "there", listing: hostAdapters, by: "Name", at: { node } };
}

/** With an id of ours, a switch that was made while the connection broke is known by it (its `-Id`, hyper-v.md 1.3). */
export function make(desired: Desired, _seen: Answers, id?: string): Making {
  const { name, notes = "", netAdapterNames = [], allowManagementOS = true } = desired;
  const common = { Name: name, Notes: notes, ...(id !== undefined && { Id: id }) };
  const select = { Id: null };
  if (desired.switchType !== "External")
    return { call: { cmdlet: "New-VMSwitch", parameters: { ...common, SwitchType: desired.switchType }, select } };
  const external = { ...common, NetAdapterName: netAdapterNames, AllowManagementOS: allowManagementOS };
  const team = netAdapterNames.length > 1 ? { EnableEmbeddedTeaming: true } : {};
  return { call: { cmdlet: "New-VMSwitch", parameters: { ...external, ...team }, select } };
}
