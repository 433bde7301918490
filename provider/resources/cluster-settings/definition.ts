import { namedCluster, onCluster } from "../clusters";
import { answerOf, define } from "../definition";
import { type Observed, parsed, plan, recorded, reflect, select } from "./plan";
import { schema } from "./schema";

export const clusterSettings = define<typeof schema, Observed>({
  kind: "ClusterSettings",
  noun: "cluster settings",
  identified: "a name",
  schema,

  place: onCluster,

  read: {
    recorded,
    id: ({ name }) => name,
    observe: () => ({ cluster: { cmdlet: "Get-Cluster", select } }),
    parse: ({ answers }) => parsed(answerOf(answers, "cluster")[0]),
  },

  change: { plan },

  list: namedCluster,

  show: {
    title: () => undefined,
    reflect,
    outputs: ({ name }) => ({ clusterName: name }),
  },
});
