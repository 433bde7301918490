import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import { isActive } from "../world/machine-state";
import type { Cluster, ClusterProperties, Group, Resource } from "../world/world";
import type { Migration } from "./migration";
import { accept, oneOf, type Properties, unset } from "./property";
import { resourceOf, roleOf } from "./role";
import { clusterOf, inputs, noObject, refuse, resourceBehind } from "./selection";

export const clusterParameterCmdlets: Cmdlets = {
  "Get-ClusterParameter": (call) => bagsOf(call).flatMap((bag) => read(call, bag)),
  "Set-ClusterParameter": set,
};

/** Private properties of the machine's resource (D, K; hyper-v.md 7.2). */
const machineParameters: Properties = {
  DefaultMoveType: { default: unset, wrong: oneOf(0, 1, 2, 3, 4, unset) },
  OfflineAction: { default: 1, wrong: oneOf(0, 1, 2, 3) },
  ShutdownAction: { default: 0, wrong: oneOf(0, 1) },
  CheckHeartbeat: { default: 1, wrong: oneOf(0, 1) },
};

/** Of the type of resource: what its resources inherit. */
const typeParameters: Readonly<Record<Resource["type"], Properties>> = {
  "Virtual Machine": {
    DefaultMoveType: { default: 4, wrong: oneOf(0, 1, 2, 3, 4) },
    MoveTypeThreshold: { default: 2000 },
  },
  "Virtual Machine Configuration": {},
};

export function parameterOf(cluster: Cluster, type: Resource["type"], name: string): number | string | undefined {
  return cluster.resourceTypes[type]?.[name] ?? typeParameters[type][name]?.default;
}

export function offlineAction(group: Group): number {
  return Number(
    resourceOf(group, "Virtual Machine")?.parameters.OfflineAction ?? machineParameters.OfflineAction?.default,
  );
}

const migrations: Readonly<Record<number, Migration>> = {
  0: "TurnOff",
  1: "Quick",
  2: "Shutdown",
  3: "ShutdownForce",
  4: "Live",
};

/** How a role goes when nobody says: as its resource or the type of it was told, else as the cmdlet does; as it is when it does not run. */
export function impliedMigration(call: Running, group: Group, otherwise: Migration): Migration {
  const role = roleOf(call.world, group);
  if (!role || !isActive(role.machine)) return "Quick";
  const own = resourceOf(group, "Virtual Machine")?.parameters.DefaultMoveType ?? unset;
  const told = own === unset ? clusterOf(call).resourceTypes["Virtual Machine"]?.DefaultMoveType : own;
  return migrations[Number(told ?? unset)] ?? otherwise;
}

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
    const type = object.identity.Name === "Virtual Machine" ? "Virtual Machine" : "Virtual Machine Configuration";
    return { object, set: resourceTypes[type] ?? {}, properties: typeParameters[type], told: {} };
  }
  return { object, set: {}, properties: {}, told: {} };
}

function resourceBag(call: Running, object: Thing): Bag {
  const { group, resource } = resourceBehind(call, object);
  const path = roleOf(call.world, group)?.machine.path ?? "";
  return resource.type === "Virtual Machine"
    ? {
        object,
        set: resource.parameters,
        properties: machineParameters,
        told: { VmId: group.vmId, MigrationProgress: 0, MigrationFailureReason: 0 },
      }
    : { object, set: resource.parameters, properties: {}, told: { VmId: group.vmId, VmStoreRootPath: path } };
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
