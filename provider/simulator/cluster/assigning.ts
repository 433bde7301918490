import type { Thing } from "../engine/thing";
import type { Node, World } from "../world/world";

/** A property of an object is set: the cluster's objects have no Set cmdlet. */
export interface Assigning {
  world: World;
  node: Node;
  target: Thing;
  property: string;
  value: unknown;
}
