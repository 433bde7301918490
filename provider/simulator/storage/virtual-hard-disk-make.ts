import type { Cmdlets, Running } from "../engine/cmdlet";
import { coded, signed } from "../engine/hresult";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { FileEntry, Vhd } from "../world/world";
import { findFile, folderExists, parentPath as folderOf, removeFile, samePath } from "./file-system";
import {
  bytesOfNew,
  formatOf,
  isCheckpointFile,
  newVhd,
  refuseNewVhd,
  type VhdDescription,
  vhdThing,
} from "./virtual-hard-disk";
import { dataPath } from "./virtual-hard-disk-data";
import { openVhd, refuseLocked } from "./virtual-hard-disk-open";
import { refuseFull } from "./volume";

export const virtualHardDiskMakeCmdlets: Cmdlets = {
  "New-VHD": newVhds,
  "Convert-VHD": convertVhd,
};

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const incorrect = 0x80070057;

function newVhds(call: Running): Thing[] {
  if (call.has("SourceDisk")) call.invalid(`There is no disk ${call.number("SourceDisk")} that could be copied.`);
  const paths = call.texts("Path") ?? [];
  if (paths.some((path, at) => paths.findIndex((other) => samePath(path, other)) < at))
    call.invalid("A path is named twice.");
  const descriptions = paths.map((path) => describe(call, path));
  for (const description of descriptions) refuse(call, description);
  refuseFull(
    call,
    descriptions.map(({ path, type = "Dynamic", sizeBytes }) => ({
      path,
      bytes: bytesOfNew(path, type, sizeBytes),
    })),
  );
  return descriptions.map((description) => made(call, description));
}

type Description = VhdDescription & { sizeBytes: number };

function describe(call: Running, path: string): Description {
  const parentPath = given<string>(call, "ParentPath");
  const parent = parentPath === undefined ? undefined : openParent(call, parentPath, path);
  const alignment = given<number>(call, "DataAlignmentBytes") ?? 0;
  return {
    path,
    type: parent ? "Differencing" : call.flag("Fixed") ? "Fixed" : "Dynamic",
    sizeBytes: call.number("SizeBytes") ?? parent?.vhd?.sizeBytes ?? 0,
    parentPath,
    blockSizeBytes: given<number>(call, "BlockSizeBytes"),
    logicalSectorSizeBytes: given<number>(call, "LogicalSectorSizeBytes"),
    physicalSectorSizeBytes: given<number>(call, "PhysicalSectorSizeBytes"),
    alignment: alignment === 0 ? 1 : alignment, // recorded: 0 reads 1 (hyper-v.md 6)
    addressAbstractionType: given<string>(call, "AddressAbstractionType"),
  };
}

/** A missing parent is an invalid argument (V), as is one of another format or a checkpoint's file (D, recorded; hyper-v.md 6). */
function openParent(call: Running, parentPath: string, path: string): FileEntry {
  if (isCheckpointFile(parentPath)) call.invalid(`'${parentPath}' is a checkpoint's file, which cannot be a parent.`);
  if (formatOf(parentPath) !== formatOf(path)) call.invalid(`'${parentPath}' has another format than '${path}'.`);
  const parent = openVhd(call, parentPath);
  refuseLocked(call, parentPath, "parent");
  return parent;
}

function refuse(call: Running, description: Description): void {
  const { path, sizeBytes, blockSizeBytes, parentPath } = description;
  const { logicalSectorSizeBytes = 512, physicalSectorSizeBytes = 4096 } = description;
  refuseNewVhd(call, path, sizeBytes);
  const format = formatOf(path);
  // K, hyper-v-devices.md 1
  if (format === "VHDSet" && parentPath !== undefined)
    call.invalid(`'${path}' is a VHD Set, which cannot be a differencing virtual hard disk.`);
  const parentSize = parentPath === undefined ? 0 : (findFile(call.world, call.node, parentPath)?.vhd?.sizeBytes ?? 0);
  const wrong =
    sizeBytes % logicalSectorSizeBytes !== 0 ||
    sizeBytes < parentSize ||
    physicalSectorSizeBytes < logicalSectorSizeBytes ||
    (format === "VHD" && logicalSectorSizeBytes !== 512) ||
    (blockSizeBytes !== undefined && blockSizeBytes !== 0 && !isBlockSize(format, blockSizeBytes));
  if (wrong)
    call.invalid(
      coded(`The system failed to create '${path}'. The parameter is incorrect.`, incorrect),
      signed(incorrect),
    );
}

/** A power of two: 512 KiB or 2 MiB for VHD, 1 to 256 MiB for VHDX (D). */
function isBlockSize(format: Vhd["format"] | undefined, bytes: number): boolean {
  if (format === "VHD") return bytes === 512 * KiB || bytes === 2 * MiB;
  return Number.isInteger(Math.log2(bytes)) && bytes >= MiB && bytes <= 256 * MiB;
}

function made(call: Running, description: VhdDescription): Thing {
  const { blockSizeBytes } = description;
  return thingOf(
    call,
    newVhd(call.world, call.node, {
      ...description,
      blockSizeBytes: blockSizeBytes === 0 ? undefined : blockSizeBytes,
    }),
  );
}

function thingOf({ world, node }: Running, file: FileEntry): Thing {
  if (!file.vhd) throw new Error(`${file.path} is no virtual hard disk.`);
  return vhdThing(world, node, file, file.vhd);
}

/** Writes a second file and leaves the first, also where a machine is attached to it (D, K, hyper-v.md 6). */
function convertVhd(call: Running): Thing[] {
  const { world, node } = call;
  const path = call.text("Path") ?? "";
  const destination = call.text("DestinationPath") ?? "";
  const source = openVhd(call, path);
  refuseLocked(call, path);
  const description = conversion(call, source, destination);
  refuse(call, description);
  requireFolder(call, destination);
  refuseFull(call, [
    {
      path: destination,
      bytes: bytesOfNew(destination, description.type ?? "Dynamic", description.sizeBytes),
    },
  ]);
  const file = newVhd(world, node, description);
  if (call.flag("DeleteSource")) deleteDisk(call, source);
  return call.flag("Passthru") ? [thingOf(call, file)] : [];
}

function deleteDisk({ world, node }: Running, file: FileEntry): void {
  const data = dataPath(world, node, file);
  if (data !== undefined) removeFile(world, node, data);
  removeFile(world, node, file.path);
}

/** Whether a conversion makes a missing folder is not recorded (K). */
function requireFolder(call: Running, path: string): void {
  const missing = 0x80070003;
  if (!folderExists(call.world, call.node, folderOf(path)))
    call.operationFailed(
      coded(`The system failed to create '${path}'. The system cannot find the path specified.`, missing),
      signed(missing),
    );
}

/** The type of the source unless told otherwise; a chain becomes one dynamic disk without a parent of its own (K). */
function conversion(call: Running, { path, vhd }: FileEntry, destination: string): Description {
  const parentPath = given<string>(call, "ParentPath");
  const flat = vhd?.type === "Differencing" ? "Dynamic" : vhd?.type;
  const type = given<Vhd["type"]>(call, "VHDType") ?? (parentPath === undefined ? flat : "Differencing");
  if ((type === "Differencing") !== (parentPath !== undefined))
    call.invalid("A differencing disk, and no other, has a parent.");
  if (type !== "Fixed" && type !== "Dynamic" && type !== "Differencing")
    call.invalid(`'${path}' cannot become ${type}.`);
  if (parentPath !== undefined) openParent(call, parentPath, destination);
  const alike = formatOf(path) === formatOf(destination);
  return {
    path: destination,
    sizeBytes: vhd?.sizeBytes ?? 0,
    type,
    parentPath,
    blockSizeBytes:
      given<number>(call, "BlockSizeBytes") ?? (alike && vhd?.blockSizeBytes ? vhd.blockSizeBytes : undefined),
    logicalSectorSizeBytes: vhd?.logicalSectorSizeBytes,
    physicalSectorSizeBytes: alike ? vhd?.physicalSectorSizeBytes : undefined,
  };
}
