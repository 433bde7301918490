import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import { type FileEntry, type Node, newGuid, type Vhd, type World } from "../world/world";
import {
  extension,
  fileAbove,
  findFile,
  folderExists,
  parentPath as folderOf,
  hasVolume,
  joinPath,
  normalizePath,
  putFile,
  putFolders,
  samePath,
} from "./file-system";
import { chainOf } from "./virtual-hard-disk-chain";
import { dataName } from "./virtual-hard-disk-data";
import { holdersOf, lockOf, mountedFiles } from "./virtual-hard-disk-holders";

export const virtualHardDiskCmdlets: Cmdlets = {
  "Get-VHD": readVhds,
};

const MiB = 2 ** 20;

/** What New-VHD can be told; the rest a host chooses. */
export interface VhdDescription {
  path: string;
  /** Without it the parent's. */
  sizeBytes?: number;
  type?: Vhd["type"];
  parentPath?: string;
  blockSizeBytes?: number;
  logicalSectorSizeBytes?: number;
  physicalSectorSizeBytes?: number;
  alignment?: number;
  addressAbstractionType?: string;
}

const formats: Readonly<Record<string, Vhd["format"]>> = {
  ".vhd": "VHD",
  ".avhd": "VHD",
  ".vhdx": "VHDX",
  ".avhdx": "VHDX",
  ".vhds": "VHDSet",
};

/** Undefined for what is not the name of a virtual hard disk. */
export function formatOf(path: string): Vhd["format"] | undefined {
  return formats[extension(path)];
}

/** A file that a checkpoint made. */
export function isCheckpointFile(path: string): boolean {
  return /^\.avhdx?$/.test(extension(path));
}

/** Makes the file; whether it may be made is asked before, of `refuseNewVhd`. */
export function newVhd(world: World, node: Node, description: VhdDescription): FileEntry {
  const { path, parentPath } = description;
  const format = formatOf(path) ?? "VHDX";
  const parent = parentPath === undefined ? undefined : findFile(world, node, parentPath)?.vhd;
  const type = parentPath === undefined ? (description.type ?? "Dynamic") : "Differencing";
  const sizeBytes = description.sizeBytes ?? parent?.sizeBytes ?? 0;
  putFolders(world, node, folderOf(path)); // as New-VHD does (K)
  return putDisk(world, node, {
    path,
    kind: "file",
    sizeBytes: fileSize(format, type, sizeBytes),
    vhd: {
      format,
      type,
      sizeBytes,
      minimumSizeBytes: null,
      blockSizeBytes:
        type === "Fixed"
          ? 0
          : (description.blockSizeBytes ?? parent?.blockSizeBytes ?? (format === "VHD" ? 2 : 32) * MiB),
      logicalSectorSizeBytes: description.logicalSectorSizeBytes ?? parent?.logicalSectorSizeBytes ?? 512,
      physicalSectorSizeBytes:
        description.physicalSectorSizeBytes ?? parent?.physicalSectorSizeBytes ?? (format === "VHD" ? 512 : 4096),
      parentPath: parentPath === undefined ? null : normalizePath(parentPath),
      identifier: newGuid(world).toUpperCase(),
      parentIdentifier: parent?.identifier ?? null,
      alignment: description.alignment ?? 1,
      addressAbstractionType: description.addressAbstractionType ?? "None",
      diskNumber: null,
      mountedOn: null,
      mountedReadOnly: false,
    },
  });
}

/** A VHD Set is an index with its data beside it (D, hyper-v-devices.md 1). */
function putDisk(world: World, node: Node, file: FileEntry & { vhd: Vhd }): FileEntry {
  const { path, vhd } = file;
  if (vhd.format !== "VHDSet") return putFile(world, node, file);
  const dataFile = dataName(path, newGuid(world));
  putFile(world, node, {
    path: joinPath(folderOf(path), dataFile),
    kind: "file",
    sizeBytes: fileSize("VHDX", vhd.type, vhd.sizeBytes),
    vhd: { ...vhd, format: "VHDX" },
  });
  return putFile(world, node, { ...file, vhd: { ...vhd, dataFile } });
}

/** What stood on a disk that is written stands on it no longer: a write to a parent breaks its children (R, hyper-v.md 6). */
export function write(world: World, node: Node, path: string): void {
  for (const { vhd } of [...Object.values(node.files), ...Object.values(world.cluster?.files ?? {})])
    if (vhd && vhd.parentPath !== null && samePath(vhd.parentPath, path)) vhd.parentIdentifier = null;
}

/** A copy is the disk byte by byte, with its identifier (D, hyper-v.md 1.3), and mounted nowhere. */
export function detached(vhd: Vhd): Vhd {
  return { ...structuredClone(vhd), diskNumber: null, mountedOn: null, mountedReadOnly: false };
}

/** A fixed VHD has 512 bytes of footer (recorded), VHDX and whatever grows begin near 4 MiB (verified; hyper-v.md 6). */
export function fileSize(format: Vhd["format"], type: Vhd["type"], sizeBytes: number): number {
  if (format === "VHDSet") return 260 * 1024;
  return type === "Fixed" ? sizeBytes + (format === "VHD" ? 512 : 4 * MiB) : 4 * MiB;
}

/** What a new disk takes of its volume: a VHD Set has two files. */
export function bytesOfNew(path: string, type: Vhd["type"], sizeBytes: number): number {
  const format = formatOf(path) ?? "VHDX";
  const data = format === "VHDSet" ? fileSize("VHDX", type, sizeBytes) : 0;
  return fileSize(format, type, sizeBytes) + data;
}

/** The refusals of New-VHD and of New-VM's `-NewVHDPath` that depend on path and size alone. */
export function refuseNewVhd(call: Running, path: string, sizeBytes: number): void {
  const format = formatOf(path);
  if (!format || isCheckpointFile(path))
    call.invalid(`'${path}' is not the name of a virtual hard disk: .vhd, .vhdx or .vhds.`);
  if (!hasVolume(call.world, call.node, path) || fileAbove(call.world, call.node, path) !== undefined)
    call.operationFailed(
      `The system failed to create '${path}'. The system cannot find the path specified. (0x80070003)`,
      -2147024893,
    );
  if (findFile(call.world, call.node, path) || folderExists(call.world, call.node, path))
    call.operationFailed(`The system failed to create '${path}'. The file exists. (0x80070050)`, -2147024816);
  const limit = format === "VHD" ? 2040 * 2 ** 30 : 64 * 2 ** 40;
  if (sizeBytes < 3 * MiB || sizeBytes % 512 !== 0 || sizeBytes > limit)
    call.invalid(`The system failed to create '${path}'. The parameter is incorrect. (0x80070057)`, -2147024809);
}

function readVhds(call: Running): Thing[] {
  const ids = given<string[]>(call, "VMId");
  const number = given<number>(call, "DiskNumber");
  const paths = ids
    ? ids.flatMap((id) => machineDisks(call, id))
    : number === undefined
      ? (call.texts("Path") ?? [])
      : [mounted(call, number)];
  return paths.map((path) => readVhd(call, path));
}

function machineDisks(call: Running, id: string): string[] {
  const machine = call.node.machines.find((candidate) => candidate.id === id);
  if (!machine) call.notFound(`Hyper-V was unable to find a virtual machine with id ${id}.`);
  return machine.drives.flatMap(({ kind, path }) => (kind === "HardDisk" && path !== null ? [path] : []));
}

export function mounted(call: Running, number: number): string {
  const file = mountedFiles(call.world, call.node).find(({ vhd }) => vhd?.diskNumber === number);
  if (!file) call.invalid(`Disk ${number} is no mounted virtual hard disk.`);
  return file.path;
}

/** A missing file is an invalid argument, one that only has a disk's name is unreadable (recorded, hyper-v.md 6). */
export function existingVhd(call: Running, path: string): FileEntry & { vhd: Vhd } {
  const file = findFile(call.world, call.node, path);
  if (!file || file.kind === "folder" || !formatOf(path))
    call.invalid(`'${path}' is not an existing virtual hard disk file.`);
  if (file.vhd) return file as FileEntry & { vhd: Vhd };
  const corrupted = 0x80070570;
  call.operationFailed(
    coded(`The system failed to open '${path}'. The file or directory is corrupted and unreadable.`, corrupted),
    signed(corrupted),
  );
}

/** Opens the file: fails for a missing one, a missing parent, and while another host alone has it open (D, hyper-v.md 6). */
export function readVhd(call: Running, path: string): Thing {
  const { world, node } = call;
  const file = existingVhd(call, path);
  const { unreadable } = chainOf(world, node, path);
  if (unreadable)
    call.operationFailed(
      `Getting the disk information of '${path}' failed. '${unreadable.path}': ${unreadable.message} (${unreadable.code})`,
      signed(Number(unreadable.code)),
    );
  if (holdersOf(world, node, path).some((holder) => holder.node !== node && holder.writes && !holder.shares))
    call.fail("ObjectInUse", "ResourceBusy", `'${path}' is in use by another host. (0x80070020)`, {
      hresult: -2147024864,
    });
  return vhdThing(world, node, file, file.vhd);
}

export function passedVhds(call: Running, paths: readonly string[]): Thing[] {
  return call.flag("Passthru") ? paths.map((path) => readVhd(call, path)) : [];
}

/** A record of the moment. */
export function vhdThing(world: World, node: Node, { path, sizeBytes }: FileEntry, vhd: Vhd): Thing {
  return record("VirtualHardDisk", {
    Path: path,
    ComputerName: node.name,
    VhdFormat: vhd.format,
    VhdType: vhd.type,
    FileSize: sizeBytes,
    Size: vhd.sizeBytes,
    MinimumSize: vhd.minimumSizeBytes,
    LogicalSectorSize: vhd.logicalSectorSizeBytes,
    PhysicalSectorSize: vhd.physicalSectorSizeBytes,
    BlockSize: vhd.blockSizeBytes,
    ParentPath: vhd.parentPath,
    DiskIdentifier: vhd.identifier,
    FragmentationPercentage: 0,
    Alignment: vhd.alignment,
    Attached: lockOf(world, node, path) !== undefined,
    DiskNumber: vhd.diskNumber,
    IsPMEMCompatible: false,
    AddressAbstractionType: vhd.addressAbstractionType,
    Number: vhd.diskNumber,
    IsDeleted: false,
  });
}
