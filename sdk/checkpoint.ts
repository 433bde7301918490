import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { CheckpointArgs, CheckpointProperties } from "./types.generated";

interface Computed {
  /** Id of the checkpoint before it; none for the first. */
  parentCheckpointId: string | undefined;
  /** Whether the machine's memory is in it: applied, the machine goes on where it was. */
  hasMemory: boolean;
}

const names: Names<CheckpointProperties & Computed> = {
  vmId: undefined,
  name: undefined,
  checkpointType: undefined,
  removal: undefined,
  adopt: undefined,
  parentCheckpointId: undefined,
  hasMemory: undefined,
};

export interface Checkpoint extends Outputs<CheckpointProperties & Computed> {}

/**
 * A checkpoint of a virtual machine: its settings and disks as they are when the resource is made.
 *
 * ```ts
 * new hyperv.Checkpoint("before-upgrade", { vmId: db.id });
 * ```
 *
 * ```ts
 * new hyperv.Checkpoint("with-memory", { vmId: db.id, checkpointType: "Standard", removal: "Subtree" });
 * ```
 *
 * `id` is the checkpoint's GUID. It is taken once, when the resource is made, and never anew by itself; applying one is not
 * a state that a program can keep, and stays `Restore-VMSnapshot`. Machines with checkpoints keep working in every way: their
 * disks are still named by the files that the program names.
 *
 * Privileges: Hyper-V Administrators (Windows Server 2022).
 *
 * Errors: *wrong state* when checkpoints are disabled for the machine and no `checkpointType` is given; *refused* when the
 * guest cannot be quieted for `ProductionOnly`, or a disk is shared, or there are 50; *refused* when the machine already has
 * a checkpoint of the name: set `adopt`, or choose another.
 *
 * Destroy removes the checkpoint, waits until its disks are merged, and keeps what the machine has written since. An adopted
 * checkpoint stays. When the machine is deleted its checkpoints go with it.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class Checkpoint extends HyperVResource {
  constructor(name: string, args: CheckpointArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "Checkpoint", names }, name, { ...args, name: args.name ?? name }, opts);
  }

  /** Reads one that is managed elsewhere, by its id. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Checkpoint {
    return new Checkpoint(name, {} as CheckpointArgs, { ...opts, id });
  }
}
