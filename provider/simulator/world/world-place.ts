import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { Changes } from "./changes";
import type { World } from "./world";
import { worldIn } from "./world-file";

export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      `There is no simulator at ${path}. Make one with: npx pulumi-hyperv simulator create --file "${path}"`,
    );
  }
}

/** Says what is wrong with a text that is no world; the file stays as it is. */
export function parseWorld(path: string, text: string): World {
  const read = worldIn(text);
  if (!("world" in read)) throw read.wasWorld ? damaged(path, read.why) : foreign(path, read.why);
  const { schemaVersion } = read.world;
  if (schemaVersion !== 1)
    throw new Error(
      `The simulator's file ${path} has schema version ${String(schemaVersion)}, and this release of pulumi-hyperv reads version 1. ` +
        "Use the release that wrote it, or make a new world.",
    );
  return read.world;
}

/** Whether there is nothing, or a world that may be replaced. */
export function requireReplaceable(path: string): void {
  requireOurs(new Changes(path));
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  const read = stat.isFile() ? worldIn(readFileSync(path, "utf8")) : { why: "it is no file", wasWorld: false };
  if (!("world" in read) && !read.wasWorld)
    throw new Error(
      `${path} is there and holds no world (${read.why}), so that it was left as it is. Choose another file.`,
    );
  requireWritable(path);
}

/** The changes of a world would be written in its place, or it would go with those that are in the world by now. */
export function requireOurs(changes: Changes): void {
  if (changes.isOurs) return;
  throw new Error(
    `${changes.path} is there and holds no changes of a simulated world, whose file they would be, so that it was left as it is: move it away.`,
  );
}

/** The world is replaced as a whole, which a file that may not be written would not keep from happening. */
export function requireWritable(path: string): void {
  const { mode } = statSync(path, { throwIfNoEntry: false }) ?? {};
  // root may write everything
  if (mode === undefined || ((mode & 0o222) !== 0 && mayWrite(path))) return;
  throw new Error(
    `The simulator's file ${path} is read-only, so that nothing can happen in its world. Make it writable, or name another file.`,
  );
}

export function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What may be somebody else's file is not offered for a new world. */
function foreign(path: string, why: string): Error {
  return new Error(
    `The simulator's file ${path} is no world or is damaged (${why}) and was left as it is. Name the file of a world, or make one in ` +
      "another file with: npx pulumi-hyperv simulator create --file <file>",
  );
}

export function damaged(path: string, why: string): Error {
  return new Error(
    `The simulator's file ${path} is damaged (${why}) and was left as it is. Restore it, or make a new world with: ` +
      `npx pulumi-hyperv simulator create --force --file "${path}"`,
  );
}
