import { addBootEntry, removeBootEntry } from "./boot-order";
import type { Cmdlets, Running } from "./cmdlet";
import { extension, findFile, isAbsolute, isShared, normalizePath, samePath } from "./file-system";
import { hardwareOf, hardwarePart, instanceId, noGuid, type Owner, ownersOf } from "./hardware";
import { given } from "./settings";
import type { Thing, View } from "./thing";
import { conflictOf } from "./virtual-hard-disk";
import { type Drive, type Hardware, type Machine, newGuid, type World } from "./world";

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
  return slotsOf(machine).find(
    (slot) =>
      driveAt(machine, slot) === undefined &&
      (wanted.controllerType ?? slot.controllerType) === slot.controllerType &&
      (wanted.controllerNumber ?? slot.controllerNumber) === slot.controllerNumber &&
      (wanted.controllerLocation ?? slot.controllerLocation) === slot.controllerLocation,
  );
}

function found(call: Running, kind: Drive["kind"]): Thing[] {
  return ownersOf(call).flatMap((owner) =>
    drivesOf(hardwareOf(owner), kind)
      .filter((drive) => (given<string>(call, "ControllerType") ?? drive.controllerType) === drive.controllerType)
      .filter((drive) => (given<number>(call, "ControllerNumber") ?? drive.controllerNumber) === drive.controllerNumber)
      .filter(
        (drive) => (given<number>(call, "ControllerLocation") ?? drive.controllerLocation) === drive.controllerLocation,
      )
      .map((drive) => driveThing(owner, drive)),
  );
}

/** Whether a disk's file may be put into a machine; answers the path as the file has it. */
export function checkDisk(call: Running, machine: Machine, path: string): string {
  if (!isAbsolute(path)) call.invalid(`'${path}' is not an absolute path.`);
  const file = findFile(call.world, call.node, path);
  const failed = `'${machine.name}' failed to add resources to '${machine.name}'.`;
  if (!file || file.kind === "folder")
    call.notFound(
      `${failed} Failed to open attachment '${path}'. The system cannot find the file specified. (0x80070002)`,
    );
  if (machine.generation === 2 && extension(path) === ".vhd")
    call.invalid(`${failed} '${path}' is a .vhd, which generation 2 virtual machines do not support.`);
  if (!file.vhd) call.invalid(`${failed} '${path}' is not an existing virtual hard disk file.`);
  if (machine.drives.some((drive) => drive.path !== null && samePath(drive.path, path)))
    call.invalid(
      `${failed} Cannot add '${path}'. The disk is already connected to the virtual machine '${machine.name}'.`,
    );
  checkClusterPath(call, machine, path);
  const conflict = conflictOf(call.world, call.node, path, call.flag("SupportPersistentReservations"));
  if (conflict !== undefined)
    call.operationFailed(`${failed} Failed to open attachment '${path}': ${conflict}. (0x80070020)`, -2147024864);
  return file.path;
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
    kind === "HardDisk" ? "HardDiskDrive" : "DvdDrive",
    owner,
    { DriveId: id },
    (hardware) => hardware.drives.find((drive) => drive.id === id),
    (drive, machine) => ({
      Id: driveInstanceId(machine, drive),
      ControllerType: drive.controllerType,
      ControllerNumber: drive.controllerNumber,
      ControllerLocation: drive.controllerLocation,
      Path: drive.path,
      PoolName: drive.poolName,
      ...(kind === "HardDisk" ? hardDiskView(drive) : dvdView(drive)),
    }),
  );
}

function hardDiskView(drive: Drive): View {
  return {
    Name: "Hard Drive",
    DiskNumber: null,
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
