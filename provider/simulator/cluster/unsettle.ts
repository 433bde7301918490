import type { World } from "../world/world";

/** Something has happened that a cluster does something about, once somebody looks. */
export function unsettle({ cluster }: World): void {
  if (cluster) cluster.unsettled = true;
}
