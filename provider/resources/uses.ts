import type { FileAt } from "./plans";

/** A file that a thing has for itself, or shares with others that say so too. */
export interface Use {
  /** Property that names it. */
  path: readonly (string | number)[];
  file: FileAt;
  isShared: boolean;
  /** What lets two things have it: "share a disk only with ... on both". */
  condition: string;
}
