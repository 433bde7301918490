import type { Running } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Drive, Machine } from "../world/world";
import {
  drivesMeant,
  driveThing,
  freePlace,
  freeSlot,
  type Located,
  refuseCold,
  removeDrive,
  type Slot,
} from "./drive";

export function removeDrives(call: Running, kind: Drive["kind"]): readonly Thing[] {
  const located = drivesMeant(call, kind);
  for (const { machine, drive } of located)
    refuseCold(call, machine, drive, `failed to remove resources from '${machine.name}'`);
  for (const { machine, drive } of located) removeDrive(machine, drive);
  return answer(call, () => located.map(thingOf));
}

/** `-ToController…`: the part of a place that is not named stays, or is the first free one on another controller. */
export function targetSlot(call: Running, machine: Machine, drive: Drive): Slot | undefined {
  const type = given<Slot["controllerType"]>(call, "ToControllerType");
  const number = given<number>(call, "ToControllerNumber");
  const location = given<number>(call, "ToControllerLocation");
  if (type === undefined && number === undefined && location === undefined) return undefined;
  const wanted = {
    controllerType: type ?? drive.controllerType,
    controllerNumber:
      number ?? ((type ?? drive.controllerType) === drive.controllerType ? drive.controllerNumber : undefined),
  };
  const sameController =
    wanted.controllerType === drive.controllerType && wanted.controllerNumber === drive.controllerNumber;
  if (sameController && (location ?? drive.controllerLocation) === drive.controllerLocation) return undefined;
  const kept = freeSlot(machine, { ...wanted, controllerLocation: location ?? drive.controllerLocation });
  return kept ?? freePlace(call, machine, { ...wanted, controllerLocation: location });
}

/** There is the pool that every host has. */
export function drivePool(call: Running): string | undefined {
  const pool = given<string>(call, "ResourcePoolName");
  if (pool === undefined) return undefined;
  if (!sameName(pool, "Primordial")) call.invalid(`There is no resource pool '${pool}'.`);
  return "Primordial";
}

export function thingOf({ machine, drive }: Located): Thing {
  return driveThing({ machine }, drive);
}
