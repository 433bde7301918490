import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { answer } from "../engine/job";
import { apply, given, requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { extension, findFile, isAbsolute } from "../storage/file-system";
import type { Machine } from "../world/world";
import {
  addDrive,
  checkClusterPath,
  drivesMeant,
  freePlaces,
  isShare,
  type Located,
  newDrive,
  refuseCold,
} from "./drive";
import { drivePool, removeDrives, targetSlot, thingOf } from "./drive-change";

export const dvdDriveCmdlets: Cmdlets = {
  "Add-VMDvdDrive": addDvds,
  "Set-VMDvdDrive": setDvds,
  "Remove-VMDvdDrive": (call) => removeDrives(call, "Dvd"),
};

/** IDE in generation 1, SCSI in generation 2 (D, hyper-v.md 5). */
function addDvds(call: Running): readonly Thing[] {
  const path = given<string>(call, "Path");
  const poolName = drivePool(call) ?? "Primordial";
  const places = freePlaces(call, ({ generation }) => (generation === 1 ? "IDE" : "SCSI")).map(({ machine, slot }) => {
    if (machine.generation === 1 && slot.controllerType === "SCSI")
      call.invalid(`'${machine.name}' is of generation 1, whose DVD drives are on IDE.`);
    refuseCold(call, machine, slot, `failed to add resources to '${machine.name}'`);
    return { machine, slot, medium: path ? mediumAsked(call, machine, path) : null };
  });
  const added = places.map(({ machine, slot, medium }): Located => {
    const drive = { ...newDrive(call.world, "Dvd", slot, medium), poolName };
    addDrive(machine, drive);
    return { machine, drive };
  });
  return answer(call, () => added.map(thingOf));
}

/** An image whose content nobody looks at before a start; answers its path as the file has it. */
function mediumAsked(call: Running, machine: Machine, path: string): string {
  refuseMedium(call, machine);
  if (isShare(path)) {
    const denied = 0x80070005; // recorded: a share without delegation (hyper-v.md 5)
    const message = `User account does not have permission required to open attachment '${path}'. Error: 'General access denied error'`;
    call.fail("AccessDenied", "PermissionDenied", coded(message, denied), { hresult: signed(denied) });
  }
  // V: a path with `/` can end up empty (hyper-v.md 1.5)
  if (!isAbsolute(path) || path.includes("/")) call.invalid(`'${path}' is not an absolute path with backslashes.`);
  const file = findFile(call.world, call.node, path);
  const missing = 0x80070002;
  if (!file || file.kind === "folder")
    call.notFound(
      coded(`Failed to open attachment '${path}'. The system cannot find the file specified.`, missing),
      signed(missing),
    );
  if (extension(path) !== ".iso") call.invalid(`'${path}' is not an ISO image.`);
  checkClusterPath(call, machine, path);
  return file.path;
}

/** Hot, but not into a machine that sleeps (V, hyper-v.md 5). */
function refuseMedium(call: Running, machine: Machine): void {
  if (machine.state === "Saved" || machine.state === "Paused")
    call.invalidState(
      `'${machine.name}' failed to modify device 'Virtual CD/DVD Disk'. ` +
        "The operation cannot be performed while the virtual machine is in its current state.",
    );
}

function setDvds(call: Running): readonly Thing[] {
  const located = drivesMeant(call, "Dvd");
  if (located.length > 1 && call.has("ToControllerLocation")) call.invalid("Several drives cannot get one place.");
  apply(located.map((one) => prepareDvd(call, one)));
  return answer(call, () => located.map(thingOf));
}

/** Without a path the disc is ejected: null and the empty text are one for PowerShell (D, hyper-v.md 5). */
function prepareDvd(call: Running, { machine, drive }: Located): () => void {
  const slot = targetSlot(call, machine, drive);
  if (slot || call.has("ResourcePoolName")) requireOff(call, machine, "failed to modify device 'Virtual CD/DVD Disk'");
  drivePool(call);
  const written = given<string>(call, "Path") ?? "";
  if (call.has("Path")) refuseMedium(call, machine);
  const path = !call.has("Path") ? drive.path : written === "" ? null : mediumAsked(call, machine, written);
  return () => Object.assign(drive, { path }, slot);
}
