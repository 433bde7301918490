import { driveThing } from "../devices/drive";
import { coded } from "../engine/hresult";
import { sameName } from "../engine/names";
import type { Thing } from "../engine/thing";
import { compareVersions, newestVersion } from "../engine/versions";
import { adapterThing } from "../network/network-adapter";
import { disksOf } from "../storage/checkpoint-files";
import { filesOf, findFile, isShared } from "../storage/file-system";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { assignedBytes, freeMemory, isActive } from "../world/machine-state";
import type { Drive, Machine, Node, World } from "../world/world";
import { machineThing } from "./virtual-machine";

/** What keeps a machine from living on a host, as a report names it. */
export interface Incompatibility {
  messageId: number;
  message: string;
  /** What a move then fails with. */
  code?: number;
  source: Thing;
}

/** Recorded are those of switches, disks and saved states (hyper-v-devices.md 10, hyper-v-host.md 7); the others are K. */
const ids = {
  processorCount: 14420,
  version: 18350,
  processorFeatures: 24004,
  memory: 26018,
  keyProtector: 33680,
  switch: 33012,
  savedState: 40004,
  disk: 40010,
} as const;

interface Going {
  world: World;
  from: Node;
  to: Node;
  machine: Machine;
}

/** Everything of hyper-v-host.md 7 that depends on the machine; `moves` says of a path whether it goes along. */
export function incompatibilities(going: Going, moves: (path: string) => boolean): Incompatibility[] {
  return [...ofHost(going), ...ofProcessor(going), ...ofKeyProtector(going), ...ofFiles(going, moves)];
}

/** What keeps a machine from living on a node, files included (D, hyper-v.md 7.3). */
export function whyNotOn(world: World, node: Node, machine: Machine): string | undefined {
  const [first] = ofHost({ world, from: node, to: node, machine });
  if (first) return first.message;
  const [local] = localPaths(world, machine);
  if (local !== undefined) return `'${local}' is on storage of one host only.`;
  return isActive(machine) ? chainRefusal(world, node, machine) : undefined;
}

/** The worker there opens the disks again, as at a start (K). */
function chainRefusal(world: World, node: Node, machine: Machine): string | undefined {
  for (const { path } of disksOf({ ...machine, checkpoints: [] })) {
    const { broken } = chainOf(world, node, path ?? "");
    if (broken) return `'${broken.path}' cannot be opened: ${broken.message} (${broken.code})`;
  }
  return undefined;
}

/** Of its files those that only one host sees. */
export function localPaths(world: World, machine: Machine): string[] {
  return [machine.path, ...drivesOf(machine).flatMap(({ path }) => path ?? [])].filter(
    (path) => !isShared(world, path),
  );
}

/** As they are, and as checkpoints keep them. */
function drivesOf(machine: Machine): Drive[] {
  return [machine, ...machine.checkpoints.map(({ hardware }) => hardware)].flatMap(({ drives }) => drives);
}

/** Version, processors, memory, and a switch of the same name. */
function ofHost({ from, to, machine }: Going): Incompatibility[] {
  const source = machineThing(machine);
  const found: Incompatibility[] = [];
  if (compareVersions(machine.version, newestVersion(to)) > 0)
    found.push({
      messageId: ids.version,
      message: `Configuration version ${machine.version} is not supported by '${to.name}'.`,
      source,
    });
  if (machine.processor.count > to.logicalProcessors)
    found.push({
      messageId: ids.processorCount,
      message: `'${machine.name}' has more virtual processors than '${to.name}' can run.`,
      source,
    });
  if (assignedBytes(machine) > freeMemory(to))
    found.push({
      messageId: ids.memory,
      message: coded(`There is not enough memory on '${to.name}' for '${machine.name}'.`, 0x8007000e),
      code: 0x8007000e,
      source,
    });
  for (const adapter of machine.adapters) {
    const name = from.switches.find(({ id }) => id === adapter.switchId)?.name ?? adapter.switchName;
    if (name === null || switchOn(to, name)) continue;
    found.push({
      messageId: ids.switch,
      message: `Could not find Ethernet switch '${name}'.`,
      source: adapterThing({ machine }, adapter),
    });
  }
  return found;
}

export function switchOn(node: Node, name: string): Node["switches"][number] | undefined {
  return node.switches.find((candidate) => sameName(candidate.name, name));
}

/** Of one vendor, and with no less than it has begun with, unless it was told to do with less; off, it has begun with nothing (D). */
function ofProcessor({ from, to, machine }: Going): Incompatibility[] {
  if (machine.state === "Off" || !from.processor || !to.processor) return [];
  const isOther = from.processor.vendor !== to.processor.vendor;
  const isLess = to.processor.level < from.processor.level && !machine.processor.compatibilityForMigrationEnabled;
  if (!isOther && !isLess) return [];
  return [
    {
      messageId: machine.state === "Saved" ? ids.savedState : ids.processorFeatures,
      message: `The hardware on the destination computer is not compatible with the hardware requirements of the virtual machine '${machine.name}'.`,
      source: machineThing(machine),
    },
  ];
}

/** The guardian that made a local key protector is on its own host alone (recorded). */
function ofKeyProtector({ to, machine }: Going): Incompatibility[] {
  const { tpmEnabled, keyProtector, guardianNode } = machine.security;
  if (!tpmEnabled || keyProtector !== "local" || guardianNode === to.name) return [];
  const code = 0x80070057;
  return [
    {
      messageId: ids.keyProtector,
      message: coded(`The key protector of '${machine.name}' cannot be unwrapped on '${to.name}'.`, code),
      code,
      source: machineThing(machine),
    },
  ];
}

/** What neither goes along nor is seen from there; a mounted disc too, which never goes along (D, recorded). */
function ofFiles({ world, from, to, machine }: Going, moves: (path: string) => boolean): Incompatibility[] {
  const code = 0xc03a0014;
  const isSeen = (path: string): boolean => filesOf(world, from, path) === filesOf(world, to, path);
  const missing = (path: string, source: Thing): Incompatibility => ({
    messageId: ids.disk,
    message: coded(`'${path}' cannot be found on '${to.name}'.`, code),
    code,
    source,
  });
  const drives = drivesOf(machine).flatMap((drive) => {
    const { kind, path, diskNumber } = drive;
    const source = driveThing({ machine }, drive);
    if (diskNumber !== undefined) return [missing(`Disk ${diskNumber}`, source)];
    if (path === null || isSeen(path)) return [];
    const isThere = kind === "Dvd" ? findFile(world, to, path) !== undefined : moves(path);
    return isThere ? [] : [missing(path, source)];
  });
  const isLeft = !moves(machine.path) && !isSeen(machine.path);
  return isLeft ? [missing(machine.path, machineThing(machine)), ...drives] : drives;
}
