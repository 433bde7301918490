import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, hardwarePart, instanceId, type Owner, ownersOf, ownPart } from "../engine/hardware";
import { answer } from "../engine/job";
import { machineOf, machinesOf } from "../engine/selection";
import { given, requireOff } from "../engine/settings";
import type { Thing, View } from "../engine/thing";
import { type Drive, type Hardware, type Machine, newGuid } from "../world/world";
import { positionOf } from "./controllers";
import { drivesOf, driveThing, removeDrive } from "./drive";

export const driveControllerCmdlets: Cmdlets = {
  "Get-VMScsiController": (call) => scsiThings(call),
  "Add-VMScsiController": addControllers,
  "Remove-VMScsiController": removeControllers,
  "Get-VMIdeController": ideThings,
};

function scsiThings(call: Running): Thing[] {
  const number = given<number>(call, "ControllerNumber");
  return ownersOf(call).flatMap((owner) =>
    hardwareOf(owner)
      .scsiControllers.filter((_, index) => number === undefined || index === number)
      .map(({ id }) => scsiThing(owner, id)),
  );
}

/** Found by its id: its number is its position, and changes when one before it goes (S, hyper-v.md 5). */
function scsiThing(owner: Owner, id: string): Thing {
  return hardwarePart(
    { type: "VMScsiController", identity: { ControllerId: id } },
    owner,
    ({ scsiControllers }) => {
      const index = scsiControllers.findIndex((controller) => controller.id === id);
      return index < 0 ? undefined : { index };
    },
    ({ index }, machine) => ({
      Id: instanceId(machine, id, 0),
      Name: "SCSI Controller",
      ...controllerView(owner, "SCSI", index),
    }),
  );
}

function controllerView(owner: Owner, type: Drive["controllerType"], number: number): View {
  const on = (drive: Drive): boolean => drive.controllerType === type && drive.controllerNumber === number;
  return {
    ControllerNumber: number,
    IsTemplate: false,
    Drives: () =>
      (["HardDisk", "Dvd"] as const)
        .flatMap((kind) => drivesOf(hardwareOf(owner), kind).filter(on))
        .map((drive) => driveThing(owner, drive)),
  };
}

/** Generation 1 has two, generation 2 none (recorded, hyper-v.md 2.9). */
function ideThings(call: Running): Thing[] {
  const number = given<number>(call, "ControllerNumber");
  const owners = ownersOf(call);
  if (owners.some(({ machine }) => machine.generation === 2))
    call.invalid("Generation 2 virtual machines do not support IDE.");
  return owners.flatMap((owner) => [0, 1].filter((at) => (number ?? at) === at).map((at) => ideThing(owner, at)));
}

function ideThing(owner: Owner, number: number): Thing {
  return hardwarePart(
    { type: "VMIdeController", identity: { IdeController: number } },
    owner,
    (hardware: Hardware) => hardware,
    (_, machine) => ({
      Id: instanceId(machine, "83F8638B-8DCA-4152-9EDA-2CA8B33039B4", number),
      Name: `IDE Controller ${number}`,
      ...controllerView(owner, "IDE", number),
    }),
  );
}

const mostControllers = 4;

/** The next number, which cannot be chosen; off only (S, hyper-v.md 5). */
function addControllers(call: Running): readonly Thing[] {
  const machines = machinesOf(call);
  for (const machine of machines) {
    if (machine.scsiControllers.length >= mostControllers)
      call.invalid(`'${machine.name}' cannot have more than ${mostControllers} SCSI controllers.`);
    requireOff(call, machine, "failed to add device 'Synthetic SCSI Controller'");
  }
  const things = machines.map((machine) => {
    const controller = { id: newGuid(call.world) };
    machine.scsiControllers.push(controller);
    return scsiThing({ machine }, controller.id);
  });
  return answer(call, () => things);
}

/** Its drives go with it, and the later controllers move up (S). */
function removeControllers(call: Running): readonly Thing[] {
  const gone = controllersGone(call);
  for (const { machine } of gone) requireOff(call, machine, "failed to remove device 'Synthetic SCSI Controller'");
  for (const { machine, id } of gone) removeController(machine, id);
  return answer(call, () => gone.map(({ machine, id }) => scsiThing({ machine }, id)));
}

function controllersGone(call: Running): { machine: Machine; id: string }[] {
  const objects = call.things("VMScsiController");
  if (objects)
    return objects.map((thing) => {
      const machine = machineOf(call, ownPart(call, thing));
      const id = machine.scsiControllers[positionOf(call, machine, thing.identity.ControllerId)]?.id ?? "";
      return { machine, id };
    });
  const number = call.number("ControllerNumber") ?? 0;
  return machinesOf(call).map((machine) => {
    const controller = machine.scsiControllers[number];
    if (!controller) call.notFound(`'${machine.name}' has no SCSI controller ${number}.`);
    return { machine, id: controller.id };
  });
}

function removeController(machine: Machine, id: string): void {
  const number = machine.scsiControllers.findIndex((controller) => controller.id === id);
  if (number < 0) return;
  for (const drive of machine.drives.filter(({ controllerType }) => controllerType === "SCSI")) {
    if (drive.controllerNumber === number) removeDrive(machine, drive);
    else if (drive.controllerNumber > number) drive.controllerNumber -= 1;
  }
  machine.scsiControllers = machine.scsiControllers.filter((controller) => controller.id !== id);
}
