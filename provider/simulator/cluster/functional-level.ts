import type { Cluster, Node, World } from "../world/world";

/** The level of the oldest node when the cluster was made, until it is raised (D, hyper-v-host.md 8). */
export function functionalLevel(world: World, cluster: Cluster): number {
  return cluster.functionalLevel ?? highestLevel(world, cluster);
}

/** What all its nodes can do. */
export function highestLevel({ nodes }: World, cluster: Cluster): number {
  const levels = nodes.filter(({ name }) => cluster.nodes.some((own) => own.name === name)).map(levelOf);
  return Math.min(...levels);
}

/** Windows Server 2016, 2019, 2022 and 2025 (K). */
export function levelOf({ windowsBuild }: Node): number {
  if (windowsBuild >= 26100) return 12;
  if (windowsBuild >= 20348) return 11;
  return windowsBuild >= 17763 ? 10 : 9;
}
