import type { Running } from "../engine/cmdlet";
import { type Owner, ownPart } from "../engine/hardware";
import { machineOf } from "../engine/selection";
import type { Drive, Machine } from "../world/world";

export interface Controller {
  owner: Owner;
  controllerType: Drive["controllerType"];
  controllerNumber: number;
}

/** The controllers that a call is given as objects. */
export function controllersOf(call: Running): Controller[] | undefined {
  return call.things("VMDriveController")?.map((thing) => {
    const machine = machineOf(call, ownPart(call, thing));
    const { IdeController: ide, ControllerId: id } = thing.identity;
    if (typeof ide === "number") return { owner: { machine }, controllerType: "IDE", controllerNumber: ide };
    return { owner: { machine }, controllerType: "SCSI", controllerNumber: positionOf(call, machine, id) };
  });
}

/** Of a SCSI controller, found by its id. */
export function positionOf(call: Running, { name, scsiControllers }: Machine, id: unknown): number {
  const position = scsiControllers.findIndex((controller) => controller.id === id);
  if (position < 0) call.notFound(`'${name}' does not have this controller any more.`);
  return position;
}
