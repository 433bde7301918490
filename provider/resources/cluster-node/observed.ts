import { z } from "zod";
import type { Question } from "../../calls";
import { shortName } from "../../calls/node-name";
import { same } from "../definition";

/** A role with a machine that the node owns. */
export const machine = z.object({ name: z.string(), state: z.string(), priority: z.number(), information: z.string() });

export const recorded = z.object({
  name: z.string(),
  state: z.string(),
  drainStatus: z.string(),
  nodeWeight: z.boolean(),
  machines: z.array(machine),
  /** The other nodes of the cluster, with how many machines they own. */
  others: z.array(z.object({ name: z.string(), state: z.string(), machines: z.number() })),
});

export type Machine = z.output<typeof machine>;
export type Observed = z.output<typeof recorded>;

export const oneNode = (name: string): Question => ({
  cmdlet: "Get-ClusterNode",
  parameters: { Name: shortName(name), Cluster: "." },
  select: { Name: null, State: null, DrainStatus: null, NodeWeight: null },
});

export const nodeShape = z.object({
  Name: z.string(),
  State: z.string(),
  DrainStatus: z.string(),
  NodeWeight: z.number(),
});

export const namedShape = z.object({ Name: z.string(), State: z.string() });

const groupShape = z.object({
  Name: z.string(),
  GroupType: z.string(),
  OwnerNode: z.object({ Name: z.string() }).nullish(),
  State: z.string(),
  StatusInformation: z.union([z.string(), z.number()]).nullish(),
  Priority: z.number(),
});

/** Roles with a machine on a node; from 2025 on a cluster has two types of them (hyper-v.md 7.1). */
export function machinesOn(name: string, groups: readonly unknown[]): Machine[] {
  return groups
    .map((value) => groupShape.parse(value))
    .filter(({ GroupType }) => /^(Hcs)?VirtualMachine$/.test(GroupType))
    .filter(({ OwnerNode }) => same(OwnerNode?.Name ?? "", name))
    .map(({ Name, State, StatusInformation, Priority }) => ({
      name: Name,
      state: State,
      priority: Priority,
      information: String(StatusInformation ?? ""),
    }));
}
