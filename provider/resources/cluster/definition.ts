import { sameNode } from "../../calls/node-name";
import { namedCluster } from "../clusters";
import { type Definition, define, type Plan, steps as planOf, same, valuesOf } from "../definition";
import { listedBy } from "../surveys";
import { birth, saysNone } from "./birth";
import { hasTrace, hostShape, trace } from "./joining";
import { moreQuestions, type Observed, parsed, questions, recorded } from "./observed";
import { obstacles, plan, sameAddresses } from "./plan";
import { addressesNeedName, eachAddressOnce, eachNodeOnce, nameIsFree, nodesAreKnown } from "./rules";
import { type Desired, schema } from "./schema";

export const cluster = define<typeof schema, Observed>({
  kind: "Cluster",
  noun: "cluster",
  identified: "a name",
  namedBy: "name",
  schema,

  inputs: {
    rules: [nodesAreKnown, eachNodeOnce, nameIsFree, addressesNeedName, eachAddressOnce],
    nodeUse: ({ name, nodes }) => ({ does: "have", cluster: name, nodes }),
  },

  place: { of: ({ nodes }) => ({ nodes }), now: () => ({ cluster: true }) },

  birth,

  read: {
    recorded,
    observe: () => questions,
    follow: moreQuestions,
    parse: ({ id, answers }, _desired, known) => {
      const seen = parsed(answers);
      // one that somebody renamed is still it
      const isIt = known ? same(known.id, seen.id) : same(id, seen.name);
      if (!isIt)
        throw new Error(`${seen.nodes.map(({ name }) => name).join(", ")} are in the cluster ${seen.name}. ${forGood}`);
      return seen;
    },
  },

  gone: {
    at: { node: undefined },
    mayBe: saysNone,
    // the file stays where the service is stopped (V, hyper-v-host.md 8): a node without it is in no cluster
    inventory: () => [trace],
    listed: (_id, results) => hasTrace(valuesOf(results, 0)),
  },

  change: { plan },

  death: { remove },

  list: {
    clustered: true,
    calls: namedCluster.calls,
    parse: (answers) =>
      listedBy(answers, hostShape).map(({ Name }) => ({ id: Name, name: Name, desired: { name: Name } })),
  },

  show: {
    title: ({ name }) => name,
    reflect,
    outputs: ({ id }) => ({ clusterId: id }),
  },
} satisfies Definition<typeof schema, Desired, Observed>);

const forGood =
  "If this one is gone for good, remove it from the state with pulumi state delete; nothing was removed from it now";

/** What was on its disks stays there, and so do the machines on their hosts (D, hyper-v-host.md 8). */
function remove(observed: Observed, { allowDestroy }: Desired): Plan {
  const refusals = obstacles(observed, allowDestroy === true).map(({ because }) => ({ path: [], reason: because }));
  if (refusals.length > 0) return { steps: [], refusals, replaces: [] };
  return planOf({
    does: "destroy the cluster, and leave its hosts, machines and disks as they are",
    calls: [{ cmdlet: "Remove-Cluster", parameters: { Force: true, Cluster: "." } }],
  });
}

function reflect(observed: Observed, desired: Desired): Desired {
  const { nodes = [], staticAddresses } = desired;
  const names = observed.nodes.map(({ name }) => name);
  const isSame = staticAddresses !== undefined && sameAddresses(staticAddresses, observed.staticAddresses);
  const addresses = observed.staticAddresses.length > 0 ? observed.staticAddresses : undefined;
  return {
    ...desired,
    name: desired.name !== undefined && same(desired.name, observed.name) ? desired.name : observed.name,
    nodes: [
      ...nodes.filter((node) => names.some((name) => sameNode(name, node))),
      ...names.filter((name) => !nodes.some((node) => sameNode(name, node))),
    ],
    staticAddresses: isSame ? staticAddresses : addresses,
    administrativeAccessPoint:
      schema.shape.administrativeAccessPoint.safeParse(observed.accessPoint).data ?? desired.administrativeAccessPoint,
  };
}
