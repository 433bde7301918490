import type { Value } from "../../provider/calls";
import { does, refuses, type Step } from "./cases";

export const volume = "C:\\ClusterStorage\\Volume1";

/** The step on another node than the first. */
export function on(node: string, step: Step): Step {
  return { ...step, on: node };
}

/** A machine of generation 2 on the shared volume that is a role. */
export function role(name: string, parameters: Record<string, Value> = {}, node = "HV01"): Step[] {
  return [
    on(node, does("New-VM", { Name: name, Generation: 2, Path: volume, ...parameters })),
    on(node, does("Add-ClusterVirtualMachineRole", { VMName: name })),
  ];
}

/** The same, running. */
export function running(name: string, parameters: Record<string, Value> = {}, node = "HV01"): Step[] {
  return [...role(name, parameters, node), on(node, does("Start-VM", { Name: name }))];
}

/** Sets a property of what an earlier step returned; `refused` is the error id that it ends with. */
export function assigns(property: string, target: string, value: Value, refused?: string): Step {
  return {
    call: { assign: property, target: { $ref: target }, value },
    expect: refused === undefined ? {} : { error: { idStartsWith: refused } },
  };
}

/** The cluster knows no group of this name. */
export const gone = (name: string): Step =>
  refuses("Get-ClusterGroup", { Name: name }, { category: "NotSpecified", hresult: -2147019883 });
