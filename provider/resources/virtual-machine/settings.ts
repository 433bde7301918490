import { z } from "zod";
import {
  CheckpointType,
  CriticalErrorAction,
  EnhancedSessionTransportType,
  OnOffState,
  StartAction,
  StopAction,
} from "../../calls/cmdlets.generated";
import { hot, off, path } from "../../schema";

const MiB = 2 ** 20;

/** What `Set-VM` sets, one parameter each. */
export const settings = {
  /** Text for people. Changes while the machine runs. @default "" */
  notes: hot(z.string().default(""), "Set-VM", "Notes"),
  /**
   * What happens when the host starts: `Nothing`, `StartIfRunning` when it ran before, `Start`. Changes while the machine
   * runs. Means nothing for a cluster role, where the cluster decides.
   * @default "StartIfRunning"
   */
  automaticStartAction: hot(z.enum(StartAction).default("StartIfRunning"), "Set-VM", "AutomaticStartAction"),
  /** Seconds after the host's start. Changes while the machine runs. @default 0 */
  automaticStartDelay: hot(z.int().min(0).max(2147483647).default(0), "Set-VM", "AutomaticStartDelay"),
  /** What happens when the host shuts down: `TurnOff`, `Save`, `ShutDown`. Needs the machine off. @default "Save" */
  automaticStopAction: off(z.enum(StopAction).default("Save"), "Set-VM", "AutomaticStopAction"),
  /**
   * What happens when the machine's storage is lost: `Pause` keeps it until the storage is back, `None` leaves it to the
   * guest. Changes while the machine runs.
   * @default "Pause"
   */
  automaticCriticalErrorAction: hot(
    z.enum(CriticalErrorAction).default("Pause"),
    "Set-VM",
    "AutomaticCriticalErrorAction",
  ),
  /** Minutes that it stays paused then before it is turned off, at least 1. Changes while the machine runs. @default 30 */
  automaticCriticalErrorActionTimeout: hot(
    z.int().min(1).max(2147483647).default(30),
    "Set-VM",
    "AutomaticCriticalErrorActionTimeout",
  ),
  /**
   * Kind of checkpoint: `Production` (the guest quiets its disks; `Standard` if it cannot), `ProductionOnly`, `Standard`
   * (with memory) or `Disabled`. Changes while the machine runs.
   * @default "Production"
   */
  checkpointType: hot(z.enum(CheckpointType).default("Production"), "Set-VM", "CheckpointType"),
  /**
   * Whether a checkpoint is made at each start. Hyper-V's choice if not given: yes on Windows 10 and 11, no on servers.
   * Changes while the machine runs; unknown to Windows Server 2016.
   */
  automaticCheckpointsEnabled: hot(z.boolean().optional(), "Set-VM", "AutomaticCheckpointsEnabled"),
  /** Whether the console is locked when the last one leaves it. Changes while the machine runs. @default "Off" */
  lockOnDisconnect: hot(z.enum(OnOffState).default("Off"), "Set-VM", "LockOnDisconnect"),
  /**
   * Address space below 4 GiB for devices, in bytes: whole MiB from 128 to 3584 MiB. Needs the machine off.
   * @default 128 MiB
   */
  lowMemoryMappedIoSpace: off(
    z
      .int()
      .min(128 * MiB)
      .max(3584 * MiB)
      .multipleOf(MiB)
      .default(128 * MiB),
    "Set-VM",
    "LowMemoryMappedIoSpace",
  ),
  /**
   * Address space above 4 GiB for devices, in bytes: whole MiB. A machine with a passed-through graphics card needs more.
   * Needs the machine off.
   * @default 512 MiB
   */
  highMemoryMappedIoSpace: off(
    z
      .int()
      .min(0)
      .multipleOf(MiB)
      .default(512 * MiB),
    "Set-VM",
    "HighMemoryMappedIoSpace",
  ),
  /** Whether the guest chooses how its memory is cached, for passed-through devices. Needs the machine off. @default false */
  guestControlledCacheTypes: off(z.boolean().default(false), "Set-VM", "GuestControlledCacheTypes"),
  /**
   * What carries enhanced sessions: `VMBus`, or `HvSocket` for Linux. Hyper-V's choice if not given. Needs the machine off;
   * unknown to Windows Server 2016.
   */
  enhancedSessionTransportType: off(
    z.enum(EnhancedSessionTransportType).optional(),
    "Set-VM",
    "EnhancedSessionTransportType",
  ),
};

/** Where the machine's own files lie. All are moved by storage migration, which any state takes. */
export const places = {
  /**
   * Folder in which Hyper-V makes a folder of the machine's name for its configuration; the host's own if not given. A
   * change moves the files while the machine runs; disks stay where they are. So does a `pulumi up --refresh` after somebody has
   * moved them elsewhere. The machine's own folder goes with a move or a destroy if nothing else is in it.
   */
  path: hot(path().optional(), "Move-VMStorage", "VirtualMachinePath"),
  /**
   * Folder of checkpoints' files; the configuration's if not given. A change moves what is there while the machine runs.
   */
  snapshotFileLocation: hot(path().optional(), "Move-VMStorage", "SnapshotFilePath"),
  /** Folder of the smart paging file; the configuration's if not given. Changes while the machine runs. */
  smartPagingFilePath: hot(path().optional(), "Move-VMStorage", "SmartPagingFilePath"),
};

export const comPorts = {
  /**
   * Named pipe of the first serial port, such as `\\.\pipe\web`, `""` for none. Changes while a generation 1 machine runs;
   * generation 2 needs it off.
   * @default ""
   */
  comPort1: off(pipe(), "Set-VMComPort", "Path"),
  /** The second serial port, likewise. @default "" */
  comPort2: off(pipe(), "Set-VMComPort", "Path"),
};

function pipe() {
  return z
    .string()
    .regex(/^$|^\\\\[^\\]+\\pipe\\[^\\]+$/i, "must be a named pipe such as \\\\.\\pipe\\web, or empty")
    .default("");
}
