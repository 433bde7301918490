import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * What happened to a large world since its file was written, in a file beside it: a line names the world's text, and each
 * line after it is a change. So a change costs what it is, and not what the world is. Lines for another text are left from
 * a world that has been written since, and count no more; a line without an end was never answered for.
 */
export class Changes {
  readonly path: string;

  constructor(world: string) {
    this.path = `${world}.changes`;
  }

  get bytes(): number {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : 0;
  }

  read(): Buffer {
    try {
      return readFileSync(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      return Buffer.alloc(0);
    }
  }

  /** Whether nothing is there, or what we wrote; of a process that was killed it may be the beginning. */
  get isOurs(): boolean {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (!stat) return true;
    if (!stat.isFile()) return false;
    const first = heading(digest(""));
    const begun = this.read().toString("latin1", 0, first.length);
    return /^\{"of":"[0-9a-f]{64}"\}\n$/.test(begun + first.slice(begun.length));
  }

  /** Changes of the world with this text past the first `known` bytes, and where the last one ends. */
  static since(known: number, all: Buffer, text: Digest): { lines: string[]; end: number } {
    const first = Buffer.from(heading(text));
    if (!all.subarray(0, first.length).equals(first)) return { lines: [], end: 0 };
    const end = all.lastIndexOf("\n") + 1;
    const lines = all.toString("utf8", Math.max(known, first.length), end).split("\n");
    return { lines: lines.slice(0, -1), end };
  }

  /** Adds lines after `end`, and says where they end; 0 begins anew. */
  add(lines: readonly string[], end: number, text: Digest): number {
    const added = Buffer.from(`${end === 0 ? heading(text) : ""}${lines.map((line) => `${line}\n`).join("")}`);
    if (end === 0) writeFileSync(this.path, added);
    else appendFileSync(this.path, added);
    return end + added.length;
  }

  forget(): void {
    rmSync(this.path, { force: true });
  }
}

/** Tells one text of a world from another, wherever it was copied. */
export type Digest = string;

export function digest(text: string): Digest {
  return createHash("sha256").update(text).digest("hex");
}

function heading(text: Digest): string {
  return `${JSON.stringify({ of: text })}\n`;
}
