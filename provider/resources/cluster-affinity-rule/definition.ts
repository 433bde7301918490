import { z } from "zod";
import { literal, type Question } from "../../calls";
import { allGroups, onCluster } from "../clusters";
import { answerOf, define, steps as planOf, same, valuesOf } from "../definition";
import { eachMachineOnce, machinesAsked, member, membersNamed } from "../group-members";
import { listedBy } from "../surveys";
import { plan, reflect } from "./plan";
import { ruleTypes, schema } from "./schema";

const recorded = z.object({
  name: z.string(),
  ruleType: z.string(),
  members: z.array(member),
  enabled: z.boolean(),
  softAntiAffinity: z.boolean(),
});

export type Observed = z.output<typeof recorded>;

const named = z.object({ Name: z.string() });
const flag = z.union([z.number(), z.boolean()]);
const shown = named.extend({
  // whether a real object shows the number is not recorded (hyper-v-host.md 18)
  RuleType: z.union([z.string(), z.number()]),
  Groups: z.union([z.array(z.string()), z.string()]).nullish(),
  Enabled: flag,
  SoftAntiAffinity: flag,
});

const allRules: Question = { cmdlet: "Get-ClusterAffinityRule", select: { Name: null } };

export const clusterAffinityRule = define<typeof schema, Observed>({
  kind: "ClusterAffinityRule",
  noun: "cluster affinity rule",
  identified: "a name",
  namedBy: "name",
  schema,

  inputs: { rules: [eachMachineOnce] },

  place: onCluster,

  birth: {
    find: () => ({ rules: allRules }),
    found: (answers, { name }) =>
      answerOf(answers, "rules")
        .map((value) => named.parse(value).Name)
        .filter((other) => same(other, name)),
    make: ({ name, ruleType }) => ({
      call: {
        cmdlet: "New-ClusterAffinityRule",
        parameters: { Name: name, RuleType: ruleType },
        select: { Name: null },
      },
    }),
    identity: { foreseen: ({ name }) => name },
  },

  read: {
    recorded,
    observe: (id) => ({
      rule: {
        cmdlet: "Get-ClusterAffinityRule",
        parameters: { Name: literal(id) },
        select: { Name: null, RuleType: null, Groups: null, Enabled: null, SoftAntiAffinity: null },
      },
      groups: allGroups,
    }),
    follow: ({ answers }) => machinesAsked(answers),
    parse: ({ answers }) => {
      const rule = shown.parse(answerOf(answers, "rule")[0]);
      const { Groups } = rule;
      const groups = typeof Groups === "string" ? [Groups] : (Groups ?? []);
      return {
        name: rule.Name,
        ruleType: ruleTypes[Number(rule.RuleType) - 1] ?? String(rule.RuleType),
        members: membersNamed(groups, answers),
        enabled: Boolean(rule.Enabled),
        softAntiAffinity: Boolean(rule.SoftAntiAffinity),
      };
    },
  },

  gone: {
    inventory: () => [allRules],
    listed: (id, results) => valuesOf(results, 0).some((value) => same(named.parse(value).Name, id)),
  },

  change: { plan },

  death: {
    remove: ({ name }) =>
      planOf({
        does: "remove the rule, and leave its roles where they are",
        calls: [{ cmdlet: "Remove-ClusterAffinityRule", parameters: { Name: literal(name) } }],
      }),
  },

  list: {
    clustered: true,
    calls: [allRules],
    parse: (answers) => listedBy(answers, named).map(({ Name }) => ({ id: Name, name: Name, desired: { name: Name } })),
  },

  show: {
    title: ({ name }) => name,
    reflect,
    outputs: () => ({}),
  },
});
