export { happen, type WorldEvent } from "./events";
export { SimulatedConnectionError, Simulator } from "./simulator";
export { readWorld, saveWorld } from "./store";
export { createWorld, type Fault, type FaultEffect, type Latency, type World, type WorldDescription } from "./world";
