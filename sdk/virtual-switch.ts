import type * as pulumi from "@pulumi/pulumi";
import { type ByName, idOf } from "./look-up";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { VirtualSwitchArgs, VirtualSwitchProperties } from "./types.generated";

interface Computed {
  /** Descriptions of the physical adapters that an External switch is bound to. */
  interfaceDescriptions: string[];
}

const names: Names<VirtualSwitchProperties & Computed> = {
  name: undefined,
  node: undefined,
  switchType: undefined,
  netAdapterNames: undefined,
  allowManagementOS: undefined,
  notes: undefined,
  adopt: undefined,
  interfaceDescriptions: undefined,
};

export interface VirtualSwitch extends Outputs<VirtualSwitchProperties & Computed> {}

/**
 * A virtual switch, which machines connect their network adapters to.
 *
 * ```ts
 * const lab = new hyperv.VirtualSwitch("lab", { switchType: "Private" });
 * ```
 *
 * On a cluster every node has its own; live migration looks for a switch of the same name on the destination:
 *
 * ```ts
 * const uplinks = ["hv01", "hv02"].map(
 *   (node) =>
 *     new hyperv.VirtualSwitch(`uplink-${node}`, {
 *       name: "uplink",
 *       node,
 *       switchType: "External",
 *       netAdapterNames: ["Ethernet 1", "Ethernet 2"],
 *     }),
 * );
 * ```
 *
 * `id` is the switch's GUID. Its name can change; so can its type, while machines stay connected.
 *
 * Privileges: Hyper-V Administrators; External switches need Administrators (Windows Server 2022).
 *
 * Errors: *invalid* when a network adapter does not exist, is wireless, or bound already.
 *
 * Destroy removes the switch, but not while machines are connected to it, whether they run or not, as they would be left
 * without one: it waits a minute for those that are deleted at the same time, and is then an error that names the others.
 * So is a change that replaces the switch. Machines whose `switchName` is an output of the switch are deleted before it;
 * for a replacement disconnect them first. An adopted switch stays.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class VirtualSwitch extends HyperVResource {
  constructor(name: string, args: VirtualSwitchArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "VirtualSwitch", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /**
   * Reads a switch that is managed elsewhere: by its id, a GUID, or by the name that it alone has, `{ name: "lan", node: "HV01" }`.
   * Then too `id` is its GUID. That there is none, or several, is an error.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID> | ByName, opts?: pulumi.CustomResourceOptions): VirtualSwitch {
    return new VirtualSwitch(name, {} as VirtualSwitchArgs, { ...opts, id: idOf("VirtualSwitch", name, id, opts) });
  }
}
