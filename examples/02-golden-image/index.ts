// One golden image and three machines, each on a differencing child that holds only what differs from it.
// Needs an image at `image`; destroy leaves it and takes everything else.
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";

const image = new pulumi.Config().get("image") ?? "D:\\images\\windows-2025.vhdx";

// a copy, so that nobody who works on the image breaks the children
const golden = new hyperv.VirtualHardDisk("golden", { path: "D:\\images\\golden.vhdx", sourcePath: image });

const lab = new hyperv.VirtualSwitch("lab", { switchType: "Internal" });

export const machines = ["red", "green", "blue"].map((name) => {
  const disk = new hyperv.VirtualHardDisk(name, { path: `D:\\disks\\${name}.vhdx`, parentPath: golden.path });
  const machine = new hyperv.VirtualMachine(name, {
    memory: { startupBytes: 2 * GiB },
    networkAdapters: [{ name: "lab", switchName: lab.name }],
    hardDiskDrives: [{ path: disk.path }],
    state: "Running",
  });
  return machine.id;
});
