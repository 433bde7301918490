import type { Machine } from "../world/world";
import type { Running } from "./cmdlet";

/** What one parameter of a Set cmdlet does to a machine. */
export interface Setting {
  /** Refused while the machine is not off, also with the value that it has (verified, hyper-v.md 2.2). */
  off: boolean;
  /** What is wrong with the value for this machine. */
  wrong(value: unknown, machine: Machine, call: Running): string | undefined;
  set(machine: Machine, value: unknown): void;
}

/** By parameter. */
export type Settings = Readonly<Record<string, Setting>>;

interface Description<Value> {
  set(machine: Machine, value: Value): void;
  wrong?(value: Value, machine: Machine, call: Running): string | undefined;
}

export function hot<Value>(description: Description<Value>): Setting {
  return describe(false, description);
}

export function off<Value>(description: Description<Value>): Setting {
  return describe(true, description);
}

/** The binder has converted the value to the parameter's type. */
function describe<Value>(needsOff: boolean, { set, wrong }: Description<Value>): Setting {
  return {
    off: needsOff,
    wrong: (value, machine, call) => wrong?.(value as Value, machine, call),
    set: (machine, value) => set(machine, value as Value),
  };
}

/** Looks at everything that is given, and answers what does it: so a refused call changes nothing. */
export function prepare(call: Running, machine: Machine, settings: Settings, device: string): () => void {
  const changes = Object.entries(settings).flatMap(([parameter, setting]) => {
    const value = given(call, parameter);
    return value === undefined ? [] : [{ setting, value }];
  });
  for (const { setting, value } of changes) {
    const wrong = setting.wrong(value, machine, call);
    if (wrong !== undefined) call.invalid(`'${machine.name}' ${device}. ${wrong}`);
  }
  if (changes.some(({ setting }) => setting.off)) requireOff(call, machine, device);
  return () => {
    for (const { setting, value } of changes) setting.set(machine, value);
  };
}

/** The parameter's value; null is nothing where a type can hold it. */
export function given<Value>(call: Running, parameter: string): Value | undefined {
  return call.get<Value | null>(parameter) ?? undefined;
}

/** Off and nothing else: a saved or paused machine is not. */
export function requireOff(call: Running, machine: Machine, device = "failed to modify settings"): void {
  if (machine.state === "Off") return;
  call.invalidState(
    `'${machine.name}' ${device}. (Virtual machine ID ${machine.id.toUpperCase()}) ` +
      "The operation cannot be performed while the virtual machine is in its current state.",
  );
}

export function apply(prepared: readonly (() => void)[]): void {
  for (const change of prepared) change();
}

/** For `wrong`: a number outside of its range. */
export function outside(low: number, high: number): (value: number) => string | undefined {
  return (value) =>
    value < low || value > high ? `The value ${value} is out of range (${low} through ${high}).` : undefined;
}
