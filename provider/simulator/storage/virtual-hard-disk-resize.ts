import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import type { Thing } from "../engine/thing";
import type { FileEntry, Vhd } from "../world/world";
import { samePath } from "./file-system";
import { fileSize, isCheckpointFile, passedVhds } from "./virtual-hard-disk";
import { dataOf } from "./virtual-hard-disk-data";
import { type Holder, holdersOf } from "./virtual-hard-disk-holders";
import { hasChildren, inUse, openVhd } from "./virtual-hard-disk-open";
import { refuseFull } from "./volume";

export const virtualHardDiskResizeCmdlets: Cmdlets = {
  "Resize-VHD": resizeVhds,
};

const MiB = 2 ** 20;

interface Resize {
  path: string;
  file: FileEntry;
  vhd: Vhd;
  sizeBytes: number;
}

function resizeVhds(call: Running): Thing[] {
  const paths = call.texts("Path") ?? [];
  const resizes = paths.map((path) => {
    const file = openVhd(call, path);
    const { vhd } = file;
    const sizeBytes = call.flag("ToMinimumSize") ? minimumSize(call, path, vhd) : (call.number("SizeBytes") ?? 0);
    const resize = { path, file, vhd, sizeBytes };
    refuseResize(call, resize);
    return resize;
  });
  refuseFull(
    call,
    resizes.map(({ path, vhd, sizeBytes }) => ({
      path,
      bytes: vhd.type === "Fixed" ? sizeBytes - vhd.sizeBytes : 0,
    })),
  );
  for (const { file, sizeBytes } of resizes)
    for (const one of [file, dataOf(call.world, call.node, file)]) if (one) setSize(one, sizeBytes);
  return passedVhds(call, paths);
}

function setSize(file: FileEntry, sizeBytes: number): void {
  if (!file.vhd) return;
  file.vhd.sizeBytes = sizeBytes;
  if (file.vhd.type === "Fixed") file.sizeBytes = fileSize(file.vhd.format, "Fixed", sizeBytes);
}

/** Unknown for a disk whose partitions nobody knows (hyper-v.md 6). */
function minimumSize(call: Running, path: string, { minimumSizeBytes }: Vhd): number {
  return minimumSizeBytes ?? cutsData(call, path);
}

function refuseResize(call: Running, resize: Resize): void {
  const { path, vhd, sizeBytes } = resize;
  if (isCheckpointFile(path) || hasChildren(call, path))
    call.operationFailed(`The system failed to resize '${path}': it belongs to a chain of virtual hard disks.`);
  const limit = vhd.format === "VHD" ? 2040 * 2 ** 30 : 64 * 2 ** 40;
  const incorrect = 0x80070057;
  if (sizeBytes < 3 * MiB || sizeBytes % vhd.logicalSectorSizeBytes !== 0 || sizeBytes > limit)
    call.invalid(
      coded(`The system failed to resize '${path}'. The parameter is incorrect.`, incorrect),
      signed(incorrect),
    );
  if (isHeld(call, resize)) inUse(call, path);
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

/** A VHD Set grows under all its machines, asked of a node that has it open (D, K, hyper-v-devices.md 1). */
function isHeld(call: Running, { path, vhd, sizeBytes }: Resize): boolean {
  const holders = holdersOf(call.world, call.node, path);
  if (holders.length === 0) return false;
  if (vhd.format === "VHDSet")
    return (
      sizeBytes < vhd.sizeBytes ||
      holders.some((holder) => !isOnScsi(holder, path)) ||
      holders.every(({ node }) => node !== call.node)
    );
  // a shared VHDX wants every machine that has it off (D)
  return holders.some(
    (holder) => vhd.format === "VHD" || holder.shares || holder.node !== call.node || !isOnScsi(holder, path),
  );
}

/** A machine's disk on SCSI: what is resized while it is used (D, hyper-v.md 6 and 10 row 22). */
function isOnScsi({ machine }: Holder, path: string): boolean {
  const drive = machine?.drives.find((candidate) => candidate.path !== null && samePath(candidate.path, path));
  return drive?.controllerType === "SCSI";
}
