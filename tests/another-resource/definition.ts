import { z } from "zod";
import { type Action, literal, result } from "../../calls";
import { absentFrom, answerOf, define, type Plan, type Step, steps } from "../definition";
import { listedBy, onNode } from "../surveys";
import { type Desired, schema } from "./schema";

const recorded = z.object({ id: z.string(), name: z.string(), notes: z.string() });
type Observed = z.output<typeof recorded>;

const shown = z.object({ Id: z.string(), Name: z.string(), Notes: z.string().nullish() });
const select = { Id: null, Name: null, Notes: null };
const vmSwitch = (id: string): Action => ({ cmdlet: "Get-VMSwitch", parameters: { Id: id }, as: "switch" });
const ids = (values: readonly unknown[]) =>
  z
    .array(z.object({ Id: z.string() }))
    .parse(values)
    .map(({ Id }) => Id);

/** A network that only machines of one host are on. */
export const privateNetwork = define<typeof schema, Observed>({
  kind: "PrivateNetwork",
  noun: "private network",
  identified: "a GUID",
  namedBy: "name",
  schema,

  place: {
    of: ({ node }) => ({ node }),
    now: (_id, { node }) => ({ node }),
  },

  birth: {
    find: ({ name }) => ({
      switches: { cmdlet: "Get-VMSwitch", parameters: { Name: literal(name) }, select: { Id: null } },
    }),
    found: (answers) => ids(answerOf(answers, "switches")),
    make: ({ name }) => ({
      call: { cmdlet: "New-VMSwitch", parameters: { Name: name, SwitchType: "Private" }, select: { Id: null } },
    }),
    identity: { told: ({ values }) => ids(values)[0] ?? "" },
  },

  read: {
    recorded,
    observe: (id) => ({ network: { cmdlet: "Get-VMSwitch", parameters: { Id: id }, select } }),
    parse: ({ answers }) => {
      const { Id, Name, Notes } = shown.parse(answerOf(answers, "network")[0]);
      return { id: Id, name: Name, notes: Notes ?? "" };
    },
  },

  gone: absentFrom({ cmdlet: "Get-VMSwitch", select: { Id: null } }),

  change: { plan },

  death: {
    remove: ({ id }) =>
      steps({
        does: "remove the network",
        calls: [vmSwitch(id), { cmdlet: "Remove-VMSwitch", parameters: { VMSwitch: result("switch"), Force: true } }],
      }),
  },

  list: {
    calls: [{ cmdlet: "Get-VMSwitch", select }],
    parse: (answers, node) =>
      listedBy(answers, shown).map(({ Id, Name }) => ({ id: Id, name: Name, desired: onNode(node) })),
  },

  show: {
    title: ({ name }) => name,
    reflect: ({ name, notes }, desired) => ({ ...desired, name, notes }),
    outputs: () => ({}),
  },
});

function plan(observed: Observed, { name, notes }: Desired): Plan {
  const all: Step[] = [];
  if (observed.name !== name)
    all.push({
      does: "rename the network",
      properties: ["name"],
      calls: [
        vmSwitch(observed.id),
        { cmdlet: "Rename-VMSwitch", parameters: { VMSwitch: result("switch"), NewName: name } },
      ],
    });
  if (notes !== undefined && observed.notes !== notes)
    all.push({
      does: "set the notes",
      properties: ["notes"],
      calls: [
        vmSwitch(observed.id),
        { cmdlet: "Set-VMSwitch", parameters: { VMSwitch: result("switch"), Notes: notes } },
      ],
    });
  return steps(...all);
}
