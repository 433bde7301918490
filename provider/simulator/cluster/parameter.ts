import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import { signatureOf } from "../storage/physical-disk";
import type { ClusterProperties, MachineState, SharedDisk } from "../world/world";
import { isOfRole, type Owned } from "./any-group";
import { resourceParameters, typeParameters } from "./parameter-table";
import { accept, type Properties } from "./property";
import { roleOf } from "./role";
import { clusterOf, inputs, noObject, refuse, resourceBehind } from "./selection";

export const clusterParameterCmdlets: Cmdlets = {
  "Get-ClusterParameter": (call) => bagsOf(call).flatMap((bag) => read(call, bag)),
  "Set-ClusterParameter": set,
};

/** An object's private properties: those that can be set, and those that tell. */
interface Bag {
  object: Thing;
  set: ClusterProperties;
  properties: Properties;
  told: Readonly<Record<string, string | number>>;
}

function bagsOf(call: Running): Bag[] {
  return (inputs(call) ?? noObject(call)).map((object) => bagOf(call, object));
}

function bagOf(call: Running, object: Thing): Bag {
  if (object.type === "ClusterResource") return resourceBag(call, object);
  if (object.type === "ClusterResourceType") {
    const { resourceTypes } = clusterOf(call);
    const type = String(object.identity.Name);
    resourceTypes[type] ??= {};
    return { object, set: resourceTypes[type], properties: typeParameters[type] ?? {}, told: {} };
  }
  if (object.type === "ClusterSharedVolume")
    return { object, set: {}, properties: {}, told: toldOfVolume(call, object) };
  return { object, set: {}, properties: {}, told: {} };
}

/** Those of its disk (S, hyper-v-host.md 10). */
function toldOfVolume(call: Running, { identity }: Thing): Bag["told"] {
  const volume = clusterOf(call).sharedVolumes.find(({ id }) => id === identity.Id);
  const disk = call.world.sharedDisks?.find(({ id }) => id === volume?.diskId);
  return disk ? diskParameters(disk) : {};
}

function resourceBag(call: Running, object: Thing): Bag {
  const owned = resourceBehind(call, object);
  const { type, parameters } = owned.resource;
  return { object, set: parameters, properties: resourceParameters[type] ?? {}, told: toldOf(call, owned) };
}

/** What a resource only tells. */
function toldOf({ world }: Running, owned: Owned): Bag["told"] {
  if (!isOfRole(owned)) {
    const disk = world.sharedDisks?.find(({ id }) => id === owned.resource.diskId);
    return disk ? diskParameters(disk) : {};
  }
  const { group, resource } = owned;
  const machine = roleOf(world, group)?.machine;
  if (resource.type === "Virtual Machine Configuration")
    return { VmId: group.vmId, VmStoreRootPath: machine?.path ?? "" };
  return {
    VmId: group.vmId,
    VmState: machine ? stateNumber(machine.state) : 0,
    StartMemory: (machine?.memory.startupBytes ?? 0) / 2 ** 20,
    MigrationState: 0,
    MigrationProgress: 0,
    MigrationFailureReason: 0,
  };
}

/** Identity of a disk, on whatever node (V, hyper-v-host.md 10). */
function diskParameters({ id = "", partitionStyle }: SharedDisk): Bag["told"] {
  const isGpt = partitionStyle === "GPT";
  return {
    DiskIdType: isGpt ? 5001 : 5000,
    DiskIdGuid: isGpt ? `{${id}}` : "",
    DiskSignature: isGpt ? 0 : signatureOf(id),
  };
}

/** As WMI numbers a machine's states: running 2, off 3, saved 6, paused 9. */
function stateNumber(state: MachineState): number {
  return { Running: 2, Off: 3, Saved: 6, Paused: 9 }[state];
}

function read(call: Running, bag: Bag): Thing[] {
  const names = [...Object.keys(bag.told), ...Object.keys(bag.properties)];
  const wanted = call.texts("Name")?.map((name) => parameterNamed(call, bag, names, name)) ?? names;
  return wanted.map((name) => parameterThing(bag, name));
}

function parameterNamed(call: Running, bag: Bag, names: readonly string[], name: string): string {
  return names.find((known) => sameName(known, name)) ?? unknown(call, bag, name);
}

function unknown(call: Running, { object }: Bag, name: string): never {
  refuse(
    call,
    `Parameter '${name}' does not exist on the cluster object '${object}'. If you are trying to update an existing parameter, ` +
      "please make sure the parameter name is specified correctly.",
  );
}

function parameterThing({ object, set: own, properties, told }: Bag, name: string): Thing {
  const value = told[name] ?? own[name] ?? properties[name]?.default ?? null;
  return record("ClusterParameter", {
    ClusterObject: object,
    Name: name,
    Value: value,
    IsReadOnly: name in told,
    ParameterType: typeof value === "number" ? "UInt32" : "String",
  });
}

/** Everything is looked at before anything is set. */
function set(call: Running): undefined {
  const changes = bagsOf(call).flatMap((bag) => wantedOf(call).map(([name, value]) => change(call, bag, name, value)));
  for (const apply of changes) apply();
  if (bagsOf(call).some(({ object }) => isOnlineForClients(call, object)))
    call.warn(
      "The properties were stored, but not all changes will take effect until the next time the resource is brought online.",
    );
}

/** What clients use goes on as it is until it comes online again: 5024 (hyper-v.md 7.7). */
function isOnlineForClients(call: Running, object: Thing): boolean {
  if (object.type !== "ClusterResource") return false;
  const owned = resourceBehind(call, object);
  return !isOfRole(owned) && owned.resource.online && ["IP Address", "Network Name"].includes(owned.resource.type);
}

function wantedOf(call: Running): [name: string, value: unknown][] {
  const several = given<Record<string, unknown>>(call, "Multiple");
  if (several) return Object.entries(several);
  const name = given<string>(call, "Name");
  if (name === undefined) noObject(call);
  return [[name, call.get("Value")]];
}

function change(call: Running, bag: Bag, written: string, value: unknown): () => void {
  const told = Object.keys(bag.told).find((known) => sameName(known, written));
  if (told !== undefined) refuse(call, `Parameter '${told}' of '${bag.object}' is read-only.`, 0x80070005);
  const name = Object.keys(bag.properties).find((known) => sameName(known, written));
  const property = name === undefined ? undefined : bag.properties[name];
  if (name === undefined || !property) unknown(call, bag, written);
  if (call.flag("Delete"))
    return () => {
      delete bag.set[name];
    };
  const accepted = accept(property, value);
  if ("refusal" in accepted) refuse(call, `Parameter '${name}': ${accepted.refusal}`, 0x80070057);
  return () => {
    bag.set[name] = accepted.value;
  };
}
