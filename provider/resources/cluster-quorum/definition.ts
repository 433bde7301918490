import { namedCluster, onCluster } from "../clusters";
import { define } from "../definition";
import { moreQuestions, type Observed, parse, questions, recorded } from "./observed";
import { done, plan, reflect } from "./plan";
import { rules } from "./rules";
import { schema } from "./schema";

export const clusterQuorum = define<typeof schema, Observed>({
  kind: "ClusterQuorum",
  noun: "cluster quorum",
  identified: "a name",
  schema,

  inputs: { rules },

  place: onCluster,

  read: {
    recorded,
    id: ({ clusterName }) => clusterName,
    observe: () => questions,
    follow: moreQuestions,
    parse,
  },

  change: { plan, done },

  list: namedCluster,

  show: {
    title: () => undefined,
    reflect,
    outputs: ({ clusterName, state }) => ({ clusterName, witnessState: state ?? "None" }),
  },
});
