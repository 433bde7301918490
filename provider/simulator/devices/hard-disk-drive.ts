import type { Cmdlets, Running } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { apply, given, requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { samePath } from "../storage/file-system";
import { write } from "../storage/virtual-hard-disk";
import { canBeShared, cannotBeShared } from "../storage/virtual-hard-disk-sharing";
import { isActive } from "../world/machine-state";
import type { Drive, Machine } from "../world/world";
import { addDrive, checkDisk, drivesMeant, freePlaces, type Located, newDrive, refuseCold, type Slot } from "./drive";
import { drivePool, removeDrives, targetSlot, thingOf } from "./drive-change";

export const hardDiskDriveCmdlets: Cmdlets = {
  "Add-VMHardDiskDrive": addDisks,
  "Set-VMHardDiskDrive": setDisks,
  "Remove-VMHardDiskDrive": (call) => removeDrives(call, "HardDisk"),
};

/** Without a place it is the first free one, IDE before SCSI (D, hyper-v.md 5). */
function addDisks(call: Running): readonly Thing[] {
  const path = given<string>(call, "Path");
  const diskNumber = diskNumberAsked(call);
  const places = freePlaces(call).map(({ machine, slot }) => {
    refuseCold(call, machine, slot, `failed to add resources to '${machine.name}'`);
    const file = path === undefined ? null : checkDisk(call, machine, path);
    const settings = {
      ...settingsAsked(call, { machine, path: file, slot }),
      ...(diskNumber !== undefined && { diskNumber }),
    };
    return { machine, drive: { slot, file, settings } };
  });
  const added = places.map(({ machine, drive: { slot, file, settings } }): Located => {
    const drive = { ...newDrive(call.world, "HardDisk", slot, file), ...settings };
    addDrive(machine, drive);
    writeIfActive(call, { machine, drive });
    return { machine, drive };
  });
  return answer(call, () => added.map(thingOf));
}

/** A machine that runs writes to what it has. */
function writeIfActive({ world, node }: Running, { machine, drive }: Located): void {
  if (isActive(machine) && drive.path !== null) write(world, node, drive.path);
}

/** A physical disk must be offline on the host, and no machine has it yet (D, hyper-v.md 5). */
function diskNumberAsked(call: Running): number | undefined {
  const number = call.number("DiskNumber");
  if (number === undefined) return undefined;
  if (call.has("Path")) call.invalid("Path and DiskNumber exclude each other.");
  if (!call.node.offlineDisks?.includes(number))
    call.notFound(`There is no offline disk ${number} on '${call.node.name}'.`);
  const holder = call.node.machines.find(({ drives }) => drives.some(({ diskNumber }) => diskNumber === number));
  if (holder)
    call.invalid(`Cannot add disk ${number}. The disk is already connected to the virtual machine '${holder.name}'.`);
  return number;
}

interface Asked {
  machine: Machine;
  /** What the drive will have, and where it will be. */
  path: string | null;
  slot: Slot;
  /** The drive as it is. */
  now?: Drive;
}

function settingsAsked(call: Running, { machine, path, slot, now }: Asked): Partial<Drive> {
  const maximumIOPS = given<number>(call, "MaximumIOPS");
  const minimumIOPS = given<number>(call, "MinimumIOPS");
  const overrideCacheAttributes = given<string>(call, "OverrideCacheAttributes");
  const supportPersistentReservations = given<boolean>(call, "SupportPersistentReservations");
  const most = maximumIOPS ?? now?.maximumIOPS ?? 0;
  if (most > 0 && (minimumIOPS ?? now?.minimumIOPS ?? 0) > most)
    call.invalid(`'${machine.name}': the minimum of IOPS is above the maximum.`);
  if (supportPersistentReservations ?? now?.supportPersistentReservations) refuseSharing(call, path, slot);
  const qosPolicyId = policyAsked(call);
  const poolName = drivePool(call);
  return {
    ...(maximumIOPS !== undefined && { maximumIOPS }),
    ...(minimumIOPS !== undefined && { minimumIOPS }),
    ...(overrideCacheAttributes !== undefined && { overrideCacheAttributes }),
    ...(supportPersistentReservations !== undefined && { supportPersistentReservations }),
    ...(qosPolicyId !== undefined && { qosPolicyId }),
    ...(poolName !== undefined && { poolName }),
  };
}

/** Guests share disks on SCSI alone (D, hyper-v-devices.md 1). */
function refuseSharing(call: Running, path: string | null, { controllerType }: Slot): void {
  if (controllerType !== "SCSI" || path === null || !canBeShared(call, path)) cannotBeShared(call, path ?? "");
}

function policyAsked(call: Running): string | undefined {
  const id = given<string>(call, "QoSPolicyID");
  if (id !== undefined && !/^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(id))
    call.invalid(`'${id}' is not an id of a policy.`);
  return id?.replace(/[{}]/g, "").toLowerCase();
}

function setDisks(call: Running): readonly Thing[] {
  const located = drivesMeant(call, "HardDisk");
  if (located.length > 1 && (call.has("Path") || call.has("ToControllerLocation")))
    call.invalid("Several drives cannot get one disk, nor one place.");
  apply(located.map((one) => prepareDisk(call, one)));
  return answer(call, () => located.map(thingOf));
}

/** What changes only while the machine is off (D, K, hyper-v.md 5). */
const cold = ["OverrideCacheAttributes", "ResourcePoolName", "SupportPersistentReservations"];

function prepareDisk(call: Running, { machine, drive }: Located): () => void {
  const failed = "failed to modify device 'Virtual Hard Disk'";
  const written = given<string>(call, "Path");
  const slot = targetSlot(call, machine, drive);
  if (written === "") call.invalid(`'${machine.name}' ${failed}. A path is missing.`);
  if (written !== undefined || slot) refuseCold(call, machine, drive, failed);
  if (slot) refuseCold(call, machine, slot, failed);
  if (cold.some((parameter) => call.has(parameter))) requireOff(call, machine, failed);
  const path = written === undefined ? drive.path : checkDisk(call, machine, written, drive);
  const diskNumber = diskNumberAsked(call);
  const isOther = path === null || drive.path === null ? path !== drive.path : !samePath(path, drive.path);
  if (isOther || diskNumber !== undefined) refuseSwap(call, machine, failed);
  const settings = settingsAsked(call, { machine, path, slot: slot ?? drive, now: drive });
  return () => {
    Object.assign(drive, settings, { path: diskNumber === undefined ? path : null }, slot);
    if (diskNumber !== undefined) drive.diskNumber = diskNumber;
    else if (path !== null) delete drive.diskNumber;
    writeIfActive(call, { machine, drive });
  };
}

/** Its own disk anew is no swap: a host grants the machine's account access again (K). */
function refuseSwap(call: Running, machine: Machine, failed: string): void {
  // a machine that sleeps remembers the disks that it had (K; for discs V, hyper-v.md 5)
  if (machine.state === "Saved" || machine.state === "Paused")
    call.invalidState(
      `'${machine.name}' ${failed}. The operation cannot be performed while the virtual machine is in its current state.`,
    );
  // its file belongs to the tree of the checkpoints (K)
  if (machine.checkpoints.length > 0)
    call.invalidState(`'${machine.name}' ${failed}. Disks cannot be changed while the machine has checkpoints.`);
}
