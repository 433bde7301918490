import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { HyperVResource } from "./resource";
import type { HostSettingsArgs, HostSettingsProperties } from "./types.generated";

interface Computed {
  /** Name of the host, as it says it. */
  hostName: string;
}

const names: Names<HostSettingsProperties & Computed> = {
  node: undefined,
  virtualMachinePath: undefined,
  virtualHardDiskPath: undefined,
  macAddressMinimum: undefined,
  macAddressMaximum: undefined,
  numaSpanningEnabled: undefined,
  enableEnhancedSessionMode: undefined,
  resourceMeteringSaveInterval: undefined,
  fibreChannelWwnn: undefined,
  fibreChannelWwpnMinimum: undefined,
  fibreChannelWwpnMaximum: undefined,
  migration: undefined,
  hostName: undefined,
};

export interface HostSettings extends Outputs<HostSettingsProperties & Computed> {}

/**
 * Settings of a Hyper-V host. They are there whatever programs do: what is declared is set, what is not is left alone.
 *
 * ```ts
 * new hyperv.HostSettings("host", { virtualMachinePath: "D:\\machines", virtualHardDiskPath: "D:\\disks" });
 * ```
 *
 * Every node has its own:
 *
 * ```ts
 * for (const [index, node] of ["hv01", "hv02"].entries())
 *   new hyperv.HostSettings(node, {
 *     node,
 *     macAddressMinimum: `00155D0A0${index}00`,
 *     macAddressMaximum: `00155D0A0${index}FF`,
 *     migration: {
 *       enabled: true,
 *       virtualMachineMigrationAuthenticationType: "Kerberos",
 *       useAnyNetworkForMigration: false,
 *       networks: [{ subnet: "10.0.1.0/24", priority: 1 }],
 *     },
 *   });
 * ```
 *
 * `id` is the host's name. Every change is made while machines run. A program has one for each host: two that declare the
 * settings of one host are refused, also if they name different ones.
 *
 * Privileges: Administrators (Windows Server 2022).
 *
 * Errors: *invalid* when a folder does not exist, or a range ends before it begins; *refused* when live migrations are to be on, and
 * the host is in no domain.
 *
 * Destroy forgets the settings, and leaves the host as it is.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class HostSettings extends HyperVResource {
  constructor(name: string, args: HostSettingsArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "HostSettings", names }, name, args, opts);
  }

  /** Reads the settings of a host, by its name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): HostSettings {
    return new HostSettings(name, {}, { ...opts, id });
  }
}
