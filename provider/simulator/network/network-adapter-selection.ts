import type { Running } from "../engine/cmdlet";
import { ownPart } from "../engine/hardware";
import { sameName } from "../engine/names";
import { machineOf, machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Adapter, HostAdapter, Machine, Switch } from "../world/world";
import { hostAdaptersOf, hostAdapterThing } from "./host-adapter";
import { adapterThing } from "./network-adapter";

/** An adapter that a call means: a machine's, or one of the management OS on a switch. */
export type Target =
  | { kind: "machine"; machine: Machine; adapter: Adapter }
  | { kind: "host"; on: Switch; adapter: HostAdapter };

/**
 * The adapters that a call means: objects, or those of machines or of the host, all or by name. Unlike a machine's name an
 * adapter's takes no wildcards, and means every adapter of that name (V, hyper-v.md 1.3).
 */
export function targetsOf(call: Running, nameParameter = "Name"): Target[] {
  const objects = call.things("VMNetworkAdapter");
  const names = call.texts(nameParameter);
  if (objects) return objects.map((thing) => targetOf(call, thing));
  if (call.flag("ManagementOS")) return needSome(call, hostTargets(call, names));
  return machinesMeant(call).flatMap((machine) => needSome(call, machineTargets(machine, names)));
}

/** One machine, where the parameter takes one name: a name that fits several is refused (recorded, hyper-v.md 1.3). */
export function machinesMeant(call: Running): Machine[] {
  const machines = machinesOf(call);
  if (typeof call.get("VMName") === "string" && machines.length > 1)
    call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  return machines;
}

/** Of machines alone: Connect- and Disconnect-VMNetworkAdapter know no adapter of the host. */
export function machineTargetsOf(call: Running): Extract<Target, { kind: "machine" }>[] {
  return targetsOf(call).filter((target) => target.kind === "machine");
}

function targetOf(call: Running, thing: Thing): Target {
  const { HostAdapterId: hostId, AdapterId: id } = thing.identity;
  if (hostId !== undefined) {
    const found = hostAdaptersOf(call.node).find(({ adapter }) => adapter.id === hostId);
    return found ? { kind: "host", ...found } : noneFound(call);
  }
  const machine = machineOf(call, ownPart(call, thing));
  const adapter = machine.adapters.find((candidate) => sameName(candidate.id, String(id)));
  return adapter ? { kind: "machine", machine, adapter } : noneFound(call);
}

function machineTargets(machine: Machine, names?: readonly string[]): Target[] {
  return machine.adapters
    .filter(({ name }) => names?.some((wanted) => sameName(wanted, name)) ?? true)
    .map((adapter) => ({ kind: "machine", machine, adapter }));
}

export function hostTargets(call: Running, names?: readonly string[]): Target[] {
  const switchName = given<string>(call, "SwitchName");
  return hostAdaptersOf(call.node)
    .filter(({ adapter }) => names?.some((wanted) => sameName(wanted, adapter.name)) ?? true)
    .filter(({ on }) => switchName === undefined || sameName(on.name, switchName))
    .map((found) => ({ kind: "host", ...found }));
}

function needSome(call: Running, targets: Target[]): Target[] {
  return targets.length > 0 ? targets : noneFound(call);
}

/** Recorded for Connect-VMNetworkAdapter (hyper-v.md 3). */
function noneFound(call: Running): never {
  call.notFound("No network adapter was found with the given criteria.");
}

export function targetThing(call: Running, target: Target): Thing {
  return target.kind === "machine"
    ? adapterThing({ machine: target.machine }, target.adapter)
    : hostAdapterThing(call.node, target.adapter);
}

export function passedTargets(call: Running, targets: readonly Target[]): Thing[] {
  return call.flag("Passthru") ? targets.map((target) => targetThing(call, target)) : [];
}
