import type { Cmdlets } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { Thing } from "../engine/thing";
import type { Cluster } from "../world/world";
import { clusterThing } from "./cluster-thing";
import { clusterOf, codes, refuse } from "./selection";

export const clusterResourceTypeCmdlets: Cmdlets = {
  "Get-ClusterResourceType"(call) {
    const names = call.texts("Name") ?? resourceTypes;
    return names.map((name) => {
      const type = resourceTypeNamed(name);
      if (type === undefined)
        refuse(call, `The cluster resource type '${name}' could not be found`, codes.resourceTypeNotFound);
      return typeThing(clusterOf(call), type);
    });
  },
};

/** What a Windows Server with Hyper-V has (K); the two of machines first. */
const resourceTypes = [
  "Virtual Machine",
  "Virtual Machine Configuration",
  "Virtual Machine Replication Broker",
  "Cloud Witness",
  "DHCP Service",
  "Distributed Network Name",
  "File Server",
  "File Share Witness",
  "Generic Application",
  "Generic Script",
  "Generic Service",
  "IP Address",
  "IPv6 Address",
  "Network Name",
  "Physical Disk",
  "Scale Out File Server",
  "Storage Pool",
  "Storage QoS Policy Manager",
  "Task Scheduler",
] as const;

export function resourceTypeNamed(name: string): string | undefined {
  return resourceTypes.find((type) => sameName(type, name));
}

export function typeThing(cluster: Cluster, type: string): Thing {
  const isMachines = type === "Virtual Machine" || type === "Virtual Machine Configuration";
  return new Thing(
    "ClusterResourceType",
    `ClusterResourceType:${type}`,
    { Name: type },
    () => ({
      Id: type,
      Name: type,
      DisplayName: type,
      Description: "",
      Cluster: () => clusterThing(cluster),
      DllName: isMachines ? "vmclusres.dll" : "clusres.dll",
      PendingTimeout: 180_000,
      DeadlockTimeout: 300_000,
      IsAlivePollInterval: 60_000,
      LooksAlivePollInterval: 5_000,
    }),
    type,
  );
}
