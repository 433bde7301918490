import { createHash } from "node:crypto";
import type { World } from "./world";

/** The next id that a host chooses; lower case, as `VirtualMachine.Id` shows it. */
export function newGuid(world: World): string {
  world.serial += 1;
  return guidFrom(`${world.seed}/${world.serial}`);
}

/** The id of something that there is once in a world, the same whenever it is made. */
export function ownGuid(world: World, name: string): string {
  return guidFrom(`${world.seed}/${name}`);
}

function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
