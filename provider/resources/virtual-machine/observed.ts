import { z } from "zod";
import { literal, type Question, result } from "../../calls";
import { isCheckpointFile, type Seen, valuesOf } from "../definition";
import { biosSelect, shownBios } from "./bios";
import { diskSettings } from "./drives";
import { firmwareSettings } from "./firmware";
import { readServices, serviceSelect, shownService } from "./integration-services";
import { adapterSettings } from "./network-adapters";
import { processor } from "./processor";
import { selected, shown } from "./property";
import type { Observed, Slot } from "./recorded";
import type { Desired } from "./schema";
import { needsKeyProtector, type ObservedSecurity, security } from "./security";
import { settings } from "./settings";
import { shownVlan, vlanSelect } from "./vlan";

export type { Observed, ObservedAdapter, ObservedDisk, ObservedDvd, Slot } from "./recorded";

/** Work that a machine is busy with, and ends by itself (hyper-v.md 1.4). */
export function transientStatus(statuses: readonly string[] | null | undefined): string | undefined {
  return statuses?.find((status) => transient.test(status));
}

const transient =
  /^(ApplyingSnapshot|CreatingSnapshot|DeletingSnapshot|WaitingToStart|MergingDisks|ExportingVirtualMachine|MigratingVirtualMachine|BackingUpVirtualMachine|ModifyingUpVirtualMachine|StorageMigrationPhase\w+|MigratingPlannedVm)$/;

const slotSelect = { ControllerType: null, ControllerNumber: null, ControllerLocation: null };
const slot = {
  ControllerType: z.enum(["IDE", "SCSI"]),
  ControllerNumber: z.int(),
  ControllerLocation: z.int(),
};

const machineSelect = {
  Id: null,
  Name: null,
  Generation: null,
  Version: null,
  State: null,
  OperationalStatus: null,
  IsClustered: null,
  ComputerName: null,
  Path: null,
  SnapshotFileLocation: null,
  SmartPagingFilePath: null,
  Heartbeat: null,
  ComPort1: { Path: null },
  ComPort2: { Path: null },
  VMIntegrationService: serviceSelect,
  ...selected(settings),
  HardDrives: { Id: null, Path: null, DiskNumber: null, ...slotSelect, ...selected(diskSettings) },
  DVDDrives: { Id: null, Path: null, ...slotSelect },
  NetworkAdapters: {
    Id: null,
    Name: null,
    SwitchName: null,
    Connected: null,
    MacAddress: null,
    DynamicMacAddressEnabled: null,
    IPAddresses: null,
    IsLegacy: null,
    VlanSetting: vlanSelect,
    IsolationSetting: { IsolationMode: null },
    ...selected(adapterSettings),
  },
};

const machine = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Generation: z.literal([1, 2]),
  Version: z.string(),
  State: z.string(),
  OperationalStatus: z.array(z.string()).nullish(),
  IsClustered: z.boolean(),
  ComputerName: z.string(),
  Path: z.string(),
  SnapshotFileLocation: z.string(),
  SmartPagingFilePath: z.string(),
  Heartbeat: z.string().nullish(),
  ComPort1: z.object({ Path: z.string().nullish() }).nullish(),
  ComPort2: z.object({ Path: z.string().nullish() }).nullish(),
  VMIntegrationService: z.array(shownService).nullish(),
  HardDrives: z.array(
    z.looseObject({ Id: z.string(), Path: z.string().nullish(), DiskNumber: z.number().nullish(), ...slot }),
  ),
  DVDDrives: z.array(z.object({ Id: z.string(), Path: z.string().nullish(), ...slot })),
  NetworkAdapters: z.array(
    z.looseObject({
      Id: z.string(),
      Name: z.string(),
      SwitchName: z.string().nullish(),
      Connected: z.boolean(),
      MacAddress: z.string(),
      DynamicMacAddressEnabled: z.boolean(),
      IPAddresses: z.array(z.string()).nullish(),
      IsLegacy: z.boolean().nullish(),
      VlanSetting: shownVlan,
      IsolationSetting: z.object({ IsolationMode: z.string().nullish() }).nullish(),
    }),
  ),
});

const memory = z
  .object({
    Startup: z.number(),
    DynamicMemoryEnabled: z.boolean(),
    Minimum: z.number(),
    Maximum: z.number(),
    Buffer: z.number(),
    Priority: z.number().nullish(),
    MaximumPerNumaNode: z.number().nullish(),
  })
  .transform(({ Priority, MaximumPerNumaNode, ...said }) => ({
    startupBytes: said.Startup,
    dynamicMemoryEnabled: said.DynamicMemoryEnabled,
    minimumBytes: said.Minimum,
    maximumBytes: said.Maximum,
    buffer: said.Buffer,
    ...(Priority != null && { priority: Priority }),
    // set in bytes, read in MiB (hyper-v.md 2.3)
    ...(MaximumPerNumaNode != null && { maximumAmountPerNumaNodeBytes: MaximumPerNumaNode * 2 ** 20 }),
  }));

const uefi = z.looseObject({
  SecureBoot: z.string(),
  BootOrder: z.array(z.object({ BootType: z.string(), Device: z.object({ Id: z.string().nullish() }).nullish() })),
});

const shownSecurity = z.looseObject({ TpmEnabled: z.boolean() });

const disk = z.object({ Path: z.string(), ParentPath: z.string().nullish() });

const memorySelect = {
  Startup: null,
  DynamicMemoryEnabled: null,
  Minimum: null,
  Maximum: null,
  Buffer: null,
  Priority: null,
  MaximumPerNumaNode: null,
};
const processorSelect = selected(processor.shape);
const firmwareSelect = { ...selected(firmwareSettings), BootOrder: { BootType: null, Device: { Id: null } } };
const securitySelect = { TpmEnabled: null, ...selected(security.shape) };

/** The cmdlets that change a machine take a name, which others may share, or this object. */
export const machineCall = (id: string) => ({ cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" }) as const;

export function observe(id: string, desired: Desired): Question[] {
  const { name, generation, version, adopt } = desired;
  return [
    {
      cmdlet: "Get-VM",
      parameters: { Id: id },
      as: "vm",
      select: machineSelect,
      ...(name !== undefined && { byName: literal(name) }),
    },
    { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select: memorySelect },
    { cmdlet: "Get-VMProcessor", parameters: { VM: result("vm") }, select: processorSelect },
    { cmdlet: "Get-VMScsiController", parameters: { VM: result("vm") }, select: { ControllerNumber: null } },
    // of one that is adopted the program may be wrong about the generation, and the other one's cmdlets are refused
    ...(generation !== undefined && !adopt ? ofGeneration(generation) : []),
    ...(generation === 2 && !adopt && needsKeyProtector(desired) ? [keyProtectorCall] : []),
    ...(version === undefined ? [] : [newestVersionCall]),
  ];
}

function ofGeneration(generation: 1 | 2): Question[] {
  const vm = { VM: result("vm") };
  if (generation === 1) return [{ cmdlet: "Get-VMBios", parameters: vm, select: biosSelect }];
  return [
    { cmdlet: "Get-VMFirmware", parameters: vm, select: firmwareSelect },
    { cmdlet: "Get-VMSecurity", parameters: vm, select: securitySelect },
  ];
}

/** What an upgrade of the configuration goes to. */
const newestVersionCall: Question = {
  cmdlet: "Get-VMHostSupportedVersion",
  parameters: { Default: true },
  select: { IsDefault: null, Version: null },
};
const supportedVersion = z.object({ IsDefault: z.literal(true), Version: z.string() });

/** Its bytes are looked at for whether there are any, and forgotten. */
const keyProtectorCall: Question = { cmdlet: "Get-VMKeyProtector", parameters: { VM: result("vm") }, select: {} };

const ownCalls = 4;

/** What only one generation has, if it was not asked for yet, and the files under a checkpoint's, one generation a message. */
export function follow({ results }: Seen): Question[] | undefined {
  const { Id, Generation, HardDrives } = machine.parse(valuesOf(results, 0)[0]);
  const calls: Question[] = [];
  const special = Generation === 1 ? shownBios : uefi;
  if (!results.slice(ownCalls).some(({ values }) => special.safeParse(values[0]).success))
    calls.push(
      { ...machineCall(Id), select: { Id: null } },
      ...ofGeneration(Generation),
      ...(Generation === 2 ? [keyProtectorCall] : []),
    );
  const parents = parentsIn(results);
  for (const { Path } of HardDrives) {
    const leaf = Path && bottom(Path, parents);
    if (leaf && isCheckpointFile(leaf))
      calls.push({ cmdlet: "Get-VHD", parameters: { Path: leaf }, select: { Path: null, ParentPath: null } });
  }
  return calls.length > 0 ? calls : undefined;
}

export function parse({ results }: Seen): Observed {
  const seen = machine.parse(valuesOf(results, 0)[0]);
  const parents = parentsIn(results);
  const more = results.slice(ownCalls);
  const found = <T>(schema: z.ZodType<T>): T | undefined =>
    more.flatMap(({ values }) => schema.safeParse(values[0]).data ?? [])[0];
  const firmware = found(uefi);
  return {
    id: seen.Id.toLowerCase(),
    name: seen.Name,
    generation: seen.Generation,
    version: seen.Version,
    newestVersion: found(supportedVersion)?.Version,
    state: seen.State,
    busy: transientStatus(seen.OperationalStatus),
    isClustered: seen.IsClustered,
    computerName: seen.ComputerName,
    heartbeat: seen.Heartbeat ?? undefined,
    path: seen.Path,
    snapshotFileLocation: seen.SnapshotFileLocation,
    smartPagingFilePath: seen.SmartPagingFilePath,
    settings: { notes: "", ...shown(settings, seen) },
    processor: shown(processor.shape, valuesOf(results, 2)[0]),
    memory: memory.parse(valuesOf(results, 1)[0]),
    adapters: seen.NetworkAdapters.map((adapter) => ({
      id: adapter.Id,
      name: adapter.Name,
      isLegacy: adapter.IsLegacy ?? false,
      switchName: (adapter.Connected && adapter.SwitchName) || undefined,
      macAddress: adapter.MacAddress,
      dynamicMacAddress: adapter.DynamicMacAddressEnabled,
      vlan: adapter.VlanSetting,
      ...(adapter.IsolationSetting?.IsolationMode === "Vlan" && { isolatedByVlan: true as const }),
      settings: shown(adapterSettings, adapter),
      ipAddresses: [...(adapter.IPAddresses ?? [])].sort(),
    })),
    drives: seen.HardDrives.map(({ Id, Path, DiskNumber, ...drive }) => {
      // unset is null or the largest uint32 (S, hyper-v.md 1.4); a physical disk has a text for people as its path
      const diskNumber = DiskNumber === 4294967295 ? undefined : (DiskNumber ?? undefined);
      const file = Path && diskNumber === undefined ? Path : undefined;
      return {
        id: Id,
        path: file && bottom(file, parents),
        ...(file && isCheckpointFile(file) && { underCheckpoint: true as const }),
        diskNumber,
        settings: shown(diskSettings, drive),
        ...slotOf(drive),
      };
    }),
    dvds: seen.DVDDrives.map(({ Id, Path, ...place }) => ({ id: Id, path: Path || undefined, ...slotOf(place) })),
    scsiControllers: valuesOf(results, 3).length,
    firmware: firmware && {
      settings: shown(firmwareSettings, firmware),
      bootOrder: firmware.BootOrder.map(({ Device }) => ({ deviceId: Device?.Id ?? undefined })),
    },
    bios: found(shownBios),
    security: securityIn(more),
    integrationServices: readServices(seen.VMIntegrationService ?? []),
    comPorts: [seen.ComPort1?.Path ?? "", seen.ComPort2?.Path ?? ""],
  };
}

function securityIn(results: Seen["results"]): ObservedSecurity | undefined {
  const said = results.flatMap(({ values }) => shownSecurity.safeParse(values[0]).data ?? [])[0];
  if (!said) return undefined;
  const protector = results.find(({ values }) => typeof values[0] === "number");
  return {
    ...shown(security.shape, said),
    tpmEnabled: said.TpmEnabled,
    // four bytes that say "none" (K, hyper-v.md 2.5)
    ...(protector && { keyProtector: protector.values.length > 4 }),
  };
}

function slotOf(place: { ControllerType: "IDE" | "SCSI"; ControllerNumber: number; ControllerLocation: number }): Slot {
  return {
    controllerType: place.ControllerType,
    controllerNumber: place.ControllerNumber,
    controllerLocation: place.ControllerLocation,
  };
}

function parentsIn(results: Seen["results"]): Map<string, string> {
  return new Map(
    results
      .slice(ownCalls)
      .flatMap(({ values }) => disk.safeParse(values[0]).data ?? [])
      .flatMap(({ Path, ParentPath }) => (ParentPath ? [[Path.toLowerCase(), ParentPath] as const] : [])),
  );
}

/** Down the chain of checkpoint files, as far as it is known. */
function bottom(path: string, parents: ReadonlyMap<string, string>): string {
  const parent = isCheckpointFile(path) ? parents.get(path.toLowerCase()) : undefined;
  return parent === undefined ? path : bottom(parent, parents);
}
