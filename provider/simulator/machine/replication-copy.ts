import { branchName } from "../storage/checkpoint-files";
import { fileName, findFile, joinPath, normalizePath, removeFile, samePath } from "../storage/file-system";
import { newVhd } from "../storage/virtual-hard-disk";
import { chainOf } from "../storage/virtual-hard-disk-chain";
import { silentGuest } from "../world/machine-state";
import { type Drive, type Machine, type Node, newGuid, type Replication, type World } from "../world/world";
import { dropConfiguration, putConfiguration } from "./configuration-files";
import type { Partner } from "./replication-partner";

interface Copying {
  world: World;
  from: Node;
  machine: Machine;
  replication: Replication;
}

/** Makes the replica: of the same id, off, with disks of its own in the place for them, and on no switch (K, hyper-v-host.md 6.1). */
export function makeCopy(copying: Copying, { node, storage }: Partner): Machine {
  const { world, machine, replication } = copying;
  const place = joinPath(normalizePath(storage), "Hyper-V Replica");
  const { starts: _starts, metered: _metered, underWay: _underWay, ...kept } = structuredClone(machine);
  const copy: Machine = {
    ...kept,
    copy: newGuid(world),
    path: place,
    snapshotFileLocation: place,
    smartPagingFilePath: place,
    state: "Off",
    guest: silentGuest(),
    checkpoints: [],
    currentCheckpoint: null,
    groupId: null,
    adapters: kept.adapters.map((adapter) => ({ ...adapter, switchId: null, switchName: null })),
    drives: kept.drives.flatMap((drive) => copyDrive(copying, drive, { node, place })),
    replication: { ...replication, mode: "Replica", state: "WaitingForInitialReplication", excludedPaths: [] },
  };
  copy.firmware.bootOrder = copy.firmware.bootOrder.filter(
    (entry) => entry.kind !== "drive" || copy.drives.some(({ id }) => id === entry.driveId),
  );
  node.machines.push(copy);
  putConfiguration(world, node, copy);
  return copy;
}

interface Place {
  node: Node;
  place: string;
}

/** A disk becomes one file, whatever chain it is; a disc stays where it is. */
export function copyDrive(copying: Copying, drive: Drive, at: Place): Drive[] {
  const { world, from, machine, replication } = copying;
  if (drive.kind === "Dvd") return [{ ...drive, path: null }];
  if (drive.path === null || isExcluded(world, from, replication, drive)) return [];
  const files = chainOf(world, from, drive.path).files;
  const name = fileName(files.at(-1)?.path ?? drive.path);
  const path = joinPath(joinPath(joinPath(at.place, "Virtual hard disks"), machine.id.toUpperCase()), name);
  newVhd(world, at.node, { path, sizeBytes: files[0]?.vhd?.sizeBytes ?? 0 });
  return [{ ...drive, path }];
}

/** An excluded disk is so under its checkpoints too. */
export function isExcluded(world: World, node: Node, { excludedPaths }: Replication, { path }: Drive): boolean {
  if (path === null) return false;
  return chainOf(world, node, path).files.some((file) => excludedPaths.some((gone) => samePath(gone, file.path)));
}

/** A machine that tries the replica, on differencing disks over its own (V, hyper-v-host.md 6.2). */
export function makeTest(world: World, node: Node, replica: Machine): Machine {
  const { copy: _copy, ...kept } = structuredClone(replica);
  const test: Machine = {
    ...kept,
    id: newGuid(world),
    name: `${replica.name} - Test`,
    adapters: kept.adapters.map((adapter) => {
      const on = node.switches.find(({ name }) => name === adapter.testReplicaSwitchName);
      return { ...adapter, switchId: on?.id ?? null, switchName: on?.name ?? null };
    }),
    drives: kept.drives.map((drive) => {
      if (drive.kind === "Dvd" || drive.path === null) return drive;
      const path = branchName(world, drive.path);
      newVhd(world, node, { path, parentPath: drive.path });
      return { ...drive, path };
    }),
    replication: replica.replication && { ...replica.replication, mode: "TestReplica" },
  };
  node.machines.push(test);
  putConfiguration(world, node, test);
  return test;
}

export function removeTest(world: World, node: Node, test: Machine): void {
  for (const { kind, path } of test.drives)
    if (kind === "HardDisk" && path !== null && findFile(world, node, path)) removeFile(world, node, path);
  dropConfiguration(world, node, test);
  node.machines = node.machines.filter((machine) => machine !== test);
}
