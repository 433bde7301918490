import type { Node } from "../world/world";
import type { Running } from "./cmdlet";

const versions = "5.0 6.2 7.0 7.1 8.0 8.1 8.2 8.3 9.0 9.1 9.2 9.3 10.0 10.5 11.0 12.0".split(" ");

/** By build: oldest and newest configuration version (hyper-v.md 2.1; 11.0 recorded, 12.0 K). */
const builds: readonly [build: number, oldest: string, newest: string][] = [
  [26100, "8.0", "12.0"],
  [22000, "8.0", "11.0"],
  [20348, "8.0", "10.0"],
  [17763, "5.0", "9.0"],
  [0, "5.0", "8.0"],
];

export function supportedVersions(node: Node): string[] {
  const [, oldest, newest] = range(node);
  return versions.filter((version) => compareVersions(version, oldest) >= 0 && compareVersions(version, newest) <= 0);
}

export function newestVersion(node: Node): string {
  return range(node)[2];
}

function range(node: Node): (typeof builds)[number] {
  return builds.find(([build]) => node.windowsBuild >= build) ?? [0, "5.0", "8.0"];
}

export function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major - otherMajor || minor - otherMinor;
}

/** Parameters that came with a build: before it they are unknown (recorded for 2016, hyper-v.md 1.5). */
const since: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "Set-VM": { AutomaticCheckpointsEnabled: 16299, EnhancedSessionTransportType: 16299 },
  "New-VM": { GuestStateIsolationType: 26100, SourceGuestStatePath: 26100 },
  "Move-ClusterGroup": { IgnoreAffinityRule: 20348 },
  "Start-ClusterGroup": { IgnoreAffinityRule: 20348 },
  "Move-ClusterVirtualMachineRole": { IgnoreAffinityRule: 20348 },
  "Set-VMProcessor": {
    HwThreadCountPerCore: 14393,
    ExposeVirtualizationExtensions: 14393,
    EnableHostResourceProtection: 14393,
  },
};

export function refuseUnknownToBuild(call: Running): void {
  for (const [parameter, build] of Object.entries(since[call.cmdlet] ?? {}))
    if (call.has(parameter) && call.node.windowsBuild < build)
      call.fail(
        "NamedParameterNotFound",
        "InvalidArgument",
        `A parameter cannot be found that matches parameter name '${parameter}'.`,
        { exception: "System.Management.Automation.ParameterBindingException" },
      );
}
