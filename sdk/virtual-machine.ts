import type * as pulumi from "@pulumi/pulumi";
import { type ByName, idOf } from "./look-up";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { VirtualMachineArgs, VirtualMachineProperties } from "./types.generated";

interface Computed {
  /** Addresses of each network adapter, as they were when the machine was last looked at; empty before a guest answers. */
  addresses: { name: string; macAddress: string; ipAddresses: string[] }[];
  /** Computer name of the host that it is on. */
  runsOn: string;
  /** Version of its configuration, also where the program leaves `version` to Hyper-V. */
  configurationVersion: string;
}

const names: Names<VirtualMachineProperties & Computed> = {
  name: undefined,
  node: undefined,
  generation: undefined,
  version: undefined,
  path: undefined,
  snapshotFileLocation: undefined,
  smartPagingFilePath: undefined,
  notes: undefined,
  automaticStartAction: undefined,
  automaticStartDelay: undefined,
  automaticStopAction: undefined,
  automaticCriticalErrorAction: undefined,
  automaticCriticalErrorActionTimeout: undefined,
  checkpointType: undefined,
  automaticCheckpointsEnabled: undefined,
  lockOnDisconnect: undefined,
  lowMemoryMappedIoSpace: undefined,
  highMemoryMappedIoSpace: undefined,
  guestControlledCacheTypes: undefined,
  enhancedSessionTransportType: undefined,
  processor: undefined,
  memory: undefined,
  networkAdapters: undefined,
  scsiControllerCount: undefined,
  hardDiskDrives: undefined,
  dvdDrives: undefined,
  firmware: undefined,
  bios: undefined,
  security: undefined,
  integrationServices: undefined,
  comPort1: undefined,
  comPort2: undefined,
  state: undefined,
  allowRestart: undefined,
  shutdown: undefined,
  busyTimeoutSeconds: undefined,
  waitFor: undefined,
  adopt: undefined,
  addresses: undefined,
  runsOn: undefined,
  configurationVersion: undefined,
};

export interface VirtualMachine extends Outputs<VirtualMachineProperties & Computed> {}

/**
 * A virtual machine.
 *
 * ```ts
 * const web = new hyperv.VirtualMachine("web", { state: "Running" });
 * ```
 *
 * ```ts
 * const db = new hyperv.VirtualMachine("db", {
 *   processor: { count: 4 },
 *   memory: { startupBytes: 4 * GiB, dynamicMemoryEnabled: true, maximumBytes: 16 * GiB },
 *   networkAdapters: [{ name: "front", switchName: lab.name, vlan: 20 }],
 *   hardDiskDrives: [{ path: disk.path }],
 *   firmware: { secureBootTemplate: "MicrosoftUEFICertificateAuthority" },
 *   state: "Running",
 *   allowRestart: true,
 * });
 * ```
 *
 * `id` is the machine's GUID, kept through renames, moves and failovers: a machine that moved is found where it is. Each
 * property changes in the gentlest way that Hyper-V allows; its own text says whether while the machine runs, with the
 * machine off (one restart, if `allowRestart` is set), or by replacement.
 *
 * Privileges: Hyper-V Administrators (Windows Server 2022).
 *
 * Errors: *wrong state* when something needs the machine off, and `allowRestart` is not set: preview says so; *exhausted*
 * when the host has too little memory to start it; *busy* when a disk is in use elsewhere; *refused* when a machine of the
 * name is already there: set `adopt` to take it over.
 *
 * Destroy shuts the machine down as `shutdown` says, removes it with its configuration and checkpoints, and leaves its disks.
 * An adopted machine stays. On a cluster remove its `ClusterVirtualMachineRole` first; in a program that uses the machine's id
 * for the role, the order follows by itself.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class VirtualMachine extends HyperVResource {
  constructor(name: string, args: VirtualMachineArgs = {}, opts?: pulumi.CustomResourceOptions) {
    // who takes over a machine by its id says what it is to be called, or it would be renamed unasked
    const unnamed = args.adopt === undefined || typeof args.adopt === "boolean" ? name : undefined;
    super({ kind: "VirtualMachine", names }, name, { ...args, name: args.name ?? unnamed }, alone(opts));
  }

  /**
   * Reads a machine that is managed elsewhere: by its id, a GUID, or by the name that it alone has, `{ name: "web" }`. Then too `id`
   * is its GUID. That there is none, or several, is an error.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID> | ByName, opts?: pulumi.CustomResourceOptions): VirtualMachine {
    return new VirtualMachine(name, {} as VirtualMachineArgs, { ...opts, id: idOf("VirtualMachine", name, id, opts) });
  }
}
