export { ClusterVirtualMachineRole, type ClusterVirtualMachineRoleArgs } from "./cluster-virtual-machine-role";
export { Provider, type ProviderArgs } from "./provider";
export { GiB, KiB, MiB, TiB } from "./sizes";
export { VirtualHardDisk, type VirtualHardDiskArgs } from "./virtual-hard-disk";
export { VirtualMachine, type VirtualMachineArgs } from "./virtual-machine";
export { VirtualSwitch, type VirtualSwitchArgs } from "./virtual-switch";
