import type { Bound } from "./binder";
import { checkpointCmdlets } from "./checkpoint";
import type { Cmdlets } from "./cmdlet";
import { comPortCmdlets } from "./com-port";
import { driveCmdlets } from "./drive";
import { firmwareCmdlets } from "./firmware";
import { integrationServiceCmdlets } from "./integration-service";
import { memoryCmdlets } from "./memory";
import { networkAdapterCmdlets } from "./network-adapter";
import { newMachineCmdlets } from "./new-virtual-machine";
import { powerCmdlets } from "./power";
import { processorCmdlets } from "./processor";
import { securityCmdlets } from "./security";
import type { Thing } from "./thing";
import { virtualHardDiskCmdlets } from "./virtual-hard-disk";
import { machineCmdlets } from "./virtual-machine";
import { hostCmdlets } from "./virtual-machine-host";
import { moveCmdlets } from "./virtual-machine-move";
import { machineSettingsCmdlets } from "./virtual-machine-settings";
import { versionCmdlets } from "./virtual-machine-version";
import type { Node, World } from "./world";

/** A property of an object is set: the cluster's objects have no Set cmdlet. */
export interface Assigning {
  world: World;
  node: Node;
  target: Thing;
  property: string;
  value: unknown;
}

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
};

/** By class of the object whose property is set. */
export const assignments: Readonly<Record<string, (assigning: Assigning) => void>> = {};

/** Throws where a service that the cmdlet needs does not run. */
export function refuses(_world: World, _node: Node, _bound: Bound): void {}
