import type { Cmdlets, Running } from "../engine/cmdlet";
import { signed } from "../engine/hresult";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { FileEntry } from "../world/world";
import { childrenOf, exists, isFolder, itemsOf, itemThing, needDrive, treeOf } from "./file";
import {
  deleteFile,
  fileAbove,
  fileName,
  findFile,
  isAbsolute,
  isShared,
  isUnder,
  joinPath,
  keepFolder,
  normalizePath,
  parentPath,
  pathKey,
  putFile,
  putFolders,
  samePath,
} from "./file-system";
import { renameVolume } from "./shared-volume-folder";
import { detached } from "./virtual-hard-disk";
import { holdersOf, lockOf } from "./virtual-hard-disk-holders";
import { roomFor } from "./volume";

export const fileChangeCmdlets: Cmdlets = {
  "New-Item": newItems,
  "Remove-Item": removeItems,
  "Copy-Item": copyItems,
  "Move-Item": moveItems,
  "Rename-Item": renameItem,
};

const sharing = signed(0x80070020);
const fileExists = signed(0x80070050);
const alreadyExists = signed(0x800700b7);
const diskFull = signed(0x80070070);

// ids and categories from PowerShell's FileSystemProvider and NavigationCommands (S)
function ioError(call: Running, id: string, message: string, hresult?: number): never {
  call.fail(id, "WriteError", message, { exception: "System.IO.IOException", hresult });
}

/** .NET's own exception, which no cmdlet wraps: its class is the error id. */
function noSuchFolder(call: Running, path: string): never {
  const exception = "System.IO.DirectoryNotFoundException";
  call.fail(exception, "NotSpecified", `Could not find a part of the path '${path}'.`, {
    exception,
    hresult: signed(0x80070003),
  });
}

function newItems(call: Running): Thing[] {
  const name = given<string>(call, "Name");
  const paths = (call.texts("Path") ?? []).map((path) =>
    normalizePath(name === undefined ? path : joinPath(path, name)),
  );
  const wantsFolder = /^(d|directory|container)/i.test(given<string>(call, "ItemType") ?? "File");
  const value = given<unknown>(call, "Value");
  const sizeBytes = value === undefined ? 0 : Buffer.byteLength(String(value));
  for (const path of paths) refuseItem(call, path, wantsFolder);
  for (const path of paths) {
    const kept = wantsFolder && isFolder(call, path);
    putFolders(call.world, call.node, parentPath(path));
    if (!kept)
      putFile(call.world, call.node, {
        path,
        kind: wantsFolder ? "folder" : "file",
        sizeBytes: wantsFolder ? 0 : sizeBytes,
      });
  }
  return paths.map((path) => itemThing(call.node, path));
}

function refuseItem(call: Running, path: string, wantsFolder: boolean): void {
  const force = call.flag("Force");
  needDrive(call, path);
  if (!isAbsolute(path)) call.invalid(`'${path}' is not an absolute path.`);
  if (wantsFolder && exists(call, path) && !(force && isFolder(call, path)))
    call.fail("DirectoryExist", "ResourceExists", `An item with the specified name ${path} already exists.`, {
      exception: "System.IO.IOException",
    });
  const above = fileAbove(call.world, call.node, path);
  if (above !== undefined)
    ioError(
      call,
      wantsFolder ? "CreateDirectoryIOError" : "NewItemIOError",
      `Cannot create "${path}" because "${above}" is a file.`,
      signed(wantsFolder ? 0x800700b7 : 0x80070003),
    );
  if (wantsFolder) return;
  if (isFolder(call, path))
    call.fail("NewItemUnauthorizedAccessError", "PermissionDenied", `Access to the path '${path}' is denied.`, {
      exception: "System.UnauthorizedAccessException",
    });
  if (exists(call, path) && !force) ioError(call, "NewItemIOError", `The file '${path}' already exists.`, fileExists);
  if (lockOf(call.world, call.node, path)) ioError(call, "NewItemIOError", inUse(path), sharing);
  if (!isFolder(call, parentPath(path)) && !force)
    call.fail("NewItemIOError", "WriteError", `Could not find a part of the path '${path}'.`, {
      exception: "System.IO.DirectoryNotFoundException",
      hresult: signed(0x80070003),
    });
}

function inUse(path: string): string {
  return `The process cannot access the file '${path}' because it is being used by another process.`;
}

/** A folder that has something in it asks, and nobody can be asked under `-NonInteractive`. */
function removeItems(call: Running): Thing[] {
  const items = itemsOf(call);
  for (const path of items) {
    refuseRoot(call, path);
    if (isFolder(call, path) && childrenOf(call, path).length > 0 && !call.flag("Recurse"))
      call.fail(
        "InvalidOperation",
        "InvalidOperation",
        "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
        { exception: "System.Management.Automation.PSInvalidOperationException" },
      );
    refuseLocked(call, "RemoveFileSystemItemIOError", path);
  }
  for (const path of items) {
    keepFolder(call.world, call.node, path);
    for (const gone of treeOf(call, path)) deleteFile(call.world, call.node, gone);
  }
  return [];
}

function refuseRoot(call: Running, path: string): void {
  const isVolume = (call.world.cluster?.sharedVolumes ?? []).some((volume) => samePath(volume.path, path));
  if (pathKey(path).length <= 3 || isVolume)
    call.fail("RemoveFileSystemItemUnAuthorizedAccess", "PermissionDenied", `Access to the path '${path}' is denied.`, {
      exception: "System.UnauthorizedAccessException",
    });
}

/** An open file is neither deleted, moved nor renamed (V, hyper-v.md 6). */
function refuseLocked(call: Running, id: string, path: string): void {
  const locked = treeOf(call, path).find((file) => lockOf(call.world, call.node, file));
  if (locked !== undefined) ioError(call, id, inUse(locked), sharing);
}

/** Where an item goes: into a folder under its own name, else to the path itself. */
function destinationOf(call: Running, item: string, destination: string): string {
  const written = normalizePath(destination);
  return isFolder(call, written) ? joinPath(written, fileName(item)) : written;
}

function copyItems(call: Running): Thing[] {
  const copies = itemsOf(call).flatMap((item) => copiesOf(call, item, destinationOf(call, item, wanted(call))));
  for (const copy of copies) refuseCopy(call, copy);
  for (const { source, to } of copies) {
    if (source.kind === "folder" && isFolder(call, to)) continue;
    requireRoom(call, "CopyFileInfoItemIOError", source.sizeBytes, to);
    putFile(call.world, call.node, {
      ...structuredClone(source),
      ...(source.vhd && { vhd: detached(source.vhd) }),
      path: to,
    });
  }
  return passed(call, copies.map(({ to }) => to).slice(0, 1));
}

/** What was written until the volume was full stays, in the place of what was there (K). */
function requireRoom(call: Running, id: string, sizeBytes: number, to: string): void {
  const room = roomFor(call.world, call.node, to);
  if (sizeBytes <= room) return;
  putFile(call.world, call.node, { path: to, kind: "file", sizeBytes: Math.max(0, room) });
  ioError(call, id, `There is not enough space on the disk. : '${to}'`, diskFull);
}

function wanted(call: Running): string {
  return given<string>(call, "Destination") ?? call.invalid("A destination is missing.");
}

interface Copy {
  source: FileEntry;
  to: string;
}

/** With `-Recurse` what lies in a folder too, else the bare folder. */
function copiesOf(call: Running, item: string, to: string): Copy[] {
  const whole = isFolder(call, item) && call.flag("Recurse");
  const entries = whole ? treeOf(call, item) : [item];
  return [...new Set([item, ...entries])].map((path) => ({
    source: findFile(call.world, call.node, path) ?? { path, kind: "folder", sizeBytes: 0 },
    to: to + path.slice(item.length),
  }));
}

function refuseCopy(call: Running, { source, to }: Copy): void {
  const { world, node } = call;
  needDrive(call, to);
  if (samePath(source.path, to)) ioError(call, "CopyError", `Cannot overwrite the item ${source.path} with itself.`);
  if (source.kind === "folder") return;
  if (isFolder(call, to))
    call.fail("CopyFileInfoItemUnauthorizedAccessError", "PermissionDenied", `Access to the path '${to}' is denied.`, {
      exception: "System.UnauthorizedAccessException",
    });
  if (holdersOf(world, node, source.path).some(({ writes }) => writes))
    ioError(call, "CopyFileInfoItemIOError", inUse(source.path), sharing);
  if (lockOf(world, node, to)) ioError(call, "CopyFileInfoItemIOError", inUse(to), sharing);
  const folder = parentPath(to);
  const isCopied =
    isFolder(call, folder) || (call.flag("Recurse") && !samePath(folder, parentPath(normalizePath(wanted(call)))));
  if (!isCopied) noSuchFolder(call, to);
}

function passed(call: Running, paths: readonly string[]): Thing[] {
  return call.flag("PassThru") ? paths.map((path) => itemThing(call.node, path)) : [];
}

function moveItems(call: Running): Thing[] {
  const moves = itemsOf(call).map((item) => ({ item, to: destinationOf(call, item, wanted(call)) }));
  for (const { item, to } of moves) refuseMove(call, item, to);
  if (new Set(moves.map(({ to }) => pathKey(to))).size < moves.length)
    ioError(call, "MoveFileInfoItemIOError", "Cannot create a file when that file already exists.", alreadyExists);
  for (const { item, to } of moves) {
    // between volumes a move is a copy, whose source goes when it is whole (D)
    if (!sameVolume(call, item, to))
      requireRoom(call, "MoveFileInfoItemIOError", findFile(call.world, call.node, item)?.sizeBytes ?? 0, to);
    relocate(call, item, to);
  }
  return passed(
    call,
    moves.map(({ to }) => to),
  );
}

function refuseMove(call: Running, item: string, to: string): void {
  const id = isFolder(call, item) ? "MoveDirectoryItemIOError" : "MoveFileInfoItemIOError";
  needDrive(call, to);
  refuseRoot(call, item);
  refuseLocked(call, id, item);
  if (!isFolder(call, parentPath(to)))
    call.fail(id, "WriteError", `Could not find a part of the path '${to}'.`, {
      exception: "System.IO.DirectoryNotFoundException",
      hresult: signed(0x80070003),
    });
  if (isFolder(call, item) && isUnder(to, item) && !samePath(to, item))
    ioError(call, id, "The destination is inside of the folder that is moved.", sharing);
  if (exists(call, to) && !samePath(item, to)) {
    if (isFolder(call, item) || isFolder(call, to) || !call.flag("Force"))
      ioError(call, id, "Cannot create a file when that file already exists.", alreadyExists);
    refuseLocked(call, id, to);
  }
  if (sameVolume(call, item, to)) return;
  if (isFolder(call, item))
    // Windows PowerShell 5.1; PowerShell 7 copies
    ioError(call, id, "Source and destination path must have identical roots. Move will not work across volumes.");
}

function sameVolume(call: Running, one: string, other: string): boolean {
  return (
    pathKey(one).slice(0, 2) === pathKey(other).slice(0, 2) &&
    isShared(call.world, one, call.node) === isShared(call.world, other, call.node)
  );
}

/** The entries move to their new paths; whoever knew a file by its path does not find it any more. */
function relocate(call: Running, from: string, to: string): void {
  const { world, node } = call;
  keepFolder(world, node, from);
  const moved = treeOf(call, from).map((path) => ({ path, file: findFile(world, node, path) }));
  for (const { path } of moved) deleteFile(world, node, path);
  for (const { path, file } of moved) if (file) putFile(world, node, { ...file, path: to + path.slice(from.length) });
}

function renameItem(call: Running): Thing[] {
  const written = call.texts("LiteralPath")?.[0] ?? call.texts("Path")?.[0] ?? "";
  needDrive(call, written);
  if (!exists(call, written))
    call.fail("InvalidOperation", "InvalidOperation", `Cannot rename because item at '${written}' does not exist.`, {
      exception: "System.Management.Automation.PSInvalidOperationException",
    });
  const item = findFile(call.world, call.node, written)?.path ?? normalizePath(written);
  const to = renamedPath(call, item);
  if (exists(call, to) && !samePath(item, to))
    ioError(call, "RenameItemIOError", "Cannot create a file when that file already exists.", alreadyExists);
  refuseLocked(call, "RenameItemIOError", item);
  if (!renameVolume(call.world, call.node, item, to)) relocate(call, item, to);
  return passed(call, [to]);
}

/** A new name, or a path in the same folder. */
function renamedPath(call: Running, item: string): string {
  const name = normalizePath(call.text("NewName") ?? "");
  if (!name.includes("\\")) return joinPath(parentPath(item), name);
  if (samePath(parentPath(name), parentPath(item))) return name;
  const message = "Cannot rename the specified target, because it represents a path or device name.";
  const exception = "System.Management.Automation.PSArgumentException";
  call.fail("Argument", "InvalidArgument", message, { exception });
}
