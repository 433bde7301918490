import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { Changes, type Digest, digest } from "./changes";
import type { World } from "./world";
import { lockFile } from "./world-lock";
import { damaged, parseWorld, readText, requireOurs, requireReplaceable, requireWritable } from "./world-place";

/** Where a world lives between two batches. */
export interface Store {
  /** Runs alone with the world; what `work` did is kept before the promise resolves, also when it throws. */
  transact<T>(work: Work<T>, again?: Again): Promise<T>;
  /** Runs what most likely only reads; if it changes the world after all, as a transaction. */
  read<T>(work: Work<T>, again?: Again): Promise<T>;
  /** Nothing more comes for now. */
  close(): Promise<void>;
}

type Work<T> = (world: World) => { result: T; changed: boolean };

/** What does the same again to the same world; plain data. */
export type Again = object;

/** A world that lives as long as the process. */
export class MemoryStore implements Store {
  constructor(private readonly world: World) {}

  async transact<T>(work: Work<T>): Promise<T> {
    return work(this.world).result;
  }

  read<T>(work: Work<T>): Promise<T> {
    return this.transact(work);
  }

  async close(): Promise<void> {}
}

interface Waiting {
  work: (world: World) => boolean;
  again: Again | undefined;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Loaded {
  world: World;
  stamp: string | undefined;
  /** Of the file that the world was in before its changes. */
  bytes: number;
  digest: Digest;
  /** How far the file of changes is in the world. */
  end: number;
}

/**
 * A world in one JSON file, which several processes share: written atomically, under a lock. Batches that arrive while
 * another is being written share the next write. A large world is not written for each: its changes are kept beside it,
 * and go into it as soon as nothing more comes.
 */
export class FileStore implements Store {
  private readonly path: string;
  private readonly changes: Changes;
  private waiting: Waiting[] = [];
  private draining = false;
  private loaded: Loaded | undefined;
  private rest: NodeJS.Timeout | undefined;

  constructor(
    path: string,
    private readonly replay: (world: World, again: Again) => void,
  ) {
    this.path = resolve(path);
    this.changes = new Changes(this.path);
  }

  /** Without the lock: what is in the files is one world, of before or after. */
  async read<T>(work: Work<T>, again?: Again): Promise<T> {
    const { result, changed } = work(this.load().world);
    if (!changed) return result;
    // what it did is only in memory: once more, with the lock
    this.loaded = undefined;
    return this.transact(work, again);
  }

  /** For who only looks once; nothing may be changed. */
  world(): World {
    return this.load().world;
  }

  transact<T>(work: Work<T>, again?: Again): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.waiting.push({
        work: (world) => {
          const done = work(world);
          result = done.result;
          return done.changed;
        },
        again,
        resolve: () => resolve(result),
        reject,
      });
      if (!this.draining) void this.drain();
    });
  }

  /** Writes a world and its changes as one file. */
  async close(): Promise<void> {
    clearTimeout(this.rest);
    if (this.changes.bytes > 0 && this.changes.isOurs)
      await this.transact(() => ({ result: undefined, changed: true }));
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
      const { world } = this.load();
      const happened: (Change | undefined)[] = [];
      const done: (() => void)[] = [];
      for (const { work, again, resolve, reject } of group) {
        let changed = true;
        try {
          changed = work(world);
          done.push(resolve);
        } catch (error) {
          // what a batch did before it failed has happened
          done.push(() => reject(error));
        }
        if (changed) happened.push(again && { ...again, serial: world.serial });
      }
      try {
        // no await since `load`: nobody reads what is not in the files yet
        if (happened.length > 0) this.keep(happened);
      } catch (error) {
        // the files still hold the world of before: forget what is only in memory
        this.loaded = undefined;
        throw error;
      }
      for (const answer of done) answer();
    } finally {
      await release();
    }
  }

  private keep(happened: readonly (Change | undefined)[]): void {
    const { loaded, changes } = this;
    if (!loaded) return;
    requireWritable(this.path);
    requireOurs(changes);
    const lines = happened.flatMap((change) => (change ? [JSON.stringify(change)] : []));
    // a quarter: few whole writes while a world grows, and little to repeat for who opens it
    const room = loaded.bytes / 4 - loaded.end;
    const fits = loaded.bytes >= large && lines.reduce((sum, { length }) => sum + length, 0) < room;
    // behind a line without an end, of a process that was killed, nothing can be added
    const whole = loaded.end === 0 || changes.bytes === loaded.end;
    if (lines.length === happened.length && fits && whole) {
      loaded.end = changes.add(lines, loaded.end, loaded.digest);
      clearTimeout(this.rest);
      this.rest = setTimeout(() => void this.close().catch(() => {}), restMilliseconds);
      return;
    }
    const text = writeWorld(this.path, loaded.world);
    changes.forget();
    this.loaded = { ...loaded, ...marksOf(text), stamp: stampOf(this.path), end: 0 };
  }

  /** The world as it is in the files, from memory as far as nobody else wrote since. */
  private load(): Loaded {
    // changes first: if the world is written with them meanwhile, they are of another text, and in it
    const changed = this.changes.bytes !== (this.loaded?.end ?? 0) ? this.changes.read() : undefined;
    const stamp = stampOf(this.path);
    if (!this.loaded || this.loaded.stamp !== stamp) {
      const text = readText(this.path);
      this.loaded = { world: parseWorld(this.path, text), stamp, ...marksOf(text), end: 0 };
      if (!changed && this.changes.bytes > 0) return this.load();
    }
    const { loaded } = this;
    if (changed) {
      const { lines, end } = Changes.since(loaded.end, changed, loaded.digest);
      for (const line of lines) this.repeat(loaded, line);
      loaded.end = Math.max(loaded.end, end);
    }
    return loaded;
  }

  private repeat({ world }: Loaded, line: string): void {
    let serial: unknown;
    try {
      const change = JSON.parse(line) as Change;
      this.replay(world, change);
      ({ serial } = change);
    } catch (error) {
      this.loaded = undefined;
      throw damaged(this.path, `in its changes: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (serial === world.serial) return;
    this.loaded = undefined;
    throw damaged(this.path, "its changes do not lead where they led before");
  }
}

interface Change extends Again {
  /** The world's serial after it: another one would give other ids to what comes. */
  serial: number;
}

/** Bytes from which on a world is not written for each change: below, that is faster than anything else. */
const large = 2 ** 18;

/** Longer than between two changes of a run, shorter than anybody takes to look at the file. */
const restMilliseconds = 300;

function marksOf(text: string): { bytes: number; digest: Digest } {
  return { bytes: text.length, digest: text.length >= large ? digest(text) : "" };
}

/** Makes a world's file, or replaces the world in it; a file that holds something else stays as it is, beside it too. */
export async function saveWorld(path: string, world: World): Promise<void> {
  requireReplaceable(path);
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const release = existsSync(path) ? await lockFile(path) : async () => {};
  try {
    writeWorld(path, world);
    new Changes(path).forget();
  } finally {
    await release();
  }
}

function writeWorld(path: string, world: World): string {
  const text = JSON.stringify(world);
  // no fsync: a world that a power cut can lose is still never half written
  writeFileAtomic.sync(path, text, { fsync: false });
  return text;
}

/** Undefined where there is no file. */
function stampOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.mtimeNs}/${stat.size}/${stat.ino}`;
}
