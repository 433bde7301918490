import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import { mayWrite, readText } from "./world-place";

/** Waits for other processes, which hold the lock for milliseconds; one that was killed loses it after five seconds. */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  if (!existsSync(path)) readText(path);
  const file = realpathSync.native(path);
  const held = statSync(`${file}.lock`, { throwIfNoEntry: false });
  // tried again and again these would be told only after all attempts
  if (held && !held.isDirectory()) throw unlockable(path, `${file}.lock is no folder`);
  if (!mayWrite(dirname(file))) throw unlockable(path, `nothing can be written in ${dirname(file)}`);
  const ahead = held ? held.mtimeMs - Date.now() : 0;
  if (held && ahead > patience)
    throw new Error(
      `The simulator's file ${path} is locked by ${file}.lock, whose time lies in the future (${held.mtime.toISOString()}), so that it ` +
        "would be waited for until then. Set the clock right, or delete it if no other process uses the world.",
    );
  return lock(file, {
    // it would ask for each folder on the way, each time
    realpath: false,
    stale,
    update: 1000,
    retries: { retries: 400, factor: 1.1, minTimeout: 2, maxTimeout: 100, randomize: true },
    // somebody took it away: by then the world was written, and throwing would end the process
    onCompromised: () => {},
  }).catch((error: unknown) => {
    const isHeld = codeOf(error) === "ELOCKED";
    throw unlockable(path, isHeld ? `another process holds ${file}.lock and does not let go` : codeOf(error), error);
  });
}

function unlockable(path: string, why: string, cause?: unknown): Error {
  return new Error(`The simulator's file ${path} cannot be locked: ${why}.`, { cause });
}

/** Milliseconds after which a lock is nobody's. */
const stale = 5000;

/** What the attempts at a lock add up to, without what it needs to become stale. */
const patience = 30_000;

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
