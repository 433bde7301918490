import type { Owner } from "../engine/hardware";
import { copyMark, locate, Thing } from "../engine/thing";
import { baseView, moment } from "./virtual-machine";

export type Kept = Required<Owner>;

/** Production or not, what Checkpoint-VM makes is of this type (recorded, hyper-v.md 2.8). */
export const snapshotType = "Standard";

export function snapshotThing({ machine, checkpoint }: Kept): Thing {
  const identity = { Id: checkpoint.id, VMId: machine.id };
  return new Thing("VMSnapshot", `VMSnapshot:${machine.id}/${checkpoint.id}${copyMark(machine)}`, identity, (world) => {
    const current = locate(world, machine.id, machine.copy)?.machine;
    const kept = current?.checkpoints.find(({ id }) => id === checkpoint.id);
    if (!current || !kept) return undefined;
    const parent = current.checkpoints.find(({ id }) => id === kept.parentId);
    return {
      ...baseView({ machine: current, checkpoint: kept }, world),
      Id: kept.id,
      VMId: current.id,
      Name: kept.name,
      VMName: current.name,
      State: kept.standard ? "Saved" : "Off",
      SnapshotType: snapshotType,
      IsAutomaticCheckpoint: kept.automatic,
      ParentSnapshotId: parent?.id ?? null,
      ParentSnapshotName: parent?.name ?? null,
      CreationTime: moment,
    };
  });
}
