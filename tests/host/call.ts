import type { Call, Value } from "../../provider/calls";

export function call(cmdlet: string, parameters: Record<string, Value> = {}): Call {
  return { cmdlet, parameters } as Call;
}
