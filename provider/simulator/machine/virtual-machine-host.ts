import { secureBootTemplates } from "../devices/firmware";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, Thing } from "../engine/thing";
import { supportedVersions } from "../engine/versions";
import { hostAdapterThings } from "../network/host-adapter";
import { hostSettings } from "../world/host";
import { freeMemory } from "../world/machine-state";
import type { HostSettings, Node, World } from "../world/world";

export const hostCmdlets: Cmdlets = {
  "Get-VMHost": ({ node }) => [hostThing(node)],
  "Get-VMHostNumaNode": numaNodes,
};

export function hostThing({ name }: Node): Thing {
  return new Thing("VMHost", `VMHost:${name}`, { Name: name }, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    if (!node) return undefined;
    return [settingsView(world, node), hardwareView(world, node)];
  });
}

function settingsView(world: World, node: Node): Readonly<Record<string, unknown>> {
  const settings = hostSettings(node);
  return {
    VirtualMachinePath: settings.virtualMachinePath,
    VirtualHardDiskPath: settings.virtualHardDiskPath,
    MacAddressMinimum: settings.macAddressMinimum,
    MacAddressMaximum: settings.macAddressMaximum,
    NumaSpanningEnabled: settings.numaSpanningEnabled,
    EnableEnhancedSessionMode: settings.enableEnhancedSessionMode,
    MaximumStorageMigrations: settings.maximumStorageMigrations,
    MaximumVirtualMachineMigrations: mostMigrations(world, node, settings),
    VirtualMachineMigrationEnabled: migratesMachines(world, node),
    VirtualMachineMigrationAuthenticationType: settings.virtualMachineMigrationAuthenticationType,
    VirtualMachineMigrationPerformanceOption: settings.virtualMachineMigrationPerformanceOption,
    UseAnyNetworkForMigration: settings.useAnyNetworkForMigration,
    ResourceMeteringSaveInterval: settings.resourceMeteringSaveInterval,
    FibreChannelWwnn: settings.fibreChannelWwnn,
    FibreChannelWwpnMinimum: settings.fibreChannelWwpnMinimum,
    FibreChannelWwpnMaximum: settings.fibreChannelWwpnMaximum,
  };
}

function hardwareView(world: World, node: Node): Readonly<Record<string, unknown>> {
  return {
    Name: node.name,
    ComputerName: node.name,
    FullyQualifiedDomainName: fullName(world, node),
    LogicalProcessorCount: node.logicalProcessors,
    MemoryCapacity: node.memoryBytes,
    SupportedVmVersions: supportedVersions(node),
    SecureBootTemplates: secureBootTemplates.map((template) =>
      record("SecureBootTemplate", { Name: template.name, Id: template.id, Description: template.description }),
    ),
    IovSupport: false,
    IovSupportReasons: ["The chipset on the system does not do SR-IOV."],
    HostNumaStatus: () => [numaNode(node)],
    NumaStatus: [],
    InternalNetworkAdapters: () => hostAdapterThings(node),
    IsDeleted: false,
  };
}

export function fullName({ domain = "corp.example" }: World, { name }: Node): string {
  return domain === null ? name : `${name}.${domain}`;
}

/** The host of this name: nodes of one domain know each other by the full one too. */
export function hostNamed(world: World, name: string): Node | undefined {
  return world.nodes.find((node) => sameName(node.name, name) || sameName(fullName(world, node), name));
}

export function isClusterNode({ cluster }: World, { name }: Node): boolean {
  return cluster?.nodes.some((node) => node.name === name) === true;
}

/** Off until somebody enables it; in a cluster it is the cluster's business (K). */
export function migratesMachines(world: World, node: Node): boolean {
  return hostSettings(node).virtualMachineMigrationEnabled ?? isClusterNode(world, node);
}

/** Since 2022 a cluster writes its own number over that of its nodes, again and again (D, recorded, hyper-v-host.md 2). */
export function mostMigrations(world: World, node: Node, settings: HostSettings = hostSettings(node)): number {
  if (!isClusterNode(world, node) || node.windowsBuild < 20348) return settings.maximumVirtualMachineMigrations;
  return Number(world.cluster?.properties.MaximumParallelMigrations ?? 1);
}

/** One node of all processors and all memory; sizes in MB (D, hyper-v-host.md 2). */
function numaNodes(call: Running): Thing[] {
  const id = given<number>(call, "Id");
  if (id !== undefined && id !== 0) call.invalid(`There is no NUMA node ${id} on '${call.node.name}'.`);
  return [numaNode(call.node)];
}

function numaNode(node: Node): Thing {
  return record("VMHostNumaNode", {
    NodeId: 0,
    ProcessorsAvailability: Array.from({ length: node.logicalProcessors }, () => 100),
    MemoryAvailable: Math.floor(freeMemory(node) / 2 ** 20),
    MemoryTotal: Math.floor(node.memoryBytes / 2 ** 20),
    ComputerName: node.name,
    IsDeleted: false,
  });
}
