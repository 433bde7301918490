import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";

const lab = new hyperv.VirtualSwitch("lab", { switchType: "Private" });

const disk = new hyperv.VirtualHardDisk("web", { path: "D:\\disks\\web.vhdx", sizeBytes: 40 * GiB });

const web = new hyperv.VirtualMachine("web", {
  processor: { count: 2 },
  memory: { startupBytes: 2 * GiB },
  networkAdapters: [{ name: "front", switchName: lab.name }],
  hardDiskDrives: [{ path: disk.path }],
  state: "Running",
  // the disk is empty: no operating system can be asked to shut down
  shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" },
});

export const id = web.id;
export const addresses = web.addresses;
