import { z } from "zod";
import { CheckpointType, StartAction, StopAction } from "../../cmdlets.generated";
import { bytes, hot, off, path, policy, replaces } from "../../schema";

const MiB = 2 ** 20;

/** Memory comes in steps of 2 MiB (recorded: "must be properly aligned", hyper-v.md 2.9). */
const memoryBytes = () =>
  bytes()
    .min(32 * MiB)
    .multipleOf(2 * MiB);

export const processor = z.strictObject({
  /**
   * Number of virtual processors, at least 1; the host sets the upper bound, at most its logical processors.
   * `Set-VMProcessor -Count`. Needs the machine off.
   * @default 1
   */
  count: off(z.int().min(1).max(2048).default(1)),
});

export const memory = z.strictObject({
  /**
   * Memory that the machine starts with, in bytes; a multiple of 2 MiB, at least 32 MiB. `Set-VMMemory -StartupBytes`.
   * With static memory it changes while a guest of Windows 10, Windows Server 2016, a recent Linux or later runs; with
   * dynamic memory it needs the machine off.
   * @default 512 MiB
   */
  startupBytes: hot(memoryBytes().default(512 * MiB)),
  /**
   * Whether Hyper-V moves the memory between `minimumBytes` and `maximumBytes`. `Set-VMMemory -DynamicMemoryEnabled`.
   * Needs the machine off.
   * @default false
   */
  dynamicMemoryEnabled: off(z.boolean().default(false)),
  /**
   * Least memory while it runs, in bytes; at most `startupBytes`. `Set-VMMemory -MinimumBytes`. Only with dynamic memory.
   * Falls while the machine runs, rises with it off.
   * @default 512 MiB, or `startupBytes` if that is less
   */
  minimumBytes: hot(memoryBytes().optional()),
  /**
   * Most memory while it runs, in bytes; at least `startupBytes`; may exceed the host's. `Set-VMMemory -MaximumBytes`.
   * Only with dynamic memory. Rises while the machine runs, falls with it off.
   * @default 1 TiB, or `startupBytes` if that is more
   */
  maximumBytes: hot(memoryBytes().optional()),
  /**
   * Percent of memory that is kept free for growth, 5 to 2000. `Set-VMMemory -Buffer`. Only with dynamic memory. Changes
   * while the machine runs.
   * @default 20
   */
  buffer: hot(z.int().min(5).max(2000).optional()),
});

export const networkAdapter = z.strictObject({
  /**
   * Name of the adapter, unique in the machine: what tells adapters apart. `Add-VMNetworkAdapter -Name`,
   * `Rename-VMNetworkAdapter`. When one name replaces another, the adapter is renamed and keeps its address.
   */
  name: hot(z.string().min(1).max(100)),
  /**
   * Name of the virtual switch that it is connected to; not connected without. `Connect-VMNetworkAdapter`. Changes while
   * the machine runs.
   */
  switchName: hot(z.string().min(1).optional()),
  /**
   * Static MAC address, 12 hexadecimal digits, also as `00-15-5D-01-02-03` or with colons; without, Hyper-V gives one at
   * the first start. `Set-VMNetworkAdapter -StaticMacAddress`. Needs the machine off.
   */
  macAddress: off(
    z
      .string()
      .regex(
        /^([0-9a-f]{12}|[0-9a-f]{2}(-[0-9a-f]{2}){5}|[0-9a-f]{2}(:[0-9a-f]{2}){5})$/i,
        "must be 12 hexadecimal digits, such as 00155D010203",
      )
      .refine((value) => (Number.parseInt(value.slice(0, 2), 16) & 1) === 0, "must not be a multicast address")
      .optional(),
  ),
  /**
   * VLAN id, 1 to 4094, in access mode; untagged without. `Set-VMNetworkAdapterVlan -Access -VlanId`. Changes while the
   * machine runs.
   */
  vlan: hot(z.int().min(1).max(4094).optional()),
});

const slot = {
  /** Number of the controller: IDE 0 and 1, SCSI 0 to 3. Hyper-V's first free place if not given. */
  controllerNumber: hot(z.int().min(0).max(3).optional()),
  /** Place on the controller: IDE 0 and 1, SCSI 0 to 63. The first free one if not given. */
  controllerLocation: hot(z.int().min(0).max(63).optional()),
};

export const hardDiskDrive = z.strictObject({
  /**
   * Path of the `.vhdx` or `.vhd` file: what tells drives apart, also while checkpoints have put other files in front of
   * it. `Add-VMHardDiskDrive -Path`. Added and removed while the machine runs on SCSI, with it off on IDE.
   */
  path: hot(path()),
  /**
   * `SCSI`, or `IDE` on generation 1. `Add-VMHardDiskDrive -ControllerType`. Changes between SCSI places while the machine
   * runs, to and from IDE with it off.
   * @default "IDE" for the first drive of a generation 1 machine, which boots from there; else "SCSI"
   */
  controllerType: hot(z.enum(["IDE", "SCSI"]).optional()),
  ...slot,
});

export const dvdDrive = z.strictObject({
  /**
   * Path of the `.iso` file in the drive; empty without. `Set-VMDvdDrive -Path`. Changes while the machine runs, not while
   * it is saved or paused.
   */
  path: hot(path().optional()),
  /** Number of the controller: IDE on generation 1, SCSI on generation 2. Needs the machine off. */
  controllerNumber: off(z.int().min(0).max(3).optional()),
  /** Place on the controller. Needs the machine off. */
  controllerLocation: off(z.int().min(0).max(63).optional()),
});

/** A device to boot from, named by what it is: exactly one of the three. */
export const bootDevice = z.strictObject({
  /** Path of one of `hardDiskDrives`. */
  hardDiskDrive: path().optional(),
  /** Name of one of `networkAdapters`. */
  networkAdapter: z.string().min(1).optional(),
  /** Position in `dvdDrives`, from 0. */
  dvdDrive: z.int().min(0).optional(),
});

export const firmware = z.strictObject({
  /** Whether only signed boot loaders start. `Set-VMFirmware -EnableSecureBoot`. Needs the machine off. @default "On" */
  secureBoot: off(z.enum(["On", "Off"]).default("On")),
  /**
   * Whose signatures count: `MicrosoftWindows`, `MicrosoftUEFICertificateAuthority` for Linux, `OpenSourceShieldedVM`, or
   * another that the host has (`(Get-VMHost).SecureBootTemplates`). `Set-VMFirmware -SecureBootTemplate`. Needs the machine
   * off; locked for good once a virtual TPM was there.
   * @default "MicrosoftWindows"
   */
  secureBootTemplate: off(z.string().min(1).default("MicrosoftWindows")),
  /**
   * Devices in the order in which they are tried; those not named come after them, and the entries of installed systems
   * keep their place. `Set-VMFirmware -FirstBootDevice`. Needs the machine off. Hyper-V's own order if not given: as the
   * devices were added.
   */
  bootOrder: off(z.array(bootDevice).optional()),
});

export const shutdown = z.strictObject({
  /** Seconds that the guest has to shut down, from 1 to a day. `Stop-VM` itself waits without limit. @default 300 */
  timeoutSeconds: policy(z.int().min(1).max(86400).default(300)),
  /**
   * What happens after them: `Fail` leaves the machine running and reports it, `TurnOff` pulls the plug, and what the
   * guest had not written is lost.
   * @default "Fail"
   */
  onTimeout: policy(z.enum(["Fail", "TurnOff"]).default("Fail")),
});

export const schema = z.strictObject({
  /**
   * Name that Hyper-V shows, up to 100 characters. `New-VM -Name`, `Rename-VM -NewName`. Changes while the machine runs; a
   * cluster role keeps its own name.
   */
  name: hot(z.string().min(1).max(100)),
  /**
   * Node of the provider's `nodes` on which the machine is made; the first one that answers if not given. Says nothing
   * about where it runs later: a machine that moved stays the same machine.
   */
  node: policy(z.string().min(1).optional()),
  /** 1 (BIOS, IDE) or 2 (UEFI, SCSI). `New-VM -Generation`. A change replaces the machine. @default 2 */
  generation: replaces(z.literal([1, 2]).default(2)),
  /**
   * Folder in which Hyper-V makes a folder of the machine's name for its configuration; the host's own if not given.
   * `New-VM -Path`. A change moves the files with `Move-VMStorage` while the machine runs; disks stay where they are.
   */
  path: hot(path().optional()),
  /** Text for people. `Set-VM -Notes`. Changes while the machine runs. @default "" */
  notes: hot(z.string().default("")),
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
    .default([{ name: "Network Adapter" }]),
  /** Hard disk drives, told apart by path. @default none */
  hardDiskDrives: z.array(hardDiskDrive).max(260).default([]),
  /** DVD drives. @default an empty one on generation 1, none on generation 2 */
  dvdDrives: z.array(dvdDrive).max(64).optional(),
  /** UEFI settings; only generation 2 has them. */
  firmware: firmware.optional(),
  /**
   * What happens when the host starts: `Nothing`, `StartIfRunning` when it ran before, `Start`. `Set-VM
   * -AutomaticStartAction`. Changes while the machine runs. Means nothing for a cluster role, where the cluster decides.
   * @default "StartIfRunning"
   */
  automaticStartAction: hot(z.enum(StartAction).default("StartIfRunning")),
  /** Seconds after the host's start. `Set-VM -AutomaticStartDelay`. Changes while the machine runs. @default 0 */
  automaticStartDelay: hot(z.int().min(0).max(2147483647).default(0)),
  /**
   * What happens when the host shuts down: `TurnOff`, `Save`, `ShutDown`. `Set-VM -AutomaticStopAction`. Needs the machine
   * off.
   * @default "Save"
   */
  automaticStopAction: off(z.enum(StopAction).default("Save")),
  /** Kind of checkpoint. `Set-VM -CheckpointType`. Changes while the machine runs. @default "Production" */
  checkpointType: hot(z.enum(CheckpointType).default("Production")),
  /**
   * Power state that the machine is kept in. If not given a new machine stays off, and the state is nobody's drift.
   * `Start-VM`, `Stop-VM`, `Save-VM`, `Suspend-VM`.
   */
  state: hot(z.enum(["Running", "Off", "Saved", "Paused"]).optional()),
  /**
   * Whether a change that needs the machine off may restart it: one graceful shutdown, all such changes, one start.
   * Without, such a change of a running machine is refused in preview.
   * @default false
   */
  allowRestart: policy(z.boolean().default(false)),
  /** How a running machine is shut down: for a restart, for `state: "Off"`, and before it is removed. */
  shutdown: policy(shutdown.prefault({})),
  /**
   * Takes over a machine of this name that is already there, if exactly one is, instead of refusing to make a second one.
   * Nothing that the program does not declare is changed, and destroy leaves the machine.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
export type DesiredAdapter = z.input<typeof networkAdapter>;
export type DesiredDisk = z.input<typeof hardDiskDrive>;
export type DesiredDvd = z.input<typeof dvdDrive>;
