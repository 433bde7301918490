import type { Node } from "./world";

/** Everything that Set-VMHost and its relatives set. */
export interface HostSettings {
  virtualMachinePath: string;
  virtualHardDiskPath: string;
  macAddressMinimum: string;
  macAddressMaximum: string;
  numaSpanningEnabled: boolean;
  enableEnhancedSessionMode: boolean;
  maximumVirtualMachineMigrations: number;
  maximumStorageMigrations: number;
  /** A node of a cluster takes part without being told. */
  virtualMachineMigrationEnabled?: boolean;
  virtualMachineMigrationAuthenticationType: string;
  virtualMachineMigrationPerformanceOption: string;
  useAnyNetworkForMigration: boolean;
  /** A TimeSpan as text. */
  resourceMeteringSaveInterval: string;
  fibreChannelWwnn: string;
  fibreChannelWwpnMinimum: string;
  fibreChannelWwpnMaximum: string;
}

/** A subnet that live migrations may use. */
export interface MigrationNetwork {
  subnet: string;
  priority: number | null;
}

/** Folders of an untouched host (recorded, hyper-v-host.md 2). */
export const defaultMachinePath = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V";

export function hostSettings(node: Node): HostSettings {
  return { ...defaults(node), ...node.settings };
}

function defaults({ windowsBuild, macPool }: Node): HostSettings {
  return {
    virtualMachinePath: defaultMachinePath,
    virtualHardDiskPath:
      windowsBuild < 20348
        ? "C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks"
        : "C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks",
    macAddressMinimum: `${macPool.prefix}00`,
    macAddressMaximum: `${macPool.prefix}FF`,
    numaSpanningEnabled: true,
    enableEnhancedSessionMode: isClient(windowsBuild),
    maximumVirtualMachineMigrations: 2,
    maximumStorageMigrations: 2,
    virtualMachineMigrationAuthenticationType: "CredSSP",
    virtualMachineMigrationPerformanceOption: "Compression",
    useAnyNetworkForMigration: false, // not recorded
    resourceMeteringSaveInterval: "01:00:00",
    fibreChannelWwnn: "C003FF0000FFFF00",
    fibreChannelWwpnMinimum: "C003FF0000000000",
    fibreChannelWwpnMaximum: "C003FF000000FFFF",
  };
}

/** Builds that no server has. */
function isClient(windowsBuild: number): boolean {
  return (windowsBuild >= 18362 && windowsBuild < 20348) || (windowsBuild >= 22000 && windowsBuild < 25000);
}
