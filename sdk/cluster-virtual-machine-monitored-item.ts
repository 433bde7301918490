import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type {
  ClusterVirtualMachineMonitoredItemArgs,
  ClusterVirtualMachineMonitoredItemProperties,
} from "./types.generated";

interface Computed {
  /** Whether the guest has it now: one that was built anew has lost it, and the next `pulumi up` adds it again. */
  isMonitored: boolean;
}

const names: Names<ClusterVirtualMachineMonitoredItemProperties & Computed> = {
  vmId: undefined,
  service: undefined,
  eventLog: undefined,
  eventSource: undefined,
  eventId: undefined,
  adopt: undefined,
  isMonitored: undefined,
};

export interface ClusterVirtualMachineMonitoredItem
  extends Outputs<ClusterVirtualMachineMonitoredItemProperties & Computed> {}

/**
 * A service or an event in a guest that the cluster watches: when the service fails for the third time, or the event occurs, the cluster
 * restarts the machine, or moves it.
 *
 * ```ts
 * const role = new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id });
 * new hyperv.ClusterVirtualMachineMonitoredItem("web-spooler", { vmId: role.id, service: "spooler" });
 * ```
 *
 * ```ts
 * const role = new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id });
 * new hyperv.ClusterVirtualMachineMonitoredItem("web-disk", {
 *   vmId: role.id,
 *   eventLog: "System",
 *   eventSource: "disk",
 *   eventId: 7,
 * });
 * ```
 *
 * Needs a provider with `nodes`, and a running role whose guest answers: let the machine wait for its heartbeat (`waitFor`). `id` is the machine's
 * id, a slash and the name that the cluster has for the item. The cluster reacts only while the role's `checkApplicationHealth` is on.
 *
 * Privileges: Administrators on the nodes and in the guest.
 *
 * Errors: *invalid* when the machine is no role, does not run, or its guest does not answer: one message says what is missing; *refused*
 * when the item is watched already (set `adopt`). While the role is offline a refresh leaves the item as it was; while it is online and
 * the guest does not answer, a refresh is *unreachable*.
 *
 * Destroy stops watching, for which the machine must run. An adopted item stays.
 */
export class ClusterVirtualMachineMonitoredItem extends HyperVResource {
  constructor(name: string, args: ClusterVirtualMachineMonitoredItemArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "ClusterVirtualMachineMonitoredItem", names }, name, args, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its id: `<id of the machine>/spooler`. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): ClusterVirtualMachineMonitoredItem {
    return new ClusterVirtualMachineMonitoredItem(name, {} as ClusterVirtualMachineMonitoredItemArgs, { ...opts, id });
  }
}
