import type { Node, World } from "../world/world";
import { samePath } from "./file-system";

/**
 * Whether there is what a node keeps of its cluster: the hive while its service runs, the hive's file for as long as it is a
 * member or takes itself for one (V, hyper-v-host.md 8). Undefined for any other path.
 */
export function clusterTrace({ cluster }: World, node: Node, path: string): boolean | undefined {
  if (samePath(path, "HKLM:\\Cluster")) return node.clusterServiceRunning;
  if (!samePath(path, "C:\\Windows\\Cluster\\CLUSDB")) return undefined;
  const isMember = cluster?.nodes.some(({ name }) => name === node.name) ?? false;
  return isMember || node.evictedFrom !== undefined;
}
