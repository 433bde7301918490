import { namedCluster, onCluster } from "../clusters";
import { define } from "../definition";
import { networksAreDifferent, type Observed, parse, plan, questions, recorded, reflect } from "./plan";
import { schema } from "./schema";

export const clusterMigrationNetworks = define<typeof schema, Observed>({
  kind: "ClusterMigrationNetworks",
  noun: "cluster migration networks",
  identified: "a name",
  schema,

  inputs: { rules: [networksAreDifferent] },

  place: onCluster,

  read: {
    recorded,
    id: ({ clusterName }) => clusterName,
    observe: () => questions,
    parse,
  },

  change: { plan },

  list: namedCluster,

  show: {
    title: () => undefined,
    reflect,
    outputs: ({ clusterName }) => ({ clusterName }),
  },
});
