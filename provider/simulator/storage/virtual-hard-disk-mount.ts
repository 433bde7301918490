import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { findFile } from "./file-system";
import { mounted, passedVhds, write } from "./virtual-hard-disk";
import { holdersOf, mountedFiles } from "./virtual-hard-disk-holders";
import { inUse, openVhd, refuseLocked } from "./virtual-hard-disk-open";

export const virtualHardDiskMountCmdlets: Cmdlets = {
  "Mount-VHD": mountVhds,
  "Dismount-VHD": dismountVhds,
};

/** A mount opens the file as a machine does: it is attached then, and nobody else gets it (K, hyper-v.md 5 and 6). */
function mountVhds(call: Running): Thing[] {
  const { world, node } = call;
  const paths = call.texts("Path") ?? [];
  const readOnly = call.flag("ReadOnly");
  const opened = paths.map((path) => {
    const { vhd } = openVhd(call, path);
    if (vhd.mountedOn !== null) inUse(call, path);
    if (!readOnly) refuseLocked(call, path);
    else if (holdersOf(world, node, path).some(({ writes }) => writes)) inUse(call, path);
    return { path, vhd };
  });
  for (const { path, vhd } of opened) {
    if (!readOnly) write(world, node, path);
    vhd.diskNumber = nextDiskNumber(call);
    vhd.mountedOn = node.name;
    vhd.mountedReadOnly = readOnly;
  }
  return passedVhds(call, paths);
}

/** Disk 0 is the host's own. */
function nextDiskNumber({ world, node }: Running): number {
  return 1 + Math.max(0, ...mountedFiles(world, node).map(({ vhd }) => vhd?.diskNumber ?? 0));
}

function dismountVhds(call: Running): Thing[] {
  const number = given<number>(call, "DiskNumber");
  const paths = number === undefined ? (call.texts("Path") ?? []) : [mounted(call, number)];
  const gone = paths.map((path) => {
    const vhd = findFile(call.world, call.node, path)?.vhd;
    if (!vhd) call.invalid(`'${path}' is not an existing virtual hard disk file.`);
    if (vhd.mountedOn !== call.node.name) call.operationFailed(`'${path}' is not mounted on this host.`);
    return vhd;
  });
  for (const vhd of gone) Object.assign(vhd, { diskNumber: null, mountedOn: null, mountedReadOnly: false });
  return passedVhds(call, paths);
}
