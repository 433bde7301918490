import type { Checkpoint, Hardware, Machine, World } from "../world/world";
import type { Running } from "./cmdlet";
import { machineOf, machinesOf, type PartIdentity, partOf } from "./selection";
import { type Thing, type View, viewsOf } from "./thing";

/** Whose hardware it is: a machine's own, or what a checkpoint of it keeps. */
export interface Owner {
  machine: Machine;
  checkpoint?: Checkpoint;
}

export const noGuid = "00000000-0000-0000-0000-000000000000";

export function hardwareOf({ machine, checkpoint }: Owner): Hardware {
  return checkpoint?.hardware ?? machine;
}

/** Whose hardware a Get cmdlet is asked for: `-VM`, `-VMName` or `-VMSnapshot`. */
export function ownersOf(call: Running): Owner[] {
  const snapshot = call.get<Thing>("VMSnapshot");
  return snapshot ? [snapshotOwner(call, snapshot)] : machinesOf(call).map((machine) => ({ machine }));
}

export function snapshotOwner(call: Running, snapshot: Thing): Required<Owner> {
  const machine = machineOf(call, snapshot);
  const checkpoint = machine.checkpoints.find(({ id }) => id === snapshot.identity.Id);
  if (!checkpoint) call.notFound("Unable to find a snapshot matching the given criteria.");
  return { machine, checkpoint };
}

/** The machines that a Set cmdlet means: `-VM`, `-VMName`, or objects of the part that it sets, such as `-VMProcessor`. */
export function machinesByPart(call: Running, parameter: string): Machine[] {
  const parts = call.things(parameter);
  return parts ? [...new Set(parts.map((part) => machineOf(call, ownPart(call, part))))] : machinesOf(call);
}

/** A part that can be changed: one of a machine and not of a checkpoint. */
export function ownPart(call: Running, part: Thing): Thing {
  if (part.identity.VMSnapshotId !== undefined)
    call.invalid("A checkpoint is a record: its settings cannot be modified.");
  return part;
}

/** A thing made of hardware: live, of the machine or of its checkpoint, and gone with it. */
export function hardwarePart<Part>(
  { type, identity }: PartIdentity,
  { machine, checkpoint }: Owner,
  find: (hardware: Hardware) => Part | undefined,
  view: (part: Part, machine: Machine, world: World) => View | readonly View[],
): Thing {
  const keeper = checkpoint?.id;
  const then = (current: Machine): Checkpoint | undefined => current.checkpoints.find(({ id }) => id === keeper);
  return partOf(
    { type, identity: keeper === undefined ? identity : { ...identity, VMSnapshotId: keeper } },
    machine,
    (current) => {
      const hardware = keeper === undefined ? current : then(current)?.hardware;
      return hardware && find(hardware);
    },
    (part, current, world) => [
      ...viewsOf(view(part, current, world)),
      {
        VMId: current.id,
        VMSnapshotId: keeper ?? noGuid,
        VMSnapshotName: then(current)?.name ?? "",
        IsDeleted: false,
      },
    ],
  );
}

/** `Microsoft:<VM GUID>\<rest>`, upper case as WMI writes it. */
export function instanceId(machine: Machine, ...rest: (string | number)[]): string {
  return [`Microsoft:${machine.id.toUpperCase()}`, ...rest.map((part) => String(part).toUpperCase())].join("\\");
}
