import { z } from "zod";
import { follows, guid, meant, policy, replaces } from "../../schema";

const text = () => z.string().trim().min(1).optional();

export const schema = z.strictObject({
  /**
   * Id of the machine: `role.id`, so that the role is there first. It must run, and its guest must answer: Windows with the cluster's tools, in
   * the domain of the cluster or one that this trusts, with the firewall rules "Virtual Machine Monitoring". A change watches the other
   * machine's guest instead.
   */
  vmId: follows(meant(replaces(guid(), "Add-ClusterVMMonitoredItem", "VMId"))),
  /**
   * Name of the service that is watched, as `Get-Service` in the guest has it: `spooler`. After its third failure the cluster restarts the
   * machine, or moves it. Either this, or the three properties of an event. A change watches the other one instead.
   */
  service: replaces(text(), "Add-ClusterVMMonitoredItem", "Service"),
  /** Log of the event that is watched: `System`. With `eventSource` and `eventId`. A change watches the other one instead. */
  eventLog: replaces(text(), "Add-ClusterVMMonitoredItem", "EventLog"),
  /** Source of the event that is watched: `disk`. A change watches the other one instead. */
  eventSource: replaces(text(), "Add-ClusterVMMonitoredItem", "EventSource"),
  /** Id of the event that is watched, 0 to 65535. A change watches the other one instead. */
  eventId: replaces(z.int().min(0).max(65_535).optional(), "Add-ClusterVMMonitoredItem", "EventId"),
  /** Takes over what is watched already, and leaves it so at destroy. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
