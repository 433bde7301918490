import type { Hardware, Machine, World } from "../world/world";
import { isReplicated, otherSide, type Replicated } from "./replication-selection";

/** A replica's configuration is its primary's; its adapters, disks and places are its own (D, K, hyper-v-host.md 6.1). */
const followed = [
  "name",
  "notes",
  "processor",
  "memory",
  "integrationServices",
  "automaticStartAction",
  "automaticStartDelay",
  "automaticStopAction",
  "automaticCriticalErrorAction",
  "automaticCriticalErrorActionTimeout",
  "checkpointType",
  "automaticCheckpointsEnabled",
  "lowMemoryMappedIoSpace",
  "highMemoryMappedIoSpace",
  "guestControlledCacheTypes",
  "lockOnDisconnect",
] as const satisfies readonly (keyof Hardware)[];

/** There is no clock: what a primary sends is there when the next batch begins. True when something was sent. */
export function replicate(world: World): boolean {
  if (!world.cluster?.replicaServer && world.nodes.every(({ replicaServer }) => !replicaServer)) return false;
  const primaries = world.nodes.filter(({ up }) => up).flatMap(({ machines }) => machines.filter(isSending));
  return primaries.map((machine) => send(world, machine)).includes(true);
}

function isSending(machine: Machine): machine is Replicated {
  return isReplicated(machine) && machine.replication.mode === "Primary" && machine.replication.state === "Replicating";
}

function send(world: World, primary: Replicated): boolean {
  const replica = otherSide(world, primary)?.machine;
  if (replica?.replication?.mode !== "Replica" || replica.replication.state !== "Replicating") return false;
  const changed = followed.filter((key) => JSON.stringify(primary[key]) !== JSON.stringify(replica[key]));
  for (const key of changed) Object.assign(replica, { [key]: structuredClone(primary[key]) });
  return changed.length > 0;
}
