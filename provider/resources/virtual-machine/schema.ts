import { z } from "zod";
import { guid, hot, name, off, permits, policy, replaces } from "../../schema";
import { bios } from "./bios";
import { dvdDrive, hardDiskDrive } from "./drives";
import { firmware } from "./firmware";
import { integrationServices } from "./integration-services";
import { memory } from "./memory";
import { networkAdapter } from "./network-adapters";
import { processor } from "./processor";
import { security } from "./security";
import { comPorts, places, settings } from "./settings";
import { shutdown } from "./shutdown";
import { waitFor } from "./wait-for";

const adoptSays = "must be true for the one machine of this name, a machine's id (a GUID) for that one, or false";

export const schema = z.strictObject({
  /**
   * Name that Hyper-V shows, up to 100 characters. `New-VM -Name`. Changes while the machine runs; a cluster role keeps its
   * own name.
   * @default the resource's name in the program
   */
  name: hot(name(), "Rename-VM", "NewName"),
  /**
   * Node of the provider's `nodes` on which the machine is made; the first one if not given, and then only while all of them
   * answer, as another may have a machine of the name. In a cluster it says nothing about where the machine runs later: its role's
   * `ownerNode` does. Of hosts that share nothing (the provider's `clustered: false`) a change moves the machine there with its
   * storage, running or off: `Compare-VM`, then `Move-VM`. Its id and the paths of its files stay, and nothing is moved before
   * the hosts find nothing in the way. A machine that somebody else has moved stays the same machine, and is not brought back.
   * Needs the rights of Hyper-V Administrators on both hosts.
   */
  node: policy(z.string().min(1).optional()),
  /** 1 (BIOS, IDE) or 2 (UEFI, SCSI). A change replaces the machine. @default 2 */
  generation: replaces(z.literal([1, 2]).default(2), "New-VM", "Generation"),
  /**
   * Configuration version, such as `"10.0"`: what the host's build supports, its newest if not given. A higher one than the
   * machine has upgrades it, which there is no way back from: only to the newest of its host, and only when asked. A lower
   * one is refused. Needs the machine off.
   */
  version: off(
    z
      .string()
      .regex(/^\d+\.\d+$/, 'must be a version such as "10.0"')
      .optional(),
    "Update-VMVersion",
  ),
  ...places,
  ...settings,
  /** Virtual processors. */
  processor: processor.prefault({}),
  /** Memory, static or dynamic. */
  memory: memory.prefault({}),
  /**
   * Network adapters, told apart by name. Generation 2 gains and loses adapters while it runs, generation 1 with it off.
   * @default one that is not connected, as Hyper-V makes it
   */
  networkAdapters: z
    .array(networkAdapter)
    .max(68)
    .default([{ name: "Network Adapter" }] as z.output<typeof networkAdapter>[]),
  /**
   * SCSI controllers, 0 to 4: at least as many as the drives' places need. Needs the machine off; one on which something is
   * stays.
   * @default as many as the drives need, or as there are
   */
  scsiControllerCount: off(z.int().min(0).max(4).optional(), "Add-VMScsiController"),
  /** Hard disk drives, told apart by path. @default none */
  hardDiskDrives: z.array(hardDiskDrive).max(260).default([]),
  /** DVD drives. @default an empty one on generation 1, none on generation 2 */
  dvdDrives: z.array(dvdDrive).max(64).optional(),
  /** UEFI settings; only generation 2 has them. */
  firmware: firmware.optional(),
  /** BIOS settings; only generation 1 has them. */
  bios: bios.optional(),
  /** Virtual TPM, encryption and shielding; only generation 2 has them. */
  security: security.optional(),
  /** What the guest and the host tell each other. Changes reach a running guest at once. */
  integrationServices: integrationServices.prefault({}),
  ...comPorts,
  /**
   * Power state that the machine is kept in. If not given a new machine stays off, and the state is nobody's drift.
   * `Start-VM`, `Stop-VM`, `Save-VM`, `Suspend-VM`.
   */
  state: permits(hot(z.enum(["Running", "Off", "Saved", "Paused"]).optional(), "Start-VM")),
  /**
   * Whether a change that needs the machine off may restart it: one graceful shutdown, all such changes, one start. Where
   * one of them fails, the machine is started all the same, by the next up if need be. Without, such a change of a running
   * machine is refused in preview.
   * @default false
   */
  allowRestart: permits(policy(z.boolean().default(false))),
  /** How a running machine is shut down: for a restart, for `state: "Off"`, and before it is removed. */
  shutdown: policy(shutdown.prefault({})),
  /**
   * Seconds that changes wait for a machine which is busy with a backup, a checkpoint, a merge of disks or a migration, or
   * on its way from one state to another; from 1 to a day.
   * @default 600
   */
  busyTimeoutSeconds: policy(z.int().min(1).max(86400).default(600)),
  /** What must be there before create or update has succeeded; only with `state: "Running"`. @default nothing */
  waitFor: policy(waitFor.optional()),
  /**
   * Takes over a machine of this name that is already there, if exactly one is, instead of refusing to make a second one.
   * With a machine's id, a GUID, it takes over that one, whatever its name; then `name` is required, and what the machine
   * is called from then on. Nothing that the program does not declare is changed, nor what it leaves open of an adapter or
   * drive; of a list that it declares, what is not in it goes. Destroy leaves the machine. Both hold also once `adopt` is
   * taken out again; on a machine that this resource has made it has no effect.
   * @default false
   */
  adopt: policy(z.union([z.boolean(), guid(adoptSays)], adoptSays).default(false)),
});

export type Desired = z.input<typeof schema>;
