import { deleteFile, joinPath, putFile, samePath } from "../storage/file-system";
import { defaultMachinePath } from "../world/host";
import type { Machine, Node, World } from "../world/world";

/** What a machine's configuration is on disk (sizes recorded for an idle machine, hyper-v.md 1.6). */
const files = { vmcx: 73_728, vmgs: 4_194_816, VMRS: 53_248 };

export function putConfiguration(world: World, node: Node, machine: Machine): void {
  // the host's own folder is there since Hyper-V was installed
  if (!samePath(machine.path, defaultMachinePath))
    putFile(world, node, { path: machine.path, kind: "folder", sizeBytes: 0 });
  for (const [extension, sizeBytes] of Object.entries(files))
    putFile(world, node, { path: configurationFile(machine, extension), kind: "file", sizeBytes });
}

/** The folder stays, as it does on a host (K). */
export function dropConfiguration(world: World, node: Node, machine: Machine): void {
  for (const extension of Object.keys(files)) deleteFile(world, node, configurationFile(machine, extension));
}

function configurationFile({ id, path }: Machine, extension: string): string {
  return joinPath(joinPath(path, "Virtual Machines"), `${id.toUpperCase()}.${extension}`);
}
