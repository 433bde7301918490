import type { Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { folderExists, isAbsolute, isShared, isUnder } from "../storage/file-system";
import { isClusterNode } from "./virtual-machine-host";

/** Where replicas may lie: a folder that is there, of a cluster on its volumes (D); a share is reached as the caller (R, hyper-v-host.md 6.4). */
export function requireStorage(call: Running, path: string): void {
  const { world, node } = call;
  if (!isAbsolute(path)) call.invalid(`'${path}' is not an absolute path.`);
  if (/^[\\/]{2}/.test(path)) {
    requireShare(call, path);
    return;
  }
  const missing = 0x80070003;
  if (!folderExists(world, node, path))
    call.invalid(coded(`The storage location '${path}' cannot be found.`, missing), signed(missing));
  if (isClusterNode(world, node) && !isShared(world, path, node))
    call.invalid(`The storage location '${path}' is not on storage of the cluster.`);
}

function requireShare(call: Running, path: string): void {
  const denied = 0x80070005;
  if (call.world.session === "remote" && call.world.delegation === "none")
    call.fail("AccessDenied", "PermissionDenied", coded(`Access to '${path}' is denied.`, denied), {
      hresult: signed(denied),
    });
  const unreachable = 0x80070043;
  if (!(call.world.fileShares ?? []).some((share) => isUnder(path, share)))
    call.invalid(coded(`'${path}': The network name cannot be found.`, unreachable), signed(unreachable));
}
