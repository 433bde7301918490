import { secureBootTemplates } from "../devices/firmware";
import type { Cmdlets } from "../engine/cmdlet";
import { record, Thing } from "../engine/thing";
import { supportedVersions } from "../engine/versions";
import type { Node } from "../world/world";

export const hostCmdlets: Cmdlets = {
  "Get-VMHost": ({ node }) => [hostThing(node)],
};

/** Folders that New-VM uses without a path (recorded, hyper-v.md 2.1). */
export const virtualMachinePath = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V";
export const virtualHardDiskPath = "C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks";

function hostThing({ name }: Node): Thing {
  return new Thing("VMHost", `VMHost:${name}`, { Name: name }, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    if (!node) return undefined;
    return {
      Name: name,
      ComputerName: name,
      FullyQualifiedDomainName: name,
      LogicalProcessorCount: node.logicalProcessors,
      MemoryCapacity: node.memoryBytes,
      VirtualMachinePath: virtualMachinePath,
      VirtualHardDiskPath: virtualHardDiskPath,
      MacAddressMinimum: `${node.macPool.prefix}00`,
      MacAddressMaximum: `${node.macPool.prefix}FF`,
      SupportedVmVersions: supportedVersions(node),
      SecureBootTemplates: secureBootTemplates.map((template) =>
        record("SecureBootTemplate", { Name: template.name, Id: template.id, Description: template.description }),
      ),
      IovSupport: false,
      IovSupportReasons: ["The chipset on the system does not do SR-IOV."],
      NumaSpanningEnabled: true,
      EnableEnhancedSessionMode: false,
      MaximumStorageMigrations: 2,
      MaximumVirtualMachineMigrations: 2,
      VirtualMachineMigrationEnabled: world.cluster !== undefined,
      VirtualMachineMigrationAuthenticationType: "CredSSP",
      VirtualMachineMigrationPerformanceOption: "Compression",
      UseAnyNetworkForMigration: false,
      ResourceMeteringSaveInterval: "01:00:00",
      FibreChannelWwnn: "C003FF0000FFFF00",
      FibreChannelWwpnMinimum: "C003FF0000000000",
      FibreChannelWwpnMaximum: "C003FF000000FFFF",
      IsDeleted: false,
    };
  });
}
