import { z } from "zod";
import { literal } from "../../calls";
import { onCluster } from "../clusters";
import { answerOf, define, same, valuesOf } from "../definition";
import { allDomains, domainsIn, domainWith, type Observed, observedOf, recorded } from "./observed";
import { plan, reflect, remove } from "./plan";
import { eachNodeOnce, lacks, parentIsAnother } from "./rules";
import { type Desired, schema, types } from "./schema";

const told = z.object({ Id: z.string().nullish(), Name: z.string() });

export const clusterFaultDomain = define<typeof schema, Observed>({
  kind: "ClusterFaultDomain",
  noun: "cluster fault domain",
  // the name is a domain's identity (hyper-v-host.md 1), and its id what stays when it gets another: either finds it
  identified: "a name",
  namedBy: "name",
  schema,

  inputs: { rules: [parentIsAnother, eachNodeOnce] },

  place: onCluster,

  birth: {
    find: () => ({ domains: allDomains }),
    found: (answers, { name }) =>
      domainsIn(answerOf(answers, "domains"))
        .filter((domain) => same(domain.name, name))
        .map(({ id }) => id),
    lacks,
    make: ({ name, type }) => ({
      before: [{ cmdlet: "New-ClusterFaultDomain", parameters: { Name: name, FaultDomainType: type } }],
      call: {
        cmdlet: "Get-ClusterFaultDomain",
        parameters: { Name: literal(name) },
        select: { Id: null, Name: null },
      },
    }),
    identity: {
      told: ({ values }) => {
        const { Id, Name } = told.parse(values[0]);
        return Id || Name;
      },
    },
  },

  read: {
    recorded,
    observe: () => ({ domains: allDomains }),
    parse: ({ answers, id }, { name }: Partial<Desired>, known) => {
      const all = domainsIn(answerOf(answers, "domains"));
      const domain = domainWith(all, known?.id ?? id, [known?.name ?? name, id]);
      return domain && observedOf(domain, all);
    },
  },

  gone: {
    inventory: () => [allDomains],
    listed: (id, results, known) =>
      domainWith(domainsIn(valuesOf(results, 0)), known?.id ?? id, [known?.name, id]) !== undefined,
  },

  change: { plan },

  death: { remove },

  list: {
    clustered: true,
    calls: [allDomains],
    parse: (answers) =>
      domainsIn(answers[0]?.result.values ?? [])
        .filter(({ type }) => types.some((one) => one === type))
        .map(({ id, name }) => ({ id, name, desired: { name } })),
    declared: (_observed, { nodes, ...reflected }) => ({ ...reflected, ...(nodes?.length !== 0 && { nodes }) }),
  },

  show: {
    title: ({ name }) => name,
    reflect,
    outputs: () => ({}),
  },
});
