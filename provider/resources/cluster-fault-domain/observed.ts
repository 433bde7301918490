import { z } from "zod";
import type { Question } from "../../calls";
import { same } from "../definition";

/** By the numbers that Windows has for them (D, hyper-v-host.md 13). */
const typeNames: Readonly<Record<string, string>> = { 1000: "Site", 2000: "Rack", 3000: "Chassis", 4000: "Node" };

export const recorded = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  parent: z.string(),
  description: z.string(),
  location: z.string(),
  /** Nodes that are directly in it, and other domains. */
  nodes: z.array(z.string()),
  domains: z.array(z.object({ name: z.string(), type: z.string() })),
});

export type Observed = z.output<typeof recorded>;

/** A domain of the cluster, or a node, which is one too. */
const shown = z
  .object({
    Id: z.string().nullish(),
    Name: z.string(),
    // names in recorded tables, numbers in the class (D, hyper-v-host.md 1)
    Type: z.union([z.string(), z.number()]),
    ParentName: z.string().nullish(),
    Description: z.string().nullish(),
    Location: z.string().nullish(),
  })
  .transform(({ Id, Name, Type, ParentName, Description, Location }) => ({
    id: Id || Name,
    name: Name,
    type: typeNames[String(Type)] ?? String(Type),
    parent: ParentName ?? "",
    description: Description ?? "",
    location: Location ?? "",
  }));

export type Domain = z.output<typeof shown>;

export const allDomains: Question = {
  cmdlet: "Get-ClusterFaultDomain",
  select: { Id: null, Name: null, Type: null, ParentName: null, Description: null, Location: null },
};

export const domainsIn = (values: readonly unknown[]): Domain[] => values.map((value) => shown.parse(value));

/** By its id, which a new name does not change, or by its name. */
export function domainWith(domains: readonly Domain[], id: string, names: readonly (string | undefined)[]) {
  const byName = (name: string | undefined) => domains.find((domain) => same(domain.name, name ?? ""));
  return domains.find((domain) => same(domain.id, id)) ?? names.map(byName).find((domain) => domain !== undefined);
}

/** With what is in it. */
export function observedOf(domain: Domain, all: readonly Domain[]): Observed {
  const children = all.filter(({ parent }) => same(parent, domain.name));
  return {
    ...domain,
    nodes: children.filter(({ type }) => type === "Node").map(({ name }) => name),
    domains: children.filter(({ type }) => type !== "Node").map(({ name, type }) => ({ name, type })),
  };
}
