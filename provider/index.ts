import { connect } from "./connect";
import { Door, type DynamicProvider } from "./lifecycle/dynamic-provider";
import { checkpoint } from "./resources/checkpoint";
import { clusterVirtualMachineRole } from "./resources/cluster-virtual-machine-role";
import type { AnyDefinition } from "./resources/definition";
import { virtualHardDisk } from "./resources/virtual-hard-disk";
import { virtualMachine } from "./resources/virtual-machine";
import { virtualSwitch } from "./resources/virtual-switch";

/** Every resource there is. */
export const definitions: readonly AnyDefinition[] = [
  virtualSwitch,
  virtualHardDisk,
  virtualMachine,
  checkpoint,
  clusterVirtualMachineRole,
];

const door = new Door(definitions, connect);

/** The provider of a kind. The state of every stack calls it by this name, for ever. */
export function get(kind: string): DynamicProvider {
  return door.get(kind);
}
