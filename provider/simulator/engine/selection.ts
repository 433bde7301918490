import type { Machine, World } from "../world/world";
import type { Running } from "./cmdlet";
import { hasWildcard, sameName, wildcard } from "./names";
import { copyMark, locate, machineOn, Thing, type View } from "./thing";

/**
 * The machines that a call means: by `-VM` objects, or by names. Names take wildcards and mean every machine that they
 * match; a plain name that matches nothing is an error, a pattern that matches nothing is not.
 */
export function machinesOf(call: Running): Machine[] {
  const objects = call.things("VM");
  if (objects) return unique(objects.map((thing) => machineOf(call, thing)));
  const machines = machinesNamed(call, call.texts("VMName") ?? call.texts("Name") ?? []);
  for (const machine of machines) refuseUnderWay(call, machine);
  return machines;
}

/** What is under way is not disturbed (S, hyper-v.md 2.9); only the plug can be pulled. */
function refuseUnderWay(call: Running, { name, underWay }: Machine): void {
  if (!underWay || /^(Get|Test|Wait|Measure)-/.test(call.cmdlet) || call.flag("TurnOff")) return;
  call.invalidState(
    `'${name}' cannot be changed: it is being modified by another operation (${underWay.status ?? underWay.state}). ` +
      "The operation cannot be performed while the virtual machine is in its current state.",
  );
}

export function machinesNamed(call: Running, names: readonly string[]): Machine[] {
  return unique(
    names.flatMap((name) => {
      const found = call.node.machines.filter((machine) => nameMatches(machine.name, name));
      if (found.length === 0 && !hasWildcard(name)) missingMachine(call, name);
      return found;
    }),
  );
}

/** The machine behind an object, if it still lives on this node: an object of a machine that moved away finds nothing. */
export function machineOf(call: Running, thing: Thing): Machine {
  const id = String(thing.identity.VMId ?? thing.identity.Id);
  const machine = machineOn(call.node, id);
  if (!machine)
    call.notFound(
      `Hyper-V encountered an error trying to access an object on computer '${call.node.name}' because the object was not found.`,
    );
  refuseUnderWay(call, machine);
  return machine;
}

export function nameMatches(name: string, pattern: string): boolean {
  return hasWildcard(pattern) ? wildcard(pattern).test(name) : sameName(name, pattern.replace(/`(.)/g, "$1"));
}

/** Get-VM by name says InvalidParameter, what would change a machine says ObjectNotFound (recorded, hyper-v.md 2.9). */
function missingMachine(call: Running, name: string): never {
  const message = `Hyper-V was unable to find a virtual machine with name "${name}".`;
  if (call.cmdlet === "Get-VM") call.invalid(message);
  call.notFound(message);
}

/** What a part of a machine is: its class, and what tells it from others of its kind. */
export interface PartIdentity {
  type: string;
  identity: Readonly<Record<string, unknown>>;
}

/**
 * A thing that belongs to a machine (its memory, an adapter, a drive): live, wherever the machine is, and gone with it.
 * `identity` always holds VMId, and Id where the part has one.
 */
export function partOf<Part>(
  { type, identity }: PartIdentity,
  machine: Machine,
  find: (machine: Machine) => Part | undefined,
  view: (part: Part, machine: Machine, world: World) => readonly View[],
): Thing {
  const { id, copy } = machine;
  const fixed = { ...identity, VMId: id };
  return new Thing(
    type,
    () => `${type}:${JSON.stringify(fixed)}${copyMark(machine)}`,
    fixed,
    (world) => {
      const located = locate(world, id, copy);
      const part = located && find(located.machine);
      if (!located || part === undefined) return undefined;
      return [...view(part, located.machine, world), { VMName: located.machine.name, ComputerName: located.node.name }];
    },
  );
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
