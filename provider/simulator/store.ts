import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { lock } from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import type { World } from "./world";

/** Where a world lives between two batches. */
export interface Store {
  /** Runs alone with the world; what `work` did is kept before the promise resolves, also when it throws. */
  transact<T>(work: Work<T>): Promise<T>;
  /** Runs what most likely only reads; if it changes the world after all, as a transaction. */
  read<T>(work: Work<T>): Promise<T>;
}

type Work<T> = (world: World) => { result: T; changed: boolean };

/** A world that lives as long as the process. */
export class MemoryStore implements Store {
  constructor(private readonly world: World) {}

  async transact<T>(work: Work<T>): Promise<T> {
    return work(this.world).result;
  }

  read<T>(work: Work<T>): Promise<T> {
    return this.transact(work);
  }
}

interface Waiting {
  work: (world: World) => boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * A world in one JSON file, which several processes share: written atomically, under a lock. Batches that arrive while
 * another is being written share the next write, so that many machines do not cost many files.
 */
export class FileStore implements Store {
  private readonly path: string;
  private waiting: Waiting[] = [];
  private draining = false;
  private cached: { world: World; stamp: string } | undefined;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Without the lock: the file is replaced as a whole, so what is read is one world, of before or after. */
  async read<T>(work: Work<T>): Promise<T> {
    if (existsSync(this.path)) {
      const { result, changed } = work(this.load());
      if (!changed) return result;
      // what it did is only in memory: once more, with the lock
      this.cached = undefined;
    }
    return this.transact(work);
  }

  transact<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.waiting.push({
        work: (world) => {
          const done = work(world);
          result = done.result;
          return done.changed;
        },
        resolve: () => resolve(result),
        reject,
      });
      if (!this.draining) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.draining = true;
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      await this.commit(group).catch((error) => {
        for (const waiting of group) waiting.reject(error);
      });
    }
    this.draining = false;
  }

  private async commit(group: Waiting[]): Promise<void> {
    const release = await lockFile(this.path);
    try {
      const world = this.load();
      let changed = false;
      const done: (() => void)[] = [];
      for (const waiting of group) {
        try {
          changed = waiting.work(world) || changed;
          done.push(waiting.resolve);
        } catch (error) {
          // what a batch did before it failed has happened
          changed = true;
          done.push(() => waiting.reject(error));
        }
      }
      if (changed) {
        // no await since `load`: nobody reads what is not in the file yet
        try {
          writeWorld(this.path, world);
          this.cached = { world, stamp: stampOf(this.path) };
        } catch (error) {
          // the file still holds the world of before: forget what is only in memory
          this.cached = undefined;
          throw error;
        }
      }
      for (const answer of done) answer();
    } finally {
      await release();
    }
  }

  /** The world as it is in the file, from memory if nobody wrote it since. */
  private load(): World {
    const stamp = stampOf(this.path);
    if (this.cached?.stamp === stamp) return this.cached.world;
    const world = readWorld(this.path);
    this.cached = { world, stamp };
    return world;
  }
}

/** Reads a world's file, and says what is wrong with one that is none; the file stays as it is. */
export function readWorld(path: string): World {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      `There is no simulator at ${path}. Make one with: npx pulumi-hyperv simulator create --file "${path}"`,
    );
  }
  const damaged = (why: string): Error =>
    new Error(
      `The simulator's file ${path} is damaged (${why}) and was left as it is. Restore it, or make a new world with: ` +
        `npx pulumi-hyperv simulator create --force --file "${path}"`,
    );
  let world: unknown;
  try {
    world = JSON.parse(text);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  if (typeof world !== "object" || world === null || !("schemaVersion" in world))
    throw damaged("it has no schemaVersion");
  if (world.schemaVersion !== 1)
    throw new Error(
      `The simulator's file ${path} has schema version ${String(world.schemaVersion)}, and this release of pulumi-hyperv reads version 1. ` +
        "Use the release that wrote it, or make a new world.",
    );
  if (!("nodes" in world) || !Array.isArray(world.nodes) || !("faults" in world)) throw damaged("it has no nodes");
  return world as World;
}

/** Makes or replaces a world's file. */
export async function saveWorld(path: string, world: World): Promise<void> {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const release = existsSync(path) ? await lockFile(path) : async () => {};
  try {
    writeWorld(path, world);
  } finally {
    await release();
  }
}

function writeWorld(path: string, world: World): void {
  // no fsync: a world that a power cut can lose is still never half written
  writeFileAtomic.sync(path, JSON.stringify(world), { fsync: false });
}

/** Waits for other processes, which hold the lock for milliseconds; one that was killed loses it after five seconds. */
async function lockFile(path: string): Promise<() => Promise<void>> {
  if (!existsSync(path)) readWorld(path);
  return lock(realpathSync.native(path), {
    // it would ask for each folder on the way, each time
    realpath: false,
    stale: 5000,
    update: 1000,
    retries: { retries: 400, factor: 1.1, minTimeout: 2, maxTimeout: 100, randomize: true },
  });
}

function stampOf(path: string): string {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true });
  return `${mtimeNs}/${size}/${ino}`;
}
