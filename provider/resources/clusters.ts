import { z } from "zod";
import type { Question, Where } from "../calls";
import { type Listing, listedBy } from "./surveys";

/** Where what is the cluster's own is found: every node answers for it, also for what is on one that is down. */
export const onCluster = { of: (): Where => ({ cluster: true }), now: (): Where => ({ cluster: true }) };

/** Of what a cluster has one of: its id is the cluster's name. */
export const namedCluster: Listing = {
  clustered: true,
  calls: [{ cmdlet: "Get-Cluster", select: { Name: null } }],
  parse: (answers) =>
    listedBy(answers, z.object({ Name: z.string() })).map(({ Name }) => ({ id: Name, name: Name, desired: {} })),
};

/** Asked alike by whoever needs anything of them: then a refresh asks it once. */
export const allNodes: Question = {
  cmdlet: "Get-ClusterNode",
  parameters: { Cluster: "." },
  select: { Name: null, State: null },
};

export const allGroups: Question = {
  cmdlet: "Get-ClusterGroup",
  parameters: { Cluster: "." },
  select: {
    Name: null,
    GroupType: null,
    OwnerNode: { Name: null },
    State: null,
    StatusInformation: null,
    Priority: null,
  },
};
