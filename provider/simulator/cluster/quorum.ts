import type { Cluster } from "../world/world";
import { numberOf } from "./property";
import { clusterProperties } from "./property-tables";

/** What of a cluster decides about its quorum. */
type Voting = Pick<Cluster, "voters" | "quorum" | "witness" | "properties">;

/**
 * Dynamic quorum, a Windows Server's default: nodes are counted out as they leave, so one after the other may, and the votes
 * stay odd. Of two halves the one that lives goes on: the vote that was taken from a node (or is the witness's) was not its.
 * Without it the votes are those of all nodes and the witness, and more than half of them are needed.
 */
export function hasQuorum(cluster: Voting, alive: readonly string[]): boolean {
  const { voters, quorum, witness } = cluster;
  const votes = voters.filter((voter) => alive.includes(voter)).length;
  if (quorum === "DiskOnly") return alive.length > 0;
  if (isDynamic(cluster)) return votes > 0 && 2 * votes >= voters.length;
  const ofWitness = witness ? 1 : 0;
  return votes > 0 && 2 * (votes + ofWitness) > voters.length + ofWitness;
}

export function isDynamic({ properties }: Pick<Cluster, "properties">): boolean {
  return numberOf(properties, clusterProperties, "DynamicQuorum") === 1;
}

/** Among an odd number of nodes it has none; a state that the cluster adjusts (hyper-v-host.md 9.1). */
export function witnessVotes(cluster: Cluster): boolean {
  return Boolean(cluster.witness) && (!isDynamic(cluster) || cluster.voters.length % 2 === 0);
}
