import { z } from "zod";
import { type Action, result } from "../../calls";
import { type Problem, problem } from "../../schema";
import { allNetworks, networkOf } from "../cluster-networks";
import { type Asked, answerOf, type Plan, type Refusal, type Seen, type Step } from "../definition";
import { canonicalSubnet, sameSubnet } from "../subnets";
import type { Desired } from "./schema";

export const recorded = z.object({
  clusterName: z.string(),
  networks: z.array(z.object({ id: z.string(), subnet: z.string() })),
  /** By subnet; what is the id of no network stays one. */
  migrationExcludeNetworks: z.array(z.string()),
  migrationNetworkOrder: z.array(z.string()),
});

export type Observed = z.output<typeof recorded>;

/** The type of resource whose parameters they are, by the ids of networks (documented, hyper-v-host.md 11). */
const machines = { Name: ["Virtual Machine"], Cluster: "." };

export const questions: Asked = {
  cluster: { cmdlet: "Get-Cluster", select: { Name: null } },
  networks: allNetworks,
  type: { cmdlet: "Get-ClusterResourceType", parameters: machines, as: "type", select: { Name: null } },
  parameters: {
    cmdlet: "Get-ClusterParameter",
    parameters: { InputObject: result("type") },
    select: { Name: null, Value: null },
  },
};

const named = z.object({ Name: z.string() });
const parameter = named.extend({ Value: z.unknown() });

export function parse({ answers }: Seen): Observed {
  const networks = answerOf(answers, "networks")
    .map(networkOf)
    .map(({ id, subnet }) => ({ id, subnet }));
  const parameters = parameter.array().parse(answerOf(answers, "parameters"));
  const subnetsIn = (name: string) => {
    const value = parameters.find((one) => one.Name === name)?.Value;
    const ids = typeof value === "string" ? value.split(";").filter((id) => id !== "") : [];
    return ids.map((id) => networks.find((network) => bare(network.id) === bare(id))?.subnet ?? id);
  };
  return {
    clusterName: named.parse(answerOf(answers, "cluster")[0]).Name,
    networks,
    migrationExcludeNetworks: subnetsIn("MigrationExcludeNetworks"),
    migrationNetworkOrder: subnetsIn("MigrationNetworkOrder"),
  };
}

/** An id may be written in braces. */
const bare = (id: string) => id.replace(/[{}\s]/g, "").toLowerCase();

type Key = keyof Desired;

/** Which are excluded is a set, and in which order they are used a list. */
function isSame(key: Key, is: readonly string[], wanted: readonly string[]): boolean {
  const inOrder = (subnets: readonly string[]) => {
    const all = subnets.map(canonicalSubnet);
    return JSON.stringify(key === "migrationExcludeNetworks" ? all.sort() : all);
  };
  return inOrder(is) === inOrder(wanted);
}

export function plan(observed: Observed, desired: Desired): Plan {
  const steps: Step[] = [];
  const refusals: Refusal[] = [];
  for (const key of keys) {
    const wanted = desired[key];
    if (wanted === undefined || isSame(key, observed[key], wanted)) continue;
    const unknown = strangers(key, observed, wanted);
    if (unknown.length > 0) refusals.push(...unknown);
    else steps.push(step(key, observed, wanted));
  }
  return { steps, refusals, replaces: [] };
}

const keys = ["migrationExcludeNetworks", "migrationNetworkOrder"] as const;

const networkWith = ({ networks }: Observed, subnet: string) => networks.find((one) => sameSubnet(one.subnet, subnet));

function strangers(key: Key, observed: Observed, wanted: readonly string[]): Problem[] {
  const known = observed.networks.map(({ subnet }) => subnet).join(", ") || "it has none";
  return wanted.flatMap((subnet, index) =>
    networkWith(observed, subnet)
      ? []
      : [problem([key, index], `must be a network of the cluster: ${known}; it is "${subnet}"`)],
  );
}

function step(key: Key, observed: Observed, wanted: readonly string[]): Step {
  const ids = wanted.flatMap((subnet) => networkWith(observed, subnet)?.id ?? []);
  const Name = key.charAt(0).toUpperCase() + key.slice(1);
  const type: Action = { cmdlet: "Get-ClusterResourceType", parameters: machines, as: "type" };
  const parameters = { InputObject: result("type"), Name, Value: ids.join(";") };
  const isEnd = key === "migrationExcludeNetworks" && observed.networks.every(({ id }) => ids.includes(id));
  return {
    does: `set ${key}`,
    properties: [key],
    calls: [type, { cmdlet: "Set-ClusterParameter", parameters }],
    ...(isEnd && { notice: "no network is left for live migrations, for migrationExcludeNetworks" }),
  };
}

/** The program's own words where they mean the same. */
export function reflect(observed: Observed, desired: Desired): Desired {
  const shown = (key: Key) => {
    const [is, wanted] = [observed[key], desired[key]];
    return wanted !== undefined && isSame(key, is, wanted) ? wanted : is;
  };
  return {
    migrationExcludeNetworks: shown("migrationExcludeNetworks"),
    migrationNetworkOrder: shown("migrationNetworkOrder"),
  };
}

/** Each network stands once in a list. */
export function networksAreDifferent(desired: Desired): Problem[] {
  return keys.flatMap((key) => {
    const subnets = (desired[key] ?? []).map(canonicalSubnet);
    return subnets.flatMap((subnet, index) => {
      const first = subnets.indexOf(subnet);
      return first < index ? [problem([key, index], `is the network of ${key}[${first}] again`)] : [];
    });
  });
}
