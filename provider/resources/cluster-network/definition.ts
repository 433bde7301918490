import { z } from "zod";
import { type Action, result, type Value } from "../../calls";
import { type Problem, problem } from "../../schema";
import { allNetworks, type Network, networkOf } from "../cluster-networks";
import { onCluster } from "../clusters";
import { answerOf, define, type Plan, type Step, steps, valuesOf } from "../definition";
import { sameSubnet } from "../subnets";
import { type Desired, schema } from "./schema";

const recorded = z.object({
  id: z.string(),
  subnet: z.string(),
  name: z.string(),
  role: z.string(),
  metric: z.number(),
  autoMetric: z.boolean(),
});

export const clusterNetwork = define<typeof schema, Network>({
  kind: "ClusterNetwork",
  noun: "cluster network",
  identified: "a name",
  schema,

  inputs: { rules: [metricIsOneOrTheOther] },

  place: onCluster,

  read: {
    recorded,
    id: ({ subnet }) => subnet,
    // names are people's, and ids change when a network is found anew (documented, hyper-v-host.md 11)
    observe: () => ({ networks: allNetworks }),
    parse: ({ answers, id }, { subnet }: Partial<Desired>) => {
      const meant = subnet ?? id;
      return answerOf(answers, "networks")
        .map(networkOf)
        .find((network) => sameSubnet(network.subnet, meant));
    },
  },

  gone: {
    inventory: () => [allNetworks],
    listed: (id, results) => valuesOf(results, 0).some((value) => sameSubnet(networkOf(value).subnet, id)),
  },

  change: { plan },

  list: {
    clustered: true,
    calls: [allNetworks],
    parse: (answers) =>
      (answers[0]?.result.values ?? [])
        .map(networkOf)
        .map(({ subnet, name }) => ({ id: subnet, name, desired: { subnet } })),
    // what the cluster has chosen by itself
    declared: ({ autoMetric }, { metric: _metric, ...reflected }) =>
      autoMetric ? reflected : { ...reflected, metric: _metric, autoMetric: undefined },
  },

  show: {
    title: ({ subnet }) => subnet,
    reflect,
    outputs: ({ id, name }) => ({ networkId: id, networkName: name }),
  },
});

function metricIsOneOrTheOther({ metric, autoMetric }: Desired): Problem[] {
  return metric !== undefined && autoMetric === true
    ? [problem("metric", "is chosen by the cluster with autoMetric: true. Leave one of them out")]
    : [];
}

function plan(network: Network, { name, role, metric, autoMetric }: Desired): Plan {
  const all: Step[] = [];
  const assign = (property: string, key: string, value: Value, notice?: string) => {
    const networks: Action = { cmdlet: "Get-ClusterNetwork", parameters: { Cluster: "." }, as: "networks" };
    const target = result("networks", undefined, { Id: network.id });
    const calls: Action[] = [networks, { assign: property, target, value }];
    all.push({ does: `set ${key}`, properties: [key], calls, ...(notice && { notice }) });
  };
  if (name !== undefined && name !== network.name) assign("Name", "name", name);
  if (role !== undefined && role !== network.role)
    assign("Role", "role", role, role === "None" ? "the cluster no longer uses the network, for role" : undefined);
  // what is set is no longer chosen
  if (metric !== undefined && (metric !== network.metric || network.autoMetric)) assign("Metric", "metric", metric);
  else if (autoMetric !== undefined && autoMetric !== network.autoMetric)
    assign("AutoMetric", "autoMetric", autoMetric);
  return steps(...all);
}

function reflect({ subnet, name, role, metric, autoMetric }: Network, desired: Partial<Desired>): Desired {
  const isMeant = desired.subnet !== undefined && sameSubnet(desired.subnet, subnet);
  return {
    subnet: isMeant && desired.subnet !== undefined ? desired.subnet : subnet,
    name,
    role: schema.shape.role.safeParse(role).data ?? desired.role,
    metric: autoMetric && desired.metric === undefined ? undefined : metric,
    autoMetric,
  };
}
