import { z } from "zod";
import { type Listing, listedBy } from "./surveys";

/** Of what a cluster has one of: its id is the cluster's name. */
export const namedCluster: Listing = {
  clustered: true,
  calls: [{ cmdlet: "Get-Cluster", select: { Name: null } }],
  parse: (answers) =>
    listedBy(answers, z.object({ Name: z.string() })).map(({ Name }) => ({ id: Name, name: Name, desired: {} })),
};
