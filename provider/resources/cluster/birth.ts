import { z } from "zod";
import { sameNode } from "../../calls/node-name";
import { type Problem, problem } from "../../schema";
import { type Answers, answerOf, type Birth, type Said, same } from "../definition";
import { hasTrace, hostShape, ownName, taken, trace } from "./joining";
import type { Desired } from "./schema";

const named = z.object({ Name: z.string() });

/** What a host says that is in no cluster, or whose service is stopped: the two look the same (V, hyper-v-host.md 8). */
export const saysNone = ({ errorId }: Said): boolean => errorId?.split(",")[0] === "ClusterEndpointNotRegistered";

/** Every node is asked itself: none of them needs to reach another for that. */
export const birth: Birth<Desired> = {
  find: () => ({ host: ownName, trace, cluster: { cmdlet: "Get-Cluster", select: { Name: null } } }),
  found: (answers, { name }) => namesIn(answers).filter((other) => same(other, name)),
  saysNone,
  lacks,
  requires: ({ nodes }) =>
    nodes.map((node) => ({
      does: `look for ${node}`,
      properties: ["nodes"],
      at: { node },
      calls: [{ cmdlet: "Get-VMHost" }],
    })),
  make: ({ name, nodes, staticAddresses, administrativeAccessPoint }) => ({
    call: {
      cmdlet: "New-Cluster",
      parameters: {
        Name: name,
        Node: nodes,
        // without it every disk that all nodes see is taken, also those of others (R, hyper-v-host.md 8)
        NoStorage: true,
        ...(staticAddresses && { StaticAddress: staticAddresses }),
        ...(administrativeAccessPoint && { AdministrativeAccessPoint: administrativeAccessPoint }),
      },
      select: { Name: null },
    },
  }),
  identity: { foreseen: ({ name }) => name },
};

const namesIn = ({ cluster }: Answers): string[] => (cluster?.values ?? []).map((value) => named.parse(value).Name);

function lacks(answers: Answers, { name, nodes }: Desired): Problem[] {
  if (!answers.host || !answers.trace) return [];
  const { Name: host } = hostShape.parse(answerOf(answers, "host")[0]);
  const [other] = namesIn(answers);
  if (!nodes.some((node) => sameNode(node, host)))
    return [problem("nodes", `must have the hosts' own names: one that it names is ${host} itself`)];
  if (other !== undefined)
    return same(other, name)
      ? []
      : [problem("nodes", `has ${host}, a node of the cluster ${other}: evict it there first`)];
  return hasTrace(answerOf(answers, "trace")) ? [problem("nodes", `cannot have ${host} yet: ${taken(host)}`)] : [];
}
