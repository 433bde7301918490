import { answers } from "../devices/integration-service";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { Machine } from "../world/world";
import { isRole } from "./any-group";
import { stateOf } from "./role";
import { requireRole } from "./role-power";
import { allResources, clusterOf, codes, inputs, noObject, refuse, someRoles } from "./selection";

export const clusterMonitoredItemCmdlets: Cmdlets = {
  "Add-ClusterVMMonitoredItem"(call) {
    const machine = watchedMachine(call);
    const names = namesAsked(call) ?? nothingNamed(call);
    const items = machine.guest.monitoredItems ?? [];
    const known = names.find((name) => items.some((item) => sameName(item, name)));
    if (known !== undefined) refuse(call, `'${known}' is monitored already`, codes.objectExists);
    machine.guest.monitoredItems = [...items, ...names];
    return names.map((name) => itemThing(machine, name));
  },
  "Get-ClusterVMMonitoredItem"(call) {
    const machine = watchedMachine(call);
    return (machine.guest.monitoredItems ?? []).map((name) => itemThing(machine, name));
  },
  "Remove-ClusterVMMonitoredItem"(call) {
    const { machine, names } = removed(call);
    const items = machine.guest.monitoredItems ?? [];
    const missing = names.find((name) => items.every((item) => !sameName(item, name)));
    if (missing !== undefined) refuse(call, `'${missing}' is not monitored`, 0x80070490);
    const left = items.filter((item) => names.every((name) => !sameName(item, name)));
    if (left.length > 0) machine.guest.monitoredItems = left;
    else delete machine.guest.monitoredItems;
    return undefined;
  },
  // asked inside a guest, whose state is that of its services: there is nothing to reset
  "Reset-ClusterVMMonitoredState": () => undefined,
};

/** A role that runs, with a guest that answers: what is watched is kept in there (D, hyper-v-host.md 14). */
function watchedMachine(call: Running): Machine {
  const [group, another] = rolesAsked(call);
  if (!group || another) noObject(call);
  const { machine } = requireRole(call, group);
  if (stateOf(call.world, group) !== "Online")
    refuse(call, `The virtual machine '${machine.name}' does not run`, codes.invalidState);
  if (!answers(machine, "Heartbeat") || call.world.domain === null)
    refuse(
      call,
      `The guest of '${machine.name}' does not answer, or is in no domain that the cluster trusts`,
      0x800706ba,
    );
  return machine;
}

/** By the machine's name, which may not be the role's. */
function rolesAsked(call: Running) {
  const name = given<string>(call, "VirtualMachine");
  if (name === undefined) return someRoles(call);
  const cluster = clusterOf(call);
  const byMachine = call.world.nodes
    .flatMap(({ machines }) => machines)
    .filter((machine) => sameName(machine.name, name))
    .map(({ groupId }) => groupId);
  const found = cluster.groups.filter(({ id, name: own }) => byMachine.includes(id) || sameName(own, name));
  const resource = allResources(call).find((owned) => sameName(owned.resource.name, name));
  if (found.length === 0 && resource && isRole(resource.group)) return [resource.group];
  if (found.length === 0) refuse(call, `There is no clustered virtual machine '${name}'`, codes.groupNotFound);
  return found;
}

/** Services, or an event of a log. */
function namesAsked(call: Running): string[] | undefined {
  const services = call.texts("Service");
  const event = [given<string>(call, "EventLog"), given<string>(call, "EventSource"), given<number>(call, "EventId")];
  const isWhole = event.every((part) => part !== undefined);
  if (!isWhole && event.some((part) => part !== undefined))
    refuse(call, "An event is named by its log, its source and its id", codes.invalidParameter);
  if (!services && !isWhole) return undefined;
  return [...(services ?? []), ...(isWhole ? [event.join(",").replaceAll("/", "+")] : [])];
}

function nothingNamed(call: Running): never {
  refuse(call, "Nothing to monitor was specified", codes.invalidParameter);
}

/** The items that are fed in, or those that are named. */
function removed(call: Running): { machine: Machine; names: string[] } {
  const [item] = inputs(call) ?? [];
  if (item?.type !== "ClusterVMMonitoredItem")
    return { machine: watchedMachine(call), names: namesAsked(call) ?? nothingNamed(call) };
  const machine = call.world.nodes.flatMap(({ machines }) => machines).find(({ id }) => id === item.identity.VMId);
  return machine ? { machine, names: [String(item.identity.Name)] } : noObject(call);
}

/** Of an event the name is its log, with a plus for a slash, its source and its id (D, hyper-v-host.md 14). */
function itemThing({ id, name: machine }: Machine, name: string): Thing {
  return new Thing(
    "ClusterVMMonitoredItem",
    `ClusterVMMonitoredItem:${id}/${name}`,
    { Name: name, VMId: id },
    () => ({ Name: name, VMName: machine }),
    name,
  );
}
