import { z } from "zod";
import { sameNode } from "../../calls/node-name";
import { allGroups, allNodes, onCluster } from "../clusters";
import { answerOf, define, same, valuesOf } from "../definition";
import { listedBy } from "../surveys";
import { machinesOn, namedShape, nodeShape, type Observed, oneNode, recorded } from "./observed";
import { plan } from "./plan";
import { type Desired, schema } from "./schema";

export const clusterNode = define<typeof schema, Observed>({
  kind: "ClusterNode",
  noun: "cluster node",
  identified: "a name",
  schema,

  inputs: {
    nodeUse: ({ node, state, allowTogether }) =>
      state === "Paused" ? { node, does: "pause", allowTogether: allowTogether === true } : undefined,
  },

  place: onCluster,

  read: {
    recorded,
    id: ({ name }) => name,
    observe: (id, { node }: Partial<Desired>) => ({ node: oneNode(node ?? id), nodes: allNodes, groups: allGroups }),
    parse: ({ answers }) => {
      const { Name, State, DrainStatus, NodeWeight } = nodeShape.parse(answerOf(answers, "node")[0]);
      return {
        name: Name,
        state: State,
        drainStatus: DrainStatus,
        nodeWeight: NodeWeight === 1,
        machines: machinesOn(Name, answerOf(answers, "groups")),
        others: answerOf(answers, "nodes")
          .map((value) => namedShape.parse(value))
          .filter((node) => !same(node.Name, Name))
          .map((node) => ({
            name: node.Name,
            state: node.State,
            machines: machinesOn(node.Name, answerOf(answers, "groups")).length,
          })),
      };
    },
  },

  gone: {
    // every node knows all that are members
    inventory: () => [allNodes],
    listed: (id, results) => valuesOf(results, 0).some((value) => sameNode(namedShape.parse(value).Name, id)),
  },

  change: { plan },

  list: {
    clustered: true,
    calls: [allNodes],
    parse: (answers) =>
      listedBy(answers, z.object({ Name: z.string() })).map(({ Name }) => ({
        id: Name,
        name: Name,
        desired: { node: Name },
      })),
  },

  show: {
    title: ({ node }) => node,
    reflect: ({ name, state, nodeWeight }, desired) => ({
      ...desired,
      node: desired.node !== undefined && sameNode(desired.node, name) ? desired.node : name,
      // a node that is down is in neither state
      state: schema.shape.state.safeParse(state).data ?? desired.state,
      nodeWeight,
    }),
    outputs: () => ({}),
  },
});
