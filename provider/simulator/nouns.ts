import { clusterAffinityRuleCmdlets } from "./cluster/affinity-rule";
import type { Assigning } from "./cluster/assigning";
import { assignCluster, clusterCmdlets } from "./cluster/cluster";
import { clusterDiskCmdlets } from "./cluster/cluster-disk";
import { clusterMembershipCmdlets } from "./cluster/cluster-membership";
import { clusterDependencyCmdlets } from "./cluster/dependency";
import { clusterFaultDomainCmdlets } from "./cluster/fault-domain";
import { clusterGroupCmdlets } from "./cluster/group";
import { assignGroup } from "./cluster/group-property";
import { clusterGroupSetCmdlets } from "./cluster/group-set";
import { clusterMonitoredItemCmdlets } from "./cluster/monitored-item";
import { clusterNetworkCmdlets } from "./cluster/network";
import { assignNetwork } from "./cluster/network-property";
import { newClusterCmdlets } from "./cluster/new-cluster";
import { assignNode, clusterNodeCmdlets } from "./cluster/node";
import { clusterOwnerNodeCmdlets } from "./cluster/owner-node";
import { clusterParameterCmdlets } from "./cluster/parameter";
import { clusterResourceCmdlets } from "./cluster/resource";
import { assignResource } from "./cluster/resource-thing";
import { clusterResourceTypeCmdlets } from "./cluster/resource-type";
import { clusterSharedVolumeCmdlets } from "./cluster/shared-volume";
import { assignVolume } from "./cluster/shared-volume-thing";
import { clusterRoleCmdlets } from "./cluster/virtual-machine-role";
import { clusterQuorumCmdlets } from "./cluster/witness";
import { comPortCmdlets } from "./devices/com-port";
import { driveCmdlets } from "./devices/drive";
import { driveControllerCmdlets } from "./devices/drive-controller";
import { dvdDriveCmdlets } from "./devices/dvd-drive";
import { firmwareCmdlets } from "./devices/firmware";
import { hardDiskDriveCmdlets } from "./devices/hard-disk-drive";
import { integrationServiceCmdlets } from "./devices/integration-service";
import { memoryCmdlets } from "./devices/memory";
import { processorCmdlets } from "./devices/processor";
import type { Cmdlets } from "./engine/cmdlet";
import { checkpointCmdlets } from "./machine/checkpoint";
import { meteringCmdlets } from "./machine/metering";
import { migrationNetworkCmdlets } from "./machine/migration-network";
import { newMachineCmdlets } from "./machine/new-virtual-machine";
import { powerCmdlets } from "./machine/power";
import { replicationCmdlets } from "./machine/replication";
import { replicationEntryCmdlets } from "./machine/replication-entry";
import { failoverCmdlets } from "./machine/replication-failover";
import { replicationConnectionCmdlets } from "./machine/replication-partner";
import { replicationServerCmdlets } from "./machine/replication-server";
import { replicationStateCmdlets } from "./machine/replication-state";
import { securityCmdlets } from "./machine/security";
import { storageMoveCmdlets } from "./machine/storage-move";
import { machineCmdlets } from "./machine/virtual-machine";
import { hostCmdlets } from "./machine/virtual-machine-host";
import { hostSettingsCmdlets } from "./machine/virtual-machine-host-settings";
import { moveCmdlets } from "./machine/virtual-machine-move";
import { machineSettingsCmdlets } from "./machine/virtual-machine-settings";
import { versionCmdlets } from "./machine/virtual-machine-version";
import { ipAddressCmdlets } from "./network/ip-address";
import { natCmdlets } from "./network/nat";
import { netAdapterCmdlets } from "./network/net-adapter";
import { netRouteCmdlets } from "./network/net-route";
import { networkAdapterCmdlets } from "./network/network-adapter";
import { networkAdapterChangeCmdlets } from "./network/network-adapter-change";
import { failoverConfigurationCmdlets } from "./network/network-adapter-failover";
import { networkAdapterSettingsCmdlets } from "./network/network-adapter-settings";
import { teamMappingCmdlets } from "./network/network-adapter-team-mapping";
import { networkAdapterVlanCmdlets } from "./network/network-adapter-vlan";
import { switchCmdlets } from "./network/virtual-switch";
import { switchSettingsCmdlets } from "./network/virtual-switch-settings";
import { switchTeamCmdlets } from "./network/virtual-switch-team";
import { fileCmdlets } from "./storage/file";
import { fileChangeCmdlets } from "./storage/file-change";
import { physicalDiskCmdlets } from "./storage/physical-disk";
import { virtualHardDiskCmdlets } from "./storage/virtual-hard-disk";
import { virtualHardDiskChangeCmdlets } from "./storage/virtual-hard-disk-change";
import { virtualHardDiskMakeCmdlets } from "./storage/virtual-hard-disk-make";
import { virtualHardDiskMountCmdlets } from "./storage/virtual-hard-disk-mount";
import { virtualHardDiskResizeCmdlets } from "./storage/virtual-hard-disk-resize";
import { virtualHardDiskSetCmdlets } from "./storage/virtual-hard-disk-set";

/** Every cmdlet that the simulator plays: the tables of the nouns' files. */
export const cmdlets: Cmdlets = {
  ...machineCmdlets,
  ...newMachineCmdlets,
  ...machineSettingsCmdlets,
  ...versionCmdlets,
  ...hostCmdlets,
  ...hostSettingsCmdlets,
  ...migrationNetworkCmdlets,
  ...meteringCmdlets,
  ...powerCmdlets,
  ...processorCmdlets,
  ...memoryCmdlets,
  ...checkpointCmdlets,
  ...firmwareCmdlets,
  ...securityCmdlets,
  ...replicationCmdlets,
  ...replicationEntryCmdlets,
  ...replicationConnectionCmdlets,
  ...replicationServerCmdlets,
  ...replicationStateCmdlets,
  ...failoverCmdlets,
  ...integrationServiceCmdlets,
  ...comPortCmdlets,
  ...moveCmdlets,
  ...storageMoveCmdlets,
  ...driveCmdlets,
  ...networkAdapterCmdlets,
  ...virtualHardDiskCmdlets,
  ...driveControllerCmdlets,
  ...dvdDriveCmdlets,
  ...fileCmdlets,
  ...fileChangeCmdlets,
  ...physicalDiskCmdlets,
  ...hardDiskDriveCmdlets,
  ...ipAddressCmdlets,
  ...natCmdlets,
  ...netAdapterCmdlets,
  ...netRouteCmdlets,
  ...networkAdapterChangeCmdlets,
  ...networkAdapterSettingsCmdlets,
  ...networkAdapterVlanCmdlets,
  ...teamMappingCmdlets,
  ...failoverConfigurationCmdlets,
  ...virtualHardDiskChangeCmdlets,
  ...virtualHardDiskMakeCmdlets,
  ...virtualHardDiskMountCmdlets,
  ...virtualHardDiskResizeCmdlets,
  ...virtualHardDiskSetCmdlets,
  ...switchCmdlets,
  ...switchSettingsCmdlets,
  ...switchTeamCmdlets,
  ...clusterCmdlets,
  ...clusterNodeCmdlets,
  ...clusterGroupCmdlets,
  ...clusterResourceCmdlets,
  ...clusterParameterCmdlets,
  ...clusterOwnerNodeCmdlets,
  ...clusterRoleCmdlets,
  ...clusterSharedVolumeCmdlets,
  ...clusterDiskCmdlets,
  ...clusterGroupSetCmdlets,
  ...clusterAffinityRuleCmdlets,
  ...clusterFaultDomainCmdlets,
  ...clusterMonitoredItemCmdlets,
  ...clusterDependencyCmdlets,
  ...clusterMembershipCmdlets,
  ...clusterNetworkCmdlets,
  ...newClusterCmdlets,
  ...clusterQuorumCmdlets,
  ...clusterResourceTypeCmdlets,
};

/** By class of the object whose property is set. */
export const assignments: Readonly<Record<string, (assigning: Assigning) => void>> = {
  Cluster: assignCluster,
  ClusterNode: assignNode,
  ClusterGroup: assignGroup,
  ClusterResource: assignResource,
  ClusterNetwork: assignNetwork,
  ClusterSharedVolume: assignVolume,
};

/** Throws where a service that the cmdlet needs does not run. */
export { refuses, warnings } from "./cluster/membership";
