import { checkClusterPath } from "../devices/drive";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { signed } from "../engine/hresult";
import { answer } from "../engine/job";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { childrenOf, disksOf, ownFiles } from "../storage/checkpoint-files";
import {
  extension,
  fileAbove,
  fileName,
  findFile,
  folderExists,
  hasVolume,
  isAbsolute,
  joinPath,
  normalizePath,
  parentPath,
  pathKey,
  putFile,
  putFolders,
  removeFile,
  samePath,
} from "../storage/file-system";
import { detached } from "../storage/virtual-hard-disk";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { holdersOf } from "../storage/virtual-hard-disk-holders";
import { refuseFull } from "../storage/volume";
import { hostSettings } from "../world/host";
import type { FileEntry, Machine, Node } from "../world/world";
import { dropConfiguration, putConfiguration } from "./configuration-files";
import { oneMachine } from "./one-machine";
import { sharedDisk } from "./shared-disk";
import { machineThing } from "./virtual-machine";

export const storageMoveCmdlets: Cmdlets = {
  "Move-VMStorage"(call) {
    const machine = oneMachine(call);
    // refused, not queued, as a live migration is (K)
    if (hostSettings(call.node).maximumStorageMigrations === 0)
      call.operationFailed(`Storage migration for '${machine.name}' failed. The host allows no storage migrations.`);
    const plan = planStorage(call, machine, call.node);
    relocate(call, machine, plan, call.node);
    return answer(call, () => [machineThing(machine)]);
  },
};

/** Where everything of a machine goes. */
export interface StoragePlan {
  path?: string;
  snapshotFileLocation?: string;
  smartPagingFilePath?: string;
  disks: { file: FileEntry; to: string }[];
}

/** Looks at the whole move before anything is moved. */
export function planStorage(call: Running, machine: Machine, target: Node): StoragePlan {
  const all = given<string>(call, "DestinationStoragePath");
  const plan: StoragePlan = {
    path: given<string>(call, "VirtualMachinePath") ?? all,
    snapshotFileLocation: given<string>(call, "SnapshotFilePath") ?? all,
    smartPagingFilePath: given<string>(call, "SmartPagingFilePath") ?? all,
    disks:
      all === undefined
        ? namedDisks(call, machine)
        : allDisks(call, machine, joinPath(normalizePath(all), "Virtual Hard Disks")),
  };
  if (sharedDisk(machine))
    call.operationFailed(`'${machine.name}' has a shared disk, which storage migration does not move.`);
  for (const folder of [plan.path, plan.snapshotFileLocation, plan.smartPagingFilePath])
    checkPlace(call, machine, target, folder);
  const moved = plan.disks.filter(({ file, to }) => findFile(call.world, target, to) !== file);
  for (const disk of moved) checkDisk(call, machine, target, disk);
  const destinations = moved.map(({ to }) => to);
  for (const [index, to] of destinations.entries())
    if (destinations.findIndex((other) => samePath(other, to)) < index) fileExists(call, machine, to);
  // the source goes only when its copy is whole, also within one volume (K)
  refuseFull(
    call,
    moved.map(({ file, to }) => ({ path: to, bytes: file.sizeBytes })),
    target,
  );
  return { ...plan, disks: moved };
}

function allDisks(call: Running, machine: Machine, folder: string): StoragePlan["disks"] {
  for (const { path } of disksOf(machine)) requireChain(call, machine, path ?? "");
  return ownFiles(call.world, call.node, machine).map((file) => ({ file, to: joinPath(folder, fileName(file.path)) }));
}

/** `-Vhds @{SourceFilePath; DestinationFilePath}`: files of this machine's disks. */
function namedDisks(call: Running, machine: Machine): StoragePlan["disks"] {
  const own = ownFiles(call.world, call.node, machine);
  return (given<Record<string, unknown>[]>(call, "Vhds") ?? []).map((pair) => {
    const source = textOf(pair, "SourceFilePath");
    const to = textOf(pair, "DestinationFilePath");
    const file = source === undefined ? undefined : own.find(({ path }) => samePath(path, source));
    if (source !== undefined && disksOf(machine).some(({ path }) => samePath(path ?? "", source)))
      requireChain(call, machine, source);
    if (!file || to === undefined) call.invalid(`'${source}' is no disk of '${machine.name}', or has no destination.`);
    return { file, to: normalizePath(to) };
  });
}

/** What cannot be opened is not moved (K). */
function requireChain(call: Running, machine: Machine, path: string): void {
  const { broken } = chainOf(call.world, call.node, path);
  if (broken)
    call.operationFailed(
      `Storage migration for '${machine.name}' failed. '${broken.path}': ${broken.message} (${broken.code})`,
      signed(Number(broken.code)),
    );
}

function textOf(pair: Record<string, unknown>, name: string): string | undefined {
  const value = Object.entries(pair).find(([key]) => sameName(key, name))?.[1];
  return typeof value === "string" ? value : undefined;
}

function checkPlace(call: Running, machine: Machine, target: Node, folder: string | undefined): void {
  if (folder === undefined) return;
  if (!isAbsolute(folder) || !hasVolume(call.world, target, folder) || fileAbove(call.world, target, folder))
    call.operationFailed(
      `Storage migration for '${machine.name}' failed. '${folder}' cannot be found. (0x80070003)`,
      -2147024893,
    );
  checkClusterPath(call, machine, folder);
}

function checkDisk(call: Running, machine: Machine, target: Node, { file, to }: StoragePlan["disks"][number]): void {
  const { world, node } = call;
  checkPlace(call, machine, target, to);
  // the format stays: a migration copies (K)
  if (extension(to) !== extension(file.path))
    call.invalid(`Storage migration for '${machine.name}' failed. '${to}' has another format than '${file.path}'.`);
  if (findFile(world, target, to) || folderExists(world, target, to)) fileExists(call, machine, to);
  const writer = holdersOf(world, node, file.path).find((holder) => holder.writes && holder.machine !== machine);
  if (writer)
    call.operationFailed(
      `Storage migration for '${machine.name}' failed. '${file.path}' is being used by another process. (0x80070020)`,
      signed(0x80070020),
    );
}

function fileExists(call: Running, machine: Machine, path: string): never {
  call.operationFailed(`Storage migration for '${machine.name}' failed. '${path}' exists. (0x80070050)`, -2147024816);
}

/** Hot as well: the files go, and everything that names them with them (hyper-v.md 2.1). */
export function relocate(call: Running, machine: Machine, plan: StoragePlan, target: Node): void {
  const { world, node } = call;
  dropConfiguration(world, node, machine);
  moveDisks(call, machine, plan.disks, target);
  machine.path = normalizePath(plan.path ?? machine.path);
  machine.snapshotFileLocation = normalizePath(plan.snapshotFileLocation ?? machine.snapshotFileLocation);
  machine.smartPagingFilePath = normalizePath(plan.smartPagingFilePath ?? machine.smartPagingFilePath);
  putConfiguration(world, target, machine);
}

function moveDisks(call: Running, machine: Machine, moves: StoragePlan["disks"], target: Node): void {
  const { world, node } = call;
  const own = ownFiles(world, node, machine);
  const places = new Map(moves.map(({ file, to }) => [pathKey(file.path), normalizePath(to)]));
  const placeOf = (path: string): string => places.get(pathKey(path)) ?? path;
  const onNewParent = (file: FileEntry): FileEntry =>
    file.vhd
      ? { ...file, vhd: { ...file.vhd, parentPath: file.vhd.parentPath && placeOf(file.vhd.parentPath) } }
      : file;
  for (const { file, to } of moves) {
    putFolders(world, target, parentPath(to));
    const { vhd, ...copy } = onNewParent(file);
    putFile(world, target, { ...copy, ...(vhd && { vhd: detached(vhd) }), path: to });
  }
  for (const file of own) if (!places.has(pathKey(file.path))) putFile(world, node, onNewParent(file));
  for (const drive of disksOf(machine)) drive.path = placeOf(drive.path ?? "");
  for (const { file } of moves) if (!isNeeded(call, machine, file, own)) removeFile(world, node, file.path);
}

/** A parent that others stand on, or that somebody reads, is copied and stays. */
function isNeeded(call: Running, machine: Machine, file: FileEntry, own: readonly FileEntry[]): boolean {
  if (call.flag("RetainVhdCopiesOnSource")) return true;
  // the machine itself has its copy open by then
  if (holdersOf(call.world, call.node, file.path).some((holder) => holder.machine !== machine)) return true;
  return childrenOf(call.world, call.node, file).some((child) => !own.includes(child));
}
