import { z } from "zod";
import { literal, type Question } from "../../calls";
import type { Problem } from "../../schema";
import { allGroups, onCluster } from "../clusters";
import { answerOf, define, steps as planOf, same, valuesOf } from "../definition";
import { eachMachineOnce, machinesAsked, member, membersNamed } from "../group-members";
import { listedBy } from "../surveys";
import { plan, reflect } from "./plan";
import { type Desired, schema } from "./schema";

const recorded = z.object({
  name: z.string(),
  members: z.array(member),
  providers: z.array(z.string()),
  startupDelayTrigger: z.string(),
  startupDelay: z.number(),
  startupCount: z.number(),
  isGlobal: z.boolean(),
});

export type Observed = z.output<typeof recorded>;

const named = z.object({ Name: z.string() });
const names = z.union([z.array(z.string()), z.string()]).nullish();
const shown = named.extend({
  GroupNames: names,
  ProviderNames: names,
  // whether a real object shows the number is not recorded (hyper-v-host.md 18)
  StartupDelayTrigger: z.union([z.string(), z.number()]),
  StartupDelay: z.number(),
  StartupCount: z.number(),
  IsGlobal: z.boolean(),
});

const allSets: Question = { cmdlet: "Get-ClusterGroupSet", select: { Name: null } };

export const clusterGroupSet = define<typeof schema, Observed>({
  kind: "ClusterGroupSet",
  noun: "cluster group set",
  identified: "a name",
  namedBy: "name",
  schema,

  inputs: { rules: [eachMachineOnce, needsOthers] },

  place: onCluster,

  birth: {
    find: () => ({ sets: allSets }),
    found: (answers, { name }) =>
      answerOf(answers, "sets")
        .map((value) => named.parse(value).Name)
        .filter((other) => same(other, name)),
    make: ({ name }) => ({
      call: { cmdlet: "New-ClusterGroupSet", parameters: { Name: name }, select: { Name: null } },
    }),
    identity: { foreseen: ({ name }) => name },
  },

  read: {
    recorded,
    observe: (id) => ({
      set: {
        cmdlet: "Get-ClusterGroupSet",
        parameters: { Name: literal(id) },
        select: {
          Name: null,
          GroupNames: null,
          ProviderNames: null,
          StartupDelayTrigger: null,
          StartupDelay: null,
          StartupCount: null,
          IsGlobal: null,
        },
      },
      groups: allGroups,
    }),
    follow: ({ answers }) => machinesAsked(answers),
    parse: ({ answers }) => {
      const set = shown.parse(answerOf(answers, "set")[0]);
      return {
        name: set.Name,
        members: membersNamed(listOf(set.GroupNames), answers),
        providers: listOf(set.ProviderNames),
        startupDelayTrigger: [1, "1", "Delay"].includes(set.StartupDelayTrigger) ? "Delay" : "Online",
        startupDelay: set.StartupDelay,
        startupCount: set.StartupCount,
        isGlobal: set.IsGlobal,
      };
    },
  },

  gone: {
    inventory: () => [allSets],
    listed: (id, results) => valuesOf(results, 0).some((value) => same(named.parse(value).Name, id)),
  },

  change: { plan },

  death: {
    remove: ({ name }) =>
      planOf({
        does: "remove the set, and leave its roles as they are",
        calls: [{ cmdlet: "Remove-ClusterGroupSet", parameters: { Name: literal(name) } }],
        advice: "A set that others need stays: take it out of their providers first.",
      }),
  },

  list: {
    clustered: true,
    calls: [allSets],
    parse: (answers) => listedBy(answers, named).map(({ Name }) => ({ id: Name, name: Name, desired: { name: Name } })),
  },

  show: {
    title: ({ name }) => name,
    reflect,
    outputs: () => ({}),
  },
});

function listOf(value: z.output<typeof names>): string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}

function needsOthers({ name, providers }: Desired): Problem[] {
  return (providers ?? []).flatMap((provider, index) =>
    same(provider, name) ? [{ path: ["providers", index], reason: "is the set itself, which cannot need itself" }] : [],
  );
}
