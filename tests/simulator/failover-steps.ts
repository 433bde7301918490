import { does, type Step, shows } from "./cases";
import { assigns, on } from "./cluster-steps";

export const fails = (node: string): Step => ({ world: { fail: node } });
export const returns = (node: string): Step => ({ world: { return: node } });
/** Seen from the second node, as the first is often the one that dies. */
export const isAt = (name: string, node: string, state = "Online", from = "HV02"): Step =>
  on(from, shows("Get-ClusterGroup", { Name: name }, { OwnerNode: { Name: node }, State: state }));
export const set = (name: string, property: string, value: number): Step[] => [
  does("Get-ClusterGroup", { Name: name }, {}, name),
  assigns(property, name, value),
];
