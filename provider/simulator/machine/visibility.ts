import type { Running } from "../engine/cmdlet";
import { hasVolume, isShared, isUnder } from "../storage/file-system";
import { isActive } from "../world/machine-state";
import type { Machine } from "../world/world";

/** A role that is offline is seen by no Get-VM while the volume of its files is away: it is not gone (V, hyper-v-host.md 10). */
export function isHidden({ world, node }: Running, machine: Machine): boolean {
  if (machine.groupId === null || isActive(machine)) return false;
  return (
    isUnder(machine.path, "C:\\ClusterStorage") &&
    !(isShared(world, machine.path, node) && hasVolume(world, node, machine.path))
  );
}
