import type { Cmdlets, Running } from "../engine/cmdlet";
import { signed } from "../engine/hresult";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { newGuid, type Vhd } from "../world/world";
import { normalizePath, removeFile, samePath } from "./file-system";
import { existingVhd, fileSize, formatOf, isCheckpointFile, passedVhds, write } from "./virtual-hard-disk";
import { chainOf, mismatchCode, mismatchMessage } from "./virtual-hard-disk-chain";
import { holdersOf } from "./virtual-hard-disk-holders";
import { inUse, openVhd, refuseLocked } from "./virtual-hard-disk-open";
import { canBeShared, cannotBeShared } from "./virtual-hard-disk-sharing";

export const virtualHardDiskChangeCmdlets: Cmdlets = {
  "Set-VHD": setVhd,
  "Merge-VHD": mergeVhd,
  "Optimize-VHD": optimizeVhds,
  "Test-VHD": testVhds,
};

function setVhd(call: Running): Thing[] {
  const path = call.text("Path") ?? "";
  if (call.has("ParentPath")) setParent(call, path);
  else if (call.flag("ResetDiskIdentifier")) resetIdentifier(call, path);
  else setPhysicalSector(call, path);
  return passedVhds(call, [path]);
}

/** The children of the disk do not know their parent any more (D, hyper-v.md 6 and hyper-v-devices.md 2.1). */
function resetIdentifier(call: Running, path: string): void {
  const { vhd } = openVhd(call, path);
  requireVhdx(call, path, vhd);
  refuseLocked(call, path);
  call.needsForce();
  vhd.identifier = newGuid(call.world).toUpperCase();
}

/** D, hyper-v-devices.md 2.1. */
function requireVhdx(call: Running, path: string, { format }: Vhd): void {
  if (format !== "VHDX") call.invalid(`'${path}' is no VHDX, which this needs.`);
}

/** Detached, or online with the leaf that uses the chain; the old parent may be gone (D, hyper-v.md 6). */
function setParent(call: Running, path: string): void {
  const parentPath = call.text("ParentPath") ?? "";
  const { vhd } = existingVhd(call, path);
  if (vhd.type !== "Differencing") call.invalid(`'${path}' is not a differencing virtual hard disk.`);
  if (formatOf(parentPath) !== vhd.format) call.invalid(`'${parentPath}' has another format than '${path}'.`);
  // D: no checkpoint's file is a parent, except of another
  if (isCheckpointFile(parentPath) && !isCheckpointFile(path))
    call.invalid(`'${parentPath}' is a checkpoint's file, which cannot be a parent.`);
  const parent = openVhd(call, parentPath);
  if (chainOf(call.world, call.node, parentPath).files.some((file) => samePath(file.path, path)))
    call.invalid(`'${parentPath}' stands on '${path}' itself.`);
  if (call.has("LeafPath")) refuseLeaf(call, path);
  else refuseLocked(call, path);
  refuseLocked(call, parentPath, "parent");
  if (parent.vhd.identifier !== vhd.parentIdentifier && !call.flag("IgnoreIdMismatch")) idMismatch(call, path);
  if (parent.vhd.sizeBytes > vhd.sizeBytes) idMismatch(call, path);
  vhd.parentPath = normalizePath(parentPath);
  vhd.parentIdentifier = parent.vhd.identifier;
}

/** The leaf stands on the disk that gets another parent, which is only read then (D, K). */
function refuseLeaf(call: Running, path: string): void {
  const leaf = call.text("LeafPath") ?? "";
  existingVhd(call, leaf);
  if (!chainOf(call.world, call.node, leaf).files.some((file) => samePath(file.path, path)))
    call.invalid(`'${leaf}' does not stand on '${path}'.`);
  refuseLocked(call, path, "parent");
}

function idMismatch(call: Running, path: string): never {
  call.operationFailed(
    `The system failed to set the parent of '${path}'. ${mismatchMessage} (${mismatchCode})`,
    signed(Number(mismatchCode)),
  );
}

function setPhysicalSector(call: Running, path: string): void {
  const { vhd } = openVhd(call, path);
  const bytes = call.number("PhysicalSectorSizeBytes") ?? vhd.physicalSectorSizeBytes;
  requireVhdx(call, path, vhd);
  if (bytes < vhd.logicalSectorSizeBytes)
    call.invalid(`'${path}' has logical sectors of ${vhd.logicalSectorSizeBytes}.`);
  refuseLocked(call, path);
  vhd.physicalSectorSizeBytes = bytes;
}

/** Into the parent, or a disk further below: what lies between ends with it (D, hyper-v.md 6). */
function mergeVhd(call: Running): Thing[] {
  const { world, node } = call;
  const path = call.text("Path") ?? "";
  const { vhd } = openVhd(call, path);
  if (vhd.type !== "Differencing") call.invalid(`'${path}' is not a differencing virtual hard disk.`);
  const target = given<string>(call, "DestinationPath") ?? vhd.parentPath;
  const { files } = chainOf(world, node, path);
  const at = files.findIndex((file) => target !== null && samePath(file.path, target));
  const destination = files[at];
  if (at < 1 || !destination?.vhd) call.invalid(`'${target ?? ""}' is not a parent of '${path}'.`);
  const merged = files.slice(0, at);
  for (const file of [...merged, destination]) if (holdersOf(world, node, file.path).length > 0) inUse(call, file.path);
  call.needsForce();
  destination.vhd.sizeBytes = vhd.sizeBytes;
  if (destination.vhd.type === "Fixed")
    destination.sizeBytes = fileSize(destination.vhd.format, "Fixed", vhd.sizeBytes);
  else destination.sizeBytes = Math.max(...files.slice(0, at + 1).map(({ sizeBytes }) => sizeBytes));
  for (const file of merged) removeFile(world, node, file.path);
  write(world, node, destination.path);
  return passedVhds(call, [destination.path]);
}

/** Detached, or mounted read-only; fixed disks have nothing to give back (D, hyper-v.md 6). */
function optimizeVhds(call: Running): Thing[] {
  const paths = call.texts("Path") ?? [];
  for (const path of paths) {
    const { vhd } = openVhd(call, path);
    if (vhd.type === "Fixed")
      call.operationFailed(`'${path}' is a fixed virtual hard disk, which cannot be compacted.`);
    if (!(vhd.mountedOn === call.node.name && vhd.mountedReadOnly)) refuseLocked(call, path);
  }
  return passedVhds(call, paths);
}

/**
 * True for a disk that can be used. Where guests are to share it, its place must allow that: which is an error, as Add-VMHardDiskDrive's
 * is (K, hyper-v-devices.md 1).
 */
function testVhds(call: Running): boolean[] {
  return (call.texts("Path") ?? []).map((path) => {
    existingVhd(call, path);
    if (call.flag("SupportPersistentReservations") && !canBeShared(call, path)) cannotBeShared(call, path);
    return chainOf(call.world, call.node, path).broken === undefined;
  });
}
