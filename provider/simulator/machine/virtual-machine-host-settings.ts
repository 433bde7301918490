import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { secondsOf } from "../engine/times";
import { folderExists, isAbsolute, normalizePath, samePath } from "../storage/file-system";
import { hostSettings } from "../world/host";
import type { HostSettings } from "../world/world";
import { hostThing, isClusterNode } from "./virtual-machine-host";

export const hostSettingsCmdlets: Cmdlets = {
  "Set-VMHost": setHost,
  "Enable-VMMigration"(call) {
    requireDomain(call);
    return change(call, { virtualMachineMigrationEnabled: true });
  },
  "Disable-VMMigration": (call) => change(call, { virtualMachineMigrationEnabled: false }),
};

/** By parameter (hyper-v-host.md 2); each is looked at before any of them is set. */
const settings = {
  VirtualMachinePath: "virtualMachinePath",
  VirtualHardDiskPath: "virtualHardDiskPath",
  MacAddressMinimum: "macAddressMinimum",
  MacAddressMaximum: "macAddressMaximum",
  NumaSpanningEnabled: "numaSpanningEnabled",
  EnableEnhancedSessionMode: "enableEnhancedSessionMode",
  MaximumVirtualMachineMigrations: "maximumVirtualMachineMigrations",
  MaximumStorageMigrations: "maximumStorageMigrations",
  VirtualMachineMigrationAuthenticationType: "virtualMachineMigrationAuthenticationType",
  VirtualMachineMigrationPerformanceOption: "virtualMachineMigrationPerformanceOption",
  UseAnyNetworkForMigration: "useAnyNetworkForMigration",
  ResourceMeteringSaveInterval: "resourceMeteringSaveInterval",
  FibreChannelWwnn: "fibreChannelWwnn",
  FibreChannelWwpnMinimum: "fibreChannelWwpnMinimum",
  FibreChannelWwpnMaximum: "fibreChannelWwpnMaximum",
} as const satisfies Record<string, keyof HostSettings>;

function setHost(call: Running): readonly Thing[] {
  const told = Object.entries(settings).flatMap(([parameter, key]) => {
    const value = given<string | number | boolean>(call, parameter);
    return value === undefined ? [] : [[key, checked(call, parameter, value)]];
  });
  const changed = Object.fromEntries(told) as Partial<HostSettings>;
  refuseRanges(call, { ...hostSettings(call.node), ...changed });
  if (changed.macAddressMinimum !== undefined || changed.macAddressMaximum !== undefined) call.node.macPool.next = 0;
  return change(call, changed);
}

function change(call: Running, changed: Partial<HostSettings>): readonly Thing[] {
  call.node.settings = { ...call.node.settings, ...changed };
  return call.flag("Passthru") ? [hostThing(call.node)] : [];
}

/** The value as a host writes it. */
function checked(call: Running, parameter: string, value: string | number | boolean): string | number | boolean {
  if (typeof value !== "string") return value;
  switch (parameter) {
    case "VirtualMachinePath":
    case "VirtualHardDiskPath":
      return folder(call, parameter, value);
    case "MacAddressMinimum":
    case "MacAddressMaximum":
      return digits(call, parameter, value, 12);
    case "FibreChannelWwnn":
    case "FibreChannelWwpnMinimum":
    case "FibreChannelWwpnMaximum":
      return digits(call, parameter, value, 16);
    case "ResourceMeteringSaveInterval":
      if (secondsOf(value) < 3600 || secondsOf(value) > 86_400)
        wrong(call, parameter, `${value} is not between 01:00:00 and 1.00:00:00.`);
      return value;
    default:
      return value;
  }
}

/** It has to be there (K); the folders that Hyper-V has made itself are. */
function folder(call: Running, parameter: "VirtualMachinePath" | "VirtualHardDiskPath", written: string): string {
  const { world, node } = call;
  if (!isAbsolute(written)) wrong(call, parameter, `'${written}' is not an absolute path.`);
  const path = normalizePath(written);
  const own = hostSettings({ ...node, settings: {} })[settings[parameter]];
  const isThere =
    samePath(path, own) ||
    folderExists(world, node, path) ||
    (world.fileShares ?? []).some((share) => samePath(share, path));
  const missing = 0x80070003;
  if (!isThere)
    call.invalid(
      coded(`'${node.name}' failed to modify settings. The path '${written}' cannot be found.`, missing),
      signed(missing),
    );
  return path;
}

function digits(call: Running, parameter: string, value: string, count: 12 | 16): string {
  const bare = value.replace(/[-:]/g, "").toUpperCase();
  if (bare.length !== count || !/^[0-9A-F]+$/.test(bare))
    wrong(call, parameter, `'${value}' is not ${count} hexadecimal digits.`);
  return bare;
}

/** A range that ends before it begins (K). */
function refuseRanges(call: Running, now: HostSettings): void {
  if (now.macAddressMinimum > now.macAddressMaximum)
    wrong(call, "MacAddressMinimum", `${now.macAddressMinimum} is above ${now.macAddressMaximum}.`);
  if (now.fibreChannelWwpnMinimum > now.fibreChannelWwpnMaximum)
    wrong(call, "FibreChannelWwpnMinimum", `${now.fibreChannelWwpnMinimum} is above ${now.fibreChannelWwpnMaximum}.`);
}

function wrong(call: Running, parameter: string, why: string): never {
  call.invalid(`'${call.node.name}' failed to modify settings. ${parameter}: ${why}`);
}

/** Its id is not recorded; from 2025 on a cluster makes certificates where there is no domain (S, D, hyper-v-host.md 2 and 8.1). */
function requireDomain(call: Running): void {
  const { world, node } = call;
  if (world.domain !== null || (node.windowsBuild >= 26100 && isClusterNode(world, node))) return;
  call.operationFailed(
    `Virtual machine migration cannot be enabled: the computer '${node.name}' is not a member of an Active Directory domain.`,
  );
}
