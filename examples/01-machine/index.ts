// A private switch and one machine on it: the smallest thing that runs. Destroy leaves nothing.
import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";

const lab = new hyperv.VirtualSwitch("lab", { switchType: "Private", notes: "Made by Pulumi" });

const disk = new hyperv.VirtualHardDisk("web", { path: "D:\\disks\\web.vhdx", sizeBytes: 20 * GiB });

const web = new hyperv.VirtualMachine("web", {
  processor: { count: 2 },
  memory: { startupBytes: 1 * GiB },
  networkAdapters: [{ name: "front", switchName: lab.name }],
  hardDiskDrives: [{ path: disk.path }],
  state: "Running",
  // there is no operating system on the disk that could be asked to shut down
  shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" },
});

export const id = web.id;
export const addresses = web.addresses;
