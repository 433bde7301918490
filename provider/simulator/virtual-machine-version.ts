import type { Cmdlets } from "./cmdlet";
import { answer } from "./job";
import { machinesOf } from "./selection";
import { requireOff } from "./settings";
import { record } from "./thing";
import { compareVersions, newestVersion, supportedVersions } from "./versions";
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
