import { z } from "zod";
import { follows, guid, hot, meant, name, policy, replaces } from "../../schema";

export const schema = z.strictObject({
  /**
   * Id of the machine: `machine.id`; one that shares a disk with others (`supportPersistentReservations`, `.vhds`) is refused.
   * A change makes a checkpoint of that one, and then removes this; where that machine is
   * itself to be replaced, this goes with the old one first.
   */
  vmId: follows(meant(replaces(guid(), "Checkpoint-VM", "VM"))),
  /** Name of the checkpoint, up to 100 characters. Changes at any time. @default the resource's name in the program */
  name: hot(name(), "Rename-VMSnapshot", "NewName"),
  /**
   * `Production` (the guest quiets its disks; with memory if it cannot), `ProductionOnly` (an error if it cannot) or
   * `Standard` (with memory). The machine's own `checkpointType` if not given; another one is set for as long as the
   * checkpoint is taken. A change takes a new checkpoint, of the machine as it is then: first, if it has another name and this one is
   * removed `Alone`; otherwise this one is removed before, as a machine has one of a name.
   */
  // nothing on the host tells the one type from the other (recorded, hyper-v.md 2.8)
  checkpointType: meant(
    replaces(z.enum(["Production", "ProductionOnly", "Standard"]).optional(), "Set-VM", "CheckpointType"),
  ),
  /** Whether the checkpoints that were taken after it go with it (`Subtree`), or stay (`Alone`). @default "Alone" */
  removal: policy(z.enum(["Alone", "Subtree"]).default("Alone"), "Remove-VMSnapshot", "IncludeAllChildSnapshots"),
  /**
   * Takes over a checkpoint of this name that the machine already has, if exactly one is, and leaves it at destroy.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
