import type { Cmdlets } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { machinesOf } from "../engine/selection";
import { requireOff } from "../engine/settings";
import { record } from "../engine/thing";
import { compareVersions, newestVersion, supportedVersions } from "../engine/versions";
import { machineThing } from "./virtual-machine";

export const versionCmdlets: Cmdlets = {
  "Update-VMVersion"(call) {
    call.needsForce();
    const machines = machinesOf(call);
    for (const machine of machines) requireOff(call, machine);
    const newest = newestVersion(call.node);
    for (const machine of machines) {
      if (compareVersions(machine.version, newest) >= 0)
        call.warn(`The virtual machine "${machine.name}" already has configuration version ${machine.version}.`);
      else machine.version = newest;
    }
    return answer(call, () => machines.map(machineThing));
  },
  "Get-VMHostSupportedVersion"(call) {
    const versions = supportedVersions(call.node).filter(
      (version) => !call.flag("Default") || version === newestVersion(call.node),
    );
    return versions.map((version) =>
      record("VMHostSupportedVersion", {
        Name: `Configuration version ${version}`,
        Version: version,
        IsDefault: version === newestVersion(call.node),
        ComputerName: call.node.name,
      }),
    );
  },
};
