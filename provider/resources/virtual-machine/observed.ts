import { z } from "zod";
import { type Call, result } from "../../calls";
import { CheckpointType, StartAction, StopAction } from "../../cmdlets.generated";
import { type Seen, valuesOf } from "../definition";
import type { Desired } from "./schema";

export interface ObservedAdapter {
  /** `Microsoft:<machine>\<adapter>`: names may repeat on a host. */
  id: string;
  name: string;
  switchName: string | undefined;
  macAddress: string;
  dynamicMacAddress: boolean;
  vlan: { mode: string; accessVlanId: number };
  ipAddresses: string[];
}

export interface Slot {
  controllerType: "IDE" | "SCSI";
  controllerNumber: number;
  controllerLocation: number;
}

export interface ObservedDrive extends Slot {
  /** The file that was attached: under checkpoints not the one that is open now. */
  path: string;
}

export interface ObservedDvd extends Slot {
  path: string | undefined;
}

export interface BootEntry {
  /** Id of an adapter or drive; undefined for a file of an installed system, or a device that is gone. */
  deviceId: string | undefined;
}

export interface Observed {
  id: string;
  name: string;
  generation: 1 | 2;
  version: string;
  state: string;
  busy: string | undefined;
  isClustered: boolean;
  computerName: string;
  path: string;
  notes: string;
  processorCount: number;
  memory: {
    startupBytes: number;
    dynamicMemoryEnabled: boolean;
    minimumBytes: number;
    maximumBytes: number;
    buffer: number;
  };
  automaticStartAction: z.output<typeof machine>["AutomaticStartAction"];
  automaticStartDelay: number;
  automaticStopAction: z.output<typeof machine>["AutomaticStopAction"];
  checkpointType: z.output<typeof machine>["CheckpointType"];
  adapters: ObservedAdapter[];
  drives: (ObservedDrive & { id: string })[];
  dvds: (ObservedDvd & { id: string })[];
  scsiControllers: number;
  firmware: { secureBoot: "On" | "Off"; secureBootTemplate: string; bootOrder: BootEntry[] } | undefined;
}

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
  Notes: null,
  ProcessorCount: null,
  AutomaticStartAction: null,
  AutomaticStartDelay: null,
  AutomaticStopAction: null,
  CheckpointType: null,
  HardDrives: { Id: null, Path: null, ...slotSelect },
  DVDDrives: { Id: null, Path: null, ...slotSelect },
  NetworkAdapters: {
    Id: null,
    Name: null,
    SwitchName: null,
    Connected: null,
    MacAddress: null,
    DynamicMacAddressEnabled: null,
    IPAddresses: null,
    VlanSetting: { OperationMode: null, AccessVlanId: null },
  },
};

const machine = z.object({
  Id: z.string(),
  Name: z.string(),
  Generation: z.literal([1, 2]),
  Version: z.string(),
  State: z.string(),
  OperationalStatus: z.array(z.string()).nullish(),
  IsClustered: z.boolean(),
  ComputerName: z.string(),
  Path: z.string(),
  Notes: z.string().nullish(),
  ProcessorCount: z.number(),
  AutomaticStartAction: z.enum(StartAction),
  AutomaticStartDelay: z.number(),
  AutomaticStopAction: z.enum(StopAction),
  CheckpointType: z.enum(CheckpointType),
  HardDrives: z.array(z.object({ Id: z.string(), Path: z.string().nullish(), ...slot })),
  DVDDrives: z.array(z.object({ Id: z.string(), Path: z.string().nullish(), ...slot })),
  NetworkAdapters: z.array(
    z.object({
      Id: z.string(),
      Name: z.string(),
      SwitchName: z.string().nullish(),
      Connected: z.boolean(),
      MacAddress: z.string(),
      DynamicMacAddressEnabled: z.boolean(),
      IPAddresses: z.array(z.string()).nullish(),
      VlanSetting: z.object({ OperationMode: z.string(), AccessVlanId: z.number() }),
    }),
  ),
});

const memory = z.object({
  Startup: z.number(),
  DynamicMemoryEnabled: z.boolean(),
  Minimum: z.number(),
  Maximum: z.number(),
  Buffer: z.number(),
});

const firmware = z.object({
  SecureBoot: z.enum(["On", "Off"]),
  SecureBootTemplate: z.string().nullish(),
  BootOrder: z.array(z.object({ BootType: z.string(), Device: z.object({ Id: z.string().nullish() }).nullish() })),
});

const disk = z.object({ Path: z.string(), ParentPath: z.string().nullish() });

/** The cmdlets that change a machine take a name, which others may share, or this object. */
export const machineCall = (id: string): Call => ({ cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" });

export function observe(id: string, { generation, adopt }: Desired): Call[] {
  return [
    { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm", select: machineSelect },
    {
      cmdlet: "Get-VMMemory",
      parameters: { VM: result("vm") },
      select: { Startup: null, DynamicMemoryEnabled: null, Minimum: null, Maximum: null, Buffer: null },
    },
    { cmdlet: "Get-VMScsiController", parameters: { VM: result("vm") }, select: { ControllerNumber: null } },
    // of one that is adopted the program may be wrong about the generation, and generation 1 answers with an error
    ...(generation === 2 && !adopt ? [firmwareCall] : []),
  ];
}

const firmwareCall: Call = {
  cmdlet: "Get-VMFirmware",
  parameters: { VM: result("vm") },
  select: { SecureBoot: null, SecureBootTemplate: null, BootOrder: { BootType: null, Device: { Id: null } } },
};

const ownCalls = 3;

/** Firmware, if it was not asked for yet and is there, and the files under a checkpoint's, one generation a message. */
export function follow({ results }: Seen): Call[] | undefined {
  const { Id, Generation, HardDrives } = machine.parse(valuesOf(results, 0)[0]);
  const calls: Call[] = [];
  if (Generation === 2 && !results.slice(ownCalls).some(({ values }) => firmware.safeParse(values[0]).success))
    calls.push(machineCall(Id), firmwareCall);
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
  const { Startup, DynamicMemoryEnabled, Minimum, Maximum, Buffer } = memory.parse(valuesOf(results, 1)[0]);
  const parents = parentsIn(results);
  const uefi = results.slice(ownCalls).flatMap(({ values }) => firmware.safeParse(values[0]).data ?? [])[0];
  return {
    id: seen.Id.toLowerCase(),
    name: seen.Name,
    generation: seen.Generation,
    version: seen.Version,
    state: seen.State,
    busy: seen.OperationalStatus?.find((status) => status !== "Ok"),
    isClustered: seen.IsClustered,
    computerName: seen.ComputerName,
    path: seen.Path,
    notes: seen.Notes ?? "",
    processorCount: seen.ProcessorCount,
    memory: {
      startupBytes: Startup,
      dynamicMemoryEnabled: DynamicMemoryEnabled,
      minimumBytes: Minimum,
      maximumBytes: Maximum,
      buffer: Buffer,
    },
    automaticStartAction: seen.AutomaticStartAction,
    automaticStartDelay: seen.AutomaticStartDelay,
    automaticStopAction: seen.AutomaticStopAction,
    checkpointType: seen.CheckpointType,
    adapters: seen.NetworkAdapters.map((adapter) => ({
      id: adapter.Id,
      name: adapter.Name,
      switchName: (adapter.Connected && adapter.SwitchName) || undefined,
      macAddress: adapter.MacAddress,
      dynamicMacAddress: adapter.DynamicMacAddressEnabled,
      vlan: { mode: adapter.VlanSetting.OperationMode, accessVlanId: adapter.VlanSetting.AccessVlanId },
      ipAddresses: [...(adapter.IPAddresses ?? [])].sort(),
    })),
    drives: seen.HardDrives.map(({ Id, Path, ...place }) => ({
      id: Id,
      path: bottom(Path ?? "", parents),
      ...slotOf(place),
    })),
    dvds: seen.DVDDrives.map(({ Id, Path, ...place }) => ({ id: Id, path: Path || undefined, ...slotOf(place) })),
    scsiControllers: valuesOf(results, 2).length,
    firmware: uefi && {
      secureBoot: uefi.SecureBoot,
      secureBootTemplate: uefi.SecureBootTemplate ?? "",
      bootOrder: uefi.BootOrder.map(({ Device }) => ({ deviceId: Device?.Id ?? undefined })),
    },
  };
}

function slotOf(place: { ControllerType: "IDE" | "SCSI"; ControllerNumber: number; ControllerLocation: number }): Slot {
  return {
    controllerType: place.ControllerType,
    controllerNumber: place.ControllerNumber,
    controllerLocation: place.ControllerLocation,
  };
}

/** A checkpoint, backup or replica puts `<name>_<GUID>.avhdx` in front of the attached file (recorded, hyper-v.md 1.6). */
function isCheckpointFile(path: string): boolean {
  return /\.avhdx?$/i.test(path);
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
