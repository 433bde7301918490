import type { Assigning } from "./assigning";
import { checkpointCmdlets } from "./checkpoint";
import { assignCluster, clusterCmdlets } from "./cluster";
import { assignGroup, clusterGroupCmdlets } from "./cluster-group";
import { assignNode, clusterNodeCmdlets } from "./cluster-node";
import { clusterOwnerNodeCmdlets } from "./cluster-owner-node";
import { clusterParameterCmdlets } from "./cluster-parameter";
import { assignResource, clusterResourceCmdlets } from "./cluster-resource";
import { clusterSharedVolumeCmdlets } from "./cluster-shared-volume";
import { clusterRoleCmdlets } from "./cluster-virtual-machine-role";
import type { Cmdlets } from "./cmdlet";
import { comPortCmdlets } from "./com-port";
import { driveCmdlets } from "./drive";
import { driveControllerCmdlets } from "./drive-controller";
import { dvdDriveCmdlets } from "./dvd-drive";
import { fileCmdlets } from "./file";
import { fileChangeCmdlets } from "./file-change";
import { firmwareCmdlets } from "./firmware";
import { hardDiskDriveCmdlets } from "./hard-disk-drive";
import { integrationServiceCmdlets } from "./integration-service";
import { ipAddressCmdlets } from "./ip-address";
import { memoryCmdlets } from "./memory";
import { natCmdlets } from "./nat";
import { netAdapterCmdlets } from "./net-adapter";
import { networkAdapterCmdlets } from "./network-adapter";
import { networkAdapterChangeCmdlets } from "./network-adapter-change";
import { networkAdapterSettingsCmdlets } from "./network-adapter-settings";
import { networkAdapterVlanCmdlets } from "./network-adapter-vlan";
import { newMachineCmdlets } from "./new-virtual-machine";
import { powerCmdlets } from "./power";
import { processorCmdlets } from "./processor";
import { securityCmdlets } from "./security";
import { virtualHardDiskCmdlets } from "./virtual-hard-disk";
import { virtualHardDiskChangeCmdlets } from "./virtual-hard-disk-change";
import { virtualHardDiskMakeCmdlets } from "./virtual-hard-disk-make";
import { virtualHardDiskMountCmdlets } from "./virtual-hard-disk-mount";
import { machineCmdlets } from "./virtual-machine";
import { hostCmdlets } from "./virtual-machine-host";
import { moveCmdlets } from "./virtual-machine-move";
import { machineSettingsCmdlets } from "./virtual-machine-settings";
import { versionCmdlets } from "./virtual-machine-version";
import { switchCmdlets } from "./virtual-switch";
import { switchSettingsCmdlets } from "./virtual-switch-settings";
import { switchTeamCmdlets } from "./virtual-switch-team";

/** Every cmdlet that the simulator plays: the tables of the nouns' files. */
export const cmdlets: Cmdlets = {
  ...machineCmdlets,
  ...newMachineCmdlets,
  ...machineSettingsCmdlets,
  ...versionCmdlets,
  ...hostCmdlets,
  ...powerCmdlets,
  ...processorCmdlets,
  ...memoryCmdlets,
  ...checkpointCmdlets,
  ...firmwareCmdlets,
  ...securityCmdlets,
  ...integrationServiceCmdlets,
  ...comPortCmdlets,
  ...moveCmdlets,
  ...driveCmdlets,
  ...networkAdapterCmdlets,
  ...virtualHardDiskCmdlets,
  ...driveControllerCmdlets,
  ...dvdDriveCmdlets,
  ...fileCmdlets,
  ...fileChangeCmdlets,
  ...hardDiskDriveCmdlets,
  ...ipAddressCmdlets,
  ...natCmdlets,
  ...netAdapterCmdlets,
  ...networkAdapterChangeCmdlets,
  ...networkAdapterSettingsCmdlets,
  ...networkAdapterVlanCmdlets,
  ...virtualHardDiskChangeCmdlets,
  ...virtualHardDiskMakeCmdlets,
  ...virtualHardDiskMountCmdlets,
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
};

/** By class of the object whose property is set. */
export const assignments: Readonly<Record<string, (assigning: Assigning) => void>> = {
  Cluster: assignCluster,
  ClusterNode: assignNode,
  ClusterGroup: assignGroup,
  ClusterResource: assignResource,
};

/** Throws where a service that the cmdlet needs does not run. */
export { refuses } from "./cluster-membership";
