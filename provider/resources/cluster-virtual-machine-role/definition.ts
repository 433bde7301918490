import { z } from "zod";
import { result } from "../../calls";
import { answerOf, define, steps as planOf, same, valuesOf } from "../definition";
import { listedBy } from "../surveys";
import { group, groupSelect, type Observed } from "./observed";
import { plan, reflect } from "./plan";
import { askedOf, chosenOf, isAsked, machineResource, parsed } from "./resource";
import {
  failbackHasOwner,
  ownerIsNode,
  ownersAreDifferent,
  ownersAreNodes,
  ownersArePossible,
  possibleOwnersAreNodes,
  windowIsWhole,
} from "./rules";
import { schema } from "./schema";
import { filesOf, localFiles } from "./storage";

export const clusterVirtualMachineRole = define<typeof schema, Observed>({
  kind: "ClusterVirtualMachineRole",
  noun: "cluster role of machine",
  identified: "a GUID",
  schema,

  inputs: {
    rules: [
      ownersAreNodes,
      possibleOwnersAreNodes,
      ownersArePossible,
      ownersAreDifferent,
      ownerIsNode,
      failbackHasOwner,
      windowIsWhole,
    ],
    nodeUse: ({ ownerNode }) => (ownerNode === undefined ? undefined : { node: ownerNode, does: "keep" }),
  },

  place: {
    // the machine is found where it runs: the cmdlet wants its owner (hyper-v.md 7.2)
    of: ({ vmId }) => ({ machine: vmId }),
    // every node answers for the cluster, also while the owner is down
    now: () => ({ cluster: true }),
  },

  birth: {
    find: ({ vmId }) => ({
      machine: filesOf(vmId),
      group: { cmdlet: "Get-ClusterGroup", parameters: { VMId: vmId, Cluster: "." }, select: { Id: null } },
    }),
    found: (answers, { vmId }) => answerOf(answers, "group").map(() => vmId),
    lacks: localFiles,
    make: ({ vmId }) => ({
      call: { cmdlet: "Add-ClusterVirtualMachineRole", parameters: { VMId: vmId, Cluster: "." }, select: { Id: null } },
    }),
    identity: { foreseen: ({ vmId }) => vmId.toLowerCase() },
  },

  read: {
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
      resource: machineResource.optional(),
    }),
    observe: (id, desired) => ({
      group: { cmdlet: "Get-ClusterGroup", parameters: { VMId: id, Cluster: "." }, as: "group", select: groupSelect },
      owners: {
        cmdlet: "Get-ClusterOwnerNode",
        parameters: { InputObject: result("group") },
        select: { OwnerNodes: { Name: null } },
      },
      ...(isAsked(desired) && askedOf(id)),
    }),
    parse: ({ answers }) => {
      const seen = group.parse(answerOf(answers, "group")[0]);
      const owners = z
        .object({ OwnerNodes: z.array(z.object({ Name: z.string() })).nullish() })
        .parse(answerOf(answers, "owners")[0] ?? {});
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
        resource: parsed(answers),
      };
    },
  },

  gone: {
    // the cluster's database is the same on every node: one that answers proves it
    inventory: () => [{ cmdlet: "Get-ClusterGroup", parameters: { Cluster: "." }, select: { Id: null } }],
    // a group does not say of which machine it is: which one it was must be known
    listed: (_id, results, known) =>
      known &&
      z
        .array(z.object({ Id: z.string() }))
        .parse(valuesOf(results, 0))
        .some(({ Id }) => same(Id, known.groupId)),
  },

  change: { plan },

  death: {
    remove: (_observed, { vmId }) =>
      planOf({
        does: "remove the role and leave the machine running",
        calls: [
          {
            cmdlet: "Remove-ClusterGroup",
            parameters: { VMId: vmId, RemoveResources: true, Force: true, Cluster: "." },
          },
        ],
      }),
  },

  list: {
    // a group does not say of which machine it is, and a machine says that it is a role (hyper-v.md 7.1)
    clustered: true,
    calls: [{ cmdlet: "Get-VM", select: { Id: null, Name: null, IsClustered: null } }],
    parse: (answers) =>
      listedBy(answers, z.object({ Id: z.string(), Name: z.string(), IsClustered: z.boolean() }))
        .filter(({ IsClustered }) => IsClustered)
        .map(({ Id, Name }) => ({ id: Id.toLowerCase(), name: Name, desired: { vmId: Id.toLowerCase() } })),
    // where it runs is the cluster's business
    declared: ({ resource }, { ownerNode: _owner, ...reflected }) => ({
      ...reflected,
      ...chosenOf(resource, reflected),
    }),
  },

  show: {
    title: ({ vmId }) => vmId,
    reflect,
    outputs: ({ groupName, ownerNode }) => ({ groupName, currentOwner: ownerNode }),
  },
});
