import type { Running } from "../engine/cmdlet";
import { snapshotOwner } from "../engine/hardware";
import { hasWildcard } from "../engine/names";
import { machineOf, machinesNamed, machinesOf, nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Machine } from "../world/world";
import { type Kept, snapshotType } from "./checkpoint-view";

export function found(call: Running): Kept[] {
  const id = given<string>(call, "Id");
  if (id !== undefined) return [snapshotById(call, id)];
  return (call.text("SnapshotType") ?? snapshotType) === snapshotType ? candidates(call) : [];
}

function snapshotById(call: Running, id: string): Kept {
  const owner = call.node.machines.flatMap(all).find(({ checkpoint }) => checkpoint.id === id);
  if (!owner) missing(call);
  return owner;
}

function candidates(call: Running): Kept[] {
  const name = given<string>(call, "Name");
  const parent = given<Thing>(call, "ChildOf");
  if (parent) {
    const { machine, checkpoint } = snapshotOwner(call, parent);
    return named(
      call,
      all(machine).filter((owner) => owner.checkpoint.parentId === checkpoint.id),
      name,
    );
  }
  const child = given<Thing>(call, "ParentOf");
  if (child) return named(call, parentOf(call, child), name);
  return named(call, machinesOf(call).flatMap(all), name);
}

function parentOf(call: Running, child: Thing): Kept[] {
  const id = child.read(call.world, "ParentSnapshotId");
  return call.node.machines.flatMap(all).filter(({ checkpoint }) => checkpoint.id === id);
}

/** The checkpoints that Remove-VMSnapshot means: objects, names of a machine's, or all of it. */
export function selected(call: Running): Kept[] {
  const objects = call.things("VMSnapshot");
  if (objects) return objects.map((object) => snapshotOwner(call, object));
  const owners = machinesOf(call).flatMap(all);
  const names = given<string[]>(call, "Name");
  return names ? [...new Set(names.flatMap((name) => named(call, owners, name)))] : owners;
}

/** The one that Restore- and Rename-VMSnapshot want. */
export function one(call: Running): Kept {
  const object = given<Thing>(call, "VMSnapshot");
  if (object) return snapshotOwner(call, object);
  const machine = given<Thing>(call, "VM");
  const machines = machine ? [machineOf(call, machine)] : machinesNamed(call, [call.text("VMName") ?? ""]);
  const [owner, another] = named(call, machines.flatMap(all), call.text("Name"));
  if (!owner) missing(call);
  if (another) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  return owner;
}

/** A name that is no pattern must be found; a pattern may match nothing. */
function named(call: Running, owners: readonly Kept[], name: string | undefined): Kept[] {
  if (name === undefined) return [...owners];
  const matching = owners.filter(({ checkpoint }) => nameMatches(checkpoint.name, name));
  if (matching.length === 0 && !hasWildcard(name)) missing(call);
  return matching;
}

function missing(call: Running): never {
  call.notFound("Unable to find a snapshot matching the given criteria.");
}

function all(machine: Machine): Kept[] {
  return machine.checkpoints.map((checkpoint) => ({ machine, checkpoint }));
}
