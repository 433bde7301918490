import type { Endpoint } from "../calls";
import { settle } from "./cluster/failover";
import { failNode, returnNode, startService, stopService } from "./cluster/node-service";
import { sameName } from "./engine/names";
import {
  filesOf,
  findFile,
  hasVolume,
  isUnder,
  pathKey,
  putFile,
  putFolders,
  removeFile,
  samePath,
} from "./storage/file-system";
import { isActive } from "./world/machine-state";
import type { Machine, Node, UnderWay, World } from "./world/world";

/** Something that happens to a world from outside of any cmdlet. */
export type WorldEvent =
  | { fail: string }
  | { return: string }
  | { stopService: "vmms" | "clussvc"; on?: string }
  | { startService: "vmms" | "clussvc"; on?: string }
  | { touch: string; sizeBytes?: number; on?: string }
  | { delete: string; on?: string }
  | { folder: string; on?: string }
  /** A volume vanishes with its files, `D:\\` or a shared one by its folder, and comes back with them. */
  | { loseVolume: string; on?: string }
  | { returnVolume: string; on?: string }
  | { guest: string; boots?: boolean; locked?: boolean; ipAddresses?: string[]; ports?: number[] }
  | ({ machine: string } & UnderWay);

export function happen(world: World, event: WorldEvent): void {
  if ("touch" in event) touch(world, nodeOf(world, event.on), event.touch, event.sizeBytes ?? 0);
  else if ("delete" in event) {
    const node = nodeOf(world, event.on);
    if (!findFile(world, node, event.delete))
      throw new Error(`There is no file ${pathKey(event.delete)} on ${node.name}.`);
    removeFile(world, node, event.delete);
  } else if ("folder" in event) makeFolder(world, nodeOf(world, event.on), event.folder);
  else if ("loseVolume" in event) setAway(world, nodeOf(world, event.on), event.loseVolume, true);
  else if ("returnVolume" in event) setAway(world, nodeOf(world, event.on), event.returnVolume, false);
  else if ("fail" in event) failNode(world, nodeOf(world, event.fail));
  else if ("return" in event) returnNode(world, nodeOf(world, event.return));
  else if ("stopService" in event) stopService(world, nodeOf(world, event.on), event.stopService);
  else if ("startService" in event) startService(world, nodeOf(world, event.on), event.startService);
  else if ("machine" in event) {
    const { machine: name, ...underWay } = event;
    for (const machine of machinesCalled(world, name)) machine.underWay = underWay;
  } else {
    // a guest that comes up is that of a machine which has been restarted by then
    settle(world);
    for (const { guest } of machinesCalled(world, event.guest)) {
      if (event.boots !== undefined) guest.booted = event.boots;
      if (event.locked !== undefined) guest.locked = event.locked;
      if (event.ipAddresses !== undefined) guest.ipAddresses = event.ipAddresses;
      if (event.ports !== undefined) guest.ports = event.ports;
    }
  }
}

function touch(world: World, node: Node, path: string, sizeBytes: number): void {
  if (!hasVolume(world, node, path)) throw new Error(`There is no volume for ${pathKey(path)} on ${node.name}.`);
  putFile(world, node, { path, kind: "file", sizeBytes });
}

function makeFolder(world: World, node: Node, path: string): void {
  if (!hasVolume(world, node, path)) throw new Error(`There is no volume for ${pathKey(path)} on ${node.name}.`);
  putFolders(world, node, path);
}

/** Machines go on without their disks; what the host had mounted from there it has not any more (K). */
function setAway(world: World, node: Node, root: string, away: boolean): void {
  const volume =
    world.cluster?.sharedVolumes.find(({ path }) => samePath(path, root)) ??
    node.volumes.find((candidate) => samePath(candidate.root, root));
  if (!volume) throw new Error(`There is no volume ${root} on ${node.name}.`);
  for (const [key, { vhd }] of Object.entries(filesOf(world, node, root)))
    if (vhd && isUnder(key, root)) Object.assign(vhd, { diskNumber: null, mountedOn: null, mountedReadOnly: false });
  if (away) volume.away = true;
  else delete volume.away;
}

/** A replica has its primary's name, and does nothing while it does not run. */
function machinesCalled(world: World, name: string): Machine[] {
  const machines = world.nodes.flatMap((node) => node.machines).filter((machine) => sameName(machine.name, name));
  if (machines.length === 0) throw new Error(`There is no machine "${name}".`);
  const doing = machines.filter((machine) => machine.replication?.mode !== "Replica" || isActive(machine));
  return doing.length > 0 ? doing : machines;
}

/** Time goes by: what is under way comes to its end. */
export function pass(world: World, seconds: number): boolean {
  const busy = world.nodes.flatMap(({ machines }) => machines.filter(({ underWay }) => underWay));
  for (const machine of busy) {
    const left = (machine.underWay?.seconds ?? 0) - seconds;
    if (left > 0 && machine.underWay) machine.underWay.seconds = left;
    else delete machine.underWay;
  }
  return busy.length > 0;
}

/** What a usual guest listens on: SSH, Remote Desktop, remote management. */
const usualPorts = [22, 3389, 5985];

export function listens(world: World, { address, port }: Endpoint): boolean {
  return world.nodes.some(
    ({ up, machines }) =>
      up &&
      machines.some(
        ({ state, guest }) =>
          state === "Running" &&
          guest.booted &&
          guest.ipAddresses.includes(address) &&
          (guest.ports ?? usualPorts).includes(port),
      ),
  );
}

function nodeOf(world: World, name: string | undefined): Node {
  const node = name === undefined ? world.nodes[0] : world.nodes.find((candidate) => sameName(candidate.name, name));
  if (!node)
    throw new Error(
      `There is no node "${name}". There are: ${world.nodes.map((candidate) => candidate.name).join(", ")}.`,
    );
  return node;
}
