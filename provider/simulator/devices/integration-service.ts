import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwarePart, instanceId, type Owner, ownersOf, ownPart } from "../engine/hardware";
import { hasWildcard } from "../engine/names";
import { machineOf, machinesOf, nameMatches } from "../engine/selection";
import type { Thing } from "../engine/thing";
import type { Machine } from "../world/world";

export const integrationServiceCmdlets: Cmdlets = {
  "Get-VMIntegrationService": (call) =>
    ownersOf(call).flatMap((owner) => named(call).map(({ id }) => serviceThing(owner, id))),
  "Enable-VMIntegrationService": (call) => enable(call, true),
  "Disable-VMIntegrationService": (call) => enable(call, false),
};

/** All but the one for copying files are on (recorded, hyper-v.md 2.6). Names are those of an English host. */
const services = [
  { id: "84eaae65-2f2e-45f5-9bb5-0e857dc8eb47", name: "Heartbeat", on: true },
  { id: "9f8233ac-be49-4c79-8ee3-e7e1985b2077", name: "Shutdown", on: true },
  { id: "2497f4de-e9fa-4204-80e4-4b75c46419c0", name: "Time Synchronization", on: true },
  { id: "2a34b1c2-fd73-4043-8a5b-dd2159bc743f", name: "Key-Value Pair Exchange", on: true },
  { id: "5ced1297-4598-4915-a5fc-ad21bb4d02a4", name: "VSS", on: true },
  { id: "6c09bb55-d683-4da0-8931-c9bf705f6480", name: "Guest Service Interface", on: false },
] as const;

type ServiceName = (typeof services)[number]["name"];

export function defaultIntegrationServices(): Record<string, boolean> {
  return Object.fromEntries(services.map(({ id, on }) => [id, on]));
}

/** Whether the guest answers through this service now. */
export function answers(machine: Machine, service: ServiceName): boolean {
  return machine.state === "Running" && machine.guest.booted && isEnabled(machine, service);
}

export function isEnabled(machine: Machine, service: ServiceName): boolean {
  return services.some(({ id, name }) => name === service && machine.integrationServices[id] === true);
}

/** What `VirtualMachine.Heartbeat` says. */
export function heartbeatOf(machine: Machine): string | null {
  if (machine.state === "Paused") return "Paused";
  if (machine.state !== "Running") return null;
  if (!isEnabled(machine, "Heartbeat")) return "Disabled";
  return machine.guest.booted ? "OkApplicationsUnknown" : "NoContact";
}

export function serviceThings(owner: Owner): Thing[] {
  return services.map(({ id }) => serviceThing(owner, id));
}

function serviceThing(owner: Owner, service: string): Thing {
  const id = instanceId(owner.machine, service);
  return hardwarePart(
    { type: "VMIntegrationComponent", identity: { Id: id, ServiceId: service } },
    owner,
    (hardware) =>
      service in hardware.integrationServices ? { enabled: hardware.integrationServices[service] === true } : undefined,
    ({ enabled }, machine) => {
      // a service that is off reports OK, one without guest contact NoContact (recorded, hyper-v.md 2.6)
      const noContact = enabled && !(machine.state === "Running" && machine.guest.booted);
      return {
        Id: id,
        Name: services.find((candidate) => candidate.id === service)?.name,
        Enabled: enabled,
        OperationalStatus: [noContact ? "NoContact" : "Ok"],
        PrimaryOperationalStatus: noContact ? "NoContact" : "Ok",
        PrimaryStatusDescription: noContact ? "No Contact" : "OK",
        SecondaryOperationalStatus: null,
        SecondaryStatusDescription: "",
        StatusDescription: [noContact ? "No Contact" : "OK"],
      };
    },
  );
}

/** Changes reach a running guest at once. */
function enable(call: Running, on: boolean): readonly Thing[] {
  const wanted = targets(call);
  for (const { machine, service } of wanted) machine.integrationServices[service] = on;
  return call.flag("Passthru") ? wanted.map(({ machine, service }) => serviceThing({ machine }, service)) : [];
}

function targets(call: Running): { machine: Machine; service: string }[] {
  const objects = call.things("VMIntegrationService");
  if (objects)
    return objects.map((object) => ({
      machine: machineOf(call, ownPart(call, object)),
      service: String(object.identity.ServiceId),
    }));
  const ids = named(call);
  return machinesOf(call).flatMap((machine) => ids.map(({ id }) => ({ machine, service: id })));
}

function named(call: Running): readonly (typeof services)[number][] {
  const names = call.texts("Name");
  if (!names) return services;
  for (const name of names)
    if (!hasWildcard(name) && !services.some((service) => nameMatches(service.name, name)))
      call.notFound(`Unable to find an integration service with name "${name}".`);
  return services.filter((service) => names.some((name) => nameMatches(service.name, name)));
}
