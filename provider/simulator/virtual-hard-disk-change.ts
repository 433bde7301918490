import type { Cmdlets, Running } from "./cmdlet";
import { deleteFile, findFile, isShared, normalizePath, samePath } from "./file-system";
import { coded, signed } from "./hresult";
import { given } from "./settings";
import type { Thing } from "./thing";
import { chainOf, fileSize, formatOf, type Holder, holdersOf, isCheckpointFile, readVhd } from "./virtual-hard-disk";
import { hasChildren, inUse, openVhd, refuseLocked } from "./virtual-hard-disk-open";
import { refuseFull } from "./volume";
import { type FileEntry, newGuid, type Vhd } from "./world";

export const virtualHardDiskChangeCmdlets: Cmdlets = {
  "Resize-VHD": resizeVhds,
  "Set-VHD": setVhd,
  "Merge-VHD": mergeVhd,
  "Optimize-VHD": optimizeVhds,
  "Test-VHD": testVhds,
};

const MiB = 2 ** 20;

function resizeVhds(call: Running): Thing[] {
  const paths = call.texts("Path") ?? [];
  const resized = paths.map((path) => {
    const { vhd } = openVhd(call, path);
    const sizeBytes = call.flag("ToMinimumSize") ? minimumSize(call, path, vhd) : (call.number("SizeBytes") ?? 0);
    refuseResize(call, path, vhd, sizeBytes);
    return { path, vhd, sizeBytes };
  });
  refuseFull(
    call,
    resized.map(({ path, vhd, sizeBytes }) => ({
      path,
      bytes: vhd.type === "Fixed" ? sizeBytes - vhd.sizeBytes : 0,
    })),
  );
  for (const { path, vhd, sizeBytes } of resized) {
    const file = findFile(call.world, call.node, path);
    vhd.sizeBytes = sizeBytes;
    if (file && vhd.type === "Fixed") file.sizeBytes = fileSize(vhd.format, vhd.type, sizeBytes);
  }
  return passed(call, paths);
}

/** Unknown for a disk whose partitions nobody knows (hyper-v.md 6). */
function minimumSize(call: Running, path: string, { minimumSizeBytes }: Vhd): number {
  return minimumSizeBytes ?? cutsData(call, path);
}

function refuseResize(call: Running, path: string, vhd: Vhd, sizeBytes: number): void {
  if (isCheckpointFile(path) || hasChildren(call, path))
    call.operationFailed(`The system failed to resize '${path}': it belongs to a chain of virtual hard disks.`);
  const limit = vhd.format === "VHD" ? 2040 * 2 ** 30 : 64 * 2 ** 40;
  const incorrect = 0x80070057;
  if (sizeBytes < 3 * MiB || sizeBytes % vhd.logicalSectorSizeBytes !== 0 || sizeBytes > limit)
    call.invalid(
      coded(`The system failed to resize '${path}'. The parameter is incorrect.`, incorrect),
      signed(incorrect),
    );
  if (holdersOf(call.world, call.node, path).some((holder) => !growsFor(call, path, vhd, holder))) inUse(call, path);
  if (sizeBytes >= vhd.sizeBytes) return;
  if (vhd.format === "VHD") call.invalid(`'${path}' is a .vhd, which cannot shrink.`);
  if (vhd.minimumSizeBytes === null || sizeBytes < vhd.minimumSizeBytes) cutsData(call, path);
}

/** Recorded for a shrink by a resize (hyper-v.md 6). */
function cutsData(call: Running, path: string): never {
  const code = 0xc03a0025;
  call.operationFailed(
    coded(
      `The system failed to resize '${path}'. The operation was refused, as it might truncate user data residing on the virtual disk.`,
      code,
    ),
    signed(code),
  );
}

/** While a machine of this node has it on SCSI, in the format that can (D, hyper-v.md 6 and 10 row 22). */
function growsFor({ node }: Running, path: string, { format }: Vhd, holder: Holder): boolean {
  const drive = holder.machine?.drives.find((candidate) => candidate.path !== null && samePath(candidate.path, path));
  return holder.node === node && format !== "VHD" && drive?.controllerType === "SCSI";
}

function passed(call: Running, paths: readonly string[]): Thing[] {
  return call.flag("Passthru") ? paths.map((path) => readVhd(call, path)) : [];
}

function setVhd(call: Running): Thing[] {
  const path = call.text("Path") ?? "";
  if (call.has("ParentPath")) setParent(call, path);
  else if (call.flag("ResetDiskIdentifier")) {
    const { vhd } = openVhd(call, path);
    refuseLocked(call, path);
    call.needsForce();
    vhd.identifier = newGuid(call.world).toUpperCase();
  } else setPhysicalSector(call, path);
  return passed(call, [path]);
}

/** Detached, or online with the leaf that uses the chain (D, hyper-v.md 6). */
function setParent(call: Running, path: string): void {
  const parentPath = call.text("ParentPath") ?? "";
  const vhd = existing(call, path).vhd;
  if (vhd?.type !== "Differencing") call.invalid(`'${path}' is not a differencing virtual hard disk.`);
  if (formatOf(parentPath) !== formatOf(path) && !isCheckpointFile(path))
    call.invalid(`'${parentPath}' has another format than '${path}'.`);
  const parent = openVhd(call, parentPath);
  if (chainOf(call.world, call.node, parentPath).files.some((file) => samePath(file.path, path)))
    call.invalid(`'${parentPath}' stands on '${path}' itself.`);
  if (!call.has("LeafPath")) refuseLocked(call, path);
  if (!call.flag("IgnoreIdMismatch") && parent.vhd.identifier !== parentIdentifier(call, vhd)) idMismatch(call, path);
  if (parent.vhd.sizeBytes > vhd.sizeBytes) idMismatch(call, path);
  vhd.parentPath = normalizePath(parentPath);
  vhd.parentIdentifier = parent.vhd.identifier;
}

/** A disk whose chain may be broken: that is what Set-VHD repairs. */
function existing(call: Running, path: string): FileEntry {
  const file = findFile(call.world, call.node, path);
  if (!file || !formatOf(path)) call.invalid(`'${path}' is not an existing virtual hard disk file.`);
  return file;
}

function parentIdentifier({ world, node }: Running, vhd: Vhd): string | null {
  const parent = vhd.parentPath === null ? undefined : findFile(world, node, vhd.parentPath);
  return parent?.vhd?.identifier ?? vhd.parentIdentifier;
}

function idMismatch(call: Running, path: string): never {
  const code = 0xc03a000e;
  call.operationFailed(
    coded(
      `The chain of '${path}' is broken: the identifiers of the parent and of the differencing disk do not match.`,
      code,
    ),
    signed(code),
  );
}

function setPhysicalSector(call: Running, path: string): void {
  const { vhd } = openVhd(call, path);
  const bytes = call.number("PhysicalSectorSizeBytes") ?? vhd.physicalSectorSizeBytes;
  if (vhd.format === "VHD") call.invalid(`'${path}' is a .vhd, whose sectors are fixed.`);
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
  for (const file of merged) deleteFile(world, node, file.path);
  return passed(call, [destination.path]);
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
  return passed(call, paths);
}

/** True for a disk that can be used; with `-SupportPersistentReservations` for one that guests may share (K). */
function testVhds(call: Running): boolean[] {
  return (call.texts("Path") ?? []).map((path) => {
    const file = existing(call, path);
    const sound = file.vhd !== undefined && chainOf(call.world, call.node, path).broken === undefined;
    return sound && (!call.flag("SupportPersistentReservations") || canBeShared(call, path));
  });
}

/** VHDX and VHD sets on cluster storage (D, K, hyper-v.md 5 and 6). */
export function canBeShared(call: Running, path: string): boolean {
  return formatOf(path) !== "VHD" && isShared(call.world, path);
}
