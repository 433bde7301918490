import { defaultComPorts } from "../devices/com-port";
import { addDrive, checkDisk, freeSlot, newDrive } from "../devices/drive";
import { biosOrder, newFirmware } from "../devices/firmware";
import { defaultIntegrationServices } from "../devices/integration-service";
import { checkBytes, newMemory } from "../devices/memory";
import { defaultProcessor } from "../devices/processor";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { answerNew } from "../engine/job";
import { given } from "../engine/settings";
import { newestVersion, refuseUnknownToBuild, supportedVersions } from "../engine/versions";
import { addAdapter, newAdapter, switchNamed } from "../network/network-adapter";
import { hasVolume, isAbsolute, joinPath, normalizePath } from "../storage/file-system";
import { newVhd, refuseNewVhd } from "../storage/virtual-hard-disk";
import { hostSettings } from "../world/host";
import { silentGuest } from "../world/machine-state";
import { type Adapter, type BootEntry, type Drive, type Machine, newGuid, type Switch } from "../world/world";
import { putConfiguration } from "./configuration-files";
import { newSecurity } from "./security";
import { machineThing } from "./virtual-machine";
import { wrongName } from "./virtual-machine-settings";

export const newMachineCmdlets: Cmdlets = {
  "New-VM"(call) {
    refuseUnknownToBuild(call);
    const machine = bareMachine(call);
    const parts = checkParts(call, machine);
    // nothing has been made until here: a refused New-VM leaves nothing behind
    equip(call, machine, parts);
    call.node.machines.push(machine);
    putConfiguration(call.world, call.node, machine);
    return answerNew(call, machineThing(machine));
  },
};

const MiB = 2 ** 20;

/** A machine with what every one has, and with the values of the call that stand for themselves. */
function bareMachine(call: Running): Machine {
  const name = given<string>(call, "Name") ?? "New virtual machine";
  const wrong = wrongName(name);
  if (wrong) call.invalid(`Failed to create a new virtual machine. ${wrong}`);
  const generation = given<number>(call, "Generation") === 2 ? 2 : 1;
  const startupBytes = given<number>(call, "MemoryStartupBytes") ?? 512 * MiB;
  checkBytes(call, { name, generation }, startupBytes);
  const path = configurationPath(call, name);
  return {
    id: newGuid(call.world),
    name,
    generation,
    version: configurationVersion(call),
    path,
    state: "Off",
    guest: silentGuest(),
    checkpoints: [],
    currentCheckpoint: null,
    groupId: null,
    notes: "",
    automaticStartAction: "StartIfRunning",
    automaticStartDelay: 0,
    automaticStopAction: "Save",
    automaticCriticalErrorAction: "Pause",
    automaticCriticalErrorActionTimeout: 30,
    checkpointType: "Production",
    automaticCheckpointsEnabled: false,
    snapshotFileLocation: path,
    smartPagingFilePath: path,
    lowMemoryMappedIoSpace: 128 * MiB,
    highMemoryMappedIoSpace: 512 * MiB,
    guestControlledCacheTypes: false,
    lockOnDisconnect: "Off",
    enhancedSessionTransportType: "VMBus",
    batteryPassthroughEnabled: false,
    processor: defaultProcessor(call.node),
    memory: newMemory(startupBytes),
    adapters: [],
    scsiControllers: [{ id: newGuid(call.world) }],
    drives: [],
    firmware: newFirmware(),
    bios: { startupOrder: [...biosOrder], numLockEnabled: false },
    security: newSecurity(),
    integrationServices: defaultIntegrationServices(),
    comPorts: defaultComPorts(),
  };
}

/** `-Path` gets a folder of the machine's name (recorded); a missing place is "object not found" (recorded, hyper-v.md 2.9). */
function configurationPath(call: Running, name: string): string {
  const written = given<string>(call, "Path");
  const path = written ?? hostSettings(call.node).virtualMachinePath;
  if (!isAbsolute(path)) call.invalid(`Failed to create a new virtual machine. '${path}' is not an absolute path.`);
  if (!hasVolume(call.world, call.node, path))
    call.notFound(
      `Failed to create a new virtual machine. '${name}' failed to realize. Failed to access configuration store: ` +
        "The system cannot find the path specified. (0x80070003)",
      -2147024893,
    );
  return written === undefined ? normalizePath(path) : joinPath(normalizePath(path), name);
}

/** Versions of the future ask before they are used (K). */
function configurationVersion(call: Running): string {
  for (const [preview, version] of Object.entries({ Prerelease: "254.0", Experimental: "255.0" }))
    if (call.flag(preview)) {
      call.needsForce();
      return version;
    }
  const version = given<string>(call, "Version");
  if (version !== undefined && !supportedVersions(call.node).includes(version))
    call.invalid(
      `Failed to create a new virtual machine. Configuration version ${version} is not supported by this host.`,
    );
  return version ?? newestVersion(call.node);
}

interface Parts {
  on: Switch | undefined;
  newDisk: { path: string; sizeBytes: number } | undefined;
  disk: string | undefined;
  bootDevice: string | undefined;
}

function checkParts(call: Running, machine: Machine): Parts {
  const name = given<string>(call, "SwitchName");
  const newPath = given<string>(call, "NewVHDPath");
  const oldPath = given<string>(call, "VHDPath");
  return {
    on: name === undefined ? undefined : switchNamed(call, name),
    newDisk: newPath === undefined ? undefined : newDiskOf(call, machine, newPath),
    disk: oldPath === undefined ? undefined : checkDisk(call, machine, inDefaultFolder(call, oldPath)),
    bootDevice: bootDeviceOf(call, machine),
  };
}

function newDiskOf(call: Running, { generation }: Machine, written: string): NonNullable<Parts["newDisk"]> {
  const path = inDefaultFolder(call, written);
  const sizeBytes = call.number("NewVHDSizeBytes") ?? 0;
  if (generation === 2 && /\.vhd$/i.test(path))
    call.invalid(`'${path}' is a .vhd, which generation 2 virtual machines do not support.`);
  refuseNewVhd(call, path, sizeBytes);
  return { path, sizeBytes };
}

/** A bare file name goes to the host's default folder (D, hyper-v.md 1.6). */
function inDefaultFolder({ node }: Running, path: string): string {
  return isAbsolute(path) ? normalizePath(path) : joinPath(hostSettings(node).virtualHardDiskPath, path);
}

/** What each generation boots from; the other names mean the nearest that it has (K, hyper-v.md 1.4). */
const bootDevices: Readonly<Record<1 | 2, Readonly<Record<string, string>>>> = {
  1: {
    CD: "CD",
    IDE: "IDE",
    VHD: "IDE",
    Floppy: "Floppy",
    LegacyNetworkAdapter: "LegacyNetworkAdapter",
    NetworkAdapter: "LegacyNetworkAdapter",
  },
  2: { CD: "CD", VHD: "VHD", NetworkAdapter: "NetworkAdapter" },
};

function bootDeviceOf(call: Running, { generation }: Machine): string | undefined {
  const wanted = given<string>(call, "BootDevice");
  if (wanted === undefined) return undefined;
  const device = bootDevices[generation][wanted];
  if (!device)
    call.invalid(`Failed to create a new virtual machine. Generation ${generation} does not boot from ${wanted}.`);
  return device;
}

/** What a host adds unasked (hyper-v.md 1.6): an adapter, and generation 1 a DVD drive at IDE 1:0. */
function equip(call: Running, machine: Machine, { on, newDisk, disk, bootDevice }: Parts): void {
  const { world, node } = call;
  const adapter = newAdapter(world, { on, isLegacy: bootDevice === "LegacyNetworkAdapter" });
  addAdapter(machine, adapter);
  const path = newDisk ? newVhd(world, node, newDisk).path : disk;
  const hardDisk = path === undefined ? undefined : put(call, machine, "HardDisk", path);
  const hasDvd = machine.generation === 1 || bootDevice === "CD";
  const dvd = hasDvd ? put(call, machine, "Dvd", null) : undefined;
  bootFrom(machine, bootDevice, { adapter, hardDisk, dvd });
}

function put({ world }: Running, machine: Machine, kind: Drive["kind"], path: string | null): Drive | undefined {
  const slot = freeSlot(
    machine,
    machine.generation === 1 && kind === "Dvd" ? { controllerType: "IDE", controllerNumber: 1 } : {},
  );
  if (!slot) return undefined;
  const drive = newDrive(world, kind, slot, path);
  addDrive(machine, drive);
  return drive;
}

function bootFrom(
  machine: Machine,
  device: string | undefined,
  parts: { adapter: Adapter; hardDisk?: Drive; dvd?: Drive },
): void {
  if (device === undefined) return;
  const first = (order: string[]): string[] => [device, ...order.filter((other) => other !== device)];
  if (machine.generation === 1) machine.bios.startupOrder = first(machine.bios.startupOrder);
  const id = { CD: parts.dvd?.id, VHD: parts.hardDisk?.id, NetworkAdapter: parts.adapter.id }[device];
  const isFirst = (entry: BootEntry): boolean =>
    (entry.kind === "adapter" ? entry.adapterId : entry.kind === "drive" ? entry.driveId : "") === id;
  const { firmware } = machine;
  firmware.bootOrder = [
    ...firmware.bootOrder.filter(isFirst),
    ...firmware.bootOrder.filter((entry) => !isFirst(entry)),
  ];
}
