// Two hosts in one program, each with its own explicit provider: the same machine on both.
// Set `office` and `branch` to how each host is reached, as JSON arguments of a Provider.
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";

const config = new pulumi.Config();

export const machines = ["office", "branch"].map((site) => {
  const provider = new hyperv.Provider(site, config.requireObject<hyperv.ProviderArgs>(site));
  const lan = new hyperv.VirtualSwitch(`${site}-lan`, { name: "lan", switchType: "Internal" }, { provider });
  const machine = new hyperv.VirtualMachine(
    `${site}-printer`,
    { name: "printer", memory: { startupBytes: 1 * GiB }, networkAdapters: [{ name: "lan", switchName: lan.name }] },
    { provider },
  );
  return machine.id;
});
