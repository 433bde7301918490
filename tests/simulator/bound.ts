import { bind } from "../../provider/simulator/engine/binder";
import { CallFailure } from "../../provider/simulator/engine/failure";

export const machine = { type: "VirtualMachine" };
export const adapter = { type: "VMNetworkAdapter" };
export const id = "b1f6a2d0-0000-4000-8000-000000000001";

export type Parameters = Record<string, unknown>;

export function refusal(cmdlet: string, parameters: Parameters): string {
  try {
    const { set } = bind(cmdlet, parameters);
    return `bound to ${set}`;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return `${error.error.id} ${error.error.category}`;
  }
}
