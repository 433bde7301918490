import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, hardwarePart, instanceId, noGuid, type Owner, ownersOf, ownPart } from "../engine/hardware";
import { coded, signed } from "../engine/hresult";
import { machineOf } from "../engine/selection";
import { given, requireOff } from "../engine/settings";
import type { Thing, View } from "../engine/thing";
import { machinesMeant } from "../network/network-adapter-selection";
import { extension, findFile, isAbsolute, isShared, normalizePath, samePath } from "../storage/file-system";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { conflictOf } from "../storage/virtual-hard-disk-holders";
import { addBootEntry, removeBootEntry } from "../world/boot-order";
import { isActive } from "../world/machine-state";
import { type Drive, type Hardware, type Machine, newGuid, type World } from "../world/world";
import { controllersOf } from "./controllers";

export const driveCmdlets: Cmdlets = {
  "Get-VMHardDiskDrive": (call) => found(call, "HardDisk"),
  "Get-VMDvdDrive": (call) => found(call, "Dvd"),
};

export interface Slot {
  controllerType: Drive["controllerType"];
  controllerNumber: number;
  controllerLocation: number;
}

export function newDrive(world: World, kind: Drive["kind"], slot: Slot, path: string | null): Drive {
  return {
    id: newGuid(world),
    kind,
    controllerType: slot.controllerType,
    controllerNumber: slot.controllerNumber,
    controllerLocation: slot.controllerLocation,
    path,
    maximumIOPS: 0,
    minimumIOPS: 0,
    supportPersistentReservations: false,
    overrideCacheAttributes: "Default",
    qosPolicyId: noGuid,
    poolName: "Primordial",
  };
}

/** Puts a drive into a machine; generation 2 gets something to boot from with it (recorded, hyper-v.md 1.6). */
export function addDrive(machine: Machine, drive: Drive): void {
  machine.drives.push(drive);
  addBootEntry(machine, { kind: "drive", driveId: drive.id });
}

export function removeDrive(machine: Machine, drive: Drive): void {
  machine.drives = machine.drives.filter((candidate) => candidate !== drive);
  removeBootEntry(machine, { kind: "drive", driveId: drive.id });
}

/** By slot: IDE before SCSI, then by number and location. */
export function drivesOf(hardware: Hardware, kind: Drive["kind"]): Drive[] {
  return hardware.drives.filter((drive) => drive.kind === kind).sort((one, other) => place(one) - place(other));
}

function place({ controllerType, controllerNumber, controllerLocation }: Slot): number {
  return (controllerType === "IDE" ? 0 : 1000) + controllerNumber * 64 + controllerLocation;
}

/** Every slot that a machine has: IDE two controllers of two, SCSI 64 on each controller. */
export function slotsOf(machine: Machine): Slot[] {
  const ide = machine.generation === 1 ? slots("IDE", 2, 2) : [];
  return [...ide, ...slots("SCSI", machine.scsiControllers.length, 64)];
}

function slots(controllerType: Slot["controllerType"], controllers: number, locations: number): Slot[] {
  return Array.from({ length: controllers * locations }, (_, index) => ({
    controllerType,
    controllerNumber: Math.floor(index / locations),
    controllerLocation: index % locations,
  }));
}

export function driveAt(hardware: Hardware, slot: Slot): Drive | undefined {
  return hardware.drives.find((drive) => place(drive) === place(slot));
}

/** The first free slot, of those that are wanted: IDE is filled before SCSI. */
export function freeSlot(machine: Machine, wanted: Partial<Slot> = {}): Slot | undefined {
  return slotsOf(machine).find((slot) => driveAt(machine, slot) === undefined && fits(slot, wanted));
}

function found(call: Running, kind: Drive["kind"]): Thing[] {
  const controllers = controllersOf(call);
  if (controllers)
    return controllers.flatMap(({ owner, ...slot }) => ownedDrives(owner, kind, { ...wantedSlot(call), ...slot }));
  return ownersOf(call).flatMap((owner) => ownedDrives(owner, kind, wantedSlot(call)));
}

function ownedDrives(owner: Owner, kind: Drive["kind"], wanted: Partial<Slot>): Thing[] {
  return drivesOf(hardwareOf(owner), kind)
    .filter((drive) => fits(drive, wanted))
    .map((drive) => driveThing(owner, drive));
}

/** The place that a call names, or the part of it that it names. */
export function wantedSlot(call: Running): Partial<Slot> {
  return {
    controllerType: given<Slot["controllerType"]>(call, "ControllerType"),
    controllerNumber: given<number>(call, "ControllerNumber"),
    controllerLocation: given<number>(call, "ControllerLocation"),
  };
}

function fits(slot: Slot, wanted: Partial<Slot>): boolean {
  return (
    (wanted.controllerType ?? slot.controllerType) === slot.controllerType &&
    (wanted.controllerNumber ?? slot.controllerNumber) === slot.controllerNumber &&
    (wanted.controllerLocation ?? slot.controllerLocation) === slot.controllerLocation
  );
}

/**
 * The drives that a call changes: objects, or the one of a machine that is at the place named. Nothing there is not found,
 * and several are too many.
 */
export function drivesMeant(call: Running, kind: Drive["kind"]): Located[] {
  const objects = call.things(kind === "HardDisk" ? "VMHardDiskDrive" : "VMDvdDrive");
  if (objects) return objects.map((thing) => driveOf(call, thing));
  const located = machinesMeant(call).flatMap((machine) =>
    drivesOf(machine, kind)
      .filter((drive) => fits(drive, wantedSlot(call)))
      .map((drive) => ({ machine, drive })),
  );
  if (located.length === 0) noneFound(call);
  if (located.length > 1) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  return located;
}

export interface Located {
  machine: Machine;
  drive: Drive;
}

function driveOf(call: Running, thing: Thing): Located {
  const machine = machineOf(call, ownPart(call, thing));
  const drive = machine.drives.find(({ id }) => id === thing.identity.DriveId);
  return drive ? { machine, drive } : noneFound(call);
}

function noneFound(call: Running): never {
  call.notFound("Unable to find a drive matching the given criteria.");
}

/** Where a call wants drives: on machines, or on the controllers that it is given, in a free place each. */
export function freePlaces(call: Running, controllerType?: (machine: Machine) => Slot["controllerType"]): Place[] {
  const controllers = controllersOf(call)?.map(({ owner, ...slot }) => ({ machine: owner.machine, slot }));
  const asked = controllers ?? machinesMeant(call).map((machine) => ({ machine, slot: {} }));
  return asked.map(({ machine, slot }) => {
    const type = controllerType && { controllerType: controllerType(machine) };
    return { machine, slot: freePlace(call, machine, { ...wantedSlot(call), ...type, ...slot }) };
  });
}

export interface Place {
  machine: Machine;
  slot: Slot;
}

export function freePlace(call: Running, machine: Machine, wanted: Partial<Slot>): Slot {
  const failed = `'${machine.name}' failed to add resources to '${machine.name}'.`;
  if (machine.generation === 2 && wanted.controllerType === "IDE")
    call.invalid(`${failed} Generation 2 virtual machines do not support IDE.`);
  const slot = freeSlot(machine, wanted);
  if (!slot) call.invalid(`${failed} No available locations were found on the disk controller.`);
  return slot;
}

/** SCSI comes and goes while the machine runs, IDE only while it is off (D, hyper-v.md 5). */
export function refuseCold(call: Running, machine: Machine, { controllerType }: Slot, what: string): void {
  if (controllerType === "IDE") requireOff(call, machine, what);
}

/** Whether a disk's file may be put into a machine, into the drive that has it or another; answers the path as the file has it. */
export function checkDisk(call: Running, machine: Machine, path: string, own?: Drive): string {
  const failed = `'${machine.name}' failed to add resources to '${machine.name}'.`;
  const unreachable = 0x80070043;
  const missing = 0x80070002;
  if (!isAbsolute(path)) call.invalid(`'${path}' is not an absolute path.`);
  if (isShare(path))
    // recorded: no share of the simulator's world answers (hyper-v.md 5)
    call.operationFailed(
      coded(`${failed} An unexpected error occurred: The network name cannot be found.`, unreachable),
      signed(unreachable),
    );
  const file = findFile(call.world, call.node, path);
  if (!file || file.kind === "folder")
    call.notFound(
      coded(`${failed} Failed to open attachment '${path}'. The system cannot find the file specified.`, missing),
      signed(missing),
    );
  if (machine.generation === 2 && extension(path) === ".vhd")
    call.invalid(`${failed} '${path}' is a .vhd, which generation 2 virtual machines do not support.`);
  if (!file.vhd) call.invalid(`${failed} '${path}' is not an existing virtual hard disk file.`);
  if (machine.drives.some((drive) => drive !== own && drive.path !== null && samePath(drive.path, path)))
    call.invalid(
      `${failed} Cannot add '${path}'. The disk is already connected to the virtual machine '${machine.name}'.`,
    );
  checkClusterPath(call, machine, path);
  const holds = own?.path != null && samePath(own.path, path) && isActive(machine);
  const shares = given<boolean>(call, "SupportPersistentReservations") ?? own?.supportPersistentReservations ?? false;
  const conflict = holds ? undefined : conflictOf(call.world, call.node, path, shares);
  if (conflict !== undefined)
    call.operationFailed(`${failed} Failed to open attachment '${path}': ${conflict}. (0x80070020)`, -2147024864);
  const { broken } = chainOf(call.world, call.node, path);
  // whether a host looks at the chain for a machine that is off is not recorded (K)
  if (broken)
    call.operationFailed(
      `${failed} Failed to open attachment '${broken.path}': ${broken.message} (${broken.code})`,
      signed(Number(broken.code)),
    );
  return file.path;
}

export function isShare(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/** A clustered machine's paths are on cluster storage, unless the caller takes that upon himself. */
export function checkClusterPath(call: Running, machine: Machine, path: string): void {
  if (machine.groupId === null || call.flag("AllowUnverifiedPaths") || isShared(call.world, path)) return;
  call.invalid(
    `Disk path '${normalizePath(path)}' is not a path to storage in the cluster or to storage that can be added to the cluster. (0x80071739)`,
    -2147018951,
  );
}

export function driveThings(owner: Owner, kind: Drive["kind"]): Thing[] {
  return drivesOf(hardwareOf(owner), kind).map((drive) => driveThing(owner, drive));
}

/** A drive, found again by its own id: it is the same one after a move to another slot. */
export function driveThing(owner: Owner, { id, kind }: Drive): Thing {
  return hardwarePart(
    { type: kind === "HardDisk" ? "HardDiskDrive" : "DvdDrive", identity: { DriveId: id } },
    owner,
    (hardware) => hardware.drives.find((drive) => drive.id === id),
    (drive, machine) => ({
      Id: driveInstanceId(machine, drive),
      ControllerType: drive.controllerType,
      ControllerNumber: drive.controllerNumber,
      ControllerLocation: drive.controllerLocation,
      // how a host names a physical disk here is not recorded (K)
      Path: drive.path ?? (drive.diskNumber === undefined ? null : `Disk ${drive.diskNumber}`),
      PoolName: drive.poolName,
      ...(kind === "HardDisk" ? hardDiskView(drive) : dvdView(drive)),
    }),
  );
}

function hardDiskView(drive: Drive): View {
  return {
    Name: "Hard Drive",
    DiskNumber: drive.diskNumber ?? null,
    MaximumIOPS: drive.maximumIOPS,
    MinimumIOPS: drive.minimumIOPS,
    QoSPolicyID: drive.qosPolicyId,
    SupportPersistentReservations: drive.supportPersistentReservations,
    WriteHardeningMethod: drive.overrideCacheAttributes,
  };
}

function dvdView(drive: Drive): View {
  return { Name: "DVD Drive", DvdMediaType: drive.path === null ? "None" : "ISO" };
}

/** `Microsoft:<VM GUID>\<controller GUID>\<n>\<location>\D`: made of the slot, so that a move changes it. */
function driveInstanceId(machine: Machine, drive: Drive): string {
  const ide = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
  const controller =
    drive.controllerType === "IDE" ? ide : (machine.scsiControllers[drive.controllerNumber]?.id ?? noGuid);
  const number = drive.controllerType === "IDE" ? drive.controllerNumber : 0;
  return instanceId(machine, controller, number, drive.controllerLocation, "D");
}
