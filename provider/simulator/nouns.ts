import type { Bound } from "./binder";
import type { Cmdlets } from "./cmdlet";
import type { Thing } from "./thing";
import type { Node, World } from "./world";

/** A property of an object is set: the cluster's objects have no Set cmdlet. */
export interface Assigning {
  world: World;
  node: Node;
  target: Thing;
  property: string;
  value: unknown;
}

/** Every cmdlet that the simulator plays: the tables of the nouns' files. */
export const cmdlets: Cmdlets = {};

/** By class of the object whose property is set. */
export const assignments: Readonly<Record<string, (assigning: Assigning) => void>> = {};

/** Throws where a service that the cmdlet needs does not run. */
export function refuses(_world: World, _node: Node, _bound: Bound): void {}
