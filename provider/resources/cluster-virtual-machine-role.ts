import { z } from "zod";
import { type Action, result, type Value } from "../calls";
import { assigned, guid, hot, type Problem, policy, replaces, type Surroundings } from "../schema";
import { define, listedBy, type Plan, steps as planOf, type Step, same, valuesOf } from "./definition";

/** What the cluster shows for "not set", a uint32 where WMI shows -1 (hyper-v.md 1.4). */
const unset = 4294967295;

const hour = () => z.int().min(0).max(23);
const nodeName = () => z.string().min(1);
/** Of a group, which has no Set cmdlet (hyper-v.md 7.1). */
const ofGroup = (property: string) => assigned("Get-ClusterGroup", property);

export const schema = z.strictObject({
  /**
   * Id of the machine that becomes highly available: `machine.id`. Its files must lie on a shared volume.
   * `Add-ClusterVirtualMachineRole -VMId`. A change replaces the role.
   */
  vmId: replaces(guid(), "Add-ClusterVirtualMachineRole", "VMId"),
  /**
   * Who starts first, and who keeps running when room is short: 3000 high, 2000 medium, 1000 low, 0 does not start by
   * itself. `(Get-ClusterGroup).Priority`. Changes while the machine runs.
   * @default 2000
   */
  priority: ofGroup("Priority")(hot(z.literal([0, 1000, 2000, 3000]).default(2000))),
  /**
   * Nodes that the cluster tries first, in this order. `Set-ClusterOwnerNode -Group`. Changes while the machine runs, and
   * moves nothing.
   * @default none
   */
  preferredOwners: hot(z.array(nodeName()).default([]), "Set-ClusterOwnerNode", "Owners"),
  /**
   * Names of classes of which a node should run one machine only. `(Get-ClusterGroup).AntiAffinityClassNames`. A wish,
   * unless the cluster enforces it (`(Get-Cluster).ClusterEnforcedAntiAffinity`). Changes while the machine runs, and moves
   * nothing.
   * @default none
   */
  antiAffinityClassNames: ofGroup("AntiAffinityClassNames")(hot(z.array(z.string().min(1)).default([]))),
  /**
   * Whether the role goes back to its first preferred owner when that node returns. `(Get-ClusterGroup).AutoFailbackType`.
   * Needs `preferredOwners`.
   * @default false
   */
  autoFailback: ofGroup("AutoFailbackType")(hot(z.boolean().default(false))),
  /** Hour of the day, 0 to 23, from which it may go back; at once if not given. Required with the other end. `(Get-ClusterGroup).FailbackWindowStart`. */
  failbackWindowStart: ofGroup("FailbackWindowStart")(hot(hour().optional())),
  /** Hour of the day, 0 to 23, until which it may go back. Required with the other end. `(Get-ClusterGroup).FailbackWindowEnd`. */
  failbackWindowEnd: ofGroup("FailbackWindowEnd")(hot(hour().optional())),
  /**
   * How many failures within `failoverPeriod` are answered by a failover; then the role stays failed. The number of nodes
   * minus one if not given. `(Get-ClusterGroup).FailoverThreshold`.
   */
  failoverThreshold: ofGroup("FailoverThreshold")(
    hot(
      z
        .int()
        .min(0)
        .max(unset - 1)
        .optional(),
    ),
  ),
  /** Hours over which failures are counted, at least 1. `(Get-ClusterGroup).FailoverPeriod`. @default 6 */
  failoverPeriod: ofGroup("FailoverPeriod")(hot(z.int().min(1).max(1193).default(6))),
  /**
   * Node that the role is kept on. A change moves it: a running machine live, any other as it is.
   * `Move-ClusterVirtualMachineRole -Node`. If not given, where it runs is the cluster's business and nobody's drift.
   */
  ownerNode: hot(nodeName().optional(), "Move-ClusterVirtualMachineRole", "Node"),
  /**
   * Takes over a role that the machine already has, and leaves it at destroy; a machine of the same program is then not
   * deleted before the role is removed by hand.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

type Desired = z.input<typeof schema>;

interface Observed {
  groupName: string;
  groupId: string;
  ownerNode: string;
  state: string;
  priority: number;
  preferredOwners: string[];
  antiAffinityClassNames: string[];
  autoFailbackType: number;
  failbackWindowStart: number;
  failbackWindowEnd: number;
  failoverThreshold: number;
  failoverPeriod: number;
}

const group = z.object({
  Id: z.string(),
  Name: z.string(),
  OwnerNode: z.object({ Name: z.string() }),
  State: z.string(),
  Priority: z.number(),
  AntiAffinityClassNames: z.union([z.array(z.string()), z.string()]).nullish(),
  AutoFailbackType: z.number(),
  FailbackWindowStart: z.number(),
  FailbackWindowEnd: z.number(),
  FailoverThreshold: z.number(),
  FailoverPeriod: z.number(),
});

const groupSelect = {
  Id: null,
  Name: null,
  OwnerNode: { Name: null },
  State: null,
  Priority: null,
  AntiAffinityClassNames: null,
  AutoFailbackType: null,
  FailbackWindowStart: null,
  FailbackWindowEnd: null,
  FailoverThreshold: null,
  FailoverPeriod: null,
};

export const clusterVirtualMachineRole = define<typeof schema, Observed>({
  kind: "ClusterVirtualMachineRole",
  noun: "cluster role of machine",
  identified: "a GUID",
  schema,
  recorded: z.object({
    groupName: z.string(),
    groupId: z.string(),
    ownerNode: z.string(),
    state: z.string(),
    priority: z.number(),
    preferredOwners: z.array(z.string()),
    antiAffinityClassNames: z.array(z.string()),
    autoFailbackType: z.number(),
    failbackWindowStart: z.number(),
    failbackWindowEnd: z.number(),
    failoverThreshold: z.number(),
    failoverPeriod: z.number(),
  }),
  title: ({ vmId }) => vmId,
  rules: [ownersAreNodes, ownersAreDifferent, ownerIsNode, failbackHasOwner, windowIsWhole, clusterIsThere],
  // the machine is found where it runs: the cmdlet wants its owner (hyper-v.md 7.2)
  place: ({ vmId }) => ({ machine: vmId }),
  // every node answers for the cluster, also while the owner is down
  whereabouts: () => ({ cluster: true }),
  meant: ({ vmId }) => ({ vmId }),
  // a machine that is replaced is deleted first, and a role must be gone before
  follows: ["vmId"],

  find: ({ vmId }) => [{ cmdlet: "Get-ClusterGroup", parameters: { VMId: vmId, Cluster: "." }, select: { Id: null } }],
  found: (results, { vmId }) => valuesOf(results, 0).map(() => vmId),
  make: ({ vmId }) => ({
    call: { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: vmId, Cluster: "." }, select: { Id: null } },
  }),
  identity: (_made, { vmId }) => vmId.toLowerCase(),
  foreseen: ({ vmId }) => vmId.toLowerCase(),

  observe: (id) => [
    { cmdlet: "Get-ClusterGroup", parameters: { VMId: id, Cluster: "." }, as: "group", select: groupSelect },
    {
      cmdlet: "Get-ClusterOwnerNode",
      parameters: { InputObject: result("group") },
      select: { OwnerNodes: { Name: null } },
    },
  ],
  parse: ({ results }) => {
    const seen = group.parse(valuesOf(results, 0)[0]);
    const owners = z
      .object({ OwnerNodes: z.array(z.object({ Name: z.string() })).nullish() })
      .parse(valuesOf(results, 1)[0] ?? {});
    const classes = seen.AntiAffinityClassNames ?? [];
    return {
      groupName: seen.Name,
      groupId: seen.Id,
      ownerNode: seen.OwnerNode.Name,
      state: seen.State,
      priority: seen.Priority,
      preferredOwners: (owners.OwnerNodes ?? []).map(({ Name }) => Name),
      antiAffinityClassNames: typeof classes === "string" ? [classes] : classes,
      autoFailbackType: seen.AutoFailbackType,
      failbackWindowStart: seen.FailbackWindowStart,
      failbackWindowEnd: seen.FailbackWindowEnd,
      failoverThreshold: seen.FailoverThreshold,
      failoverPeriod: seen.FailoverPeriod,
    };
  },
  // the cluster's database is the same on every node: one that answers proves it
  inventory: () => [{ cmdlet: "Get-ClusterGroup", parameters: { Cluster: "." }, select: { Id: null } }],
  // a group does not say of which machine it is: which one it was must be known
  listed: (_id, results, known) =>
    known &&
    z
      .array(z.object({ Id: z.string() }))
      .parse(valuesOf(results, 0))
      .some(({ Id }) => same(Id, known.groupId)),
  // a group does not say of which machine it is, and a machine says that it is a role (hyper-v.md 7.1)
  listing: {
    clustered: true,
    calls: [{ cmdlet: "Get-VM", select: { Id: null, Name: null, IsClustered: null } }],
    parse: (answers) =>
      listedBy(answers, z.object({ Id: z.string(), Name: z.string(), IsClustered: z.boolean() }))
        .filter(({ IsClustered }) => IsClustered)
        .map(({ Id, Name }) => ({ id: Id.toLowerCase(), name: Name, desired: { vmId: Id.toLowerCase() } })),
  },
  // where it runs is the cluster's business
  declared: (_observed, { ownerNode: _owner, ...reflected }) => reflected,

  plan,
  remove: (_observed, { vmId }) =>
    planOf({
      does: "remove the role and leave the machine running",
      calls: [
        { cmdlet: "Remove-ClusterGroup", parameters: { VMId: vmId, RemoveResources: true, Force: true, Cluster: "." } },
      ],
    }),
  reflect,
  outputs: ({ groupName, ownerNode }) => ({ groupName, currentOwner: ownerNode }),
});

function plan(observed: Observed, desired: Desired): Plan {
  const steps: Step[] = [];
  const find: Action = { cmdlet: "Get-ClusterGroup", parameters: { VMId: desired.vmId, Cluster: "." }, as: "group" };
  // a group's properties are set by assignment, which commits at once: there is no Set cmdlet (hyper-v.md 7.1)
  const assign = (property: string, name: string, value: Value) =>
    steps.push({
      does: `set ${property}`,
      properties: [property],
      calls: [find, { assign: name, target: result("group"), value }],
    });
  const number = (property: string, name: string, is: number, wanted: number | undefined) => {
    if (wanted !== undefined && is !== wanted) assign(property, name, wanted);
  };

  number("priority", "Priority", observed.priority, desired.priority);
  const { preferredOwners, antiAffinityClassNames } = desired;
  if (preferredOwners && !sameNodes(observed.preferredOwners, preferredOwners))
    steps.push({
      does: "set the preferred owners",
      properties: ["preferredOwners"],
      calls: [
        find,
        {
          cmdlet: "Set-ClusterOwnerNode",
          // an empty name clears the list (seen in shipping scripts, hyper-v.md 7.2)
          parameters: { InputObject: result("group"), Owners: preferredOwners.length > 0 ? preferredOwners : [""] },
        },
      ],
    });
  if (
    antiAffinityClassNames &&
    !sameNames([...observed.antiAffinityClassNames].sort(), [...antiAffinityClassNames].sort())
  )
    assign("antiAffinityClassNames", "AntiAffinityClassNames", antiAffinityClassNames);
  if (desired.autoFailback !== undefined)
    number("autoFailback", "AutoFailbackType", observed.autoFailbackType, desired.autoFailback ? 1 : 0);
  // what the program leaves open is unset, unless the role was adopted
  const open = desired.adopt ? undefined : unset;
  number(
    "failbackWindowStart",
    "FailbackWindowStart",
    observed.failbackWindowStart,
    desired.failbackWindowStart ?? open,
  );
  number("failbackWindowEnd", "FailbackWindowEnd", observed.failbackWindowEnd, desired.failbackWindowEnd ?? open);
  number("failoverThreshold", "FailoverThreshold", observed.failoverThreshold, desired.failoverThreshold ?? open);
  number("failoverPeriod", "FailoverPeriod", observed.failoverPeriod, desired.failoverPeriod);

  if (desired.ownerNode !== undefined && !sameNode(desired.ownerNode, observed.ownerNode)) {
    const live = observed.state === "Online";
    steps.push({
      does: `${live ? "live-migrate the machine" : "move the role"} from ${observed.ownerNode} to ${desired.ownerNode}`,
      properties: ["ownerNode"],
      notice: `moves the machine${live ? " live" : ""} from ${observed.ownerNode} to ${desired.ownerNode}`,
      calls: [
        {
          cmdlet: "Move-ClusterVirtualMachineRole",
          // live only for what is online; anything else moves as it is (seen in shipping scripts, hyper-v.md 7.3)
          parameters: {
            VMId: desired.vmId,
            Node: desired.ownerNode,
            MigrationType: live ? "Live" : "Quick",
            Cluster: ".",
          },
        },
      ],
    });
  }
  return { steps, refusals: [], replaces: [] };
}

function reflect(observed: Observed, desired: Desired): Desired {
  const orUnset = (value: number) => (value === unset ? undefined : value);
  const spelled = (is: string[], wanted: string[] = []) => (sameNodes(is, wanted) ? wanted : is);
  return {
    ...desired,
    priority: schema.shape.priority.safeParse(observed.priority).data ?? desired.priority,
    preferredOwners: spelled(observed.preferredOwners, desired.preferredOwners),
    antiAffinityClassNames: sameNames(
      [...observed.antiAffinityClassNames].sort(),
      [...(desired.antiAffinityClassNames ?? [])].sort(),
    )
      ? desired.antiAffinityClassNames
      : observed.antiAffinityClassNames,
    autoFailback: observed.autoFailbackType === 1,
    failbackWindowStart: orUnset(observed.failbackWindowStart),
    failbackWindowEnd: orUnset(observed.failbackWindowEnd),
    failoverThreshold: orUnset(observed.failoverThreshold),
    failoverPeriod: observed.failoverPeriod,
    ownerNode:
      desired.ownerNode !== undefined && sameNode(desired.ownerNode, observed.ownerNode)
        ? desired.ownerNode
        : observed.ownerNode,
  };
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => same(name, other[index] ?? ""));
}

function isNode(name: string, { nodes }: Surroundings): boolean {
  return nodes.some((node) => sameNode(node, name));
}

function ownersAreNodes({ preferredOwners }: Desired, surroundings: Surroundings): Problem[] {
  return (preferredOwners ?? []).flatMap((owner, index) =>
    surroundings.nodes.length > 0 && !isNode(owner, surroundings)
      ? [{ path: ["preferredOwners", index], reason: noSuchNode(owner, surroundings) }]
      : [],
  );
}

function ownersAreDifferent({ preferredOwners }: Desired): Problem[] {
  const owners = preferredOwners ?? [];
  return owners.flatMap((owner, index) => {
    const first = owners.findIndex((other) => sameNode(other, owner));
    return first < index
      ? [{ path: ["preferredOwners", index], reason: `is the node of preferredOwners[${first}] again` }]
      : [];
  });
}

/** A cluster writes short names, a program may write them with their domain. */
function sameNode(one: string, other: string): boolean {
  return same(one, other) || same(one.split(".")[0] ?? "", other.split(".")[0] ?? "");
}

function sameNodes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => sameNode(name, other[index] ?? ""));
}

function ownerIsNode({ ownerNode }: Desired, surroundings: Surroundings): Problem[] {
  return ownerNode !== undefined && surroundings.nodes.length > 0 && !isNode(ownerNode, surroundings)
    ? [{ path: ["ownerNode"], reason: noSuchNode(ownerNode, surroundings) }]
    : [];
}

function noSuchNode(name: string, { nodes }: Surroundings): string {
  return `must be a node that the provider names: ${nodes.join(", ")}; it is "${name}"`;
}

function failbackHasOwner({ autoFailback, preferredOwners }: Desired): Problem[] {
  return autoFailback && (preferredOwners ?? []).length === 0
    ? [{ path: ["autoFailback"], reason: "needs preferredOwners: it goes back to the first of them" }]
    : [];
}

function windowIsWhole({ failbackWindowStart, failbackWindowEnd }: Desired): Problem[] {
  if ((failbackWindowStart === undefined) === (failbackWindowEnd === undefined)) return [];
  const missing = failbackWindowStart === undefined ? "failbackWindowStart" : "failbackWindowEnd";
  return [{ path: [missing], reason: "is required with the other end of the window: both or neither" }];
}

function clusterIsThere(_desired: Desired, { nodes }: Surroundings): Problem[] {
  return nodes.length === 0
    ? [{ path: ["vmId"], reason: "needs a provider with nodes: a role belongs to a cluster" }]
    : [];
}
