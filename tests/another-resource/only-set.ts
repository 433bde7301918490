import { z } from "zod";
import { type Action, result, type Value } from "../../provider/calls";
import { answerOf, define, type Plan, type Step, same, steps, valuesOf } from "../../provider/resources/definition";
import { listedBy } from "../../provider/resources/surveys";
import { assigned, hot, meant, replaces } from "../../provider/schema";

const ofNode = (property: string) => assigned("Get-ClusterNode", property);

const schema = z.strictObject({
  /** Name of the node. A change sets another one, and leaves this one as it is. */
  node: meant(replaces(z.string().min(1))),
  /** Text for people. Changes in place. */
  description: ofNode("Description")(hot(z.string().optional())),
  /** 1 for a node that votes in the quorum, 0 for one that does not. Changes in place. */
  nodeWeight: ofNode("NodeWeight")(hot(z.literal([0, 1]).optional())),
});

type Desired = z.input<typeof schema>;

const recorded = z.object({ name: z.string(), description: z.string(), nodeWeight: z.literal([0, 1]) });
type Observed = z.output<typeof recorded>;

const named = z.object({ Name: z.string() });
const shown = named.extend({ Description: z.string(), NodeWeight: z.literal([0, 1]) });
const find = (name: string) => ({ cmdlet: "Get-ClusterNode", parameters: { Name: name }, as: "node" }) as const;

/** What the cluster knows of a node: it is there as long as the node is, and no program makes it or takes it away. */
export const nodeSettings = define<typeof schema, Observed>({
  kind: "ClusterNodeSettings",
  noun: "cluster node settings",
  identified: "a name",
  schema,

  place: {
    of: () => ({ cluster: true }),
    now: () => ({ cluster: true }),
  },

  read: {
    recorded,
    id: ({ name }) => name,
    observe: (id, { node }: Partial<Desired>) => ({
      node: { ...find(node ?? id), select: { Name: null, Description: null, NodeWeight: null } },
    }),
    parse: ({ answers }) => {
      const { Name, Description, NodeWeight } = shown.parse(answerOf(answers, "node")[0]);
      return { name: Name, description: Description, nodeWeight: NodeWeight };
    },
  },

  gone: {
    inventory: () => [{ cmdlet: "Get-ClusterNode", select: { Name: null } }],
    listed: (id, results) => valuesOf(results, 0).some((value) => same(named.parse(value).Name, id)),
  },

  change: { plan },

  list: {
    clustered: true,
    calls: [{ cmdlet: "Get-ClusterNode", select: { Name: null } }],
    parse: (answers) => listedBy(answers, named).map(({ Name }) => ({ id: Name, name: Name, desired: { node: Name } })),
  },

  show: {
    title: ({ node }) => node,
    reflect: ({ name, description, nodeWeight }, { node }) => ({
      node: node !== undefined && same(node, name) ? node : name,
      description,
      nodeWeight,
    }),
    outputs: () => ({}),
  },
});

function plan({ name, description, nodeWeight }: Observed, desired: Desired): Plan {
  const set = (property: string, is: Value, wanted: Value | undefined, notice?: string): Step[] => {
    if (wanted === undefined || wanted === is) return [];
    const key = `${property.charAt(0).toLowerCase()}${property.slice(1)}`;
    const calls: Action[] = [find(name), { assign: property, target: result("node"), value: wanted }];
    return [{ does: `set ${key}`, properties: [key], calls, ...(notice && { notice }) }];
  };
  const vote = desired.nodeWeight === 0 ? "takes the node's vote in the quorum" : undefined;
  return steps(
    ...set("Description", description, desired.description),
    ...set("NodeWeight", nodeWeight, desired.nodeWeight, vote),
  );
}
