import { sameNode } from "../calls/node-name";
import { isShared, same } from "./paths";

/** A file where it is: on a shared volume alike for every node, elsewhere on a node's own. */
export interface FileAt {
  path: string;
  /** Undefined with one host, or where it is not known. */
  node?: string | undefined;
}

/** What is about to be done to a file. */
export type FilePlan =
  | { file: FileAt; movesTo: string }
  /** Another file takes its place, for changes of these properties. */
  | { file: FileAt; replacedFor: readonly string[] };

/** The file that a thing is, and where its plan takes it. */
export interface PlannedFile {
  is: FileAt;
  movesTo?: string | undefined;
}

/** What a plan that replaces the thing for these properties, or changes it, means for others that name its file. */
export function announced({ is, movesTo }: PlannedFile, replaces: readonly string[], isRefused: boolean) {
  // in another place it takes nothing away that others name
  if (replaces.length > 0) return movesTo === undefined ? { file: is, replacedFor: replaces } : undefined;
  return movesTo === undefined || isRefused ? undefined : { file: is, movesTo };
}

/**
 * What the resources of one run are about to do to files that others name, as their diffs have said it. The engine diffs a
 * resource after those that it depends on.
 */
export class Plans {
  private readonly files = new Map<string, FilePlan>();

  /** Of a resource, in place of what was said of it before. */
  set(resource: string, plan: FilePlan | undefined): void {
    if (plan) this.files.set(resource, plan);
    else this.files.delete(resource);
  }

  /** Whether nothing is about to be done to any file. */
  get isEmpty(): boolean {
    return this.files.size === 0;
  }

  /** Where a file is at the end of the run: elsewhere, if it moves. */
  placeOf(file: FileAt): string {
    const plan = this.of(file);
    return plan && "movesTo" in plan ? plan.movesTo : file.path;
  }

  /** The properties for whose change another file takes this one's place; undefined where it stays. */
  replacedFor(file: FileAt): readonly string[] | undefined {
    const plan = this.of(file);
    return plan && "replacedFor" in plan ? plan.replacedFor : undefined;
  }

  private of(file: FileAt): FilePlan | undefined {
    return [...this.files.values()].find((plan) => isSameFile(plan.file, file));
  }
}

/** Nodes are written in any case, with or without their domain. */
export function isSameFile(one: FileAt, other: FileAt): boolean {
  if (!same(one.path, other.path)) return false;
  if (isShared(one.path) || one.node === undefined || other.node === undefined) return true;
  return sameNode(one.node, other.node);
}
