export { SimulatedConnectionError } from "./batch";
export { happen, type WorldEvent } from "./events";
export { readWorld, Simulator } from "./simulator";
export { saveWorld } from "./world/store";
export {
  createWorld,
  type Fault,
  type FaultEffect,
  type Latency,
  type World,
  type WorldDescription,
} from "./world/world";
