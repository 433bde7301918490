import type { Running } from "../engine/cmdlet";
import { isActive } from "../world/machine-state";
import type { Cluster, Group } from "../world/world";
import type { Migration } from "./migration";
import { oneOf, type Properties, unset } from "./property";
import { resourceOf, roleOf } from "./role";
import { clusterOf } from "./selection";

/** Private properties of the machine's resource (D, K; hyper-v.md 7.2, hyper-v-host.md 14). */
const machineParameters: Properties = {
  DefaultMoveType: { default: unset, wrong: oneOf(0, 1, 2, 3, 4, unset) },
  OfflineAction: { default: 1, wrong: oneOf(0, 1, 2, 3) },
  ShutdownAction: { default: 0, wrong: oneOf(0, 1) },
  CheckHeartbeat: { default: 1, wrong: oneOf(0, 1) },
  CheckApplicationHealth: { default: 1, wrong: oneOf(0, 1) },
};

/** By type: what resources of it have of their own that can be set (D, S; hyper-v-host.md 6.3, 9.1). */
export const resourceParameters: Readonly<Record<string, Properties>> = {
  "Virtual Machine": machineParameters,
  "IP Address": {
    Network: { default: "" },
    Address: { default: "" },
    SubnetMask: { default: "" },
    EnableNetBIOS: { default: 0, wrong: oneOf(0, 1) },
    OverrideAddressMatch: { default: 0, wrong: oneOf(0, 1) },
    EnableDhcp: { default: 0, wrong: oneOf(0, 1) },
    ProbePort: { default: 0 },
    ProbeFailureThreshold: { default: 0 },
  },
  "Network Name": {
    Name: { default: "" },
    DnsName: { default: "" },
    RemapPipeNames: { default: 0 },
    HostRecordTTL: { default: 1200 },
    RegisterAllProvidersIP: { default: 0, wrong: oneOf(0, 1) },
    PublishPTRRecords: { default: 0, wrong: oneOf(0, 1) },
  },
  "File Share Witness": { SharePath: { default: "" }, ArbitrationDelay: { default: 6 } },
  "Cloud Witness": { AccountName: { default: "" }, EndpointInfo: { default: "" }, ContainerName: { default: "" } },
};

/** Of the type of resource: what its resources inherit, and by ids the networks of live migrations (D, hyper-v-host.md 11). */
export const typeParameters: Readonly<Record<string, Properties>> = {
  "Virtual Machine": {
    DefaultMoveType: { default: 4, wrong: oneOf(0, 1, 2, 3, 4) },
    MoveTypeThreshold: { default: 2000 },
    MigrationExcludeNetworks: { default: "" },
    MigrationNetworkOrder: { default: "" },
  },
};

export function parameterOf(cluster: Cluster, type: string, name: string): number | string | undefined {
  return cluster.resourceTypes[type]?.[name] ?? typeParameters[type]?.[name]?.default;
}

export function offlineAction(group: Group): number {
  return Number(
    resourceOf(group, "Virtual Machine")?.parameters.OfflineAction ?? machineParameters.OfflineAction?.default,
  );
}

const migrations: Readonly<Record<number, Migration>> = {
  0: "TurnOff",
  1: "Quick",
  2: "Shutdown",
  3: "ShutdownForce",
  4: "Live",
};

/** How a role goes when nobody says: as its resource or the type of it was told, else as the cmdlet does; as it is when it does not run. */
export function impliedMigration(call: Running, group: Group, otherwise: Migration): Migration {
  const role = roleOf(call.world, group);
  if (!role || !isActive(role.machine)) return "Quick";
  const own = resourceOf(group, "Virtual Machine")?.parameters.DefaultMoveType ?? unset;
  const told = own === unset ? clusterOf(call).resourceTypes["Virtual Machine"]?.DefaultMoveType : own;
  return migrations[Number(told ?? unset)] ?? otherwise;
}
