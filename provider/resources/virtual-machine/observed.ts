import { z } from "zod";
import { literal, type Question, result } from "../../calls";
import { type Asked, answerOf, isCheckpointFile, type Seen } from "../definition";
import { biosSelect, shownBios } from "./bios";
import { firmwareSelect, shownFirmware } from "./firmware";
import { readServices, serviceSelect, shownService } from "./integration-services";
import { machineCall } from "./machine-call";
import { memorySelect, shownMemory } from "./memory";
import { bottom, diskSelect, dvdSelect, parentsIn, readDisk, readDvd, shownDisk, shownDvd } from "./observed-drives";
import { adapterSelect, readAdapter, shownAdapter } from "./observed-network-adapters";
import { placedOn } from "./placed-on";
import { processor } from "./processor";
import { selected, shown } from "./property";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { keyProtectorCall, needsKeyProtector, securityIn, securitySelect } from "./security";
import { settings } from "./settings";

/** Work that a machine is busy with, and ends by itself (hyper-v.md 1.4). */
export function transientStatus(statuses: readonly string[] | null | undefined): string | undefined {
  return statuses?.find((status) => transient.test(status));
}

const transient =
  /^(ApplyingSnapshot|CreatingSnapshot|DeletingSnapshot|WaitingToStart|MergingDisks|ExportingVirtualMachine|MigratingVirtualMachine|BackingUpVirtualMachine|ModifyingUpVirtualMachine|StorageMigrationPhase\w+|MigratingPlannedVm)$/;

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
  HardDrives: diskSelect,
  DVDDrives: dvdSelect,
  NetworkAdapters: adapterSelect,
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
  HardDrives: z.array(shownDisk),
  DVDDrives: z.array(shownDvd),
  NetworkAdapters: z.array(shownAdapter),
});

const processorSelect = selected(processor.shape);

export function observe(id: string, desired: Desired): Asked {
  const { name, generation, version, adopt } = desired;
  const vm = { VM: result("vm") };
  return {
    machine: {
      cmdlet: "Get-VM",
      parameters: { Id: id },
      as: "vm",
      select: machineSelect,
      ...(name !== undefined && { byName: literal(name) }),
    },
    memory: { cmdlet: "Get-VMMemory", parameters: vm, select: memorySelect },
    processor: { cmdlet: "Get-VMProcessor", parameters: vm, select: processorSelect },
    scsiControllers: { cmdlet: "Get-VMScsiController", parameters: vm, select: { ControllerNumber: null } },
    // of one that is adopted the program may be wrong about the generation, and the other one's cmdlets are refused
    ...(generation !== undefined && !adopt && ofGeneration(generation)),
    ...(generation === 2 && !adopt && needsKeyProtector(desired) && { keyProtector: keyProtectorCall }),
    ...(version !== undefined && { newestVersion: newestVersionCall }),
  };
}

function ofGeneration(generation: 1 | 2): Asked {
  const vm = { VM: result("vm") };
  if (generation === 1) return { bios: { cmdlet: "Get-VMBios", parameters: vm, select: biosSelect } };
  return {
    firmware: { cmdlet: "Get-VMFirmware", parameters: vm, select: firmwareSelect },
    security: { cmdlet: "Get-VMSecurity", parameters: vm, select: securitySelect },
  };
}

/** What an upgrade of the configuration goes to. */
const newestVersionCall: Question = {
  cmdlet: "Get-VMHostSupportedVersion",
  parameters: { Default: true },
  select: { IsDefault: null, Version: null },
};
const supportedVersion = z.object({ IsDefault: z.literal(true), Version: z.string() });

/** Under which name a file below a checkpoint's is asked for. */
const fileName = (path: string) => `file ${path.toLowerCase()}`;

/** What only one generation has, if it was not asked for yet, and the files under a checkpoint's, one generation a message. */
export function follow({ answers }: Seen): Asked | undefined {
  const { Id, Generation, HardDrives } = machine.parse(answerOf(answers, "machine")[0]);
  const asked: Record<string, Question> = {};
  if ((Generation === 1 ? answers.bios : answers.firmware) === undefined)
    Object.assign(asked, {
      again: { ...machineCall(Id), select: { Id: null } },
      ...ofGeneration(Generation),
      ...(Generation === 2 && { keyProtector: keyProtectorCall }),
    });
  const parents = parentsIn(answers);
  for (const { Path } of HardDrives) {
    const leaf = Path && bottom(Path, parents);
    if (leaf && isCheckpointFile(leaf))
      asked[fileName(leaf)] = {
        cmdlet: "Get-VHD",
        parameters: { Path: leaf },
        select: { Path: null, ParentPath: null },
      };
  }
  return Object.keys(asked).length > 0 ? asked : undefined;
}

export function parse({ answers, address, standalone }: Seen, desired: Desired, known?: Observed): Observed {
  const seen = machine.parse(answerOf(answers, "machine")[0]);
  const parents = parentsIn(answers);
  /** Of what is asked for some machines only. */
  const optional = <T>(name: string, schema: z.ZodType<T>): T | undefined =>
    answers[name] && schema.safeParse(answers[name].values[0]).data;
  return {
    id: seen.Id.toLowerCase(),
    name: seen.Name,
    generation: seen.Generation,
    version: seen.Version,
    newestVersion: optional("newestVersion", supportedVersion)?.Version,
    state: seen.State,
    busy: transientStatus(seen.OperationalStatus),
    isClustered: seen.IsClustered,
    computerName: seen.ComputerName,
    ...placedOn(address, desired, known),
    ...(standalone && { standsOn: address }),
    heartbeat: seen.Heartbeat ?? undefined,
    path: seen.Path,
    snapshotFileLocation: seen.SnapshotFileLocation,
    smartPagingFilePath: seen.SmartPagingFilePath,
    settings: { notes: "", ...shown(settings, seen) },
    processor: shown(processor.shape, answerOf(answers, "processor")[0]),
    memory: shownMemory.parse(answerOf(answers, "memory")[0]),
    adapters: seen.NetworkAdapters.map(readAdapter),
    drives: seen.HardDrives.map((drive) => readDisk(drive, parents)),
    dvds: seen.DVDDrives.map(readDvd),
    scsiControllers: answerOf(answers, "scsiControllers").length,
    firmware: optional("firmware", shownFirmware),
    bios: optional("bios", shownBios),
    security: securityIn(answers),
    integrationServices: readServices(seen.VMIntegrationService ?? []),
    comPorts: [seen.ComPort1?.Path ?? "", seen.ComPort2?.Path ?? ""],
  };
}
