import { connect } from "./connect";
import { Door, type DynamicProvider } from "./lifecycle/dynamic-provider";
import { definitions } from "./resources";

export { definitions } from "./resources";

const door = new Door(definitions, connect);

/** The provider of a kind. The state of every stack calls it by this name, for ever. */
export function get(kind: string): DynamicProvider {
  return door.get(kind);
}
