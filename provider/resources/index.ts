import { checkpoint } from "./checkpoint/definition";
import { cluster } from "./cluster/definition";
import { clusterAffinityRule } from "./cluster-affinity-rule/definition";
import { clusterFaultDomain } from "./cluster-fault-domain/definition";
import { clusterGroupSet } from "./cluster-group-set/definition";
import { clusterMigrationNetworks } from "./cluster-migration-networks/definition";
import { clusterNetwork } from "./cluster-network/definition";
import { clusterNode } from "./cluster-node/definition";
import { clusterQuorum } from "./cluster-quorum/definition";
import { clusterSettings } from "./cluster-settings/definition";
import { clusterSharedVolume } from "./cluster-shared-volume/definition";
import { clusterVirtualMachineMonitoredItem } from "./cluster-virtual-machine-monitored-item/definition";
import { clusterVirtualMachineRole } from "./cluster-virtual-machine-role/definition";
import type { AnyDefinition } from "./definition";
import { hostSettings } from "./host-settings/definition";
import { virtualHardDisk } from "./virtual-hard-disk/definition";
import { virtualMachine } from "./virtual-machine/definition";
import { virtualSwitch } from "./virtual-switch/definition";

/**
 * Every resource there is, in the order in which pages and imports show them. The folder of each is its kind in small letters; its
 * `schema.ts` is what the program may say, with the documentation, and `sdk/<the same>.ts` the class.
 */
export const definitions: readonly AnyDefinition[] = [
  hostSettings,
  virtualSwitch,
  virtualHardDisk,
  virtualMachine,
  checkpoint,
  cluster,
  clusterVirtualMachineRole,
  clusterNode,
  clusterSettings,
  clusterQuorum,
  clusterGroupSet,
  clusterAffinityRule,
  clusterNetwork,
  clusterMigrationNetworks,
  clusterFaultDomain,
  clusterSharedVolume,
  clusterVirtualMachineMonitoredItem,
];

/** Of the files of a kind: `VirtualHardDisk` is `virtual-hard-disk`. */
export const fileNameOf = (kind: string): string => kind.replace(/\B[A-Z]/g, "-$&").toLowerCase();
