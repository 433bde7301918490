import { connect } from "./connect";
import { DynamicDoor, type DynamicProvider } from "./lifecycle/dynamic-provider";
import { definitions } from "./resources";

export { definitions } from "./resources";

const door = new DynamicDoor(definitions, connect);

/** The provider of a kind. The state of every stack calls it by this name, for ever. */
export function get(kind: string): DynamicProvider {
  return door.get(kind);
}
