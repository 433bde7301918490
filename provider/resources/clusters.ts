import { z } from "zod";
import { type Problem, problem, type Surroundings } from "../schema";
import { type Listing, listedBy } from "./surveys";

/** What is of a cluster needs one. */
export function clusterIsThere(_desired: unknown, { nodes }: Surroundings): Problem[] {
  return nodes.length === 0 ? [problem([], "it belongs to a cluster, and needs a provider with nodes")] : [];
}

/** Of what a cluster has one of: its id is the cluster's name. */
export const namedCluster: Listing = {
  clustered: true,
  calls: [{ cmdlet: "Get-Cluster", select: { Name: null } }],
  parse: (answers) =>
    listedBy(answers, z.object({ Name: z.string() })).map(({ Name }) => ({ id: Name, name: Name, desired: {} })),
};
