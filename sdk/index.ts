export { Checkpoint } from "./checkpoint";
export { ClusterVirtualMachineRole } from "./cluster-virtual-machine-role";
export type { ByName } from "./look-up";
export { Provider } from "./provider";
export { GiB, KiB, MiB, TiB } from "./sizes";
export * from "./types.generated";
export { VirtualHardDisk } from "./virtual-hard-disk";
export { VirtualMachine } from "./virtual-machine";
export { VirtualSwitch } from "./virtual-switch";
